"""Sessions that end: after a while without a visit, and at the latest some time after signing in.

Kept in the database as Django keeps them. When somebody was last here is noted every few minutes, not at each request.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

BEGAN, SEEN = "began", "seen"  # seconds since 1970
NOTED_EVERY = 300  # seconds


class SessionStore(db.SessionStore):
    """The session of a person who asked to be remembered lasts for days, any other for hours."""

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        if key == SESSION_KEY:  # somebody signs in
            now = int(time.time())
            self.update({BEGAN: now, SEEN: now})

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if SESSION_KEY not in data:
            return data
        now = int(time.time())
        if _has_ended(data, now):
            self.delete(self.session_key)
            self._session_key = None
            return {}
        if now - data[SEEN] >= NOTED_EVERY:
            data[SEEN] = now
            self.modified = True
        return data


def _has_ended(data: dict[str, Any], now: int) -> bool:
    """A session that does not say when it began is of no use to anybody."""
    if BEGAN not in data or SEEN not in data:
        return True
    if data.get("_session_expiry") == 0:  # ends with the browser, says the person; and some browsers never end
        return bool(now - data[BEGAN] >= settings.SESSION_SHORT)
    return bool(now - data[SEEN] >= settings.SESSION_IDLE or now - data[BEGAN] >= settings.SESSION_LONGEST)
