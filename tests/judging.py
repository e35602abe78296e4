"""Tells the plan how one goal stands, as the room above does for many."""

from datetime import datetime

from plans.models import Goal
from plans.rules.results import Evaluation
from plans.services import Judgment, record_evaluations


def record_evaluation(*, goal: Goal, evaluation: Evaluation, data_until: datetime | None, now: datetime) -> Goal:
    return record_evaluations([Judgment(goal=goal, evaluation=evaluation, data_until=data_until)], now=now)[0]
