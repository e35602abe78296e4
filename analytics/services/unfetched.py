"""Pulls that were given up, dealt with by admins."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from activity.services import record
from analytics.models import Pull
from analytics.services.pulls import request_pull
from teams.access import require
from teams.models import User, Workspace
from teams.rules import Permission


@transaction.atomic
def retry_pulls(*, workspace: Workspace, pulls: Collection[Pull], by: User, now: datetime) -> int:
    """Fetches the figures of their accounts anew; answers how many those are.

    Raises PullError, and asks for none, when one of the accounts cannot be asked: it says what to mend.
    """
    require(by, Permission.MANAGE_MESSAGES, workspace)
    for pull in pulls:
        request_pull(account=pull.account, by=by, now=now)
    return len(pulls)


@transaction.atomic
def discard_pulls(*, workspace: Workspace, pulls: Collection[Pull], by: User) -> int:
    """Leaves the figures unfetched until the next time; answers how many pulls those are."""
    require(by, Permission.MANAGE_MESSAGES, workspace)
    rows = Pull.objects.filter(account__brand__workspace=workspace, pk__in=[pull.pk for pull in pulls])
    for pull in rows.dead().select_related("account__brand"):
        record(by=by, verb="analytics.pull_discarded", target=pull.account, brand=pull.account.brand)
    return rows.dead().cancel()
