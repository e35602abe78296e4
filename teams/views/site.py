"""Pages outside any workspace."""

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import render_refused
from core.ratelimit import limited
from teams import services
from teams.access import PersonRequest, person_view, public_view, visible_brands
from teams.forms import LanguageForm, ProfileForm, WorkspaceCreateForm
from teams.models import Membership, User
from teams.queries import invitations_for, workspaces_of


@require_safe
@public_view
def home(request: HttpRequest) -> HttpResponse:
    """What Sextant is, for strangers; for members the way to where they last were."""
    if not isinstance(request.user, User):
        return render(request, "teams/home.html")
    memberships = {membership.workspace.slug: membership for membership in workspaces_of(request.user)}
    if not memberships:
        return redirect("workspace_create")
    first, last = next(iter(memberships)), request.session.get("workspace")
    return way_in(memberships[last if last in memberships else first])


def way_in(membership: Membership) -> HttpResponseRedirect:
    """To the workspace; for a guest who may open one brand alone, to that brand."""
    place = membership.workspace.slug
    slugs = visible_brands(membership).values_list("slug", flat=True)[:2] if membership.is_limited else []
    if len(slugs) == 1:
        return HttpResponseRedirect(reverse("brand_home", args=[place, slugs[0]]))
    return HttpResponseRedirect(reverse("workspace_home", args=[place]))


@require_POST
@public_view
def set_language(request: HttpRequest) -> HttpResponse:
    """Changes the language: of the person, and of this browser."""
    form = LanguageForm(request.POST)
    is_valid = form.is_valid()
    back = form.cleaned_data.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if is_ours else reverse("home"))
    if is_valid:
        language = form.cleaned_data["language"]
        if isinstance(request.user, User):
            services.set_language(user=request.user, language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        )  # fmt: skip
    return response


@require_safe
@person_view
def workspace_list(request: PersonRequest) -> HttpResponse:
    invitations = invitations_for(request.user, timezone.now())
    context = {"mine": workspaces_of(request.user), "invitations": invitations}
    return render(request, "teams/workspace_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@limited("workspace", an_hour=20)
def workspace_create(request: PersonRequest) -> HttpResponse:
    start = {"language": request.user.language, "time_zone": request.user.time_zone}
    form = WorkspaceCreateForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        brand = services.create_workspace(by=request.user, **form.cleaned_data)
        return redirect("brand_home", workspace=brand.workspace.slug, brand=brand.slug)
    answer = render_refused if form.is_bound else render
    context = {"form": form, "invitations": invitations_for(request.user, timezone.now())}
    return answer(request, "teams/workspace_create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
def profile(request: PersonRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        services.edit_profile(user=request.user, **form.cleaned_data)
        flash.success(request, _("Saved."))
        return redirect("profile")
    answer = render_refused if form.is_bound else render
    return answer(request, "teams/profile.html", {"form": form})
