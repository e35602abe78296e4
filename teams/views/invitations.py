"""The pages behind an invitation's link, and sending and canceling one."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refusal
from core.forms import render_refused
from core.ratelimit import limited
from teams import pending, services
from teams.access import WorkspaceRequest, public_view, workspace_view
from teams.forms import InvitationForm
from teams.models import Invitation, User
from teams.rules import Role
from teams.services.invitations import InvitationError, require_address, require_open
from teams.views.members import members_page
from teams.views.site import way_in


@require_safe
@never_cache
@public_view
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites whom to what, or clearly why not and what to do."""
    found = services.find_invitation(token)
    try:
        _require_good(request, found)
    except InvitationError as refusal:
        return _refused(request, found, refusal)
    return render(request, "teams/invitation.html", {"invitation": found, "token": token, "is_known": _is_known(found)})


@require_POST
@never_cache
@public_view
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Joins at once; a stranger signs up or in first, and joins by that."""
    found = services.find_invitation(token)
    try:
        found = _require_good(request, found)
        if not isinstance(request.user, User):
            pending.keep_invitation(request, found)
            return redirect("account_login" if _is_known(found) else "account_signup")
        membership = services.accept_invitation(invitation=found, by=request.user, now=timezone.now())
    except InvitationError as refusal:
        return _refused(request, found, refusal)
    pending.drop_invitation(request)
    flash.success(request, _("You are now a member of %(place)s.") % {"place": membership.workspace.name})
    return way_in(membership)


@require_POST
@public_view
def invitation_leave(request: HttpRequest) -> HttpResponse:
    """Signs up without the invitation by whose link the person came."""
    pending.drop_invitation(request)
    return redirect("account_signup")


@require_POST
@workspace_view(Role.ADMIN)
@limited("invite", an_hour=100)
def invitation_create(request: WorkspaceRequest) -> HttpResponse:
    form = InvitationForm(request.POST, workspace=request.workspace)
    if form.is_valid():
        try:
            services.invite(workspace=request.workspace, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash.success(request, _("Invited: %(email)s gets a mail with a link.") % form.cleaned_data)
            return redirect("member_list", workspace=request.workspace.slug)
    return render_refused(request, "teams/member_list.html", members_page(request, form))


@require_POST
@workspace_view(Role.ADMIN)
def invitation_cancel(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.filter(workspace=request.workspace), pk=pk)
    try:
        services.cancel_invitation(invitation=found, by=request.user, now=timezone.now())
        flash.success(request, _("The invitation is canceled: its link leads nowhere now."))
    except Refusal as refusal:
        flash.error(request, str(refusal))
    return redirect("member_list", workspace=request.workspace.slug)


def _require_good(request: HttpRequest, found: Invitation | None) -> Invitation:
    if found is None:
        raise InvitationError(_("This invitation does not exist. Check that the link is whole, or ask for a new one."))
    if isinstance(request.user, User):
        require_address(found, request.user)
    require_open(found, timezone.now())
    return found


def _refused(request: HttpRequest, found: Invitation | None, refusal: InvitationError) -> HttpResponse:
    """404: there is none; 403: it is somebody else's; 410: it was good once."""
    is_foreign = found is not None and isinstance(request.user, User) and found.is_open(timezone.now())
    status = 404 if found is None else 403 if is_foreign else 410
    context = {"refusal": refusal, "is_foreign": is_foreign}
    return render(request, "teams/invitation_refused.html", context, status=status)


def _is_known(found: Invitation | None) -> bool:
    """Whether somebody signs in with that address already: whoever has the link reads its mail."""
    return found is not None and User.objects.filter(email__iexact=found.email).exists()
