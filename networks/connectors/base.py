"""What Sextant asks of every network, in the same words, and how a network may fail.

A connector holds the credentials of one social account. Reading may be repeated at will. Publishing is at most once:
when nobody can know whether the network took the post, `OutcomeUnknown` says so and a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from networks.rules.lengths import TextLimits


@dataclass(frozen=True)
class Given:
    """A value that the network gave. 0 is a value."""

    value: int


@dataclass(frozen=True)
class NotGiven:
    """The network gives no such value here: "not available", never 0."""


Figure = Given | NotGiven


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """With which a connector speaks for one account. `remote_id` is the account's id on the network, once known."""

    server: str = ""  # for networks of many servers, e.g. "https://mastodon.social"
    token: str = field(repr=False)
    remote_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Whose credentials these are, as the network says."""

    remote_id: str
    handle: str
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class AccountFigures:
    """An account's metrics, by slug of `networks.Metric`."""

    remote_id: str
    figures: Mapping[str, Figure]
    fetched_at: datetime


@dataclass(frozen=True, kw_only=True)
class PostFigures:
    """A publication's metrics, by slug of `networks.Metric`."""

    remote_id: str
    url: str
    published_at: datetime
    figures: Mapping[str, Figure]
    fetched_at: datetime


@dataclass(frozen=True, kw_only=True)
class PostPage:
    """Some of an account's publications, newest first. `before` asks for the next page; None: this was the last."""

    posts: tuple[PostFigures, ...]
    before: str | None


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What is to be published. The key stays the same for one delivery, so that the network can see a repetition."""

    text: str
    idempotency_key: str
    language: str = ""  # ISO 639-1


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where a publication stands."""

    remote_id: str
    url: str
    published_at: datetime


class Connector(Protocol):
    """A client of one network's API for one account. Every method raises subclasses of ConnectorError."""

    def identity(self) -> Identity:
        """Whose credentials these are: the check when an account is connected."""

    def account_metrics(self, *, now: datetime) -> AccountFigures:
        """The account's own counts as they stand now."""

    def post_metrics(self, remote_id: str, *, now: datetime) -> PostFigures:
        """The counts of one publication. Raises Gone when it was deleted."""

    def posts(self, *, now: datetime, before: str | None = None, since: str | None = None) -> PostPage:
        """The account's publications, newest first: those before, and those after, the ids given."""

    def post_id(self, url: str) -> str | None:
        """The id of the publication at an address, when it can be told from the address."""

    def publish(self, publication: Publication, *, now: datetime) -> Published:
        """Publish once. Raises OutcomeUnknown when the network may have taken it without saying so."""

    def text_limits(self, limits: TextLimits) -> TextLimits:
        """The catalogue's limits, with what the account's own server says instead."""


class ConnectorError(Exception):
    """A network did not do what was asked. `message` may be shown."""

    message: str | Promise = _("The network did not answer as expected.")

    def __init__(self, message: str | Promise = "") -> None:
        if message:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class AuthRefused(ConnectorError):
    """401 or 403: the token is wrong, was withdrawn, or lacks a right. Asking again is no use."""

    message = _("The network refused the credentials. Connect the account again.")


class NotSecure(ConnectorError):
    """The token would travel unencrypted."""

    message = _("The server's address must begin with https://.")


class Rejected(ConnectorError):
    """The network understood and said no. Asking again is no use."""

    message = _("The network rejected the request.")


class Gone(ConnectorError):
    """404 or 410: deleted, or never there."""

    message = _("The network has no such publication or account.")


class RateLimited(ConnectorError):
    """429: too many requests. `retry_after` is how long the network asks us to wait; None when it does not say."""

    message = _("The network asks us to wait.")

    def __init__(self, retry_after: timedelta | None = None) -> None:
        super().__init__()
        self.retry_after = retry_after


class Unavailable(ConnectorError):
    """5xx, or no connection: it may work later."""

    message = _("The network cannot be reached at the moment.")


class TimedOut(ConnectorError):
    """The network took too long to answer a question that changes nothing."""

    message = _("The network took too long to answer.")


class Malformed(ConnectorError):
    """The answer is not JSON, was cut short, or lacks what it must hold."""

    message = _("The network's answer could not be read.")


class OutcomeUnknown(ConnectorError):
    """The publication was sent, and whether the network took it cannot be known. Never retried by a program."""

    message = _("The network may have published this without confirming it. Look there, then decide.")
