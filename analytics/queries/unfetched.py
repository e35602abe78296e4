"""Pulls that were given up and that nothing has come after."""

from django.db.models import OuterRef, QuerySet, Subquery

from analytics.models import Pull
from teams.models import Workspace


def unfetched(workspace: Workspace) -> QuerySet[Pull]:
    """The newest pull of each open account of the workspace, where it was given up."""
    newest = Pull.objects.filter(account=OuterRef("account")).order_by("-created_at").values("pk")[:1]
    own = Pull.objects.filter(account__brand__workspace=workspace, account__closed_at=None, pk=Subquery(newest))
    rows: QuerySet[Pull] = own.dead()
    return rows
