"""Medians, shares, scopes, the brand's own figures and the course of a target, against plain models."""

import statistics
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules.periods import Period
from plans.rules.targets import (
    Aggregation,
    Comparison,
    DeliveryFact,
    Kind,
    Observed,
    Per,
    PortionFact,
    Spec,
    Status,
    evaluate,
    observed,
)
from tests.plans.test_targets import DUE, LEVELS, START, account, cadence, followers, judge, photo

CENT = Decimal("0.01")


def likes(how: Aggregation, value: int = 10, per: Per = Per.WEEK, **values: Any) -> Spec:
    return cadence(value, metric="likes", aggregation=how, per=per, **values)


def leads(value: int = 10, how: Aggregation = Aggregation.SUM, per: Per = Per.WHOLE, **values: Any) -> Spec:
    return cadence(value, metric="leads", aggregation=how, per=per, is_of_brand=True, **values)


def portion(*noted: tuple[int, int], **fields: Any) -> PortionFact:
    series = [(START + timedelta(days=day), Decimal(value)) for day, value in noted]
    return PortionFact(**{"metric": "leads", "series": series, **fields})


def own(specs: list[Spec], *portions: PortionFact, day: int = 30) -> Any:
    today = START + timedelta(days=day)
    return evaluate(specs, [], [], portions, starts_on=START, due_on=DUE, today=today, first_weekday=0)


# -- scopes -----------------------------------------------------------------------------------------------------------


def test_scope_narrows_by_branch_content_type_campaign_and_format() -> None:
    facts = [
        photo(1, START, content_kind_id=7, campaign_id=9),
        photo(2, START, branch_id=5, content_kind_id=7),
        photo(3, START, branch_id=6, format="video"),
    ]

    def counted(**scope: Any) -> Decimal | None:
        return judge([cadence(per=Per.WHOLE, **scope)], facts).targets[0].actual

    assert [counted(), counted(reach="family"), counted(reach="branch", branch_id=5)] == [1, 3, 1]
    assert [counted(content_kind_id=7), counted(content_kind_id=7, reach="family"), counted(campaign_id=9)] == [1, 2, 1]
    assert [counted(format="video"), counted(format="video", reach="family")] == [0, 1]


def test_account_of_a_branch_counts_where_branches_do() -> None:
    two = [account((3, 10)), account((3, 20), account_id=2, branch_id=5)]

    assert judge([followers(5)], accounts=two, day=7).targets[0].actual == 10
    assert judge([followers(5, reach="family")], accounts=two, day=7).targets[0].actual == 30


# -- against plain models ---------------------------------------------------------------------------------------------

rows = st.lists(
    st.tuples(st.integers(0, 27), st.none() | st.integers(0, 80), st.sampled_from(["photo", "video"])), max_size=25
)


def posts(found: Any) -> list[DeliveryFact]:
    return [
        photo(number, START + timedelta(days=day), value, format=kind)
        for number, (day, value, kind) in enumerate(found)
    ]


def by_week(found: Any, first_weekday: int) -> dict[date, list[Any]]:
    groups: defaultdict[date, list[Any]] = defaultdict(list)
    for day, value, kind in found:
        when = START + timedelta(days=day)
        groups[max(START, when - timedelta(days=(when.weekday() - first_weekday) % 7))].append((value, kind))
    return groups


@given(rows, st.integers(0, 6))
def test_median_of_a_week_is_the_figure_in_the_middle(found: Any, first_weekday: int) -> None:
    target = judge([likes(Aggregation.MEDIAN)], posts(found), first_weekday=first_weekday).targets[0]

    groups = by_week(found, first_weekday)
    for row in target.periods:
        known = [Decimal(value) for value, _kind in groups[row.starts_on] if value is not None]
        assert row.actual == (statistics.median(known).quantize(CENT) if known else None)
    assert target.kind is Kind.MEDIAN


@given(rows, st.integers(0, 6), st.sampled_from(["published_deliveries", "likes"]))
def test_share_of_a_week_is_the_part_of_the_whole(found: Any, first_weekday: int, metric: str) -> None:
    spec = cadence(20, metric=metric, aggregation=Aggregation.SHARE, format="video")
    target = judge([spec], posts(found), first_weekday=first_weekday).targets[0]

    groups = by_week(found, first_weekday)
    for row in target.periods:
        worth = [(1 if metric != "likes" else value or 0, kind) for value, kind in groups[row.starts_on]]
        whole, part = sum(value for value, _ in worth), sum(value for value, kind in worth if kind == "video")
        assert row.actual == ((Decimal(100 * part) / whole).quantize(CENT) if whole else None)
    assert target.kind is Kind.SHARE


def test_share_of_a_campaign_is_of_the_same_network() -> None:
    facts = [photo(1, START, campaign_id=9), photo(2, START), photo(3, START, network="linkedin")]
    spec = cadence(50, aggregation=Aggregation.SHARE, per=Per.WHOLE, network="instagram", campaign_id=9)

    assert judge([spec], facts, day=28).targets[0].actual == 50
    assert judge([spec], facts, day=28).status is Status.ACHIEVED
    assert judge([spec], [], day=20).status is Status.NOT_YET


# -- the brand's own figures ------------------------------------------------------------------------------------------


def test_portions_of_the_brand_add_up_and_rates_are_averaged() -> None:
    parts = [portion((1, 4), (3, 2)), portion((3, 6), campaign_id=9), portion((3, 1), account_id=2, network="x")]

    def measured(**spec: Any) -> Decimal | None:
        return own([leads(**spec)], *parts).targets[0].actual

    assert measured() == 13
    assert [measured(campaign_id=9), measured(network="x"), measured(account_id=3)] == [6, 1, None]
    assert [measured(how=Aggregation.LAST), measured(how=Aggregation.CHANGE)] == [9, 5]
    assert measured(how=Aggregation.MEAN) == Decimal("6.5")
    assert measured(how=Aggregation.MEAN, is_additive=False) == Decimal("3.5")
    assert measured(how=Aggregation.SHARE, campaign_id=9) == Decimal("46.15")


def test_week_without_any_note_is_awaited_and_then_counts_as_missed() -> None:
    noted = [portion(*((week * 7, 12) for week in range(3)))]
    spec = leads(10, per=Per.WEEK)

    target = own([spec], *noted, day=28).targets[0]

    assert [row.is_met for row in target.periods] == [True, True, True, None]
    assert (target.not_yet, target.status) == (1, Status.ON_TRACK)
    assert own([spec], *noted, day=35).status is Status.MISSED


# -- more never makes it worse ----------------------------------------------------------------------------------------

known = st.lists(st.tuples(st.integers(0, 27), st.integers(0, 80)), max_size=15)
days = st.integers(0, 40)
pers = st.sampled_from([Per.DAY, Per.WEEK, Per.MONTH, Per.WHOLE])


def better(one: Any, other: Any) -> bool:
    return LEVELS.index(one.status) >= LEVELS.index(other.status)


@given(known, known, st.integers(1, 200), pers, days)
def test_more_posts_never_make_a_total_worse(few: Any, more: Any, value: int, per: Per, day: int) -> None:
    facts = [photo(number, START + timedelta(days=when), got) for number, (when, got) in enumerate(few + more)]
    spec = likes(Aggregation.SUM, value, per)

    assert better(judge([spec], facts, day=day), judge([spec], facts[: len(few)], day=day))


@given(known, known, st.integers(0, 6), pers, days)
def test_more_posts_never_make_a_limit_better(few: Any, more: Any, value: int, per: Per, day: int) -> None:
    facts = [photo(number, START + timedelta(days=when), got) for number, (when, got) in enumerate(few + more)]
    spec = cadence(value, comparison=Comparison.AT_MOST, per=per)

    assert better(judge([spec], facts[: len(few)], day=day), judge([spec], facts, day=day))


@given(rows.filter(bool), rows, st.integers(1, 100), days)
def test_share_grows_with_its_part_and_shrinks_with_the_rest(found: Any, more: Any, value: int, day: int) -> None:
    facts = posts(found)
    extra = [photo(100 + n, START + timedelta(days=when)) for n, (when, _value, _kind) in enumerate(more)]
    held = {fact.day for fact in facts}
    extra = [fact for fact in extra if fact.day in held]  # a week without posts is not judged at all
    spec = cadence(value, aggregation=Aggregation.SHARE, per=Per.DAY, format="video")
    videos = [photo(fact.id, fact.day, format="video") for fact in extra]

    before = judge([spec], facts, day=day)

    assert better(judge([spec], facts + videos, day=day), before)
    assert better(before, judge([spec], facts + extra, day=day))


@given(known, known, st.integers(1, 300), pers, days)
def test_more_leads_never_make_a_goal_worse_nor_a_limit_better(
    few: Any, more: Any, value: int, per: Per, day: int
) -> None:
    parts = [portion((when, got), campaign_id=number) for number, (when, got) in enumerate(few)]
    extra = [portion((when, got), account_id=number) for number, (when, got) in enumerate(more) if when in dict(few)]
    least, most = leads(value, per=per), leads(value, per=per, comparison=Comparison.AT_MOST)

    assert better(own([least], *parts, *extra, day=day), own([least], *parts, day=day))
    assert better(own([most], *parts, day=day), own([most], *parts, *extra, day=day))


@given(known, st.sampled_from([Aggregation.SUM, Aggregation.MEAN, Aggregation.MEDIAN, Aggregation.LAST]), st.randoms())
def test_order_of_the_portions_does_not_matter(noted: Any, how: Aggregation, random: Any) -> None:
    parts = [portion((when, got), campaign_id=number) for number, (when, got) in enumerate(noted)]

    assert own([leads(how=how)], *parts) == own([leads(how=how)], *random.sample(parts, len(parts)))


# -- the course -------------------------------------------------------------------------------------------------------


def test_course_of_a_total_is_its_running_total_beside_the_even_way() -> None:
    spec = likes(Aggregation.SUM, 280, Per.WHOLE)

    course = judge([spec], [photo(1, START, 60), photo(2, START + timedelta(days=8), 40)], day=10).targets[0].course

    ends = [START + timedelta(days=day) for day in (6, 10, 13, 20, 27)]
    assert [(point.day, point.actual, point.needed) for point in course] == [
        (ends[0], 60, 70), (ends[1], 100, 110), (ends[2], None, 140), (ends[3], None, 210), (ends[4], None, 280),
    ]  # fmt: skip


def test_course_of_a_level_begins_where_the_account_stood() -> None:
    course = judge([followers(1280)], accounts=[account((-5, 1000), (13, 1140))], day=14).targets[0].course

    assert [(point.actual, point.needed) for point in course] == [
        (None, 1070), (1140, 1140), (1140, 1150), (None, 1210), (None, 1280),
    ]  # fmt: skip


def test_course_of_an_average_and_of_a_limit() -> None:
    mean = likes(Aggregation.MEAN, 20, Per.WHOLE)
    limit = cadence(28, comparison=Comparison.AT_MOST, per=Per.WHOLE, id=2)

    first, second = judge([mean, limit], [photo(1, START, 30)], day=28).targets

    assert {(point.actual, point.needed) for point in first.course} == {(30, 20)}
    assert [point.needed for point in second.course] == [7, 14, 21, 28]


@given(st.dates(date(2019, 12, 1), date(2033, 1, 1)), st.integers(1, 1800), st.integers(0, 2000))
def test_course_has_few_points_in_order_and_ends_on_the_due_date(start: date, length: int, day: int) -> None:
    due = start + timedelta(days=length)
    today = start + timedelta(days=day)

    course = judge([cadence(per=Per.WHOLE)], starts_on=start, due_on=due, today=today).targets[0].course

    days = [point.day for point in course]
    assert days == sorted(set(days))
    assert (days[-1], len(days) <= 61) == (due, True)
    assert min(today, due) in days
    assert all((point.actual is None) == (point.day > today) for point in course)


def test_targets_by_week_have_no_course() -> None:
    assert judge([cadence()], day=20).targets[0].course == ()


# -- the time before --------------------------------------------------------------------------------------------------


def test_observed_says_what_it_stands_on() -> None:
    span = {"starts_on": START, "ends_on": DUE}
    facts = [photo(1, START, 10), photo(2, START + timedelta(days=1), 20), photo(3, DUE)]
    specs = [likes(Aggregation.MEAN), cadence(), followers(9), leads(), likes(Aggregation.SUM, format="video")]

    found = observed(
        specs, facts, [account((0, 100), (9, 120))], [portion((3, 4))], **span, goal_days=28, first_weekday=0
    )

    assert found == (
        Observed(value=Decimal("15.00"), counted=2, lacking=1, **span),
        Observed(value=Decimal("0.75"), counted=3, **span),
        Observed(value=Decimal(120), counted=2, lacking=26, **span),
        Observed(value=Decimal("4.00"), counted=1, lacking=27, **span),
        None,
    )


@pytest.mark.parametrize("how", list(Aggregation))
def test_nothing_before_is_no_history(how: Aggregation) -> None:
    before = {"starts_on": START, "ends_on": DUE, "goal_days": 28, "first_weekday": 0}
    specs = [likes(how), leads(how=how), cadence(metric="followers", aggregation=how)]

    assert observed(specs, [], [], **before) == (None, None, None)
    assert Period(START, DUE).days == 28
