"""The pages of accounts and audits, as each role sees them."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from audits import services
from audits.models import AccountReview, Audit, Connection, SocialAccount
from networks.models import NetworkFact
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.mastodon import MastodonServer

pytestmark = pytest.mark.django_db

FRAME = 5  # session, person, brand with membership and frame; the person's workspaces, the workspace's brands


def at(brand: Brand, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, **kwargs})


def enter(client: Client, role: Role = Role.ADMIN, brand: Brand | None = None) -> Brand:
    """Signs in a member with that role; answers the brand."""
    brand = brand or make.brand()
    client.force_login(make.person(role, brand=brand))
    return brand


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def typed(**values: Any) -> dict[str, Any]:
    make.network("instagram")
    return {"network": "instagram", "handle": "@lumen", "color": "3", "mission": "Show how we roast.", **values}


# -- accounts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_account_list_asks_the_same_for_one_and_for_three(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    brand = enter(client)
    for _ in range(count):
        account = make.account(brand=brand, network="mastodon", owner=make.person(brand=brand))
        make.connection(account=account)
        make.account(brand=brand)
    client.get(at(brand, "account_list"))

    with django_assert_num_queries(FRAME + 1):
        response = client.get(at(brand, "account_list"))

    assert len(soup(response).select("#accounts tbody tr")) == 2 * count


def test_account_list_warns_of_an_account_without_a_purpose(client: Client) -> None:
    brand = enter(client, Role.GUEST)
    make.account(brand=brand, handle="lumen", purpose="")
    make.account(brand=brand, handle="other", purpose="Meet offices")

    rows = soup(client.get(at(brand, "account_list"))).select("#accounts tbody tr")

    assert ["close it" in row.text for row in rows] == [True, False]


@pytest.mark.parametrize(("role", "is_offered"), [(Role.MANAGER, False), (Role.ADMIN, True)])
def test_empty_account_list_offers_the_first_act_to_those_who_may(client: Client, role: Role, is_offered: bool) -> None:
    brand = enter(client, role)

    page = soup(client.get(at(brand, "account_list")))

    assert (page.select_one(".empty a.btn-primary") is not None) is is_offered


def test_account_create_adds_the_account(client: Client) -> None:
    brand = enter(client)
    owner = make.person(Role.EDITOR, brand=brand)

    response = client.post(at(brand, "account_create"), typed(owner=owner.pk, is_verified="on"))

    account = SocialAccount.objects.get()
    assert response["Location"] == at(brand, "account_detail", pk=account.pk)
    assert (account.brand, account.handle, account.owner, account.is_verified, account.color) == (
        brand, "lumen", owner, True, 3,
    )  # fmt: skip


def test_account_create_says_gently_that_a_mission_is_one_sentence(client: Client) -> None:
    brand = enter(client)

    response = client.post(at(brand, "account_create"), typed(mission="We roast. You drink."), follow=True)

    assert "more than one sentence" in soup(response).select_one("#messages").text
    assert SocialAccount.objects.get().mission == "We roast. You drink."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"handle": "two words"}, "handle"),
        ({"color": "10"}, "color"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"network": "nowhere"}, "network"),
    ],
)
def test_account_create_refuses_beside_the_field_and_keeps_what_was_typed(
    client: Client, wrong: dict[str, str], field: str
) -> None:
    brand = enter(client)

    response = client.post(at(brand, "account_create"), typed(purpose="Meet <i>offices</i>", **wrong))

    page = soup(response)
    assert (response.status_code, SocialAccount.objects.count()) == (422, 0)
    assert page.select_one(f"#div_id_{field} .field-error") is not None
    assert page.select_one("#id_purpose")["value"] == "Meet <i>offices</i>"


def test_account_create_offers_no_owner_from_elsewhere(client: Client) -> None:
    brand = enter(client)
    stranger = make.person(Role.ADMIN)

    page = soup(client.get(at(brand, "account_create")))
    response = client.post(at(brand, "account_create"), typed(owner=stranger.pk))

    assert str(stranger) not in page.select_one("#id_owner").text
    assert response.status_code == 422
    assert soup(response).select_one("#div_id_owner .field-error") is not None
    assert SocialAccount.objects.count() == 0


def test_account_edit_shows_both_versions_to_the_second(client: Client) -> None:
    brand = enter(client)
    account = make.account(brand=brand, handle="lumen", purpose="Theirs", color=3, version=2)

    response = client.post(at(brand, "account_edit", pk=account.pk), typed(version="1", purpose="Mine"))

    page = soup(response)
    assert response.status_code == 422
    assert "“Theirs”" in page.select_one("#div_id_purpose .field-error").text
    assert page.select_one("#id_purpose")["value"] == "Mine"
    assert page.select_one("#div_id_network .field-error") is None

    client.post(at(brand, "account_edit", pk=account.pk), typed(version="2", purpose="Mine"))

    account.refresh_from_db()
    assert account.purpose == "Mine"


def test_account_detail_shows_limits_with_their_source_and_date(client: Client) -> None:
    brand = enter(client, Role.GUEST)
    account = make.account(brand=brand)
    NetworkFact.objects.create(
        network=account.network, field="hashtags_max", value="5", unit="per post", source="the help pages",
        looked_up_on=date(2026, 11, 2),
    )  # fmt: skip

    page = soup(client.get(at(brand, "account_detail", pk=account.pk)))

    row = page.select_one(".limits tbody tr")
    assert "Hashtags" in row.text
    assert "the help pages" in row.text
    assert row.select_one("time")["datetime"] == "2026-11-02"


def test_account_detail_says_when_figures_are_typed_in(client: Client) -> None:
    brand = enter(client)
    account = make.account(brand=brand, network="instagram")

    page = soup(client.get(at(brand, "account_detail", pk=account.pk)))

    connection = page.select_one("section[aria-labelledby=connection-title]")
    assert "typed in or imported" in connection.text
    assert connection.select_one("a") is None


def test_account_close_asks_first_and_reopen_takes_it_back(client: Client) -> None:
    brand = enter(client)
    account = make.account(brand=brand)

    client.get(at(brand, "account_close", pk=account.pk))
    account.refresh_from_db()
    assert account.is_open

    client.post(at(brand, "account_close", pk=account.pk))
    account.refresh_from_db()
    assert not account.is_open

    assert client.get(at(brand, "account_reopen", pk=account.pk)).status_code == 405
    client.post(at(brand, "account_reopen", pk=account.pk))
    account.refresh_from_db()
    assert account.is_open


def test_account_connect_connects_and_never_shows_the_token(client: Client, mastodon: MastodonServer) -> None:
    brand = enter(client)
    account = make.account(brand=brand, network="mastodon", handle="brulerie")
    url = at(brand, "account_connect", pk=account.pk)

    response = client.post(url, {"server": mastodon.url, "token": mastodon.token}, follow=True)

    assert response.redirect_chain == [(at(brand, "account_detail", pk=account.pk), 302)]
    assert Connection.objects.get().server == mastodon.url
    for page in (response, client.get(url), client.get(at(brand, "account_list"))):
        assert mastodon.token not in page.content.decode()


def test_account_connect_refuses_beside_the_field_without_repeating_the_token(
    client: Client, mastodon: MastodonServer
) -> None:
    brand = enter(client)
    account = make.account(brand=brand, network="mastodon", handle="brulerie")

    response = client.post(
        at(brand, "account_connect", pk=account.pk), {"server": mastodon.url, "token": "not-the-right-one"}
    )

    page = soup(response)
    assert response.status_code == 422
    assert page.select_one("#div_id_token .field-error") is not None
    assert page.select_one("#id_server")["value"] == mastodon.url
    assert "not-the-right-one" not in response.content.decode()


def test_account_disconnect_asks_first(client: Client) -> None:
    brand = enter(client)
    connection = make.connection(account=make.account(brand=brand, network="mastodon"))
    url = at(brand, "account_disconnect", pk=connection.account_id)

    client.get(url)
    assert Connection.objects.count() == 1

    client.post(url)
    assert Connection.objects.count() == 0


@pytest.mark.parametrize("role", [Role.GUEST, Role.EDITOR, Role.MANAGER])
def test_accounts_are_written_by_admins_only(client: Client, role: Role) -> None:
    brand = enter(client, role)
    account = make.account(brand=brand, network="mastodon")

    assert client.post(at(brand, "account_create"), typed()).status_code == 403
    for name in ("account_edit", "account_close", "account_reopen", "account_connect", "account_disconnect"):
        assert client.post(at(brand, name, pk=account.pk), typed()).status_code == 403

    assert SocialAccount.objects.get().is_open


@pytest.mark.parametrize(
    "name",
    ["account_detail", "account_edit", "account_close", "account_reopen", "account_connect", "account_disconnect"],
)
def test_account_of_another_brand_is_not_there(client: Client, name: str) -> None:
    brand = enter(client)
    sister = make.brand(workspace=brand.workspace)

    for account in (make.account(), make.account(brand=sister)):
        connection = make.connection(account=account)
        assert client.get(at(brand, name, pk=account.pk)).status_code in (404, 405)
        assert client.post(at(brand, name, pk=account.pk), typed()).status_code in (404, 405)
        account.refresh_from_db()
        assert (account.is_open, account.connection) == (True, connection)


# -- audits -----------------------------------------------------------------------------------------------------------


def started(brand: Brand, accounts: int = 2) -> Audit:
    for _ in range(accounts):
        make.account(brand=brand, owner=make.person(brand=brand), purpose="Meet offices")
    manager = make.person(Role.MANAGER, brand=brand)
    return services.start_audit(brand=brand, title="Autumn", started_on=make.NOW.date(), by=manager, now=make.NOW)


@pytest.mark.parametrize("count", [1, 3])
def test_audit_list_asks_the_same_for_one_and_for_three(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    brand = enter(client)
    for number in range(count):
        make.audit(
            brand=brand, closed_at=make.NOW, closed_by=make.person(brand=brand), next_due_on=date(2027, 1, number + 1)
        )
    client.get(at(brand, "audit_list"))

    with django_assert_num_queries(FRAME + 2):
        response = client.get(at(brand, "audit_list"))

    due = [row.select("time")[-1]["datetime"] for row in soup(response).select("tbody tr")]
    assert due == [f"2027-01-0{number}" for number in range(count, 0, -1)]


@pytest.mark.parametrize("count", [1, 3])
def test_audit_detail_asks_the_same_for_one_and_for_three(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    brand = enter(client)
    audit = started(brand, count)
    client.get(at(brand, "audit_detail", pk=audit.pk))

    with django_assert_num_queries(FRAME + 3):
        response = client.get(at(brand, "audit_detail", pk=audit.pk))

    assert len(soup(response).select("tbody tr")) == count


def test_audit_detail_shows_how_far_it_has_come(client: Client) -> None:
    brand = enter(client, Role.EDITOR)
    audit = started(brand, 3)
    review = audit.reviews.with_account().first()
    AccountReview.objects.filter(pk=review.pk).update(decision="keep", reason="It works.")

    page = soup(client.get(at(brand, "audit_detail", pk=audit.pk)))

    assert page.select_one("progress")["value"] == "33"
    assert "1 of 3 decided" in page.select_one(".progress-line").text
    following = audit.reviews.undecided().with_account().first()
    assert page.select_one(".page-actions .btn-primary")["href"] == at(
        brand, "review_edit", pk=audit.pk, review=following.pk
    )


def test_audit_create_starts_it(client: Client) -> None:
    brand = enter(client, Role.MANAGER)
    make.account(brand=brand)

    page = soup(client.get(at(brand, "audit_create")))
    response = client.post(
        at(brand, "audit_create"), {"title": page.select_one("#id_title")["value"], "started_on": "2026-11-23"}
    )

    audit = Audit.objects.get()
    assert response["Location"] == at(brand, "audit_detail", pk=audit.pk)
    assert audit.reviews.count() == 1


def test_audit_create_refuses_with_what_was_typed(client: Client) -> None:
    brand = enter(client, Role.MANAGER)
    make.account(brand=brand)

    response = client.post(
        at(brand, "audit_create"), {"title": "Autumn", "started_on": "2026-11-23", "next_due_on": "2026-11-01"}
    )

    page = soup(response)
    assert (response.status_code, Audit.objects.count()) == (422, 0)
    assert page.select_one("#div_id_next_due_on .field-error") is not None
    assert page.select_one("#id_title")["value"] == "Autumn"


def test_review_edit_saves_and_leads_to_the_next(client: Client) -> None:
    brand = enter(client, Role.EDITOR)
    audit = started(brand)
    first, second = audit.reviews.with_account()
    values = {"version": "1", "followers": "0", "is_on_brand": "False", "decision": "improve", "reason": "No bio."}

    response = client.post(at(brand, "review_edit", pk=audit.pk, review=first.pk) + "?next", values)

    assert response["Location"] == at(brand, "review_edit", pk=audit.pk, review=second.pk)
    first.refresh_from_db()
    assert (first.followers, first.is_on_brand, first.decision) == (0, False, "improve")

    response = client.post(at(brand, "review_edit", pk=audit.pk, review=second.pk) + "?next", values)

    assert response["Location"] == at(brand, "audit_detail", pk=audit.pk)


def test_review_edit_wants_a_reason_beside_its_field(client: Client) -> None:
    brand = enter(client, Role.EDITOR)
    audit = started(brand, 1)
    review = audit.reviews.get()

    values = {"version": "1", "decision": "keep", "audience": "Offices"}
    response = client.post(at(brand, "review_edit", pk=audit.pk, review=review.pk), values)

    page = soup(response)
    assert response.status_code == 422
    assert page.select_one("#div_id_reason .field-error") is not None
    assert page.select_one("#id_audience")["value"] == "Offices"
    assert page.select_one("input[name=decision][value=keep]").has_attr("checked")


def test_review_edit_proposes_to_close_what_has_no_purpose(client: Client) -> None:
    brand = enter(client, Role.EDITOR)
    review = make.review(audit=make.audit(brand=brand), account=make.account(brand=brand, purpose=""))

    page = soup(client.get(at(brand, "review_edit", pk=review.audit_id, review=review.pk)))

    assert page.select_one("input[name=decision][value=close]").has_attr("checked")
    assert page.select_one(".alert") is not None
    review.refresh_from_db()
    assert review.decision == ""


def test_review_edit_shows_both_versions_to_the_second(client: Client) -> None:
    brand = enter(client, Role.EDITOR)
    audit = started(brand, 1)
    review = audit.reviews.get()
    AccountReview.objects.update(version=2, decision="merge", reason="Two accounts.", is_on_brand=True)

    response = client.post(
        at(brand, "review_edit", pk=audit.pk, review=review.pk),
        {"version": "1", "decision": "keep", "reason": "It works."},
    )

    page = soup(response)
    assert response.status_code == 422
    assert "“merge”" in page.select_one("#div_id_decision .field-error").text
    assert "“yes”" in page.select_one("#div_id_is_on_brand .field-error").text
    assert page.select_one("#id_reason").text.strip() == "It works."


def test_audit_close_refuses_until_all_is_decided_and_then_freezes(client: Client) -> None:
    brand = enter(client, Role.MANAGER)
    audit = started(brand, 1)
    url = at(brand, "audit_close", pk=audit.pk)
    due = (make.NOW + timedelta(days=91)).date().isoformat()

    with time_machine.travel(make.NOW, tick=False):
        refused = client.post(url, {"next_due_on": due, "version": "1"})
        audit.reviews.update(decision="keep", reason="It works.")
        closed = client.post(url, {"next_due_on": due, "version": "1"})

    assert refused.status_code == 422
    assert "1 account is not decided yet" in soup(refused).select_one(".error-summary").text
    assert closed["Location"] == at(brand, "audit_detail", pk=audit.pk)
    page = soup(client.get(at(brand, "audit_detail", pk=audit.pk)))
    assert page.select("tbody a") == []
    review = audit.reviews.get()
    assert soup(client.get(at(brand, "review_edit", pk=audit.pk, review=review.pk))).select("main form") == []


def test_audit_export_is_a_sheet_without_formulas(client: Client) -> None:
    brand = enter(client, Role.GUEST)
    account = make.account(
        brand=brand, handle="lumen", mission='=HYPERLINK("https://evil.example")', owner=make.person(brand=brand)
    )
    review = make.review(
        audit=make.audit(brand=brand, title="Autumn é"), account=account, followers=0, decision="keep",
        reason="@it works", last_post_on=date(2026, 11, 2),
    )  # fmt: skip

    response = client.get(at(brand, "audit_export", pk=review.audit_id))

    head, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert head == [
        "Network", "Handle", "Owner", "Verified", "Mission statement", "Followers", "Most recent post", "Decision",
        "Reason", "Notes",
    ]  # fmt: skip
    assert row == [
        "Instagram", "lumen", str(account.owner), "no", "'=HYPERLINK(\"https://evil.example\")", "0", "2026-11-02",
        "keep", "'@it works", "",
    ]  # fmt: skip
    assert response["Content-Disposition"] == f'attachment; filename="{brand.slug}-autumn-e.csv"'


@pytest.mark.parametrize("name", ["audit_detail", "audit_edit", "audit_close", "audit_export"])
def test_audit_of_another_brand_is_not_there(client: Client, name: str) -> None:
    brand = enter(client)

    for audit in (make.audit(), make.audit(brand=make.brand(workspace=brand.workspace))):
        assert client.get(at(brand, name, pk=audit.pk)).status_code == 404
        assert client.post(at(brand, name, pk=audit.pk), {"title": "x"}).status_code in (404, 405)


def test_review_is_found_in_its_own_audit_only(client: Client) -> None:
    brand = enter(client)
    audit = make.audit(brand=brand)
    foreign = make.review()

    assert client.get(at(brand, "review_edit", pk=audit.pk, review=foreign.pk)).status_code == 404
    assert client.get(at(brand, "review_edit", pk=foreign.audit_id, review=foreign.pk)).status_code == 404
    assert client.post(at(brand, "review_edit", pk=audit.pk, review=foreign.pk), {"notes": "x"}).status_code == 404


def test_roles_of_audits(client: Client) -> None:
    brand = make.brand()
    audit = started(brand, 1)
    review = audit.reviews.get()
    enter(client, Role.EDITOR, brand)

    for name in ("audit_edit", "audit_close"):
        assert client.post(at(brand, name, pk=audit.pk), {}).status_code == 403
    assert client.post(at(brand, "audit_create"), {}).status_code == 403

    client.logout()
    enter(client, Role.GUEST, brand)
    assert client.post(at(brand, "review_edit", pk=audit.pk, review=review.pk), {"notes": "x"}).status_code == 403
    assert client.get(at(brand, "audit_detail", pk=audit.pk)).status_code == 200
