"""The content matrix: set by hand or from a usual mix, compared with what was published, told while people plan."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from activity.models import Event
from activity.verbs import sentence
from audits.models import SocialAccount
from calendar_app import services
from calendar_app.drift import drifts
from calendar_app.models import ContentMatrix, MatrixShare
from calendar_app.steps import calendar_groups, calendar_summary
from core.errors import StaleError
from plans.calls import in_words
from plans.models import CallKind, ContentKind, Plan, RevisionCall
from plans.services import raise_calls
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.calendar_app.conftest import Place
from tests.make import NOW

pytestmark = pytest.mark.django_db
FAR = NOW + timedelta(days=12)  # Saturday 5 December


@pytest.fixture
def kinds(place: Place) -> list[ContentKind]:
    return [make.content_kind(brand=place.brand, name=name) for name in ("Stories", "Leads", "Offers")]


def stored(brand: Brand, account: SocialAccount | None = None) -> dict[str, int]:
    rows = MatrixShare.objects.filter(brand=brand, matrix__account=account).select_related("content_kind")
    return {row.content_kind.name: row.percent for row in rows}


def fields(kinds: list[ContentKind], *percents: Any, version: int = 0) -> dict[str, Any]:
    return {"version": version, **{f"kind_{one.pk}": each for one, each in zip(kinds, percents, strict=True)}}


def publish(account: SocialAccount, kind: ContentKind | None, count: int, at: Any = NOW) -> None:
    for _number in range(count):
        make.delivery(post=make.post(brand=account.brand, content_kind=kind), account=account, published_at=at)


def page(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def said(answer: Any, selector: str = "main") -> list[str]:
    return [" ".join(tag.get_text(" ").split()) for tag in page(answer).select(selector)]


# -- setting it -------------------------------------------------------------------------------------------------------


def test_matrix_is_set_changed_and_emptied(place: Place, kinds: list[ContentKind]) -> None:
    account = make.account(brand=place.brand)

    assert place.post("matrix_edit", fields(kinds, 50, 50, "")).status_code == 302
    assert place.post("matrix_account_edit", fields(kinds, 100, 0, 0), pk=account.pk).status_code == 302
    assert (stored(place.brand), stored(place.brand, account)) == ({"Stories": 50, "Leads": 50}, {"Stories": 100})
    assert page(place.get("matrix_edit")).select_one("[data-sum]").text == "100"  # type: ignore[union-attr]
    place.post("matrix_edit", fields(kinds, 50, 50, "", version=1))  # says the same
    place.post("matrix_account_edit", fields(kinds, "", "", "", version=1), pk=account.pk)
    assert stored(place.brand, account) == {}
    events = Event.objects.filter(verb="calendar.matrix_edited").order_by("pk")
    assert [(event.label, event.after) for event in events] == [
        (place.brand.name, {"planned_shares": {"Stories": 50, "Leads": 50}}),
        (str(account), {"planned_shares": {"Stories": 100}}),
        (str(account), {"planned_shares": {}}),
    ]
    assert "the content matrix of “It”" in sentence("calendar.matrix_edited", person="Ann", label="It")


@pytest.mark.parametrize(
    ("percents", "message"),
    [
        ((50, 45, ""), "add up to 95%, not to 100%: 5 points are missing"),
        ((50, 51, ""), "add up to 101%, not to 100%: 1 point is too many"),
        ((101, "", ""), "less than or equal to 100"),
        (("-1", 1, 100), "greater than or equal to 0"),
        (("half", 50, 50), "whole number"),
        (("12.5", 50, 37), "whole number"),
        (("9" * 400, "", ""), ""),
    ],
)
def test_shares_that_are_no_whole_are_refused(
    place: Place, kinds: list[ContentKind], percents: tuple[Any, ...], message: str
) -> None:
    answer = place.post("matrix_edit", fields(kinds, *percents))

    assert answer.status_code == 422
    assert message in " ".join(said(answer, ".error-summary, .field-error"))
    assert page(answer).select_one(f"[name=kind_{kinds[0].pk}]")["value"] == str(percents[0])  # type: ignore[index]
    assert not ContentMatrix.objects.exists()


def test_colleague_s_shares_are_shown_and_not_lost(place: Place, kinds: list[ContentKind]) -> None:
    place.post("matrix_edit", fields(kinds, 60, 40, ""))

    answer = place.post("matrix_edit", fields(kinds, 70, 30, ""))  # saw none
    preset = place.post("matrix_preset", {"version": 0, **{f"part_{n}": "new" for n in range(4)}})

    assert (answer.status_code, preset.status_code) == (422, 422)
    assert ["“40”" in one or "“60”" in one for one in said(answer, ".field-error")] == [True, True]
    assert page(answer).select_one(f"[name=kind_{kinds[0].pk}]")["value"] == "70"  # type: ignore[index]
    assert stored(place.brand) == {"Stories": 60, "Leads": 40}
    assert place.brand.content_kinds.count() == 3
    assert place.post("matrix_edit", fields(kinds, 70, 30, "", version=1)).status_code == 302
    assert place.post("matrix_edit", {**fields(kinds, 70, 30, ""), "version": ""}).status_code == 422


def test_service_refuses_what_is_not_of_the_brand(place: Place, kinds: list[ContentKind]) -> None:
    own = {"brand": place.brand, "by": place.editor, "now": NOW, "version": None}
    closed = make.account(brand=place.brand, closed_at=NOW)
    gone = make.content_kind(brand=place.brand)
    ContentKind.objects.filter(pk=gone.pk).delete()
    for account, shares, message in (
        (make.account(), {kinds[0]: 100}, "account belongs to another brand"),
        (closed, {kinds[0]: 100}, "is closed"),
        (None, {make.content_kind(): 100}, "content type belongs to another brand"),
        (None, {gone: 100}, "Somebody deleted"),
        (None, {kinds[0]: 130, kinds[1]: -30}, "whole number from 1 to 100"),
    ):
        with pytest.raises(services.MatrixError, match=message):
            services.set_matrix(account=account, shares=shares, **own)
    guest = {**own, "by": place.people[Role.GUEST]}
    with pytest.raises(PermissionDenied):
        services.set_matrix(account=None, shares={kinds[0]: 100}, **guest)
    with pytest.raises(PermissionDenied):
        services.fill_matrix(account=None, parts=[("New", 100)], **guest)
    with pytest.raises(services.MatrixError, match="one part only"):
        services.fill_matrix(account=None, parts=[(kinds[0], 50), (kinds[0], 50)], **own)
    assert not ContentMatrix.objects.exists()


def test_foreign_and_closed_accounts_have_no_form(place: Place) -> None:
    sister = make.account(brand=make.brand(workspace=place.brand.workspace))
    for account in (make.account(), sister, make.account(brand=place.brand, closed_at=NOW)):
        for name in ("matrix_account_edit", "matrix_account_preset"):
            assert place.get(name, pk=account.pk).status_code == 404
            assert place.post(name, pk=account.pk).status_code == 404


def test_constraints_of_a_matrix_hold(place: Place, kinds: list[ContentKind]) -> None:
    one = make.matrix({kinds[0]: 100})
    account = make.account(brand=place.brand)
    make.matrix({kinds[0]: 100}, account=account)

    for name, row in (
        ("content_matrix_one_of_brand", ContentMatrix(brand=place.brand)),
        ("account_id", ContentMatrix(brand=place.brand, account=account)),
        ("matrix_share_unique", MatrixShare(brand=place.brand, matrix=one, content_kind=kinds[0], percent=5)),
        ("is_a_percentage", MatrixShare(brand=place.brand, matrix=one, content_kind=kinds[1], percent=0)),
        ("is_a_percentage", MatrixShare(brand=place.brand, matrix=one, content_kind=kinds[1], percent=101)),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save()


def test_planned_content_type_is_not_removed_beneath_the_matrix(place: Place, kinds: list[ContentKind]) -> None:
    matrix = make.matrix({kinds[0]: 100}, account=make.account(brand=place.brand, handle="us"))

    answer = place.client().post(place.url("content_kind_delete", pk=kinds[0].pk), follow=True)

    words = "The content matrix plans it: “Instagram · us”. Give its share to others first."
    assert words in page(answer).get_text(" ")
    matrix.delete()
    place.post("content_kind_delete", pk=kinds[0].pk)
    assert place.brand.content_kinds.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_set_the_first_matrix_at_once_make_one(kinds: list[ContentKind], place: Place) -> None:
    start, ended = Barrier(2), []

    def act(kind: ContentKind) -> None:
        start.wait()
        try:
            services.set_matrix(
                brand=place.brand, account=None, shares={kind: 100}, by=place.editor, now=NOW, version=0
            )
            ended.append("set")
        except StaleError:
            ended.append("stale")
        finally:
            connection.close()

    threads = [Thread(target=act, args=[kind]) for kind in kinds[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["set", "stale"]
    assert sum(stored(place.brand).values()) == 100


# -- usual mixes ------------------------------------------------------------------------------------------------------


def test_usual_mix_says_what_it_creates_and_fills_the_matrix_in(place: Place) -> None:
    there = make.content_kind(brand=place.brand, name="CURATED FROM OTHERS", color=3)
    account = make.account(brand=place.brand)
    form = page(place.get("matrix_account_preset", {"preset": "four"}, pk=account.pk))

    chosen = [tag.get_text() for tag in form.select("select option[selected]")]
    assert chosen == [
        "Create the content type “Traffic to our site”", "CURATED FROM OTHERS",
        "Create the content type “Business objectives”", "Create the content type “People and culture”",
    ]  # fmt: skip
    sent = {"version": 0, "part_0": "new", "part_1": there.pk, "part_2": "new", "part_3": "new"}
    assert place.post("matrix_account_preset", sent, pk=account.pk).status_code == 302
    assert stored(place.brand, account) == {
        "Traffic to our site": 50, "CURATED FROM OTHERS": 25, "Business objectives": 20, "People and culture": 5,
    }  # fmt: skip
    assert len(set(place.brand.content_kinds.values_list("color", flat=True))) == 4
    assert stored(place.brand) == {}
    assert "replace those that are planned" in said(place.get("matrix_account_preset", pk=account.pk))[0]


def test_content_type_takes_one_part_of_a_mix_only(place: Place, kinds: list[ContentKind]) -> None:
    url = place.url("matrix_preset") + "?preset=eighty"

    twice = place.client().post(url, {"version": 0, "part_0": kinds[0].pk, "part_1": kinds[0].pk})
    foreign = place.client().post(url, {"version": 0, "part_0": make.content_kind().pk, "part_1": "new"})

    assert (twice.status_code, foreign.status_code) == (422, 422)
    assert "has another part already" in said(twice, "#div_id_part_1 .field-error")[0]
    assert place.brand.content_kinds.count() == 3
    assert not ContentMatrix.objects.exists()


# -- planned beside published -----------------------------------------------------------------------------------------


def test_page_says_what_was_planned_and_what_was_published(place: Place, kinds: list[ContentKind]) -> None:
    stories, leads, offers = kinds
    account = make.account(brand=place.brand, handle="us")
    make.matrix({stories: 50, leads: 50})
    make.account(brand=place.brand, closed_at=NOW)
    publish(account, stories, 6)
    publish(account, offers, 2)
    publish(account, None, 1)
    publish(account, leads, 9, at=NOW - timedelta(days=120))
    stranger = make.account()
    publish(stranger, make.content_kind(brand=stranger.brand), 5)
    make.delivery(post=make.post(brand=place.brand, content_kind=leads), account=account)  # a draft
    make.delivery(
        post=make.post(brand=place.brand, content_kind=leads, deleted_at=NOW), account=account, published_at=NOW
    )

    answer = place.get("matrix_list", role=Role.GUEST)

    rows = [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in
            page(answer).select(".matrix-table tbody tr")]  # fmt: skip
    assert rows == [
        ["Leads", "50", "0", "0", "3 more"],
        ["Stories", "50", "67", "6", "1 fewer"],
        ["Offers", "0", "22", "2", "2 fewer"],
        ["Without a content type", "0", "11", "1", "Give each a content type"],
    ]
    assert said(answer, ".alert") == [
        "“Leads” drifts: 0% of the posts, 50% are planned.", "“Stories” drifts: 67% of the posts, 50% are planned.",
        "“Offers” drifts: 22% of the posts, 0% are planned.",
    ]  # fmt: skip
    assert "at least 15 percentage points" in said(answer)[0]
    assert "at least 6 published posts" in said(answer)[0]
    assert not page(answer).select(f"a[href*='{account.pk}/edit']")
    long_ago = place.get("matrix_list", {"first": "2026-07-01", "last": "2026-07-31"})
    assert "9" in said(long_ago, ".matrix-table td")
    assert page(long_ago).select(f"a[href*='{account.pk}/edit']")
    none = place.get("matrix_list", {"first": "2025-07-01", "last": "2025-07-31"})
    assert "Nothing was published here in this period." in said(none)[0]
    assert not page(none).select("[data-chart]")


def test_empty_page_leads_to_a_usual_mix(place: Place) -> None:
    assert page(place.get("matrix_list")).select(f"a[href='{place.url('matrix_preset')}']")
    assert not page(place.get("matrix_list", role=Role.GUEST)).select(f"a[href='{place.url('matrix_preset')}']")
    assert page(place.get("matrix_edit")).select(f"a[href='{place.url('matrix_preset')}']")  # no content types yet


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"first": "2026-11-02", "last": "2026-11-01"}, "last", "must end on or after"),
        ({"first": "2024-01-01", "last": "2026-11-01"}, "last", "a year at most"),
        ({"first": "soon", "last": "2026-11-01"}, "first", "valid date"),
    ],
)
def test_bad_period_is_refused(place: Place, query: dict[str, str], field: str, message: str) -> None:
    make.matrix({make.content_kind(brand=place.brand): 100})

    answer = place.get("matrix_list", query)

    assert answer.status_code == 422
    assert message in said(answer, f"#div_id_{field} .field-error")[0]


def test_pages_cost_the_same_for_one_account_and_for_three(place: Place, kinds: list[ContentKind]) -> None:
    def add() -> None:
        account = make.account(brand=place.brand)
        make.matrix({kinds[0]: 50, kinds[1]: 50}, account=account)
        publish(account, kinds[0], 6)
        make.delivery(post=make.post(brand=place.brand, content_kind=kinds[0]), account=account, publish_at=FAR)

    def cost(name: str) -> int:
        place.get(name)
        with CaptureQueriesContext(connection) as queries:
            assert place.get(name).status_code == 200
        return len(queries)

    names = ("matrix_list", "calendar_hints", "calendar", "post_create")
    add()
    before = [cost(name) for name in names]
    add()
    add()

    assert [cost(name) for name in names] == before


# -- while people plan ------------------------------------------------------------------------------------------------


def test_calendar_and_composer_say_what_the_week_lacks(place: Place, kinds: list[ContentKind]) -> None:
    stories, leads, _offers = kinds
    account = make.account(brand=place.brand, network="linkedin", handle="us")
    make.account(brand=place.brand)  # nothing stands there
    make.matrix({stories: 50, leads: 50})
    publish(account, stories, 2)
    for day in (2, 3):
        make.delivery(
            post=make.post(brand=place.brand, content_kind=stories), account=account, publish_at=NOW + timedelta(day)
        )
    line = "This week Linkedin · us lacks “Leads” (0 of 2)."

    assert said(place.get("calendar"), ".cal-hints") == [line]
    assert said(place.get("calendar_hints"), "p") == [line]
    assert said(place.get("calendar_hints", {"day": "2026-11-29"}), "p") == [line]
    assert said(place.get("calendar_hints", {"day": "2026-12-01"}), "p") == []
    assert said(place.get("calendar_hints", {"day": "never"}), "p") == [line]
    assert said(place.get("post_create"), f"#hint-{account.pk}") == [line]
    assert said(place.get("post_create", {"day": "2026-12-01"}), f"#hint-{account.pk}") == [""]
    typed = {"publish_at_date": "2026-12-01", "publish_at_time": "10:00"}
    assert said(place.post("text_check", typed), f"#hint-{account.pk}") == [""]
    make.delivery(post=make.post(brand=place.brand, content_kind=stories), account=account, publish_at=FAR)
    other = make.delivery(post=make.post(brand=place.brand, content_kind=stories), account=account, publish_at=FAR)
    then = "In the week of Nov. 30, 2026 Linkedin · us lacks “Leads” (0 of 1)."
    assert said(place.post("text_check", typed), f"#hint-{account.pk}") == [then]
    assert said(place.get("post_edit", pk=other.post_id), f"#hint-{account.pk}") == [then]


# -- in the plan ------------------------------------------------------------------------------------------------------


def test_plan_says_the_planned_shares(place: Place, kinds: list[ContentKind]) -> None:
    plan, account = make.plan(brand=place.brand), make.account(brand=place.brand, handle="us")
    make.matrix({kinds[0]: 60, kinds[1]: 40})
    make.matrix({kinds[2]: 100}, account=account)
    data = calendar_summary(plan)

    group = next(one for one in calendar_groups(data) if one.title == "Content matrix")
    old = calendar_groups({name: value for name, value in data.items() if name != "matrices"})

    assert [(item.title, [(fact.name, fact.text) for fact in item.facts]) for item in group.items] == [
        ("Every account without a matrix of its own", [("Stories", "60%"), ("Leads", "40%")]),
        ("Instagram · us", [("Offers", "100%")]),
    ]
    assert [item.key for item in group.items] == ["matrix:0", f"matrix:{account.pk}"]
    assert [one.items for one in old if one.title == "Content matrix"] == [[]]  # a revision from before
    shown = said(place.get("plan_detail", pk=plan.pk))[0]
    assert "Content matrix: Stories 60%, Leads 40%" in shown


# -- what drifts calls for a revision ---------------------------------------------------------------------------------

DECEMBER = NOW.replace(month=12, day=1, hour=8)


@pytest.fixture
def plan(place: Place) -> Plan:
    plan = make.plan(brand=place.brand)
    make.call_watch(plan=plan, looked_until=DECEMBER - timedelta(hours=2))
    return plan


def test_drift_of_a_month_calls_once_for_each_account(place: Place, kinds: list[ContentKind], plan: Plan) -> None:
    stories, leads, _offers = kinds
    make.matrix({stories: 50, leads: 50})
    for handle in ("one", "two"):
        publish(make.account(brand=place.brand, handle=handle), stories, 6)
    publish(make.account(brand=place.brand, handle="three"), stories, 5)  # too few to say
    stranger = make.account()
    publish(stranger, make.content_kind(brand=stranger.brand), 9)

    found = [raise_calls(now=DECEMBER + timedelta(hours=2 * later)) for later in range(2)]
    late = make.content_kind(brand=place.brand)
    publish(SocialAccount.objects.get(handle="one"), late, 9)  # marked as published later
    found.append(raise_calls(now=DECEMBER + timedelta(hours=6)))

    assert found == [2, 0, 0]
    calls = RevisionCall.objects.filter(plan=plan, kind=CallKind.DRIFT).order_by("about")
    one, two = SocialAccount.objects.get(handle="one"), SocialAccount.objects.get(handle="two")
    assert [(call.about, call.cause) for call in calls] == [
        (f"matrix:{one.pk}", f"drift:{one.pk}:2026-11"), (f"matrix:{two.pk}", f"drift:{two.pk}:2026-11"),
    ]  # fmt: skip
    line = in_words(calls[:1], place.brand)[0]
    assert line.words.startswith(
        "“Stories” was 100% of what was published on Instagram · one in November 2026, planned were 50%."
    )
    assert line.url == f"{place.url('matrix_list')}?first=2026-11-01&last=2026-11-30#account-{one.pk}"
    with translation.override("fr"):
        assert "novembre 2026" in in_words(calls[:1], place.brand)[0].words
    assert place.client().get(line.url).status_code == 200


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        (1, {}),
        (0, {"starts_on": date(2026, 11, 2)}),  # the month began before the plan
        (0, {"now": DECEMBER - timedelta(days=2)}),  # November is not over
        (1, {"now": DECEMBER.replace(hour=0) - timedelta(minutes=30)}),  # in Paris it is
        (0, {"set_at": NOW - timedelta(days=10)}),  # nobody had planned the month like that
        (0, {"at": DECEMBER.replace(hour=0) - timedelta(minutes=30)}),  # published in December, in Paris
        (0, {"count": 5}),
    ],
)
def test_drift_is_said_of_a_whole_month_that_was_planned(
    place: Place, kinds: list[ContentKind], expected: int, values: dict[str, Any]
) -> None:
    now = values.get("now", DECEMBER)
    plan = make.plan(brand=place.brand, starts_on=values.get("starts_on", date(2026, 10, 1)))
    make.call_watch(plan=plan, looked_until=now - timedelta(hours=2))
    make.matrix({kinds[0]: 50, kinds[1]: 50}, set_at=values.get("set_at", NOW - timedelta(days=365)))
    publish(make.account(brand=place.brand), kinds[0], values.get("count", 6), at=values.get("at", NOW))

    assert raise_calls(now=now) == expected


def test_a_look_costs_two_queries_and_one_without_a_matrix(place: Place, kinds: list[ContentKind], plan: Plan) -> None:
    watch = plan.call_watch
    with CaptureQueriesContext(connection) as none:
        assert list(drifts(watch, DECEMBER)) == []
    make.matrix({kinds[0]: 50, kinds[1]: 50})
    for _account in range(3):
        publish(make.account(brand=place.brand), kinds[0], 6)
    with CaptureQueriesContext(connection) as three:
        assert len(list(drifts(watch, DECEMBER))) == 3

    assert (len(none), len(three)) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_lookers_at_once_raise_one_call(place: Place, kinds: list[ContentKind], plan: Plan) -> None:
    make.matrix({kinds[0]: 50, kinds[1]: 50})
    publish(make.account(brand=place.brand), kinds[0], 6)
    start, found = Barrier(2), []

    def look() -> None:
        start.wait()
        try:
            found.append(raise_calls(now=DECEMBER))
        finally:
            connection.close()

    threads = [Thread(target=look) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(found) == 1
    assert RevisionCall.objects.count() == 1
