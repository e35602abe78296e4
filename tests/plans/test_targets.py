"""The arithmetic of goals, without a database."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.models import Aggregation as StoredAggregation
from plans.models import Comparison as StoredComparison
from plans.models import GoalStatus
from plans.models import Per as StoredPer
from plans.rules.periods import Period, periods
from plans.rules.targets import (
    AccountFact,
    Aggregation,
    Comparison,
    DeliveryFact,
    Evaluation,
    Kind,
    Observed,
    Per,
    Spec,
    Status,
    evaluate,
    observed,
)

START, DUE = date(2026, 9, 7), date(2026, 10, 4)  # four whole weeks, Monday to Sunday
LEVELS = [Status.MISSED, Status.OFF_TRACK, Status.AT_RISK, Status.NOT_YET, Status.ON_TRACK, Status.ACHIEVED]


def cadence(value: int = 3, **values: Any) -> Spec:
    fields = {"id": 1, "metric": "published_deliveries", "aggregation": Aggregation.COUNT, "per": Per.WEEK}
    return Spec(**{**fields, "comparison": Comparison.AT_LEAST, "value": Decimal(value), **values})


def threshold(value: int = 30, **values: Any) -> Spec:
    return cadence(value, **{"metric": "likes", "per": Per.DELIVERY, "aggregation": Aggregation.LAST, **values})


def followers(value: int, aggregation: Aggregation = Aggregation.LAST, per: Per = Per.WHOLE, **values: Any) -> Spec:
    return cadence(value, metric="followers", aggregation=aggregation, per=per, **values)


def photo(number: int, day: date, likes: int | None = None, **values: Any) -> DeliveryFact:
    fields = {"label": f"Photo {number}", "network": "instagram", "account_id": 1, "format": "photo"}
    values.setdefault("figures", {} if likes is None else {"likes": Decimal(likes)})
    return DeliveryFact(**{**fields, "id": number, "day": day, **values})


def photos(*offsets: int, likes: int | None = None) -> list[DeliveryFact]:
    """One photo on each of these days after the start."""
    return [photo(number, START + timedelta(days=day), likes) for number, day in enumerate(offsets, 1)]


def account(*values: tuple[int, int], **fields: Any) -> AccountFact:
    series = [(START + timedelta(days=day), Decimal(value)) for day, value in values]
    return AccountFact(**{"account_id": 1, "metric": "followers", "network": "instagram", "series": series, **fields})


def judge(specs: list[Spec], deliveries: Any = (), accounts: Any = (), *, day: int = 30, **dates: Any) -> Evaluation:
    """The evaluation at the beginning of the day that is so many days after the start."""
    fields = {"starts_on": START, "due_on": DUE, "today": START + timedelta(days=day), "first_weekday": 0, **dates}
    return evaluate(specs, deliveries, accounts, **fields)


# -- words ----------------------------------------------------------------------------------------------------------


def test_words_are_those_of_the_tables() -> None:
    assert list(Per) == list(StoredPer.values)
    assert list(Aggregation) == list(StoredAggregation.values)
    assert list(Comparison) == list(StoredComparison.values)
    assert list(Status) == list(GoalStatus.values)


# -- the article's example --------------------------------------------------------------------------------------------


def test_compound_goal_names_the_weeks_and_posts_that_fell_short() -> None:
    facts = [*photos(0, 2, 4, 7, 9, 14, 16, 18, likes=40), photo(20, START + timedelta(days=8), 12)]
    specs = [cadence(network="instagram", format="photo"), threshold(id=2), threshold(5, id=3, metric="comments")]

    result = judge(specs, facts, day=22)

    weeks, likes, comments = result.targets
    assert [(row.actual, row.is_met) for row in weeks.periods] == [(3, True), (3, True), (3, True), (0, None)]
    assert weeks.kind is Kind.CADENCE
    assert [(row.id, row.label, row.actual) for row in likes.short_deliveries] == [(20, "Photo 20", Decimal(12))]
    assert (likes.met, likes.judged, likes.status) == (8, 9, Status.AT_RISK)
    assert (comments.judged, comments.not_yet, comments.status) == (0, 9, Status.NOT_YET)
    assert result.status is Status.AT_RISK


def test_cadence_names_the_short_week() -> None:
    result = judge([cadence()], photos(0, 2, 4, 7, 9), day=14)

    target = result.targets[0]
    assert [(row.starts_on, row.actual) for row in target.short_periods] == [(date(2026, 9, 14), Decimal(2))]
    assert (result.status, target.share, target.short) == (Status.AT_RISK, 0.5, 1)


def test_cadence_counts_only_its_network_account_and_format() -> None:
    facts = [
        photo(1, START),
        photo(2, START, network="linkedin"),
        photo(3, START, account_id=2),
        photo(4, START, format="video"),
        photo(5, START - timedelta(days=1)),
    ]

    result = judge([cadence(network="instagram", account_id=1, format="photo")], facts, day=1)

    assert result.targets[0].periods[0].actual == 1


def test_week_is_open_until_it_is_over_unless_the_number_is_reached() -> None:
    short, enough = photos(0, 1), photos(0, 1, 2)

    assert judge([cadence()], short, day=6).status is Status.NOT_YET
    assert judge([cadence()], enough, day=6).status is Status.ON_TRACK
    assert judge([cadence()], short, day=7).status is Status.OFF_TRACK


def test_upper_limit_is_broken_at_once_and_kept_only_at_the_end() -> None:
    spec = cadence(comparison=Comparison.AT_MOST)

    assert judge([spec], photos(0, 1, 2, 3), day=5).status is Status.OFF_TRACK
    assert judge([spec], photos(0, 1, 2), day=5).status is Status.NOT_YET
    assert judge([spec], photos(0, 1, 2), day=7).status is Status.ON_TRACK


def test_between_wants_enough_and_not_too_many() -> None:
    spec = cadence(2, comparison=Comparison.BETWEEN, value_to=Decimal(3))
    facts = photos(0, 7, 8, 14, 15, 16, 21, 22, 23, 24)

    met = [row.is_met for row in judge([spec], facts, day=28).targets[0].periods]

    assert met == [False, True, True, False]


# -- the end ----------------------------------------------------------------------------------------------------------


def test_goal_is_achieved_only_after_its_due_date() -> None:
    facts = photos(*(week * 7 + day for week in range(4) for day in (0, 2, 4)))

    assert judge([cadence()], facts, day=27).status is Status.ON_TRACK
    assert judge([cadence()], facts, day=28).status is Status.ACHIEVED


def test_goal_with_one_short_week_of_four_is_missed() -> None:
    facts = photos(*(week * 7 + day for week in range(3) for day in (0, 2, 4)))

    assert judge([cadence()], facts, day=28).status is Status.MISSED


def test_one_post_in_ten_may_fall_short_but_not_one_in_nine() -> None:
    ten = [*photos(*range(9), likes=30), photo(20, DUE, 29)]

    assert judge([threshold()], ten, day=28).status is Status.ACHIEVED
    assert judge([threshold()], ten[1:], day=28).status is Status.MISSED


def test_total_over_the_whole_period_is_achieved_as_soon_as_it_is_reached() -> None:
    spec = cadence(metric="likes", aggregation=Aggregation.SUM, per=Per.WHOLE, value=Decimal(100))

    assert judge([spec], photos(0, 1, likes=50), day=3).status is Status.ACHIEVED
    assert judge([spec, cadence(id=2)], photos(0, 1, likes=50), day=3).status is Status.ON_TRACK


def test_limit_over_the_whole_period_is_achieved_only_at_the_end() -> None:
    spec = cadence(comparison=Comparison.AT_MOST, per=Per.WHOLE)

    assert judge([spec], photos(0), day=20).status is Status.ON_TRACK
    assert judge([spec], photos(0), day=28).status is Status.ACHIEVED
    assert judge([spec], photos(0, 1, 2, 3), day=10).status is Status.OFF_TRACK


def test_verdict_waits_a_week_for_figures_that_may_still_come() -> None:
    facts = [*photos(0, likes=30), photo(9, DUE)]

    assert judge([threshold()], facts, day=28).status is Status.ON_TRACK
    assert judge([threshold()], facts, day=34).status is Status.ON_TRACK
    assert judge([threshold()], facts, day=35).status is Status.MISSED


def test_verdict_does_not_wait_when_figures_cannot_help() -> None:
    assert judge([threshold()], [*photos(0, likes=2), photo(9, DUE)], day=28).status is Status.MISSED


def test_goal_without_any_figure_is_not_judged_until_the_wait_is_over() -> None:
    assert judge([followers(10)], day=28).status is Status.NOT_YET
    assert judge([followers(10)], day=35).status is Status.MISSED
    assert judge([], day=10).status is Status.NOT_YET


def test_goal_that_has_not_started_says_so() -> None:
    result = judge([cadence()], photos(-3, -2, -1), day=-1)

    assert (result.status, result.targets[0].periods) == (Status.NOT_YET, ())


def test_posts_after_the_due_date_do_not_count() -> None:
    result = judge([threshold()], [*photos(0, likes=40), photo(9, DUE + timedelta(days=1), 2)], day=35)

    assert (result.targets[0].judged, result.status) == (1, Status.ACHIEVED)


# -- not yet, not available, zero -------------------------------------------------------------------------------------


def test_zero_not_yet_and_not_available_are_three_things() -> None:
    facts = [
        photo(1, START, 0),
        photo(2, START),
        photo(3, START, not_available=frozenset({"likes"})),
    ]

    target = judge([threshold()], facts, day=2).targets[0]

    assert (target.judged, target.not_yet, target.not_available) == (1, 1, 1)
    assert target.short_deliveries[0].actual == 0


def test_target_that_the_network_never_gives_is_left_aside() -> None:
    facts = [*photos(0, 1, 2), photo(9, START, not_available=frozenset({"saves"}))]
    saves = threshold(1, metric="saves", id=2)

    result = judge([cadence(), saves], [facts[3], *facts[:2]], day=5)

    assert result.targets[1].status is Status.NOT_YET
    assert result.status is Status.ON_TRACK


def test_total_of_a_week_without_posts_is_zero_and_without_figures_unknown() -> None:
    spec = cadence(10, metric="likes", aggregation=Aggregation.SUM)

    rows = judge([spec], [photo(1, START)], day=14).targets[0].periods

    assert [(row.actual, row.is_met, row.not_yet) for row in rows[:2]] == [(None, None, 1), (0, False, 0)]


def test_total_is_open_while_a_missing_figure_could_still_lift_it() -> None:
    spec = cadence(10, metric="likes", aggregation=Aggregation.SUM)

    rows = judge([spec], [*photos(0, likes=4), photo(9, START)], day=7).targets[0].periods

    assert (rows[0].actual, rows[0].is_met) == (4, None)


def test_mean_counts_only_what_was_measured() -> None:
    spec = cadence(20, metric="likes", aggregation=Aggregation.MEAN)

    rows = judge([spec], [*photos(0, 1, likes=21), photo(9, START)], day=7).targets[0].periods

    assert (rows[0].actual, rows[0].is_met, rows[0].not_yet) == (21, True, 1)


# -- accounts -------------------------------------------------------------------------------------------------------


def test_level_is_expected_to_rise_evenly_from_where_it_stood() -> None:
    spec = followers(1280)
    stood = (-5, 1000)

    assert judge([spec], accounts=[account(stood, (13, 1140))], day=14).status is Status.ON_TRACK
    assert judge([spec], accounts=[account(stood, (13, 1100))], day=14).status is Status.AT_RISK
    assert judge([spec], accounts=[account(stood, (13, 1020))], day=14).status is Status.OFF_TRACK
    assert judge([spec], accounts=[account(stood, (27, 1280))], day=28).status is Status.ACHIEVED


def test_level_starts_from_the_baseline_that_a_person_typed() -> None:
    spec = followers(1280, baseline=Decimal(1100))

    assert judge([spec], accounts=[account((13, 1140))], day=14).status is Status.OFF_TRACK


def test_growth_is_the_difference_to_the_value_before_the_week() -> None:
    spec = followers(10, Aggregation.CHANGE, Per.WEEK)

    rows = judge([spec], accounts=[account((-3, 100), (3, 115), (10, 120))], day=14).targets[0].periods

    assert [(row.actual, row.is_met) for row in rows[:2]] == [(15, True), (5, False)]


def test_growth_of_a_single_value_is_unknown() -> None:
    spec = followers(10, Aggregation.CHANGE, Per.WEEK)

    assert judge([spec], accounts=[account((3, 115))], day=7).targets[0].periods[0].actual is None


def test_counts_of_several_accounts_add_up_and_rates_are_averaged() -> None:
    two = [account((3, 10)), account((3, 20), account_id=2)]

    assert judge([followers(5)], accounts=two, day=7).targets[0].actual == 30
    assert judge([followers(5, is_additive=False)], accounts=two, day=7).targets[0].actual == 15


def test_account_whose_network_gives_no_such_figure_is_counted_apart() -> None:
    accounts = [account((3, 10)), account(account_id=2, is_available=False), account(account_id=3)]

    target = judge([followers(5)], accounts=accounts, day=7).targets[0]

    assert (target.actual, target.not_yet, target.not_available) == (10, 1, 1)


# -- periods --------------------------------------------------------------------------------------------------------


def test_partial_first_week_owes_its_share_rounded_down() -> None:
    thursday = date(2026, 9, 10)

    rows = judge([cadence()], day=30, starts_on=thursday).targets[0].periods

    assert [row.low for row in rows] == [1, 3, 3, 3]


def test_partial_week_that_owes_nothing_is_not_judged() -> None:
    saturday = date(2026, 9, 12)

    rows = judge([cadence()], day=8, starts_on=saturday).targets[0].periods

    assert [(row.low, row.is_met) for row in rows] == [(0, None), (3, None)]


def test_goal_shorter_than_a_week_still_owes_one() -> None:
    result = judge([cadence(1)], day=3, due_on=START + timedelta(days=1))

    assert (result.targets[0].periods[0].low, result.status) == (1, Status.MISSED)


def test_weeks_begin_on_the_brand_s_first_weekday() -> None:
    weeks = [(row.starts_on.weekday(), row.ends_on.weekday()) for row in periods(Per.WEEK, START, DUE, 6)]

    assert weeks == [(0, 5), (6, 5), (6, 5), (6, 5), (6, 6)]


def test_february_of_a_leap_year_has_twenty_nine_days() -> None:
    spans = list(periods(Per.MONTH, date(2028, 2, 1), date(2028, 3, 31), 0))

    assert [span.days for span in spans] == [29, 31]
    assert all(span.is_whole for span in spans)


@given(
    per=st.sampled_from([Per.DAY, Per.WEEK, Per.MONTH, Per.WHOLE]),
    start=st.dates(date(2019, 12, 1), date(2033, 1, 1)),
    length=st.integers(1, 800),
    first_weekday=st.sampled_from([0, 5, 6]),
)
def test_periods_cover_every_day_once(per: Per, start: date, length: int, first_weekday: int) -> None:
    due = start + timedelta(days=length)

    spans = list(periods(per, start, due, first_weekday))

    days = [span.starts_on + timedelta(days=n) for span in spans for n in range(span.days)]
    assert days == [start + timedelta(days=n) for n in range(length + 1)]
    assert all(0 < span.portion <= 1 for span in spans)
    assert all(span.is_whole for span in spans[1:-1])
    if per is Per.WEEK:
        assert all(span.starts_on.weekday() == first_weekday for span in spans[1:])


def test_elapsed_counts_days_that_are_over() -> None:
    week = Period(START, START + timedelta(days=6))

    assert [week.elapsed(START + timedelta(days=day)) * 7 for day in (-2, 0, 1, 7, 30)] == [0, 0, 1, 7, 7]


# -- what holds for all data ------------------------------------------------------------------------------------------

likes = st.none() | st.integers(0, 80)
posts = st.lists(st.tuples(st.integers(-3, 35), likes), max_size=25).map(
    lambda rows: [photo(number, START + timedelta(days=day), value) for number, (day, value) in enumerate(rows)]
)
series = st.lists(st.tuples(st.integers(-10, 30), st.integers(0, 500)), max_size=6).map(lambda rows: account(*rows))
specs = st.lists(
    st.one_of(
        st.builds(cadence, st.integers(1, 9), per=st.sampled_from([Per.DAY, Per.WEEK, Per.MONTH, Per.WHOLE])),
        st.builds(threshold, st.integers(1, 60)),
        st.builds(
            cadence,
            st.integers(1, 200),
            metric=st.just("likes"),
            aggregation=st.sampled_from([Aggregation.SUM, Aggregation.MEAN]),
            per=st.sampled_from([Per.WEEK, Per.WHOLE]),
        ),
        st.builds(
            followers,
            st.integers(1, 400),
            st.sampled_from([Aggregation.LAST, Aggregation.CHANGE]),
            st.sampled_from([Per.WEEK, Per.WHOLE]),
        ),
    ),
    min_size=1,
    max_size=3,
)
days = st.integers(-2, 40)


@given(specs, posts, st.lists(series, max_size=2), days, st.randoms())
def test_order_of_the_facts_does_not_matter(specs: Any, facts: Any, accounts: Any, day: int, random: Any) -> None:
    shuffled, turned = random.sample(facts, len(facts)), random.sample(accounts, len(accounts))

    assert judge(specs, shuffled, turned, day=day) == judge(specs, facts, accounts, day=day)


@given(specs, posts, st.lists(series, max_size=2), days)
def test_evaluation_survives_being_kept_as_json(specs: Any, facts: Any, accounts: Any, day: int) -> None:
    result = judge(specs, facts, accounts, day=day)

    assert Evaluation.from_json(json.loads(json.dumps(result.as_json()))) == result


@given(
    st.integers(1, 9),
    st.sampled_from([Per.DAY, Per.WEEK, Per.MONTH, Per.WHOLE]),
    posts,
    posts,
    days,
)
def test_more_posts_never_make_a_cadence_worse(value: int, per: Per, facts: Any, more: Any, day: int) -> None:
    fewer = judge([cadence(value, per=per)], facts, day=day)

    richer = judge([cadence(value, per=per)], facts + more, day=day)

    assert LEVELS.index(richer.status) >= LEVELS.index(fewer.status)


@given(specs, posts, days, st.integers(0, 40))
def test_higher_figures_never_make_it_worse(specs: Any, facts: Any, day: int, gain: int) -> None:
    raised = [photo(f.id, f.day, int(f.figures["likes"]) + gain if "likes" in f.figures else None) for f in facts]

    before, after = judge(specs, facts, day=day), judge(specs, raised, day=day)

    assert LEVELS.index(after.status) >= LEVELS.index(before.status)


@given(specs, posts, st.lists(series, max_size=2), days)
def test_shares_and_counts_stay_within_bounds(specs: Any, facts: Any, accounts: Any, day: int) -> None:
    for target in judge(specs, facts, accounts, day=day).targets:
        assert 0 <= target.met <= target.judged
        assert target.share is None or 0 <= target.share <= 1
        assert target.not_yet >= 0
        assert all(row.low is None or row.low <= target.low for row in target.periods if target.low is not None)


@pytest.mark.parametrize("day", [0, 13, 28, 40])
def test_empty_facts_are_judged_without_error(day: int) -> None:
    for aggregation in Aggregation:
        for per in Per:
            assert judge([cadence(aggregation=aggregation, per=per)], day=day).targets[0].met == 0


# -- the pace of the time before --------------------------------------------------------------------------------------


def test_observed_pace_is_the_number_of_whole_weeks() -> None:
    before = {"starts_on": START, "ends_on": DUE, "goal_days": 56, "first_weekday": 0}
    whole = cadence(20, id=2, per=Per.WHOLE)

    weekly, together = observed([cadence(), whole], photos(0, 1, 9, 16, 20, 25), [], **before)

    basis = {"starts_on": START, "ends_on": DUE, "counted": 6}
    assert weekly == Observed(value=Decimal("1.50"), **basis)
    assert together == Observed(value=Decimal("12.00"), **basis)
    assert observed([cadence(), followers(9)], [], [], **before) == (None, None)
