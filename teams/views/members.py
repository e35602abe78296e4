"""The members of a workspace."""

from typing import Any

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal
from core.forms import render_refused
from teams import services
from teams.access import WorkspaceRequest, workspace_view
from teams.forms import InvitationForm, MemberForm
from teams.models import Membership
from teams.queries import members, unanswered_invitations
from teams.rules import Permission, Role


def members_page(request: WorkspaceRequest, form: InvitationForm | None = None) -> dict[str, Any]:
    """What the page of members shows; the form only to those who may invite."""
    may_manage = request.role.covers(Permission.MANAGE_MEMBERS.role)
    if form is None and may_manage:
        form = InvitationForm(workspace=request.workspace, initial={"role": Role.EDITOR})
    return {
        "members": members(request.workspace),
        "invitations": unanswered_invitations(request.workspace) if may_manage else [],
        "form": form,
        "may_manage": may_manage,
        "now": timezone.now(),
    }


@require_safe
@workspace_view(Role.EDITOR)
def member_list(request: WorkspaceRequest) -> HttpResponse:
    return render(request, "teams/member_list.html", members_page(request))


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(Role.ADMIN)
def member_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(members(request.workspace).select_related("workspace"), pk=pk)
    form = MemberForm(request.POST or None, membership=member)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_member(membership=member, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash.success(request, _("Saved: it holds from their next click."))
            return redirect("member_list", workspace=request.workspace.slug)
    answer = render_refused if form.is_bound else render
    return answer(request, "teams/member_edit.html", {"form": form, "member": member})


@require_POST
@workspace_view(Role.GUEST)
def member_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """An admin removes anybody, everybody may leave: the service decides."""
    member = get_object_or_404(Membership.objects.filter(workspace=request.workspace), pk=pk)
    try:
        services.remove_member(membership=member, by=request.user)
    except Refusal as refusal:
        flash.error(request, str(refusal))
        return redirect("member_list", workspace=request.workspace.slug)
    if member.user_id == request.user.pk:
        flash.success(request, _("You left %(place)s.") % {"place": request.workspace.name})
        return redirect("home")
    flash.success(request, _("%(name)s is not a member any more.") % {"name": member.user})
    return redirect("member_list", workspace=request.workspace.slug)
