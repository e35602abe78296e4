"""A published revision reaches everybody, whoever publishes meanwhile and whenever they join."""

from typing import Any

import pytest
import time_machine

from activity.models import Message
from plans import services
from plans.models import Plan, PlanRevision
from teams.models import User
from teams.rules import Role
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan() -> Plan:
    make.metric("published_deliveries")
    return make.plan()


@pytest.fixture
def manager(plan: Plan) -> User:
    return make.person(Role.MANAGER, brand=plan.brand)


def publish(plan: Plan, by: User, seen: int = 0, **values: Any) -> PlanRevision:
    facts = {"what_changed": "More photos.", "why": "The summer was slow.", "now": NOW, **values}
    return services.publish_plan(plan=plan, by=by, seen=seen, **facts)


# -- everybody is told ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_publishing_costs_the_same_for_one_member_and_for_three(
    plan: Plan, manager: User, django_assert_num_queries: Any, count: int
) -> None:
    make.endpoint(workspace=plan.brand.workspace)
    people = {make.person(Role.EDITOR, brand=plan.brand).pk for _ in range(count)}

    with django_assert_num_queries(40):
        publish(plan, manager)

    told = Message.objects.exclude(recipient=None)
    assert set(told.values_list("recipient", flat=True)) == people
    assert told.count() == 6 * count
    assert Message.objects.filter(channel="webhook").count() == 1
