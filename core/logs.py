"""What the logs must not keep."""

import logging
import re

# Addresses that let in whoever has them: an invitation, the confirmation of an e-mail address, a new password.
_KEYS = re.compile(r"(/(?:invitations|confirm-email|password/reset/key)/)(?!leave/)[^/\s?#\"']+")


class HideKeys(logging.Filter):
    """Writes … in the place of such a key; a request that was refused has not used it up."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if (hidden := _KEYS.sub(r"\1…", said)) != said:
            record.msg, record.args = hidden, None
        return True
