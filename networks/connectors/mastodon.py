"""Mastodon, and servers that speak its API. Source: github mastodon/documentation, methods/accounts and statuses."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from networks.connectors.base import (
    AccountFigures,
    Credentials,
    Figure,
    Given,
    Gone,
    Identity,
    Malformed,
    NotGiven,
    OutcomeUnknown,
    PostFigures,
    PostPage,
    Publication,
    Published,
)
from networks.connectors.http import SECONDS, Api
from networks.rules.lengths import TextLimits

PAGE = 40  # the most that a server gives at once
LONGEST_ID = 120
LARGEST = 10**12  # no count of anything that is counted here

# Metric slug -> name in the API; None where Mastodon counts nothing of the kind.
ACCOUNT_METRICS = {
    "followers": "followers_count",
    "following": "following_count",
    "posts_total": "statuses_count",
    "impressions": None,
    "reach": None,
    "profile_visits": None,
    "link_clicks": None,
}
POST_METRICS = {
    "likes": "favourites_count",
    "shares": "reblogs_count",
    "comments": "replies_count",
    "impressions": None,
    "reach": None,
    "saves": None,
    "link_clicks": None,
    "video_views": None,
    "profile_visits": None,
}
_POST_PATH = re.compile(r"(?:/@[^/]+|/users/[^/]+/statuses|/web/statuses|/statuses|/notice)/(?P<id>[A-Za-z0-9]+)/?")


class MastodonConnector:
    """One account on one Mastodon server."""

    def __init__(self, credentials: Credentials, *, seconds: float = SECONDS) -> None:
        self._credentials = credentials
        self._api = Api(credentials, seconds=seconds)

    def identity(self) -> Identity:
        """Whose token this is (GET /api/v1/accounts/verify_credentials)."""
        data, _ = self._api.get("/api/v1/accounts/verify_credentials", now=_now())
        account = _mapping(data)
        return Identity(
            remote_id=_id(account),
            handle=_text(account, "acct"),
            name=str(account.get("display_name") or account.get("username") or ""),
            url=_text(account, "url"),
        )

    def account_metrics(self, *, now: datetime) -> AccountFigures:
        """Followers, accounts followed and posts (GET /api/v1/accounts/:id, or verify_credentials without an id)."""
        known = self._credentials.remote_id
        path = f"/api/v1/accounts/{_segment(known)}" if known else "/api/v1/accounts/verify_credentials"
        data, _ = self._api.get(path, now=now)
        account = _mapping(data)
        return AccountFigures(remote_id=_id(account), figures=_figures(account, ACCOUNT_METRICS), fetched_at=now)

    def post_metrics(self, remote_id: str, *, now: datetime) -> PostFigures:
        """One post's likes, boosts and replies (GET /api/v1/statuses/:id)."""
        data, _ = self._api.get(f"/api/v1/statuses/{_segment(remote_id)}", now=now)
        return _post(data, now)

    def posts(self, *, now: datetime, before: str | None = None, since: str | None = None) -> PostPage:
        """The account's own posts, newest first, without its boosts (GET /api/v1/accounts/:id/statuses)."""
        account = self._credentials.remote_id or self.identity().remote_id
        params = {"limit": str(PAGE), "exclude_reblogs": "true"}
        params |= {name: value for name, value in (("max_id", before), ("since_id", since)) if value}
        data, headers = self._api.get(f"/api/v1/accounts/{_segment(account)}/statuses", now=now, params=params)
        if not isinstance(data, list):
            raise Malformed
        posts = tuple(_post(item, now) for item in data)
        return PostPage(posts=posts, before=_following(posts, headers, before))

    def post_id(self, url: str) -> str | None:
        """The id at the end of a post's address on the account's own server."""
        parts, server = urlsplit(url.strip()), urlsplit(self._credentials.server)
        found = _POST_PATH.fullmatch(parts.path)
        return found["id"] if found and parts.netloc.lower() == server.netloc.lower() else None

    def publish(self, publication: Publication, *, now: datetime) -> Published:
        """Publish publicly (POST /api/v1/statuses). The server keeps the idempotency key for an hour."""
        status = {"status": publication.text, "visibility": "public"}
        if publication.language:
            status["language"] = publication.language
        data = self._api.post_once(
            "/api/v1/statuses", now=now, json=status, idempotency_key=publication.idempotency_key
        )
        try:
            post = _post(data, now)
        except Malformed as error:  # it was taken, but where it stands is not known
            raise OutcomeUnknown from error
        return Published(remote_id=post.remote_id, url=post.url, published_at=post.published_at)

    def text_limits(self, limits: TextLimits) -> TextLimits:
        """The server's own limits (GET /api/v2/instance, or v1 before Mastodon 4.0) over the catalogue's."""
        try:
            data, _ = self._api.get("/api/v2/instance", now=_now())
        except Gone:
            data, _ = self._api.get("/api/v1/instance", now=_now())
        statuses = _mapping(_mapping(_mapping(data).get("configuration", {})).get("statuses", {}))
        text_max = statuses.get("max_characters", limits.text_max)
        url_weight = statuses.get("characters_reserved_per_url", limits.url_weight)
        if not (_is_size(text_max) and _is_size(url_weight)):
            raise Malformed
        return replace(limits, text_max=text_max, url_weight=url_weight)


def _now() -> datetime:
    return datetime.now(UTC)


def _segment(value: str) -> str:
    return quote(value, safe="")


def _following(posts: tuple[PostFigures, ...], headers: Mapping[str, str], before: str | None) -> str | None:
    """The id before which the next page begins; None after the last page. Raises Malformed if paging stands still."""
    if not posts or (len(posts) < PAGE and 'rel="next"' not in headers.get("link", "")):
        return None
    last = posts[-1].remote_id
    if last == before:
        raise Malformed
    return last


# -- reading what came --------------------------------------------------------------------------------------------


def _post(data: Any, now: datetime) -> PostFigures:
    status = _mapping(data)
    try:
        published_at = datetime.fromisoformat(_text(status, "created_at"))
    except ValueError as error:
        raise Malformed from error
    return PostFigures(
        remote_id=_id(status),
        url=str(status.get("url") or status.get("uri") or ""),
        published_at=published_at if published_at.tzinfo else published_at.replace(tzinfo=UTC),
        figures=_figures(status, POST_METRICS),
        fetched_at=now,
    )


def _mapping(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Malformed
    return data


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed
    return value


def _id(data: dict[str, Any]) -> str:
    """An id as it can be kept: whoever runs a server says what it likes."""
    value = _text(data, "id")
    if len(value) > LONGEST_ID or not value.isprintable():
        raise Malformed
    return value


def _figures(data: dict[str, Any], metrics: Mapping[str, str | None]) -> dict[str, Figure]:
    return {slug: _figure(data, name) if name else NotGiven() for slug, name in metrics.items()}


def _figure(data: dict[str, Any], name: str) -> Figure:
    """A count; absent, null and negative (some servers hide counts as -1) mean that there is none."""
    value = data.get(name)
    if value is None:
        return NotGiven()
    if not isinstance(value, int) or isinstance(value, bool) or value >= LARGEST:
        raise Malformed
    return Given(value) if value >= 0 else NotGiven()


def _is_size(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)
