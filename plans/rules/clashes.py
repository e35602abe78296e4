"""Which targets cannot both be met, within a goal and between goals.

Nothing is called a contradiction that could still come true: where the days of a goal or the borders of weeks and
months leave room, the doubt counts for the person who writes.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

from django.utils.translation import gettext as _

from plans.rules.drafted import GoalDraft, TargetDraft
from plans.rules.facts import Aggregation, Per, Reach

GROWING = (Aggregation.COUNT, Aggregation.SUM)  # what is reached in a part or in a day is reached in the whole
DAYS = {Per.DAY: (1, 1), Per.WEEK: (7, 7), Per.MONTH: (28, 31)}  # how many a period has, at least and at most
ORDER = (Per.DAY, Per.WEEK, Per.MONTH, Per.WHOLE)  # from short to long
ALL = Decimal(100)
Span = tuple[date, date]
Place = tuple[str | None, int | None]
Kind = tuple[str, int | None, int | None]


def contradictions(
    targets: Sequence[TargetDraft], days: int | None = None
) -> Iterator[tuple[TargetDraft, TargetDraft]]:
    """Pairs of targets that cannot both be met: at least 5 and at most 3 of the same thing. `days` is how long the goal
    lasts, as far as it is known."""
    for one, other in combinations(targets, 2):
        if clashes(one, other, days):
            yield one, other


def contradictions_between(drafts: Sequence[tuple[str, GoalDraft]]) -> Iterator[str]:
    """What goals with common days ask that cannot all come true, in words that name both. Each comes with its title."""
    for (title, one), (other_title, other) in combinations(drafts, 2):
        for low, high in _between(one, other):
            words = {"goal": title, "one": low.words, "other_goal": other_title, "other": high.words}
            yield _("“%(goal)s” (%(one)s) and “%(other_goal)s” (%(other)s) cannot both be met.") % words


def clash(one: TargetDraft, other: TargetDraft) -> str:
    return _("These two cannot both be met: “%(one)s” and “%(other)s”.") % {"one": one.words, "other": other.words}


def clashes(one: TargetDraft, other: TargetDraft, days: int | None = None) -> bool:
    return excludes(one, other, days) or excludes(other, one, days) or exceed_all(one, other)


def excludes(one: TargetDraft, other: TargetDraft, days: int | None = None) -> bool:
    """Whether reaching the first passes the second's limit."""
    if one.low is None or other.high is None or one.metric != other.metric:
        return False
    if one.per is not other.per:
        return _adds_up(one, other) and lies_in(one, other) and _passes(one, one.low, other, other.high, days)
    return one.low > other.high and _is_comparable(one, other)


def exceed_all(one: TargetDraft, other: TargetDraft) -> bool:
    """Two shares of the same whole that no publication can count towards both, and that make more than all of it."""
    are_shares = one.aggregation is other.aggregation is Aggregation.SHARE and one.per is other.per
    if not are_shares or one.low is None or other.low is None or not _same_whole(one, other):
        return False
    return _are_apart(kind(one), kind(other)) and one.low + other.low > ALL


def _is_comparable(one: TargetDraft, other: TargetDraft) -> bool:
    """Whether the first's number can be no higher than the second's."""
    if one.per is Per.DELIVERY:
        return lies_in(one, other)
    if one.aggregation is not other.aggregation:
        return False
    if one.aggregation is Aggregation.SHARE:
        return _same_whole(one, other) and lies_in(one, other)
    return lies_in(one, other) if one.aggregation in GROWING else lies_in(one, other) and lies_in(other, one)


# -- parts and wholes -------------------------------------------------------------------------------------------------


def place(target: TargetDraft) -> Place:
    return target.network, target.account_id


def kind(target: TargetDraft) -> Kind:
    return target.format, target.content_kind_id, target.campaign_id


def lies_in(part: TargetDraft, whole: TargetDraft) -> bool:
    """Whether everything in the scope of the first is in the scope of the second."""
    scopes = zip((*place(part), *kind(part)), (*place(whole), *kind(whole)), strict=True)
    is_within = all(wide in (None, "") or wide == narrow for narrow, wide in scopes)
    return is_within and (whole.reach is Reach.FAMILY or _same_reach(part, whole))


def _same_reach(one: TargetDraft, other: TargetDraft) -> bool:
    return (one.reach, one.branch_id) == (other.reach, other.branch_id)


def _same_whole(one: TargetDraft, other: TargetDraft) -> bool:
    """Whether two shares are of the same publications: those of the same places, whatever they are about."""
    return place(one) == place(other) and _same_reach(one, other)


def _are_apart(one: Kind, other: Kind) -> bool:
    """A post has one format, one content type and one campaign at most."""
    return any(mine and theirs and mine != theirs for mine, theirs in zip(one, other, strict=True))


# -- days, weeks, months ----------------------------------------------------------------------------------------------


def _adds_up(one: TargetDraft, other: TargetDraft) -> bool:
    is_growing = one.aggregation is other.aggregation and one.aggregation in GROWING
    return is_growing and Per.DELIVERY not in (one.per, other.per)


def _passes(one: TargetDraft, low: Decimal, other: TargetDraft, high: Decimal, days: int | None) -> bool:
    """At least 3 a day make 21 a week; at most 3 a day leave no room for 30 a week."""
    if ORDER.index(one.per) < ORDER.index(other.per):
        return low * _held(one.per, other.per, days) > high
    most = _touched(one.per, other.per, days)
    return most is not None and low > high * most


def _held(short: Per, long: Per, days: int | None) -> int:
    """How many whole short periods the fullest long one has at least. A goal's days may be cut in two by its border."""
    shortest, longest = DAYS.get(long, (0, 0))[0], DAYS[short][1]
    part = shortest if days is None else min(shortest, (days + 1) // 2)
    room = days or 0 if long is Per.WHOLE else part
    return max(0, (room - longest + 1) // longest)


def _touched(long: Per, short: Per, days: int | None) -> int | None:
    """How many short periods a long one has days in, at most; None when nobody knows."""
    if long is Per.WHOLE and days is None:
        return None
    room = days or 0 if long is Per.WHOLE else DAYS[long][1]
    shortest = DAYS[short][0]
    return room if shortest == 1 else max(0, room - 2) // shortest + 2


# -- between goals ----------------------------------------------------------------------------------------------------


def _between(one: GoalDraft, other: GoalDraft) -> Iterator[tuple[TargetDraft, TargetDraft]]:
    """What the first asks, with what the second asks, where they share the days that both are judged by."""
    common = _common(one, other)
    if common is None:
        return
    for mine in one.targets:
        for theirs in other.targets:
            is_there = _is_judged(mine, theirs, one, other, common) and excludes(mine, theirs, _days(common))
            is_there = is_there or (
                _is_judged(theirs, mine, other, one, common) and excludes(theirs, mine, _days(common))
            )
            if is_there or (_has_whole(mine.per, common) and exceed_all(mine, theirs)):
                yield mine, theirs


def _common(one: GoalDraft, other: GoalDraft) -> Span | None:
    if one.starts_on is None or other.starts_on is None or one.due_on is None or other.due_on is None:
        return None
    first, last = max(one.starts_on, other.starts_on), min(one.due_on, other.due_on)
    return (first, last) if first <= last else None


def _days(stretch: Span) -> int:
    return (stretch[1] - stretch[0]).days + 1


def _is_judged(low: TargetDraft, high: TargetDraft, asks: GoalDraft, limits: GoalDraft, common: Span) -> bool:
    """Whether a whole period of what is asked lies in the days in which the limit holds."""
    is_inside = (asks.starts_on, asks.due_on) == common
    if Per.DELIVERY in (low.per, high.per):
        return low.per is high.per and is_inside
    if low.per is Per.WHOLE:
        is_growing = low.aggregation in GROWING
        return is_inside and (is_growing or (limits.starts_on, limits.due_on) == common)
    return _has_whole(low.per, common)


def _has_whole(per: Per, stretch: Span) -> bool:
    """Whether a stretch of days has a whole week or month, wherever weeks begin."""
    if per is Per.MONTH:
        return _has_month(*stretch)
    return per is Per.DAY or (per is Per.WEEK and _days(stretch) >= 2 * DAYS[Per.WEEK][1] - 1)


def _has_month(first: date, last: date) -> bool:
    start = first if first.day == 1 else _next_month(first)
    return _next_month(start) - timedelta(days=1) <= last


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
