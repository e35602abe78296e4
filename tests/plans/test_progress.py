"""What figures do to a goal: progress is kept, status moves, people are told."""

from datetime import date, timedelta
from typing import Any

import pytest

from activity.letters import mail, notice
from activity.models import TO_PEOPLE, Channel, Event, Kind, Message
from plans.models import Goal, GoalProgress, GoalStatus
from plans.queries import evaluation_of
from plans.rules.targets import Evaluation, Status
from teams.rules import Role
from tests import make
from tests.judging import record_evaluation

pytestmark = pytest.mark.django_db


def keep(goal: Goal, status: Status, **values: Any) -> Goal:
    evaluation = Evaluation(status=status, today=date(2026, 11, 23))
    return record_evaluation(goal=goal, evaluation=evaluation, **{"data_until": make.NOW, "now": make.NOW, **values})


def test_evaluation_is_kept_and_read_again() -> None:
    goal = make.goal()

    keep(goal, Status.NOT_YET)

    progress = GoalProgress.objects.get()
    assert (progress.data_until, progress.evaluated_at) == (make.NOW, make.NOW)
    fresh = Goal.objects.select_related("progress").get()
    assert evaluation_of(fresh) == Evaluation(status=Status.NOT_YET, today=date(2026, 11, 23))
    assert not Event.objects.exists()
    assert not Message.objects.exists()


def test_change_of_status_is_recorded_and_told_once_to_owner_and_managers() -> None:
    brand = make.brand()
    owner, manager = make.person(Role.EDITOR, brand=brand), make.person(Role.MANAGER, brand=brand)
    make.person(Role.EDITOR, brand=brand)
    make.person(Role.MANAGER)  # of another workspace
    goal = make.goal(brand=brand, owner=owner)

    keep(goal, Status.AT_RISK)
    keep(goal, Status.AT_RISK, now=make.NOW + timedelta(hours=1))

    goal.refresh_from_db()
    assert (goal.status, goal.status_since) == (GoalStatus.AT_RISK, make.NOW)
    event = Event.objects.get()
    assert (event.verb, event.by, event.before, event.after) == (
        "plans.goal_status_changed", None, {"status": "not_yet"}, {"status": "at_risk"},
    )  # fmt: skip
    assert {(m.recipient_id, m.channel, m.kind) for m in Message.objects.all()} == {
        (person.pk, channel, Kind.GOAL) for person in (owner, manager) for channel in TO_PEOPLE
    }


def test_status_that_comes_back_is_told_again() -> None:
    brand = make.brand()
    goal = make.goal(brand=brand, owner=make.person(Role.MANAGER, brand=brand))

    for hour, status in enumerate([Status.AT_RISK, Status.ON_TRACK, Status.AT_RISK]):
        keep(goal, status, now=make.NOW + timedelta(hours=hour))

    assert Message.objects.filter(channel=Channel.EMAIL).count() == 3


def test_former_member_is_not_told() -> None:
    brand = make.brand()
    goal = make.goal(brand=brand, owner=make.user())

    keep(goal, Status.AT_RISK)

    assert not Message.objects.exists()


@pytest.mark.parametrize("status", list(Status)[1:])
def test_message_says_how_the_goal_stands_and_leads_to_it(status: Status) -> None:
    brand = make.brand()
    goal = make.goal(brand=brand, owner=make.person(Role.MANAGER, brand=brand), title="Show our culture")

    keep(goal, status)

    email = Message.objects.get(channel=Channel.EMAIL, template="plans/messages/goal_status")
    letter = mail(email, now=make.NOW)
    assert letter.subject.endswith("Show our culture")
    assert f"/goals/{goal.pk}/" in str(letter.body)
    assert "Nov. 29, 2026" in str(letter.body)
    line = Message.objects.get(channel=Channel.IN_APP, template="plans/messages/goal_status")
    assert notice(line, now=make.NOW)[0].endswith("Show our culture")
