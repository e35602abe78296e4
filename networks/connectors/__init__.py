"""Clients of the networks' APIs. A network without one still works: people publish and type figures in themselves."""

from collections.abc import Callable

from networks.connectors.base import (
    AccountFigures,
    AuthRefused,
    Connector,
    ConnectorError,
    Credentials,
    Figure,
    Given,
    Gone,
    Identity,
    Malformed,
    NotGiven,
    NotSecure,
    OutcomeUnknown,
    PostFigures,
    PostPage,
    Publication,
    Published,
    RateLimited,
    Rejected,
    TimedOut,
    Unavailable,
)
from networks.connectors.mastodon import MastodonConnector

__all__ = [
    "AccountFigures",
    "AuthRefused",
    "Connector",
    "ConnectorError",
    "Credentials",
    "Figure",
    "Given",
    "Gone",
    "Identity",
    "Malformed",
    "NotGiven",
    "NotSecure",
    "OutcomeUnknown",
    "PostFigures",
    "PostPage",
    "Publication",
    "Published",
    "RateLimited",
    "Rejected",
    "TimedOut",
    "Unavailable",
    "connectable",
    "for_network",
]

_CONNECTORS: dict[str, Callable[[Credentials], Connector]] = {"mastodon": MastodonConnector}


def for_network(slug: str, credentials: Credentials) -> Connector:
    """The connector of a network for one account. Raises LookupError when there is none (see `connectable`)."""
    return _CONNECTORS[slug](credentials)


def connectable() -> frozenset[str]:
    """The networks that can be connected."""
    return frozenset(_CONNECTORS)
