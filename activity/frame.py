"""What the frame around every page asks of the database, in one statement."""

from dataclasses import dataclass

from django.db import connection

# What makes an admin look: conditions over %(workspace)s. Rooms above add their own when they start.
troubles = [
    """
    EXISTS (SELECT FROM activity_message WHERE workspace_id = %(workspace)s AND state = 'dead')
    OR EXISTS (SELECT FROM activity_message WHERE workspace_id = %(workspace)s AND state IN ('waiting', 'claimed')
               AND due_at < statement_timestamp() - interval '5 minutes')
    """
]

# Unread notifications, without those of places the person may not open any more: `queries.notifications_for` says the
# same with Django's words, and a test holds the two together. Every page pays for this statement, so it is written out.
_SQL = """
SELECT
    (SELECT id FROM activity_event WHERE brand_id = %(brand)s ORDER BY at DESC, id DESC LIMIT 1),
    (SELECT id FROM activity_event WHERE workspace_id = %(workspace)s ORDER BY at DESC, id DESC LIMIT 1),
    %(is_admin)s AND ({troubles}),
    (SELECT count(*) FROM activity_notification n
     WHERE n.user_id = %(user)s AND n.read_at IS NULL AND (n.workspace_id IS NULL OR EXISTS (
         SELECT FROM teams_membership m WHERE m.workspace_id = n.workspace_id AND m.user_id = %(user)s
         AND (m.role <> 'guest' OR n.brand_id IS NULL
              OR NOT EXISTS (SELECT FROM teams_membership_brands b WHERE b.membership_id = m.id)
              OR EXISTS (SELECT FROM teams_membership_brands b WHERE b.membership_id = m.id AND b.brand_id = n.brand_id)
         ))))
"""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The newest line of the history of a brand and of its workspace, how many notifications are unread, and whether
    something of the workspace is late or was given up, which admins are told.

    Whatever a service changes writes a line, so what was rendered for a mark still holds while the mark is the same:
    pages keep costly parts for it, for a minute at most, because some things change by the clock alone.
    """

    brand_mark: int
    workspace_mark: int
    unread: int
    has_trouble: bool


def frame(*, user_id: int, workspace_id: int | None, brand_id: int | None, is_admin: bool = False) -> Frame:
    """One query, always."""
    values = {"user": user_id, "workspace": workspace_id, "brand": brand_id, "is_admin": is_admin}
    with connection.cursor() as cursor:
        cursor.execute(_SQL.replace("{troubles}", " OR ".join(troubles)), values)
        row = cursor.fetchone()
    return Frame(brand_mark=row[0] or 0, workspace_mark=row[1] or 0, has_trouble=bool(row[2]), unread=row[3])
