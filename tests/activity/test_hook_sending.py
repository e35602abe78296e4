"""Webhooks that are due, against real services that answer well, badly, slowly or not at all."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from activity import messages
from activity.hooks import calls, log, sending
from activity.hooks.turnstile import Turnstile
from activity.messages import post_messages
from activity.models import Attempt, Channel, Endpoint, EndpointBrand, Event, Heartbeat, Kind, Message, Notification
from teams.models import User
from teams.rules import Role
from tests import make
from tests.activity.sink import Sink, sinking
from tests.core.servers import answer, endless, redirect, silent

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return datetime.now(UTC)


def drain() -> int:
    return sending.drain(now=now())


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with sinking() as sink:
        yield sink


def post(*, to: User, **values: Any) -> list[Message]:
    fields = {
        "to": [to], "kind": Kind.GOAL, "version": 1, "template": "activity/messages/plain", "url": "/w/x/",
        "context": {"subject": "On track", "text": "More likes"}, "due_at": now(), **values,
    }  # fmt: skip
    fields.setdefault("about", fields["brand"])
    return post_messages(**fields)


# -- posting ----------------------------------------------------------------------------------------------------------


def test_what_several_people_are_told_reaches_an_endpoint_once(sink: Sink) -> None:
    brand = make.brand(name="North")
    endpoint = make.endpoint(workspace=brand.workspace, url=sink.url)

    for _ in range(3):
        post(brand=brand, to=make.person(brand=brand))
    drain()
    drain()

    (request,) = sink.requests
    assert request.line == "POST /in?key=k HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert (request.json["type"], request.json["data"]["title"]) == ("notice.goal", "On track")
    assert request.json["data"]["text"] == "More likes"
    assert (request.json["data"]["brand"], request.json["data"]["about"]) == (brand.slug, f"brand:{brand.pk}")
    assert request.is_signed_with(endpoint.secret)
    assert not request.is_signed_with(make.endpoint().secret)
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 30
    attempt = Attempt.objects.get()
    assert (attempt.number, attempt.status, attempt.answer, attempt.error) == (request.number, 200, "taken", "")
    assert Message.objects.filter(channel=Channel.WEBHOOK).get().state == "done"


def test_endpoint_hears_of_its_kinds_and_brands_only() -> None:
    brand = make.brand()
    sister, elsewhere = make.brand(workspace=brand.workspace), make.brand()
    place = {"workspace": brand.workspace}
    make.endpoint(**place, name="all")
    make.endpoint(**place, name="own", brands=(brand,))
    make.endpoint(**place, name="sister", brands=(sister,))
    make.endpoint(**place, name="team", kinds=[Kind.TEAM])
    make.endpoint(**place, name="off", off_reason="person", off_at=now())
    make.endpoint(workspace=elsewhere.workspace, name="elsewhere")

    def told(**values: Any) -> set[str]:
        rows = post(to=make.user(), about=make.user(), **values)
        return {row.endpoint.name for row in rows if row.endpoint}

    assert told(brand=brand) == {"all", "own"}
    assert told(brand=None, workspace=brand.workspace, kind=Kind.TEAM) == {"all", "team"}
    assert told(brand=None) == set()


def test_canceling_takes_the_webhook_too(sink: Sink) -> None:
    brand = make.brand()
    make.endpoint(workspace=brand.workspace, url=sink.url)
    post(brand=brand, to=make.user())

    assert messages.cancel_messages(about=brand) == 3
    assert (drain(), sink.requests) == (0, [])


def test_webhook_speaks_the_endpoints_language_and_the_brands_time(sink: Sink) -> None:
    brand = make.brand(time_zone="Asia/Tokyo")
    make.endpoint(workspace=brand.workspace, url=sink.url, language="fr")
    due = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    post(brand=brand, to=make.user(), due_at=due)

    sending.drain(now=due + timedelta(minutes=42))

    text = sink.requests[0].json["data"]["text"]
    late, _gap, rest = text.partition("\n\n")
    assert late == "Ce message est en retard : dû le 20/11/2026 09:00, envoyé le 20/11/2026 09:42 (JST)."
    assert rest == "More likes"


# -- what the other side answers --------------------------------------------------------------------------------------


def settled(message: Message) -> tuple[str, int, str]:
    message.refresh_from_db()
    return message.state, message.attempts, message.last_error


def wait_of(row: Any) -> timedelta:
    row.refresh_from_db()
    return (row.next_attempt_at if isinstance(row, Message) else row.quiet_until) - now()


def test_number_stays_and_timestamp_moves_over_tries(sink: Sink) -> None:
    message = make.hook(endpoint=make.endpoint(url=sink.url))
    sink.behavior = answer(b"no", status="500 Internal Server Error")
    drain()
    Message.objects.update(next_attempt_at=now() - timedelta(seconds=1))
    Endpoint.objects.update(quiet_until=None)
    sink.behavior = answer(b"", status="204 No Content")
    sending.drain(now=now() + timedelta(minutes=5))

    first, second = sink.requests
    assert first.number == second.number
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) >= 299
    assert settled(message)[:2] == ("done", 2)
    endpoint = Endpoint.objects.get()
    assert (endpoint.failures, endpoint.failing_since, endpoint.quiet_until) == (0, None, None)
    assert list(Attempt.objects.order_by("pk").values_list("status", flat=True)) == [500, 204]


@pytest.mark.parametrize(
    ("status", "words"), [("401 Unauthorized", "401 no"), ("500 Oops", "500 no"), ("404 Not Found", "404 no")]
)
def test_refusal_is_tried_again_with_jitter(sink: Sink, status: str, words: str) -> None:
    message = make.hook(endpoint=make.endpoint(url=sink.url))
    sink.behavior = answer(b"no", status=status)

    drain()

    assert settled(message) == ("waiting", 1, words)
    assert timedelta(0) < wait_of(message) <= timedelta(seconds=15)
    assert Attempt.objects.get().error == words


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_retry_after_is_honored_for_the_whole_endpoint(sink: Sink, status: str) -> None:
    endpoint = make.endpoint(url=sink.url)
    first, second = make.hook(endpoint=endpoint), make.hook(endpoint=endpoint)
    sink.behavior = answer(b"", status=status, headers=("Retry-After: 600",))

    drain()
    drain()

    assert len(sink.requests) == 1
    assert timedelta(seconds=590) < wait_of(first) <= timedelta(seconds=601)
    assert timedelta(seconds=590) < wait_of(endpoint) <= timedelta(seconds=601)
    assert settled(second) == ("waiting", 0, "")


def test_gone_switches_off_and_tells_the_admins(sink: Sink) -> None:
    endpoint = make.endpoint(url=sink.url)
    admin = make.person(Role.ADMIN, workspace=endpoint.workspace)
    make.person(Role.EDITOR, workspace=endpoint.workspace)
    gone, other = make.hook(endpoint=endpoint), make.hook(endpoint=endpoint)
    sink.behavior = answer(b"bye", status="410 Gone")

    drain()
    messages.drain(now=now())

    endpoint.refresh_from_db()
    assert (endpoint.off_reason, len(sink.requests)) == ("gone", 1)
    assert (settled(gone)[0], settled(other)[0]) == ("canceled", "canceled")
    notice = Notification.objects.get()
    assert (notice.user, notice.title) == (admin, f"Switched off: the webhook “{endpoint.name}”")
    assert "410 bye" in notice.body
    assert notice.url.endswith(f"/webhooks/{endpoint.pk}/")
    assert Event.objects.get().verb == "activity.endpoint_disabled"


def test_endpoint_that_fails_for_five_days_is_switched_off(sink: Sink) -> None:
    endpoint = make.endpoint(url=sink.url, failures=8, failing_since=now() - timedelta(days=5))
    make.person(Role.ADMIN, workspace=endpoint.workspace)
    message, other = make.hook(endpoint=endpoint), make.hook(endpoint=endpoint)
    sink.behavior = answer(b"", status="502 Bad Gateway")

    drain()

    endpoint.refresh_from_db()
    assert (endpoint.off_reason, endpoint.failures) == ("failing", 9)
    assert (settled(message)[0], settled(other)[0]) == ("canceled", "canceled")
    assert Message.objects.filter(kind=Kind.WEBHOOK).count() == 2


def test_message_is_given_up_after_its_last_try(sink: Sink) -> None:
    message = make.hook(endpoint=make.endpoint(url=sink.url), attempts=Message.most_attempts - 1)
    sink.behavior = answer(b"", status="400 Bad Request")

    drain()

    assert settled(message) == ("dead", 20, "400")


def test_redirect_is_not_followed(sink: Sink) -> None:
    message = make.hook(endpoint=make.endpoint(url=sink.url))
    sink.behavior = redirect("http://127.0.0.1:1/", "307 Temporary Redirect")

    drain()

    assert settled(message) == ("waiting", 1, "The server sends the request on to another address.")
    assert len(sink.requests) == 1


def test_endless_answer_counts_by_its_status(sink: Sink) -> None:
    message = make.hook(endpoint=make.endpoint(url=sink.url))
    sink.behavior = endless

    drain()

    assert settled(message)[0] == "done"
    assert Attempt.objects.get().answer == "x" * 200


def test_answer_is_kept_as_what_can_be_shown(sink: Sink) -> None:
    make.hook(endpoint=make.endpoint(url=sink.url))
    sink.behavior = answer(b"a\0b\n\xff <b>\x1b[31m")

    drain()

    assert Attempt.objects.get().answer == "a�b � <b>�[31m"


def test_silence_is_cut_off_and_tried_again(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls.make, "__kwdefaults__", {"seconds": 0.3})
    message = make.hook(endpoint=make.endpoint(url=sink.url))
    sink.behavior = silent

    drain()

    assert settled(message) == ("waiting", 1, "The server took too long to answer.")
    assert (Attempt.objects.get().status, Endpoint.objects.get().failures) == (None, 1)


def test_private_address_is_not_called(sink: Sink, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    message = make.hook(endpoint=make.endpoint(url=sink.url))

    drain()

    assert settled(message) == ("waiting", 1, "The address could not be reached.")
    assert sink.requests == []


# -- who still hears of it --------------------------------------------------------------------------------------------


def test_what_changed_since_it_was_posted_holds(sink: Sink) -> None:
    brand = make.brand()
    other = make.brand(workspace=brand.workspace)
    place = {"workspace": brand.workspace, "url": sink.url}
    off = make.endpoint(**place, off_reason="person", off_at=now())
    deaf = make.endpoint(**place, kinds=[Kind.GOAL])
    limited = make.endpoint(**place, brands=(other,))
    rows = [make.hook(endpoint=one, brand=brand) for one in (off, deaf, limited)]

    drain()

    assert sink.requests == []
    assert [settled(row)[::2] for row in rows] == [
        ("waiting", ""), ("canceled", "The webhook is not told about this any more."),
        ("canceled", "The webhook is not told about this brand any more."),
    ]  # fmt: skip


def test_endpoint_switched_off_under_the_claim_is_told_nothing() -> None:
    message = make.hook()
    (claimed,) = Message.objects.claim(limit=1, channel=Channel.WEBHOOK)
    Endpoint.objects.update(off_reason="person", off_at=now())

    assert sending.prepared(claimed, now=now()) is None
    assert settled(message)[::2] == ("canceled", "The webhook was switched off.")


def test_broken_template_holds_up_nobody(sink: Sink) -> None:
    endpoint = make.endpoint(url=sink.url)
    broken = make.hook(endpoint=endpoint, template="activity/messages/absent")
    fine = make.hook(endpoint=endpoint)

    drain()

    assert (settled(broken)[0], settled(fine)[0]) == ("dead", "done")


def test_secret_that_opens_no_more_is_told(sink: Sink, settings: Any) -> None:
    message = make.hook(endpoint=make.endpoint(url=sink.url))
    settings.FIELD_KEYS = ["b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMTI="]

    drain()

    assert settled(message)[0] == "dead"
    assert "FIELD_KEYS" in settled(message)[2]


# -- in step with others ----------------------------------------------------------------------------------------------


def test_slow_endpoint_keeps_no_other_waiting(sink: Sink) -> None:
    held, seen = threading.Event(), []

    def slow(connection: Any, head: str) -> None:
        held.wait(10)
        answer(b"late")(connection, head)

    with sinking() as other:
        sink.behavior = slow
        first = make.hook(endpoint=make.endpoint(url=sink.url))
        quick = make.endpoint(url=other.url)
        for _ in range(12):
            make.hook(endpoint=quick)

        def taken(connection: Any, head: str) -> None:
            seen.append(len(other.requests))
            if len(seen) == 12:
                held.set()  # only now does the slow one answer
            answer(b"")(connection, head)

        other.behavior = taken
        assert drain() == 13

    assert seen == list(range(1, 13))
    assert settled(first)[0] == "done"


def test_turn_that_is_over_gives_back_what_was_not_begun(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = make.endpoint(url=sink.url)
    rows = [make.hook(endpoint=endpoint) for _ in range(3)]

    def last(connection: Any, head: str) -> None:
        monkeypatch.setattr(sending, "TURN", 0.0)
        answer(b"")(connection, head)

    sink.behavior = last
    drain()

    assert [settled(row)[:2] for row in rows] == [("done", 1), ("waiting", 0), ("waiting", 0)]


def test_lists_and_mails_leave_webhooks_alone(smtp: Any) -> None:
    message = make.hook()
    make.message()

    assert messages.drain(now=now()) == 1
    assert settled(message) == ("waiting", 0, "")


def test_nothing_due_costs_one_query(django_assert_num_queries: Any) -> None:
    make.hook(due_at=now() + timedelta(minutes=1))
    make.hook(endpoint=make.endpoint(quiet_until=now() + timedelta(minutes=1)))

    with django_assert_num_queries(1):
        assert drain() == 0


def test_drain_leaves_a_heartbeat(sink: Sink) -> None:
    make.hook(endpoint=make.endpoint(url=sink.url))

    drain()

    beat = Heartbeat.objects.get(name="hooks")
    assert (beat.held_until, beat.at > now() - timedelta(minutes=1)) == (None, True)


@pytest.mark.django_db(transaction=True)
def test_only_one_goes_through_and_a_dead_one_is_replaced() -> None:
    found = []

    def other() -> None:
        with Turnstile("hooks") as turnstile:
            found.append(turnstile.is_mine)
        connections.close_all()

    def elsewhere() -> None:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    with Turnstile("hooks") as mine:
        elsewhere()
        assert mine.renew()
        Heartbeat.objects.update(held_until=now() - timedelta(seconds=1))
        elsewhere()
        assert not mine.renew()
    elsewhere()

    assert found == [False, True, True]


@pytest.mark.django_db(transaction=True)
def test_parallel_drains_double_nothing(sink: Sink) -> None:
    endpoints = [make.endpoint(url=sink.url) for _ in range(3)]
    for number in range(24):
        make.hook(endpoint=endpoints[number % 3])

    def one() -> None:
        drain()
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({request.number for request in sink.requests}) == len(sink.requests) == 24
    assert set(Message.objects.values_list("state", "attempts")) == {("done", 1)}


# -- the log and the border -------------------------------------------------------------------------------------------


def test_log_is_forgotten_after_a_month() -> None:
    endpoint = make.endpoint()
    make.attempt(endpoint=endpoint, at=now() - timedelta(days=30, minutes=1))
    kept = make.attempt(endpoint=endpoint, at=now() - timedelta(days=29, hours=23))

    assert log.forget(now=now()) == 1
    assert list(Attempt.objects.all()) == [kept]


def test_database_refuses_an_endpoint_of_another_workspace() -> None:
    endpoint, elsewhere = make.endpoint(), make.brand()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="message_endpoint_same_workspace"), transaction.atomic():
        make.hook(endpoint=endpoint, workspace=elsewhere.workspace)
    for place in (endpoint.workspace, elsewhere.workspace):
        with pytest.raises(IntegrityError, match="endpoint_brand_"), transaction.atomic():
            EndpointBrand.objects.create(workspace=place, endpoint=endpoint, brand=elsewhere)


@pytest.mark.parametrize(
    "wrong", [{"channel": Channel.EMAIL}, {"endpoint": None}, {"address": "a@example.com"}, {"workspace": None}]
)
def test_database_refuses_a_webhook_that_is_half_something_else(wrong: dict[str, Any]) -> None:
    row = make.hook()

    with pytest.raises(IntegrityError, match="message_has_one_recipient"), transaction.atomic():
        Message.objects.filter(pk=row.pk).update(**wrong)


def test_database_refuses_an_endpoint_told_of_nothing_or_off_without_a_reason() -> None:
    for name, wrong in (("endpoint_has_kinds", {"kinds": []}), ("endpoint_off_has_reason", {"off_reason": "gone"})):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            make.endpoint(**wrong)
