"""Links to the published plan for people without a login."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from activity.models import Event
from plans import services
from plans.models import Plan, PlanPdf, PlanShare
from plans.pdfs import drain
from plans.services import PlanError
from plans.services.shares import forget
from plans.snapshots import snapshot
from teams.rules import Role
from tests import make
from tests.plans.test_pages import at, enter, soup, words
from tests.plans.test_pdfs import plan_with_goal, reader, text_of

pytestmark = pytest.mark.django_db
UNTIL = date(2027, 1, 31)
CHANGING = re.compile(rb'nonce="[^"]*"|X-CSRFToken[^}]*}')  # new in each answer


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


def published_plan() -> Plan:
    plan = plan_with_goal(title="Steer by stars")
    make.revision(plan=plan, content=snapshot(plan))
    return plan


def shared(plan: Plan, **values: Any) -> tuple[PlanShare, str]:
    fields = {"label": "Board", "expires_on": UNTIL, "by": make.person(Role.MANAGER, brand=plan.brand), **values}
    return services.share_plan(plan=plan, now=make.NOW, **fields)


def link(token: str, name: str = "shared_plan") -> str:
    return reverse(name, args=[token])


def test_stranger_reads_what_is_published_and_nothing_else(client: Client) -> None:
    plan = published_plan()
    share, token = shared(plan)
    plan.goals.update(title="A goal of the draft")
    make.goal(brand=plan.brand, plan=plan, title="Another goal of the draft")
    make.goal(title="A goal of another brand")

    page = client.get(link(token))

    share.refresh_from_db()
    whole = page.content.decode()
    assert page.status_code == 200
    assert "Steer by stars" in words(page, ".document-goals h4")[0]
    leaks = (
        "PRIVATE",
        "@example.com",
        "of the draft",
        "another brand",
        "Secret title",
        "Board",
        "/w/",
        plan.brand.slug,
    )
    assert [leak for leak in leaks if leak in whole] == []
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert "sessionid" not in page.cookies
    assert (share.views, share.last_viewed_at) == (1, make.NOW)


def test_language_is_asked_for_or_the_browsers(client: Client) -> None:
    _share, token = shared(published_plan())

    usual, asked = client.get(link(token)), client.get(link(token) + "?language=fr")
    theirs = client.get(link(token), headers={"accept-language": "fr"})
    nonsense = client.get(link(token) + "?language=xx")

    pages = (usual, asked, theirs, nonsense)
    assert [soup(page).html["lang"] for page in pages] == ["en", "fr", "fr", "en"]
    assert [page.headers["Content-Language"] for page in pages] == ["en", "fr", "fr", "en"]


def test_unknown_expired_and_revoked_links_look_the_same(client: Client) -> None:
    plan = published_plan()
    revoked, expired = shared(plan), shared(plan, expires_on=make.NOW.date())
    services.revoke_share(share=revoked[0], by=make.person(Role.MANAGER, brand=plan.brand), now=make.NOW)
    services.revoke_share(share=revoked[0], by=make.person(Role.MANAGER, brand=plan.brand), now=make.NOW)

    assert client.get(link(expired[1])).status_code == 200
    with time_machine.travel(make.NOW + timedelta(days=1), tick=False):
        for name in ("shared_plan", "shared_plan_pdf", "shared_plan_file"):
            answers = [client.get(link(token, name)) for token in ("x" * 43, expired[1], revoked[1])]
            assert {answer.status_code for answer in answers} == {404}
            assert len({CHANGING.sub(b"", answer.content) for answer in answers}) == 1
            assert {answer.headers["X-Robots-Tag"] for answer in answers} == {"noindex, nofollow"}
    assert Event.objects.filter(verb="plans.plan_share_revoked").count() == 1


def test_stranger_takes_the_pdf_along(client: Client) -> None:
    plan = published_plan()
    _share, token = shared(plan)
    make.plan_pdf(plan=plan, content=b"%PDF a draft")

    assert client.get(link(token, "shared_plan_file") + "?language=en&paper=a4").status_code == 404
    refused = client.post(link(token, "shared_plan_pdf"), {"language": "xx", "paper": "a4"})
    asked = client.post(link(token, "shared_plan_pdf"), {"language": "en", "paper": "a4"})
    waiting = client.get(asked.headers["Location"])
    drain(now=now())
    with time_machine.travel(now(), tick=False):
        done = client.get(asked.headers["Location"])
    file = client.get(link(token, "shared_plan_file") + "?language=en&paper=a4")

    pdf = PlanPdf.objects.get(revision_number=1)
    assert refused.status_code == 422
    assert soup(waiting).select_one("#pdf[hx-get]") is not None
    assert words(done, "#pdf a") == ["Download the PDF"]
    assert pdf.asked_by is None
    assert file.headers["Content-Type"] == "application/pdf"
    assert "Steer by stars" in text_of(reader(file.content))


def test_public_page_is_limited(client: Client) -> None:
    _share, token = shared(published_plan())

    answers = [client.post(link(token, "shared_plan_pdf"), {}).status_code for _turn in range(101)]

    assert (answers[99], answers[100]) == (422, 429)


# -- for managers -----------------------------------------------------------------------------------------------------


def test_link_needs_something_published_a_manager_and_a_day_within_a_year(client: Client) -> None:
    plan = plan_with_goal()
    brand = enter(client, Role.MANAGER, plan.brand)
    manager = make.person(Role.MANAGER, brand=brand)

    page = client.get(at(brand, "plan_shares", pk=plan.pk))
    refused = client.post(at(brand, "plan_shares", pk=plan.pk), {"label": "Board", "expires_on": "2027-01-31"})
    assert "Publish the plan first" in soup(page).get_text()
    assert (refused.status_code, "Publish the plan first" in soup(refused).get_text()) == (422, True)

    make.revision(plan=plan, content=snapshot(plan))
    for day in (make.NOW.date() - timedelta(days=1), make.NOW.date() + timedelta(days=366)):
        with pytest.raises(PlanError) as refusal:
            shared(plan, expires_on=day, by=manager)
        assert refusal.value.field == "expires_on"
    with pytest.raises(PermissionDenied):
        shared(plan, by=make.person(Role.EDITOR, brand=brand))
    assert not PlanShare.objects.exists()


def test_link_is_shown_once_listed_and_revoked(client: Client) -> None:
    plan = published_plan()
    brand = enter(client, Role.MANAGER, plan.brand)

    made = client.post(at(brand, "plan_shares", pk=plan.pk), {"label": "Board", "expires_on": "2027-01-31"})
    address = words(made, "#link")[0]
    listed = client.get(at(brand, "plan_shares", pk=plan.pk))
    share = PlanShare.objects.get()
    assert Client().get(address).status_code == 200
    assert address.split("/")[-2] not in listed.content.decode()
    assert words(listed, "tbody th") == ["Board"]

    client.post(at(brand, "plan_share_revoke", pk=share.pk))
    assert Client().get(address).status_code == 404
    assert "revoked" in words(client.get(at(brand, "plan_shares", pk=plan.pk)), "tbody td")[0].lower()
    verbs = Event.objects.order_by("pk").values_list("verb", flat=True)
    assert [verb for verb in verbs if "share" in verb] == ["plans.plan_share_created", "plans.plan_share_revoked"]


def test_list_of_links_costs_the_same_for_one_and_for_three(client: Client, django_assert_num_queries: Any) -> None:
    plan = published_plan()
    brand = enter(client, Role.MANAGER, plan.brand)
    make.plan_share(plan=plan, created_by=make.user())
    client.get(at(brand, "plan_shares", pk=plan.pk))

    for _round in range(2):
        with django_assert_num_queries(8):
            client.get(at(brand, "plan_shares", pk=plan.pk))
        for _more in range(2):
            make.plan_share(plan=plan, created_by=make.user())


@pytest.mark.parametrize("days", [0, -1, 367])
def test_link_expires_within_a_year(days: int) -> None:
    with pytest.raises(IntegrityError, match="plan_share_expires_within_a_year"), transaction.atomic():
        make.plan_share(expires_at=make.NOW + timedelta(days=days))


def test_links_forget_for_whom_they_were() -> None:
    share, other = make.plan_share(label="Léa Martin"), make.plan_share(label="Léa Martin")

    forget(user=make.user(), names=["Léa Martin"], workspaces=[share.brand.workspace_id])

    assert set(PlanShare.objects.values_list("pk", "label")) == {(share.pk, ""), (other.pk, "Léa Martin")}
