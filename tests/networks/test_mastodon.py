"""The Mastodon connector against a Mastodon server, its faults, and servers worse than that."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from networks import connectors
from networks.connectors import Credentials, Given, NotGiven, Publication
from networks.connectors.http import retry_after
from networks.connectors.mastodon import MastodonConnector
from networks.rules.lengths import TextLimits
from tests.core.servers import Behavior, answer, drip, raw, redirect, serving, silent
from tests.mastodon import MastodonServer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HELLO = Publication(text="Bonjour ☕️", idempotency_key="delivery-1-v1", language="fr")


@pytest.fixture
def brand(mastodon: MastodonServer) -> MastodonConnector:
    return MastodonConnector(mastodon.credentials(), seconds=5)


def impatient(mastodon: MastodonServer) -> MastodonConnector:
    return MastodonConnector(mastodon.credentials(), seconds=0.5)


# -- reading ----------------------------------------------------------------------------------------------------------


def test_identity_says_whose_token_it_is(brand: MastodonConnector) -> None:
    identity = brand.identity()

    assert (identity.handle, identity.name) == ("brulerie", "La Brûlerie")
    assert identity.url.endswith("/@brulerie")


def test_account_metrics_gives_counts_and_says_what_it_does_not_give(
    brand: MastodonConnector, mastodon: MastodonServer
) -> None:
    mastodon.post("Un.")

    found = brand.account_metrics(now=NOW)

    assert found.fetched_at == NOW
    assert found.figures["followers"] == Given(1)
    assert found.figures["following"] == Given(0)
    assert found.figures["posts_total"] == Given(1)
    assert found.figures["impressions"] == NotGiven()
    assert found.remote_id == brand.identity().remote_id


def test_account_metrics_reads_the_account_that_was_connected(mastodon: MastodonServer) -> None:
    """The token is the brand's, the figures those of the id."""
    other = MastodonConnector(mastodon.credentials(token="cliente_token")).identity()

    found = MastodonConnector(mastodon.credentials(remote_id=other.remote_id)).account_metrics(now=NOW)

    assert (found.remote_id, found.figures["following"]) == (other.remote_id, Given(1))


def test_post_metrics_counts_likes_boosts_and_replies(brand: MastodonConnector, mastodon: MastodonServer) -> None:
    post = mastodon.post("Trois photos par semaine.")
    mastodon.react(post, likes=True, boosts=True, reply="Encore")

    found = brand.post_metrics(post, now=NOW)

    assert {slug: figure for slug, figure in found.figures.items() if isinstance(figure, Given)} == {
        "likes": Given(1),
        "shares": Given(1),
        "comments": Given(1),
    }
    assert found.figures["impressions"] == found.figures["reach"] == found.figures["link_clicks"] == NotGiven()
    assert found.url.endswith(post)


def test_post_that_was_deleted_is_gone(brand: MastodonConnector, mastodon: MastodonServer) -> None:
    post = mastodon.post("Vite effacé.")
    mastodon.call("DELETE", f"/api/v1/statuses/{post}", token=mastodon.token)

    with pytest.raises(connectors.Gone):
        brand.post_metrics(post, now=NOW)


def test_posts_come_in_pages_newest_first(brand: MastodonConnector, mastodon: MastodonServer) -> None:
    written = [mastodon.post(f"Numéro {number}") for number in range(45)]

    first = brand.posts(now=NOW)
    second = brand.posts(now=NOW, before=first.before)

    seen = [post.remote_id for post in (*first.posts, *second.posts)]
    assert seen == written[::-1]
    assert (len(first.posts), second.before) == (40, None)


def test_posts_since_an_id_are_the_newer_ones(brand: MastodonConnector, mastodon: MastodonServer) -> None:
    written = [mastodon.post(f"Numéro {number}") for number in range(4)]

    assert [post.remote_id for post in brand.posts(now=NOW, since=written[1]).posts] == [written[3], written[2]]


def test_posts_leave_out_boosts_of_others(brand: MastodonConnector, mastodon: MastodonServer) -> None:
    own = mastodon.post("À nous.")
    theirs = mastodon.post("À elle.", token="cliente_token")
    mastodon.call("POST", f"/api/v1/statuses/{theirs}/reblog", token=mastodon.token)

    assert [post.remote_id for post in brand.posts(now=NOW).posts] == [own]


def test_text_limits_are_the_servers_own(brand: MastodonConnector) -> None:
    found = brand.text_limits(TextLimits(network="mastodon", text_max=1, url_weight=1, hashtags_max=7))

    assert (found.text_max, found.url_weight, found.hashtags_max) == (500, 23, 7)


@pytest.mark.parametrize(
    ("url", "post_id"),
    [
        ("https://b.social/@brulerie/1099", "1099"),
        ("https://B.Social/@brulerie/1099/", "1099"),
        ("https://b.social/users/brulerie/statuses/1099", "1099"),
        ("https://b.social/@brulerie/01HZY", "01HZY"),
        ("https://elsewhere.social/@brulerie/1099", None),
        ("https://b.social/@brulerie", None),
        ("https://b.social/about", None),
        ("", None),
    ],
)
def test_post_id_is_read_from_an_address_on_the_same_server(url: str, post_id: str | None) -> None:
    assert MastodonConnector(Credentials(server="https://b.social", token="t")).post_id(url) == post_id


# -- publishing -------------------------------------------------------------------------------------------------------


def test_publish_says_where_the_post_stands(brand: MastodonConnector, mastodon: MastodonServer) -> None:
    published = brand.publish(HELLO, now=NOW)

    found = mastodon.call("GET", f"/api/v1/statuses/{published.remote_id}")
    assert (found["url"], found["language"]) == (published.url, "fr")
    assert "Bonjour" in found["content"]


def test_publish_twice_with_one_key_makes_one_post(brand: MastodonConnector) -> None:
    assert brand.publish(HELLO, now=NOW).remote_id == brand.publish(HELLO, now=NOW).remote_id
    assert len(brand.posts(now=NOW).posts) == 1


def test_publish_of_too_long_a_text_is_rejected_in_the_servers_words(brand: MastodonConnector) -> None:
    with pytest.raises(connectors.Rejected, match="Text"):
        brand.publish(Publication(text="x" * 501, idempotency_key="k"), now=NOW)


@pytest.mark.parametrize(
    "effect",
    [
        {"type": "timeout"},
        {"type": "malformed"},
        {"type": "status", "status": 500},
        {"type": "status", "status": 502},
        {"type": "status", "status": 200, "body": {}},
        {"type": "status", "status": 200, "body": []},
    ],
    ids=["time-out", "malformed", "500", "502", "empty", "list"],
)
def test_publish_that_may_have_happened_has_an_unknown_outcome(
    mastodon: MastodonServer, effect: dict[str, Any]
) -> None:
    mastodon.fault(path="/api/v1/statuses", **effect)

    with pytest.raises(connectors.OutcomeUnknown):
        impatient(mastodon).publish(HELLO, now=NOW)


def test_publish_that_was_slow_but_taken_is_unknown_and_the_same_key_finds_it(mastodon: MastodonServer) -> None:
    mastodon.fault(path="/api/v1/statuses", type="latency", delay_ms=900, count=1)
    with pytest.raises(connectors.OutcomeUnknown):
        impatient(mastodon).publish(HELLO, now=NOW)

    again = MastodonConnector(mastodon.credentials()).publish(HELLO, now=NOW)

    assert [post.remote_id for post in impatient(mastodon).posts(now=NOW).posts] == [again.remote_id]


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"status": 401}, connectors.AuthRefused),
        ({"status": 403}, connectors.AuthRefused),
        ({"status": 422}, connectors.Rejected),
        ({"status": 429}, connectors.RateLimited),
    ],
)
def test_publish_that_was_refused_did_not_happen(
    brand: MastodonConnector, mastodon: MastodonServer, effect: dict[str, Any], error: type[Exception]
) -> None:
    mastodon.fault(path="/api/v1/statuses", type="status", **effect)

    with pytest.raises(error):
        brand.publish(HELLO, now=NOW)


def test_publish_to_a_closed_port_did_not_happen(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with serving(answer()) as server:
        pass

    with pytest.raises(connectors.Unavailable):
        MastodonConnector(Credentials(server=server.url, token="t")).publish(HELLO, now=NOW)


# -- faults of reading ------------------------------------------------------------------------------------------------


def test_wrong_token_is_refused(mastodon: MastodonServer) -> None:
    with pytest.raises(connectors.AuthRefused):
        MastodonConnector(mastodon.credentials(token="nobody")).identity()


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"type": "status", "status": 401}, connectors.AuthRefused),
        ({"type": "status", "status": 403}, connectors.AuthRefused),
        ({"type": "status", "status": 404}, connectors.Gone),
        ({"type": "status", "status": 410}, connectors.Gone),
        ({"type": "status", "status": 418}, connectors.Rejected),
        ({"type": "status", "status": 500}, connectors.Unavailable),
        ({"type": "status", "status": 503}, connectors.Unavailable),
        ({"type": "malformed"}, connectors.Malformed),
        ({"type": "malformed", "truncate": False}, connectors.Malformed),
        ({"type": "status", "status": 200, "body": []}, connectors.Malformed),
        ({"type": "status", "status": 200, "body": {"id": "1", "followers_count": "many"}}, connectors.Malformed),
        ({"type": "timeout"}, connectors.TimedOut),
    ],
)
def test_reading_says_what_went_wrong(
    mastodon: MastodonServer, effect: dict[str, Any], error: type[connectors.ConnectorError]
) -> None:
    mastodon.fault(path="/api/v1/accounts/*", **effect)

    with pytest.raises(error) as caught:
        impatient(mastodon).account_metrics(now=NOW)

    assert type(caught.value) is error
    assert mastodon.token not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, timedelta(seconds=120)),
        ({"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT"}, timedelta(minutes=5)),
        ({"Retry-After": "Mon, 23 Nov 2026 08:00:00 GMT"}, timedelta(0)),
    ],
)
def test_rate_limit_says_how_long_to_wait(
    brand: MastodonConnector, mastodon: MastodonServer, headers: dict[str, str], wait: timedelta
) -> None:
    mastodon.fault(type="ratelimit", headers=headers)

    with pytest.raises(connectors.RateLimited) as caught:
        brand.account_metrics(now=NOW)

    assert caught.value.retry_after == wait


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "-5"}, timedelta(0)),
        ({"retry-after": "99999999"}, timedelta(hours=24)),
        ({"x-ratelimit-reset": "2026-11-23T09:03:00.000Z"}, timedelta(minutes=3)),
        ({"x-ratelimit-reset": str(int((NOW + timedelta(minutes=2)).timestamp()))}, timedelta(minutes=2)),
        ({"retry-after": "7", "x-ratelimit-reset": "2026-11-23T09:03:00Z"}, timedelta(seconds=7)),
    ],
)
def test_retry_after_reads_every_form(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(headers, now=NOW) == wait


def json_answer(body: Any, **what: Any) -> Behavior:
    return answer(json.dumps(body).encode(), **what)


POST = {"id": "7", "created_at": "2026-11-20T08:00:00.000Z", "url": "https://b.social/@a/7"}


@pytest.mark.parametrize(
    ("behavior", "error"),
    [
        (raw(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id": "1"'), connectors.Malformed),
        (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b" " * 500, pause=0.02), connectors.TimedOut),
        (silent, connectors.TimedOut),
        (raw(b""), connectors.Malformed),
        (answer(b"[" * 100_000), connectors.Malformed),
        (redirect("http://10.0.0.1/latest/meta-data/"), connectors.Unavailable),
        (redirect("http://[::ffff:169.254.169.254]/"), connectors.Unavailable),
        (redirect("/again"), connectors.Unavailable),
    ],
    ids=["truncated", "drip", "silent", "nothing", "nested", "private", "mapped", "loop"],
)
def test_hostile_servers_are_named_errors(settings: Any, behavior: Behavior, error: type[Exception]) -> None:
    with serving(behavior) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        with pytest.raises(error) as caught:
            MastodonConnector(Credentials(server=server.url, token="t"), seconds=0.5).account_metrics(now=NOW)

    assert type(caught.value) is error


@pytest.mark.parametrize(
    "change",
    [
        lambda post: post.pop("id"),
        lambda post: post.update(id=7),
        lambda post: post.update(created_at="yesterday"),
        lambda post: post.update(favourites_count=True),
        lambda post: post.update(favourites_count=1.5),
        lambda post: post.update(favourites_count=10**12),
        lambda post: post.update(id="1" * 121),
        lambda post: post.update(id="1\0"),
    ],
)
def test_post_of_the_wrong_shape_is_malformed(settings: Any, change: Callable[[dict[str, Any]], Any]) -> None:
    post = dict(POST)
    change(post)

    with serving(json_answer(post)) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        with pytest.raises(connectors.Malformed):
            MastodonConnector(Credentials(server=server.url, token="t")).post_metrics("7", now=NOW)


def test_absent_null_and_hidden_counts_are_not_given_and_zero_is(settings: Any) -> None:
    with serving(json_answer({**POST, "favourites_count": 0, "reblogs_count": None, "replies_count": -1})) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        found = MastodonConnector(Credentials(server=server.url, token="t")).post_metrics("7", now=NOW)

    assert [found.figures[slug] for slug in ("likes", "shares", "comments")] == [Given(0), NotGiven(), NotGiven()]


def test_paging_that_stands_still_is_malformed(settings: Any) -> None:
    """A server that ignores max_id would be asked for ever."""
    link = ('Link: <https://b.social/x>; rel="next"',)
    with serving(json_answer([POST], headers=link)) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        account = MastodonConnector(Credentials(server=server.url, token="t", remote_id="1"))
        page = account.posts(now=NOW)
        with pytest.raises(connectors.Malformed):
            account.posts(now=NOW, before=page.before)


def test_ids_cannot_lead_to_another_path(settings: Any) -> None:
    with serving(json_answer(POST)) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        MastodonConnector(Credentials(server=server.url, token="t")).post_metrics("../../oauth?x=1", now=NOW)

    assert server.heads[0].startswith("GET /api/v1/statuses/..%2F..%2Foauth%3Fx%3D1 HTTP/1.1")


def test_token_does_not_travel_unencrypted() -> None:
    with pytest.raises(connectors.NotSecure):
        MastodonConnector(Credentials(server="http://b.social", token="t")).identity()


def test_token_is_not_in_the_repr() -> None:
    assert "s3cret" not in repr(Credentials(server="https://b.social", token="s3cret"))


# -- registry ---------------------------------------------------------------------------------------------------------


def test_registry_knows_mastodon_only() -> None:
    found = connectors.for_network("mastodon", Credentials(server="https://b.social", token="t"))

    assert isinstance(found, MastodonConnector)
    assert connectors.connectable() == {"mastodon"}
    with pytest.raises(LookupError):
        connectors.for_network("instagram", Credentials(token="t"))
