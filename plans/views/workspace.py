"""The home of a workspace: all its brands at a glance."""

from collections.abc import Sequence
from functools import cached_property

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activity.models import Event
from activity.queries import Line, lines
from plans.overview import SORTS, Overview, overview
from teams.access import WorkspaceRequest, visible_brands, workspace_view
from teams.rules import Permission, Role

MOST_EVENTS = 10


class WorkspaceHome:
    """What the page shows, read when the template asks: it keeps what it rendered for a while."""

    def __init__(self, request: WorkspaceRequest) -> None:
        self.membership = request.membership
        asked = request.GET.get("sort", "")
        self.sort = asked if asked in SORTS else SORTS[0]
        self.now, self.today = timezone.now(), timezone.localdate()

    @cached_property
    def overview(self) -> Overview:
        return overview(self.membership, now=self.now, today=self.today, sort=self.sort)

    @cached_property
    def events(self) -> Sequence[tuple[str, Line]]:
        """What was done last, with the name of the brand where it was."""
        rows = Event.objects.filter(workspace=self.membership.workspace).select_related("by", "brand")
        events = list(rows.order_by("-at", "-pk")[:MOST_EVENTS])
        names = [event.brand.name if event.brand else "" for event in events]
        return list(zip(names, lines(events), strict=True))


@require_safe
@workspace_view(Role.GUEST)
def workspace_home(request: WorkspaceRequest) -> HttpResponse:
    """The brands that the person may open; whoever was given one alone is led there."""
    if request.membership.is_limited:
        slugs = list(visible_brands(request.membership).values_list("slug", flat=True)[:2])
        if len(slugs) == 1:
            return redirect("brand_home", workspace=request.workspace.slug, brand=slugs[0])
    context = {
        "home": WorkspaceHome(request),
        "may_manage": request.role.covers(Permission.MANAGE_BRANDS.role),
        "may_read_history": request.role.covers(Role.ADMIN),
        "sees_late": request.role.covers(Role.EDITOR),
    }
    return render(request, "plans/workspace_home.html", context)
