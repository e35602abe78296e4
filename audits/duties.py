"""What waits for somebody in the audit and the accounts."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.queries import LatestAudit, Standing
from core.desk import Action, Urgency
from teams.models import Brand
from teams.rules import Role


def audit_actions(brand: Brand, role: Role, standing: Standing, today: date) -> Iterator[Action]:
    """Reviews for editors, opening and closing an audit for managers, refused connections for admins."""
    place = {"workspace": brand.workspace.slug, "brand": brand.slug}
    if standing.refused and role.covers(Role.ADMIN):
        words = ngettext(
            "Connect %(count)d account again: its network refuses the connection",
            "Connect %(count)d accounts again: their networks refuse the connection", standing.refused,
        )  # fmt: skip
        yield Action(
            words=words % {"count": standing.refused}, url=reverse("account_list", kwargs=place), urgency=Urgency.LATE
        )
    if standing.audit and standing.audit.is_open:
        yield from _of_open(standing.audit, role, reverse("audit_detail", kwargs={**place, "pk": standing.audit.id}))
    elif standing.audit and role.covers(Role.MANAGER):
        yield from _of_closed(standing.audit, reverse("audit_create", kwargs=place), today)


def _of_open(audit: LatestAudit, role: Role, url: str) -> Iterator[Action]:
    left = audit.reviews - audit.decided
    if left and role.covers(Role.EDITOR):
        words = ngettext("Review %(count)d account in the audit", "Review %(count)d accounts in the audit", left)
        yield Action(words=words % {"count": left}, url=url)
    elif role.covers(Role.MANAGER):
        yield Action(words=_("Close the audit: every account is decided"), url=url)


def _of_closed(audit: LatestAudit, url: str, today: date) -> Iterator[Action]:
    if audit.next_due_on and audit.next_due_on <= today:
        words = _("Start the next audit: it was due on %(day)s")
        day = date_format(audit.next_due_on, "SHORT_DATE_FORMAT")
        yield Action(words=words % {"day": day}, url=url, urgency=Urgency.TODAY)
