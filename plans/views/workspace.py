"""The home of a workspace: all its brands at a glance."""

from collections.abc import Sequence
from functools import cached_property

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activity.news import News, lately
from plans.overview import SORTS, Overview, overview
from teams.access import WorkspaceRequest, workspace_view
from teams.rules import Permission, Role


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
    def news(self) -> Sequence[News]:
        return lately(self.membership.workspace)


@require_safe
@workspace_view(Role.GUEST)
def workspace_home(request: WorkspaceRequest) -> HttpResponse:
    context = {
        "home": WorkspaceHome(request),
        "may_manage": request.role.covers(Permission.MANAGE_BRANDS.role),
        "may_read_history": request.role.covers(Role.ADMIN),
        "sees_late": request.role.covers(Role.EDITOR),
    }
    return render(request, "plans/workspace_home.html", context)
