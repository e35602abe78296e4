"""Webhooks as admins set them up, try them and look after them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from activity.hooks import sending, services, views
from activity.models import Attempt, Endpoint, Event, Kind, Message
from core.duework import DueState
from teams.models import Workspace
from teams.rules import Role
from tests import make
from tests.activity.sink import Sink, sinking
from tests.core.servers import answer

pytestmark = pytest.mark.django_db
FILLED = {"name": "Team chat", "format": "sextant", "url": "https://hooks.example/in/abc", "language": "fr"}


@pytest.fixture
def place() -> Workspace:
    return make.workspace()


@pytest.fixture
def admin(place: Workspace, client: Client) -> Client:
    client.force_login(make.person(Role.ADMIN, workspace=place))
    make.confirmed(client)
    return client


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with sinking() as sink:
        yield sink


def now() -> datetime:
    return datetime.now(UTC)


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def url(name: str, place: Workspace, endpoint: Endpoint | None = None) -> str:
    return reverse(name, args=[place.slug, *([endpoint.pk] if endpoint else [])])


def add(client: Client, place: Workspace, **values: Any) -> Any:
    return client.post(url("endpoint_create", place), {**FILLED, "kinds": ["goal", "missed"], **values})


def test_admin_adds_one_and_sees_its_secret_once(admin: Client, place: Workspace) -> None:
    brand = make.brand(workspace=place)

    answer = add(admin, place, brands=[brand.pk])

    endpoint = Endpoint.objects.get()
    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (200, True)
    assert soup(answer).find(id="secret").text == str(endpoint.secret)
    assert (endpoint.kinds, endpoint.host, endpoint.language) == (["goal", "missed"], "hooks.example", "fr")
    assert list(endpoint.brands.all()) == [brand]
    for name in ("endpoint_list", "endpoint_detail", "endpoint_edit"):
        page = admin.get(url(name, place, None if name == "endpoint_list" else endpoint)).content.decode()
        assert "Team chat" in page
        assert str(endpoint.secret) not in page
        assert "/in/abc" not in page
    (stored,) = Endpoint.objects.values("url", "secret")
    assert "hooks.example" not in str(stored["url"].token)
    assert "whsec_" not in str(stored["secret"].token)
    event = Event.objects.get()
    assert (event.verb, event.label, event.after["brands"]) == ("activity.endpoint_created", "Team chat", [brand.name])
    assert "/in/abc" not in str(event.after)


def test_chat_services_need_no_secret(admin: Client, place: Workspace) -> None:
    answer = add(admin, place, format="slack")

    endpoint = Endpoint.objects.get()
    assert answer.url == url("endpoint_detail", place, endpoint)
    assert "Secret" not in words(soup(admin.get(answer.url)).main)


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"url": "http://hooks.example/in"}, "url", "must begin with https://"),
        ({"url": "https://me@hooks.example/in"}, "url", "Leave the user name out"),
        ({"url": "ftp://hooks.example/in"}, "url", "must begin with https://"),
        ({"name": "TAKEN"}, "name", "already has a webhook of that name"),
        ({"kinds": []}, "kinds", "required"),
        ({"kinds": ["nonsense"]}, "kinds", "not one of the available choices"),
    ],
)
def test_bad_webhook_is_refused_beside_its_field(
    admin: Client, place: Workspace, wrong: dict[str, Any], field: str, message: str
) -> None:
    make.endpoint(workspace=place, name="Taken")

    answer = add(admin, place, **wrong)

    assert answer.status_code == 422
    assert any(message in error for error in answer.context["form"].errors[field])
    assert Endpoint.objects.count() == 1


def test_there_are_twenty_at_most(admin: Client, place: Workspace) -> None:
    for _ in range(services.MOST):
        make.endpoint(workspace=place)

    answer = add(admin, place)

    assert (answer.status_code, Endpoint.objects.count()) == (422, services.MOST)


def test_change_keeps_the_address_that_is_not_typed_anew(admin: Client, place: Workspace) -> None:
    endpoint = make.endpoint(workspace=place, url="https://hooks.example/old")
    address = url("endpoint_edit", place, endpoint)

    admin.post(address, {**FILLED, "url": "", "kinds": ["team"], "version": 1})
    endpoint.refresh_from_db()
    kept = str(endpoint.url)
    admin.post(address, {**FILLED, "url": "https://other.example/new", "kinds": ["team"], "version": 2})

    endpoint = Endpoint.objects.get()
    assert (kept, str(endpoint.url), endpoint.host) == (
        "https://hooks.example/old", "https://other.example/new", "other.example"
    )  # fmt: skip
    assert (endpoint.name, endpoint.kinds) == ("Team chat", ["team"])
    assert Event.objects.filter(verb="activity.endpoint_edited").count() == 2


def test_colleagues_change_is_not_overwritten_unseen(admin: Client, place: Workspace) -> None:
    endpoint = make.endpoint(workspace=place, name="Theirs", version=2)

    answer = admin.post(url("endpoint_edit", place, endpoint), {**FILLED, "kinds": ["team"], "version": 1})

    assert answer.status_code == 422
    assert "In the meantime this was saved: “Theirs”" in words(soup(answer))
    assert soup(answer).find(attrs={"name": "version"})["value"] == "2"
    assert Endpoint.objects.get().name == "Theirs"


def test_rotation_signs_with_both_secrets_for_a_day(admin: Client, place: Workspace, sink: Sink) -> None:
    endpoint = make.endpoint(workspace=place, url=sink.url)
    old = str(endpoint.secret)

    page = admin.post(url("endpoint_rotate", place, endpoint))
    new = soup(page).find(id="secret").text
    for hours in (23, 25):
        make.hook(endpoint=endpoint)
        sending.drain(now=now() + timedelta(hours=hours))

    both, alone = sink.requests
    assert (both.is_signed_with(new), both.is_signed_with(old)) == (True, True)
    assert (alone.is_signed_with(new), alone.is_signed_with(old)) == (True, False)
    assert Event.objects.get().verb == "activity.endpoint_secret_rotated"


# -- trying it --------------------------------------------------------------------------------------------------------


def test_test_says_what_was_answered(admin: Client, place: Workspace, sink: Sink) -> None:
    endpoint = make.endpoint(workspace=place, url=sink.url, language="fr", off_reason="person", off_at=now())
    address = url("endpoint_test", place, endpoint)

    page = words(soup(admin.post(address, follow=True)))
    sink.behavior = answer(b"wrong <key>" + b"y" * 300, status="401 Unauthorized")
    failed = words(soup(admin.post(address, follow=True)))

    first, second = sink.requests
    assert first.json["type"] == "notice.test"
    assert first.json["data"]["text"].startswith("Cela fonctionne")
    assert first.is_signed_with(endpoint.secret)
    assert first.number != second.number
    assert "Answered 200 after" in page
    assert "taken" in page
    assert f"wrong <key>{'y' * 189}" in failed
    assert "y" * 190 not in failed
    assert list(Attempt.objects.order_by("pk").values_list("status", "kind")) == [(200, ""), (401, "")]
    assert Endpoint.objects.get().failures == 0


def test_tests_are_limited_for_each_person(admin: Client, place: Workspace, sink: Sink) -> None:
    endpoints = [make.endpoint(workspace=place, url=sink.url) for _ in range(2)]

    for number in range(views.TESTS + 2):
        page = admin.post(url("endpoint_test", place, endpoints[number % 2]), follow=True)

    assert len(sink.requests) == views.TESTS
    assert page.status_code == 429


def test_test_of_a_private_address_says_as_little_as_of_an_absent_one(admin: Client, place: Workspace) -> None:
    endpoint = make.endpoint(workspace=place, url="https://10.0.0.1/in")

    page = admin.post(url("endpoint_test", place, endpoint), follow=True)

    assert "No answer: The address could not be reached." in words(soup(page))


# -- on, off, gone ----------------------------------------------------------------------------------------------------


def test_off_drops_what_waits_and_on_starts_anew(admin: Client, place: Workspace) -> None:
    endpoint = make.endpoint(workspace=place, failures=3, failing_since=now(), quiet_until=now())
    message = make.hook(endpoint=endpoint)

    admin.post(url("endpoint_disable", place, endpoint))
    admin.post(url("endpoint_disable", place, endpoint))
    endpoint.refresh_from_db()
    message.refresh_from_db()
    was = (endpoint.off_reason, message.state)
    admin.post(url("endpoint_enable", place, endpoint))

    endpoint.refresh_from_db()
    assert was == ("person", DueState.CANCELED)
    assert (endpoint.is_on, endpoint.failures, endpoint.failing_since, endpoint.quiet_until) == (True, 0, None, None)
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["activity.endpoint_disabled", "activity.endpoint_enabled"]


def test_deleted_one_is_gone_with_its_messages_and_log(admin: Client, place: Workspace) -> None:
    endpoint = make.endpoint(workspace=place, name="Old")
    make.hook(endpoint=endpoint)
    make.attempt(endpoint=endpoint)

    admin.post(url("endpoint_delete", place, endpoint))

    assert (Endpoint.objects.count(), Message.objects.count(), Attempt.objects.count()) == (0, 0, 0)
    assert (Event.objects.get().verb, Event.objects.get().label) == ("activity.endpoint_deleted", "Old")


def test_services_refuse_whoever_is_no_admin() -> None:
    endpoint = make.endpoint()
    for by in (make.person(Role.MANAGER, workspace=endpoint.workspace), make.person(Role.ADMIN)):
        for act in (services.delete_endpoint, services.enable_endpoint):
            with pytest.raises(PermissionDenied):
                act(endpoint=endpoint, by=by)
        for later in (services.rotate_secret, services.disable_endpoint, services.try_endpoint):
            with pytest.raises(PermissionDenied):
                later(endpoint=endpoint, by=by, now=now())
        for change in ({"workspace": endpoint.workspace, "now": now()}, {"endpoint": endpoint}):
            act_on = services.add_endpoint if "workspace" in change else services.edit_endpoint
            with pytest.raises(PermissionDenied):
                act_on(**FILLED, **change, kinds=["goal"], by=by)  # type: ignore[operator]
    assert Endpoint.objects.count() == 1


# -- lists ------------------------------------------------------------------------------------------------------------


def test_pages_cost_the_same_queries_for_one_or_three(
    admin: Client, place: Workspace, django_assert_num_queries: Any
) -> None:
    first = make.endpoint(workspace=place)
    admin.get(url("endpoint_list", place))
    for _ in range(2):
        make.attempt(endpoint=first)
        with django_assert_num_queries(8):
            admin.get(url("endpoint_list", place))
        with django_assert_num_queries(9):
            admin.get(url("endpoint_detail", place, first))
        for _ in range(2):
            make.endpoint(workspace=place, brands=(make.brand(workspace=place),))
            make.attempt(endpoint=first)


def test_log_goes_back_and_forth_by_pages(admin: Client, place: Workspace) -> None:
    endpoint = make.endpoint(workspace=place)
    make.attempt(endpoint=make.endpoint(workspace=place), answer="of another")
    for number in range(40):
        make.attempt(endpoint=endpoint, answer=f"n{number:02}", at=make.NOW + timedelta(seconds=number // 4))
    address = url("endpoint_detail", place, endpoint)

    def shown(page: Any) -> list[str]:
        return [words(row.select("td")[-1]) for row in soup(page).select("#log tbody tr")]

    first = admin.get(address)
    second = admin.get(soup(first).find("a", rel="next")["href"])

    assert shown(first) + shown(second) == [f"n{number:02}" for number in reversed(range(40))]
    assert soup(first).find("a", rel="prev") is None


def test_page_says_why_it_is_off_and_since_when_it_fails(admin: Client, place: Workspace) -> None:
    endpoint = make.endpoint(workspace=place, failures=2, failing_since=make.NOW)
    failing = words(soup(admin.get(url("endpoint_detail", place, endpoint))).find(id="failing"))
    Endpoint.objects.update(off_reason="failing", off_at=make.NOW)
    off = words(soup(admin.get(url("endpoint_detail", place, endpoint))).find(id="off"))

    assert "2 calls failed" in failing
    assert "nothing has got through for days" in off


def test_kinds_are_told_in_words(admin: Client, place: Workspace) -> None:
    endpoint = make.endpoint(workspace=place, kinds=["team", "goal"])

    page = words(soup(admin.get(url("endpoint_detail", place, endpoint))))

    assert f"{Kind.GOAL.label}, {Kind.TEAM.label}" in page
