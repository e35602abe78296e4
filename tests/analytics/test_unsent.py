"""What did not get through: the banner that admins see, and the page where they deal with it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from activity.frame import frame
from activity.models import Channel, Endpoint, Event, Message
from activity.unsent import discard_messages, retry_messages
from analytics.models import Pull
from analytics.queries.unfetched import unfetched
from analytics.services.unfetched import discard_pulls, retry_pulls
from audits.models import SocialAccount
from teams.models import Brand
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def brand() -> Brand:
    return make.brand()


@pytest.fixture
def admin(brand: Brand, client: Client) -> Client:
    client.force_login(make.person(Role.ADMIN, brand=brand))
    return client


def words(response: Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(selector)
    return " ".join(found.get_text(" ").split()) if found else ""


def url(name: str, brand: Brand) -> str:
    return reverse(name, args=[brand.workspace.slug])


def dead(brand: Brand, **values: Any) -> Message:
    fields = {"workspace": brand.workspace, "brand": brand, "state": "dead", "attempts": 20, "last_error": "550 no"}
    return make.message(**{**fields, **values})


def pull(brand: Brand, *, account: SocialAccount | None = None, **values: Any) -> Pull:
    """One that was given up, of a connected account."""
    whose = account or make.account(brand=brand, network="mastodon")
    if not account:
        make.connection(account=whose)
    at = values.pop("at", now() - timedelta(hours=1))
    fields = {
        "state": "dead",
        "due_at": at,
        "next_attempt_at": at,
        "created_at": at,
        "last_error": "Gone: no",
        **values,
    }
    return Pull.objects.create(account=whose, **fields)


# -- the banner -------------------------------------------------------------------------------------------------------


def is_told(brand: Brand, *, is_admin: bool = True) -> bool:
    place = {"workspace_id": brand.workspace_id, "brand_id": brand.pk}
    return frame(user_id=make.user().pk, is_admin=is_admin, **place).has_trouble


@pytest.mark.parametrize(
    ("state", "minutes", "told"),
    [("dead", 0, True), ("waiting", 6, True), ("waiting", 4, False), ("done", 60, False), ("canceled", 60, False)],
)
def test_admins_are_told_of_what_is_late_or_given_up(brand: Brand, state: str, minutes: int, told: bool) -> None:
    dead(brand, state=state, due_at=now() - timedelta(minutes=minutes))

    assert is_told(brand) is told
    assert not is_told(brand, is_admin=False)
    assert not is_told(make.brand())


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, True), ({"state": "canceled"}, False), ({"state": "done"}, False),
        ({"state": "waiting", "at": datetime(2026, 1, 1, tzinfo=UTC)}, True),
    ],
)  # fmt: skip
def test_admins_are_told_of_pulls_that_are_late_or_given_up(brand: Brand, values: dict[str, Any], told: bool) -> None:
    pull(brand, **values)

    assert is_told(brand) is told
    assert not is_told(make.brand())


def test_pull_that_another_has_followed_is_settled(brand: Brand) -> None:
    given_up = pull(brand)
    assert list(unfetched(brand.workspace)) == [given_up]

    pull(brand, account=given_up.account, state="done", at=now())

    assert (is_told(brand), list(unfetched(brand.workspace))) == (False, [])


def test_banner_costs_no_query_and_leads_to_the_page(
    admin: Client, brand: Brand, django_assert_num_queries: Any
) -> None:
    home = f"/w/{brand.workspace.slug}/"
    admin.get(home)
    with django_assert_num_queries(8):
        assert words(admin.get(home), "#trouble") == ""
    dead(brand)
    with django_assert_num_queries(8):
        page = admin.get(home)

    assert "late, or Sextant has given them up" in words(page, "#trouble")
    assert url("unsent_list", brand) in page.content.decode()


# -- the page ---------------------------------------------------------------------------------------------------------


def test_page_lists_this_workspaces_with_reason(admin: Client, brand: Brand) -> None:
    dead(brand, to=make.user(name="Ann"), context={"subject": "quite private", "text": ""})
    dead(brand, address="new@example.com", to=None, last_error="421 later", state="waiting")
    make.hook(endpoint=make.endpoint(workspace=brand.workspace, name="Chat"), state="dead", last_error="404 gone")
    dead(make.brand(), last_error="of another workspace")
    make.message(state="dead", last_error="of nobody")
    pull(brand)
    pull(make.brand(), last_error="of another workspace")

    page = words(admin.get(url("unsent_list", brand)))

    for shown in ("Ann by e-mail", "550 no", "Chat by webhook", "404 gone", "Gone: no"):
        assert shown in page
    for hidden in ("another workspace", "of nobody", "quite private", "421 later"):
        assert hidden not in page


def test_page_costs_the_same_queries_for_one_or_three(
    admin: Client, brand: Brand, django_assert_num_queries: Any
) -> None:
    def trouble() -> None:
        dead(brand)
        make.hook(endpoint=make.endpoint(workspace=brand.workspace), state="dead")
        pull(brand)

    admin.get(url("unsent_list", brand))
    trouble()
    with django_assert_num_queries(8):
        admin.get(url("unsent_list", brand))
    trouble()
    trouble()
    with django_assert_num_queries(8):
        admin.get(url("unsent_list", brand))


def test_chosen_messages_are_tried_again(admin: Client, brand: Brand) -> None:
    endpoint = make.endpoint(workspace=brand.workspace, quiet_until=now() + timedelta(hours=1))
    late = make.hook(
        endpoint=endpoint, due_at=now() - timedelta(hours=1), next_attempt_at=now() + timedelta(hours=1), attempts=3
    )
    chosen, other = dead(brand), dead(brand)

    admin.post(url("unsent_retry", brand), {"rows": [chosen.pk, late.pk]})

    for row in (chosen, late, other):
        row.refresh_from_db()
    assert [(row.state, row.attempts) for row in (chosen, late, other)] == [
        ("waiting", 0), ("waiting", 3), ("dead", 20)
    ]  # fmt: skip
    assert late.next_attempt_at <= now()
    assert Endpoint.objects.get().quiet_until is None
    event = Event.objects.get()
    assert (event.verb, event.after) == ("activity.messages_retried", {"count": 2})


def test_all_are_discarded_at_once_but_only_ones_own(admin: Client, brand: Brand) -> None:
    rows = [dead(brand) for _ in range(3)]
    foreign = dead(make.brand())

    answer = admin.post(url("unsent_discard", brand), {"all": "on"}, follow=True)

    assert "3 messages were discarded." in words(answer)
    assert set(Message.objects.filter(pk__in=[row.pk for row in rows]).values_list("state", "last_error")) == {
        ("canceled", "550 no")
    }
    foreign.refresh_from_db()
    assert (foreign.state, Event.objects.get().verb) == ("dead", "activity.messages_discarded")


def test_nothing_settled_or_foreign_is_taken(admin: Client, brand: Brand) -> None:
    foreign, sent = dead(make.brand()), dead(brand, state="done")
    other = pull(make.brand())

    answers = {
        "nothing": admin.post(url("unsent_discard", brand)),
        "foreign": admin.post(url("unsent_discard", brand), {"rows": [foreign.pk]}),
        "sent": admin.post(url("unsent_retry", brand), {"rows": [sent.pk]}),
        "pull": admin.post(url("unfetched_discard", brand), {"rows": [other.pk]}),
        "junk": admin.post(url("unfetched_retry", brand), {"rows": ["x"]}),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 422)
    assert "Choose at least one, or all." in words(answers["nothing"], "#refused")
    assert "Some of these are settled already." in words(answers["foreign"], "#refused")
    assert Event.objects.count() == 0
    assert Message.objects.get(pk=foreign.pk).state == Pull.objects.get().state == "dead"


def test_figures_are_fetched_anew_or_left(admin: Client, brand: Brand) -> None:
    again, left = pull(brand), pull(brand)

    admin.post(url("unfetched_retry", brand), {"rows": [again.pk]})
    admin.post(url("unfetched_discard", brand), {"rows": [left.pk]})

    assert Pull.objects.filter(account=again.account).latest("pk").state == "waiting"
    assert Pull.objects.get(account=left.account).state == "canceled"
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["analytics.pull_requested", "analytics.pull_discarded"]


def test_account_that_cannot_be_asked_says_what_to_mend(admin: Client, brand: Brand) -> None:
    fine, broken = pull(brand), pull(brand)
    broken.account.connection.delete()

    answer = admin.post(url("unfetched_retry", brand), {"rows": [fine.pk, broken.pk]})

    assert answer.status_code == 422
    assert "not connected" in words(answer, "#refused")
    assert Pull.objects.count() == 2


def test_services_refuse_whoever_is_no_admin(brand: Brand) -> None:
    message, given_up, place = dead(brand), pull(brand), {"workspace": brand.workspace}

    for by in (make.person(Role.MANAGER, brand=brand), make.person(Role.ADMIN)):
        for act in (retry_messages, discard_messages):
            with pytest.raises(PermissionDenied):
                act(**place, messages=[message], by=by)
        with pytest.raises(PermissionDenied):
            retry_pulls(**place, pulls=[given_up], by=by, now=now())
        with pytest.raises(PermissionDenied):
            discard_pulls(**place, pulls=[given_up], by=by)


def test_messages_of_another_workspace_are_not_touched_by_services(brand: Brand) -> None:
    foreign, mine = dead(make.brand()), make.person(Role.ADMIN, brand=brand)

    assert retry_messages(workspace=brand.workspace, messages=[foreign], by=mine) == 0
    assert discard_messages(workspace=brand.workspace, messages=[foreign], by=mine) == 0
    foreign.refresh_from_db()
    assert (foreign.state, foreign.channel) == ("dead", Channel.EMAIL)
