"""What the frame around every page asks of the database, in one statement."""

import functools
from dataclasses import dataclass

from core import prepared
from teams.access import ask_beside

# What makes an admin look: conditions over {workspace}. Rooms above add their own when they start.
troubles = [
    """
    EXISTS (SELECT FROM activity_message WHERE workspace_id = {workspace} AND state = 'dead')
    OR EXISTS (SELECT FROM activity_message WHERE workspace_id = {workspace} AND state IN ('waiting', 'claimed')
               AND due_at < statement_timestamp() - interval '5 minutes')
    """
]
# Unread notifications, without those of places the person may not open any more: `queries.notifications_for` says the
# same with Django's words, and a test holds the two together. Every page pays for these, so they are written out.
_EXPRESSIONS = {
    "brand_mark": "(SELECT id FROM activity_event WHERE brand_id = {brand} ORDER BY at DESC, id DESC LIMIT 1)",
    "workspace_mark": """
    (SELECT id FROM activity_event WHERE workspace_id = {workspace} ORDER BY at DESC, id DESC LIMIT 1)""",
    "has_trouble": "{is_admin} AND ({troubles})",
    "unread": """
    (SELECT count(*) FROM activity_notification n
     WHERE n.user_id = {user} AND n.read_at IS NULL AND (n.workspace_id IS NULL OR EXISTS (
         SELECT FROM teams_membership o WHERE o.workspace_id = n.workspace_id AND o.user_id = {user}
         AND (NOT o.is_limited OR n.brand_id IS NULL
              OR EXISTS (SELECT FROM teams_membershipbrand l WHERE l.membership_id = o.id AND l.brand_id = n.brand_id)
         ))))""",
}


def expressions(**places: str) -> dict[str, str]:
    """The parts of a frame as SQL, for a `user`, `workspace` and `brand`, and for `is_admin`, that are given as SQL."""
    trouble = " OR ".join(troubles).format(**places)
    return {name: expression.format(troubles=trouble, **places) for name, expression in _EXPRESSIONS.items()}


@functools.cache
def _sql() -> str:
    places = {name: f"%({name})s" for name in ("user", "workspace", "brand", "is_admin")}
    return f"SELECT {', '.join(expressions(**places).values())}"


def read_beside_brand() -> None:
    """The statement that opens a page of a brand answers the frame's parts too."""
    ask_beside(**expressions(user="m.user_id", workspace="w.id", brand="b.id", is_admin="m.role = 'admin'"))


def add_trouble(condition: str) -> None:
    """A room above says what else makes an admin look: called when the application starts."""
    troubles.append(condition)
    _sql.cache_clear()
    read_beside_brand()


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The newest line of the history of a brand and of its workspace, how many notifications are unread, and whether
    something of the workspace is late or was given up, which admins are told.

    Whatever a service changes writes a line, so what was rendered for a mark still holds while the mark is the same:
    pages keep costly parts for it, for a minute at most, because some things change by the clock alone.
    """

    brand_mark: int | None  # None: nothing was done yet
    workspace_mark: int | None
    unread: int
    has_trouble: bool


def frame(*, user_id: int, workspace_id: int | None, brand_id: int | None, is_admin: bool = False) -> Frame:
    """One query, always."""
    values = {"user": user_id, "workspace": workspace_id, "brand": brand_id, "is_admin": is_admin}
    row = prepared.fetch_one(_sql(), values)
    assert row
    return Frame(**dict(zip(_EXPRESSIONS, row, strict=True)))
