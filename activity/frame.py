"""What the frame around every page asks of the database, in one statement."""

from dataclasses import dataclass

from django.db import connection

from teams.access import ask_beside

# Unread notifications, without those of places the person may not open any more: `queries.notifications_for` says the
# same with Django's words, and a test holds the two together. Every page pays for these, so they are written out.
_EXPRESSIONS = {
    "brand_mark": "(SELECT id FROM activity_event WHERE brand_id = {brand} ORDER BY at DESC, id DESC LIMIT 1)",
    "workspace_mark": """
    (SELECT id FROM activity_event WHERE workspace_id = {workspace} ORDER BY at DESC, id DESC LIMIT 1)""",
    "unread": """
    (SELECT count(*) FROM activity_notification n
     WHERE n.user_id = {user} AND n.read_at IS NULL AND (n.workspace_id IS NULL OR EXISTS (
         SELECT FROM teams_membership o WHERE o.workspace_id = n.workspace_id AND o.user_id = {user}
         AND (NOT o.is_limited OR n.brand_id IS NULL
              OR EXISTS (SELECT FROM teams_membershipbrand l WHERE l.membership_id = o.id AND l.brand_id = n.brand_id)
         ))))""",
}


def expressions(**places: str) -> dict[str, str]:
    """The parts of a frame as SQL, for a `user`, `workspace` and `brand` that are given as SQL."""
    return {name: expression.format(**places) for name, expression in _EXPRESSIONS.items()}


_SQL = f"SELECT {', '.join(expressions(user='%(user)s', workspace='%(workspace)s', brand='%(brand)s').values())}"


def read_beside_brand() -> None:
    """The statement that opens a page of a brand answers the frame's parts too."""
    ask_beside(**expressions(user="m.user_id", workspace="w.id", brand="b.id"))


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The newest line of the history of a brand and of its workspace, and how many notifications are unread.

    Whatever a service changes writes a line, so what was rendered for a mark still holds while the mark is the same:
    pages keep costly parts for it, for a minute at most, because some things change by the clock alone.
    """

    brand_mark: int | None  # None: nothing was done yet
    workspace_mark: int | None
    unread: int


def frame(*, user_id: int, workspace_id: int | None, brand_id: int | None) -> Frame:
    """One query, always."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"user": user_id, "workspace": workspace_id, "brand": brand_id})
        row = cursor.fetchone()
    return Frame(**dict(zip(_EXPRESSIONS, row, strict=True)))
