"""Judges goals by the figures, and says so to the plan."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from analytics.models import Arrival
from analytics.queries import moved
from analytics.queries.facts import Ask, gather_all
from core.localtime import local_day
from plans.models import Goal
from plans.queries import goal_specs
from plans.rules.targets import Observed, Spec, evaluate_gathered, observed_gathered
from plans.services import Judgment, recheck_goals, record_evaluations
from teams.models import Brand

logger = logging.getLogger(__name__)


def evaluate_goals(*, now: datetime) -> int:
    """Judge every goal that figures or time may still move; answers how many. Nobody needs to: it is for whoever has
    changed rows by hand."""
    brands = Brand.objects.filter(pk__in=moved.begun_goals(now).values("brand"))
    return _evaluate_each(brands.order_by("pk"), now, is_whole=True)


def evaluate_stale_goals(*, now: datetime) -> int:
    """Judge the goals that something moved since they were last judged; answers how many.

    A day ended where their brand is; figures came in that they count; or a post was published or deleted, or the goal
    changed. The rooms below cannot call this one; but whatever they do stands in the history, and that is what is
    looked at. Safe to run twice, and by several at once.
    """
    for brand in moved.brands_with_other_personas(now):
        recheck_goals(brand=brand)
    return _evaluate_each(moved.moved_brands(now), now)


def evaluate_touched(*, brand: Brand, now: datetime) -> int:
    """Judge the goals, of this brand and of those that watch it, that count figures which just came in."""
    return _evaluate_each(moved.watchers(brand), now)


def _evaluate_each(brands: Iterable[Brand], now: datetime, *, is_whole: bool = False) -> int:
    """A brand whose goals cannot be judged keeps no other one waiting."""
    count = 0
    for brand in brands:
        try:
            count += evaluate_brand(brand=brand, now=now) if is_whole else evaluate_moved(brand=brand, now=now)
        except (OperationalError, InterfaceError):
            raise  # the database is away: whoever drains waits for it
        except Exception:
            logger.exception("the goals of brand %s cannot be judged", brand.pk)
    return count


@transaction.atomic
def evaluate_brand(*, brand: Brand, now: datetime) -> int:
    """Judge all goals of one brand; answers how many."""
    locked = _locked(brand)
    Arrival.objects.filter(watcher=locked).delete()
    return _judge(locked, list(moved.with_targets(moved.begun_goals(now).filter(brand=locked))), now)


@transaction.atomic
def evaluate_moved(*, brand: Brand, now: datetime) -> int:
    """Judge the goals of one brand that something moved, and take away the arrivals that moved them."""
    locked = _locked(brand)
    if moved.has_other_personas(locked, now):
        recheck_goals(brand=locked)
    arrivals = list(Arrival.objects.filter(watcher=locked).select_related("account"))
    count = _judge(locked, _moved(locked, arrivals, now), now)
    Arrival.objects.filter(pk__in=[one.pk for one in arrivals]).delete()
    return count


def _moved(brand: Brand, arrivals: Sequence[Arrival], now: datetime) -> list[Goal]:
    stale = moved.stale_goals(now).filter(brand=brand)
    if not arrivals:
        return list(moved.with_targets(stale))
    ids = set(stale.values_list("pk", flat=True))
    goals = moved.with_targets(moved.begun_goals(now).filter(brand=brand))
    return [goal for goal in goals if goal.pk in ids or moved.is_touched(goal, arrivals)]


def _locked(brand: Brand) -> Brand:
    """Of two that judge at once, the later one also reads later: no older picture replaces a newer one."""
    return Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)


def _judge(brand: Brand, goals: Sequence[Goal], now: datetime) -> int:
    today = local_day(now, brand.time_zone)
    specs = {goal.pk: goal_specs(goal) for goal in goals}
    asks = [
        Ask(spec=spec, first=goal.starts_on, last=min(goal.due_on, today)) for goal in goals for spec in specs[goal.pk]
    ]
    found = iter(gather_all(brand, asks))
    judgments = []
    for goal in goals:
        cases = [next(found) for _spec in specs[goal.pk]]
        evaluation = evaluate_gathered(
            cases, starts_on=goal.starts_on, due_on=goal.due_on, today=today, first_weekday=brand.first_weekday
        )
        until = max((case.data_until for case in cases if case.data_until), default=None)
        judgments.append(Judgment(goal=goal, evaluation=evaluation, data_until=until))
    if judgments:
        record_evaluations(judgments, now=now)
    return len(judgments)


def observe(brand: Brand, specs: Sequence[Spec], starts_on: date, due_on: date) -> Sequence[Observed | None]:
    """What each target's number was in the days just before the goal, as many as the goal has: its baseline."""
    days = (due_on - starts_on).days + 1
    last = starts_on - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    cases = gather_all(brand, [Ask(spec=spec, first=first, last=last) for spec in specs])
    return observed_gathered(
        cases, starts_on=first, ends_on=last, goal_days=days, first_weekday=brand.first_weekday
    )  # fmt: skip
