"""Judges goals by the figures, and says so to the plan."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from analytics.queries import facts as known
from core.localtime import local_day
from plans.models import Goal
from plans.queries import goal_specs
from plans.rules.targets import Spec, evaluate, observed
from plans.services import record_evaluation
from plans.steps import Numbers
from teams.models import Brand

logger = logging.getLogger(__name__)


def evaluate_goals(*, now: datetime) -> int:
    """Judge every goal that figures or time may move; answers how many. Safe to run twice, and by several at once."""
    return _evaluate_each(known.brands_of(known.judged_goals(now), now), now)


def evaluate_stale_goals(*, now: datetime) -> int:
    """Judge the goals of brands in which something happened since: a post was published or deleted, a goal changed.

    The rooms below cannot call this one; but whatever they do stands in the history, and that is what is looked at.
    """
    return _evaluate_each(known.brands_of(known.stale_goals(now), now), now)


def _evaluate_each(brands: Iterable[Brand], now: datetime) -> int:
    """A brand whose goals cannot be judged keeps no other one waiting."""
    count = 0
    for brand in brands:
        try:
            count += evaluate_brand(brand=brand, now=now)
        except (OperationalError, InterfaceError):
            raise  # the database is away: whoever drains waits for it
        except Exception:
            logger.exception("the goals of brand %s cannot be judged", brand.pk)
    return count


@transaction.atomic
def evaluate_brand(*, brand: Brand, now: datetime) -> int:
    """Judge the goals of one brand; answers how many.

    The brand's row is locked meanwhile: of two that judge at once, the later one also reads later, so that an older
    picture never replaces a newer one.
    """
    locked = Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    goals = list(known.with_targets(known.judged_goals(now).filter(plan__brand=locked)))
    _judge(locked, goals, now)
    return len(goals)


def _judge(brand: Brand, goals: Sequence[Goal], now: datetime) -> None:
    today = local_day(now, brand.time_zone)
    begun = [goal for goal in goals if goal.starts_on <= today]
    if not begun:
        return
    specs = {goal.pk: goal_specs(goal) for goal in begun}
    first, last = known.span(begun, today)
    found = known.facts(brand, [spec for listed in specs.values() for spec in listed], first=first, last=last)
    for goal in begun:
        evaluation = evaluate(
            specs[goal.pk], found.deliveries, found.accounts, starts_on=goal.starts_on, due_on=goal.due_on,
            today=today, first_weekday=brand.first_weekday,
        )  # fmt: skip
        record_evaluation(goal=goal, evaluation=evaluation, data_until=found.data_until, now=now)


def observe(brand: Brand, specs: Sequence[Spec], starts_on: date, due_on: date) -> Numbers:
    """What each target's number was in the days just before the goal, as many as the goal has: its baseline."""
    days = (due_on - starts_on).days + 1
    last = starts_on - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    found = known.facts(brand, specs, first=first, last=last)
    return observed(
        specs, found.deliveries, found.accounts, starts_on=first, ends_on=last, goal_days=days,
        first_weekday=brand.first_weekday,
    )  # fmt: skip
