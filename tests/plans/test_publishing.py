"""A published revision reaches everybody, whoever publishes meanwhile and whenever they join."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from activity import letters
from activity.models import Message
from activity.services import record
from plans import services
from plans.models import Acknowledgement, Plan, PlanRevision
from plans.services.reading import ask_newcomers
from teams.models import User
from teams.rules import Role
from teams.services import change_member
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


def write(plan: Plan, by: User, text: str, version: int = 0) -> Any:
    return services.edit_section(plan=plan, number=1, text=text, private_note="", by=by, version=version, now=NOW)


# -- everybody is told ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_publishing_costs_the_same_for_one_member_and_for_three(
    plan: Plan, manager: User, django_assert_num_queries: Any, count: int
) -> None:
    make.endpoint(workspace=plan.brand.workspace)
    people = {make.person(Role.EDITOR, brand=plan.brand).pk for _ in range(count)}

    with django_assert_num_queries(41):
        publish(plan, manager)

    told = Message.objects.exclude(recipient=None)
    assert set(told.values_list("recipient", flat=True)) == people
    assert told.count() == 6 * count
    assert Message.objects.filter(channel="webhook").count() == 1


# -- those who join later ---------------------------------------------------------------------------------------------


def told(plan: Plan) -> list[tuple[int, str, str, int]]:
    """Who is told what by which channel, and after how many days."""
    rows = Message.objects.filter(brand=plan.brand).exclude(recipient=None).order_by("pk")
    return [(row.recipient_id, row.template.split("/")[-1], row.channel, (row.due_at - NOW).days) for row in rows]


@pytest.mark.parametrize("starts_on", [date(2026, 10, 1), date(2026, 12, 1)])
def test_who_joins_later_is_asked_to_read_it_once(plan: Plan, manager: User, starts_on: date) -> None:
    Plan.objects.filter(pk=plan.pk).update(starts_on=starts_on)
    make.endpoint(workspace=plan.brand.workspace)
    publish(plan, manager)
    webhooks = Message.objects.filter(channel="webhook").count()
    joined = make.member(Role.GUEST, brand=plan.brand)
    record(by=joined.user, verb="teams.member_joined", target=joined, workspace=plan.brand.workspace)

    for later in (1, 2):
        services.raise_calls(now=NOW + timedelta(seconds=later))

    pk = joined.user.pk
    assert told(plan) == [
        (pk, "plan_newcomer", "in_app", 0), (pk, "plan_newcomer", "email", 0),
        (pk, "plan_unread", "in_app", 3), (pk, "plan_unread", "email", 3),
        (pk, "plan_unread", "in_app", 7), (pk, "plan_unread", "email", 7),
    ]  # fmt: skip
    assert Message.objects.filter(channel="webhook").count() == webhooks
    assert Acknowledgement.objects.get(user=joined.user).read_at is None
    services.acknowledge(revision=PlanRevision.objects.get(), by=joined.user, now=NOW)
    assert set(Message.objects.filter(recipient=joined.user).values_list("state", flat=True)) == {"canceled"}


def test_guest_who_may_open_the_brand_later_is_asked_then(plan: Plan, manager: User) -> None:
    place = plan.brand.workspace
    other = make.brand(workspace=place)
    guest = make.member(Role.GUEST, workspace=place, brands=(other,))
    publish(plan, manager)
    services.raise_calls(now=NOW + timedelta(seconds=1))
    assert told(plan) == []

    admin = make.person(Role.ADMIN, brand=plan.brand)
    change_member(membership=guest, role=Role.GUEST, brands=[other, plan.brand], by=admin)
    services.raise_calls(now=NOW + timedelta(seconds=2))

    assert {(person, template) for person, template, _channel, _days in told(plan)} == {
        (guest.user.pk, "plan_newcomer"), (guest.user.pk, "plan_unread"),
        (admin.pk, "plan_newcomer"), (admin.pk, "plan_unread"),
    }  # fmt: skip


def test_newcomer_reads_in_their_language_what_to_read(plan: Plan, manager: User) -> None:
    revision = publish(plan, manager)
    joined = make.member(Role.EDITOR, brand=plan.brand, user=make.user(language="fr")).user

    with transaction.atomic():
        assert (ask_newcomers(plan, NOW), ask_newcomers(plan, NOW)) == (1, 0)

    message = Message.objects.filter(recipient=joined, template__endswith="newcomer")[0]
    title = f"Lisez le plan de {plan.brand.name}, révision 1"
    assert letters.notice(message, now=NOW)[0] == title
    mail = letters.mail(message, now=NOW)
    assert (mail.subject, f"/revisions/{revision.pk}/" in str(mail.body)) == (title, True)
