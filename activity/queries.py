"""What pages and deliveries ask of several tables at once."""

from collections.abc import Sequence

from django.db.models import prefetch_related_objects

from activity.models import Channel, Message, Preference
from teams.models import Membership

# -- messages -------------------------------------------------------------------------------------------------------


def split_by_wish(rows: Sequence[Message]) -> tuple[list[Message], list[tuple[Message, str]]]:
    """Claimed messages that are still to be sent, and the others with the reason; in a constant number of queries."""
    prefetch_related_objects(rows, "recipient", "brand", "workspace")
    readers = _Readers(rows)
    judged = [(row, readers.objection(row)) for row in rows]
    return [row for row, reason in judged if not reason], [(row, reason) for row, reason in judged if reason]


class _Readers:
    """The memberships and preferences of the people whom some messages go to, as they are now."""

    def __init__(self, rows: Sequence[Message]) -> None:
        people = {row.recipient_id for row in rows if row.recipient_id}
        places = {row.workspace_id for row in rows if row.workspace_id}
        members = Membership.objects.filter(user__in=people, workspace__in=places).prefetch_related("brands")
        self._limits = {(m.user_id, m.workspace_id): m.limits() for m in members}
        wishes = Preference.objects.filter(user__in=people)
        self._wishes = {(wish.user_id, wish.kind): wish for wish in wishes}

    def objection(self, row: Message) -> str:
        """Why a message is not to be sent after all; nothing when it is."""
        if row.recipient is None:
            return ""
        if not row.recipient.is_active:
            return "The person may not sign in any more."
        return self._no_access(row) or self._not_wished(row)

    def _no_access(self, row: Message) -> str:
        if row.workspace_id is None:
            return ""
        limits = self._limits.get((row.recipient_id or 0, row.workspace_id))
        if limits is None:
            return "The person is not a member of the workspace any more."
        return "The person may not open the brand." if limits and row.brand_id and row.brand_id not in limits else ""

    def _not_wished(self, row: Message) -> str:
        wish = self._wishes.get((row.recipient_id or 0, row.kind))
        is_wished = wish is None or (wish.email if row.channel == Channel.EMAIL else wish.in_app)
        return "" if is_wished else "The person does not want this kind of message this way."
