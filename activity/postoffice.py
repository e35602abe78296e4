"""One kept connection to the mail server, and what its answers mean for a mail."""

import contextlib
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection

MOST_TROUBLE = 3  # mails in a row at which the connection broke: the server is the trouble, not the mail


class UnsentError(Exception):
    """The mail was not taken, or nobody knows: try again later."""


class RefusedError(Exception):
    """The server will never take this mail."""


class PostOffice:
    """Opened for the first mail, closed at the end, opened again when it broke in between."""

    def __init__(self) -> None:
        self.is_reachable = True  # False: leave it alone for now
        self._connection = get_connection()
        self._trouble = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()

    def open(self) -> None:
        """Raises UnsentError when the server cannot be reached."""
        try:
            self._connection.open()
        except (SMTPException, OSError) as error:
            self.is_reachable = False
            self._hang_up()
            raise UnsentError(f"The mail server cannot be reached: {error}") from error

    def send(self, mail: EmailMessage) -> None:
        """Raises UnsentError or RefusedError when the server did not take the mail."""
        try:
            self._connection.send_messages([mail])
        except SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            self._refused(code, _text(words), is_final=500 <= code < 600)
        except SMTPResponseException as error:
            is_final = isinstance(error, SMTPDataError) and 500 <= error.smtp_code < 600
            self._refused(error.smtp_code, _text(error.smtp_error), is_final=is_final)
        except (SMTPException, OSError) as error:
            self._broken()
            raise UnsentError(f"The connection to the mail server broke: {error}") from error
        self._trouble = 0

    def _refused(self, code: int, words: str, *, is_final: bool) -> None:
        """A 5xx for the recipient or the mail itself is final; for the sender or the session it may be our set-up."""
        if code == 421:  # the server closes the connection
            self._broken()
        if is_final:
            raise RefusedError(f"{code} {words}")
        raise UnsentError(f"{code} {words}")

    def _broken(self) -> None:
        self._trouble += 1
        self.is_reachable = self._trouble < MOST_TROUBLE
        self._hang_up()

    def _hang_up(self) -> None:
        with contextlib.suppress(SMTPException, OSError):
            self._connection.close()


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
