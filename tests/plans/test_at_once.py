"""Several people publish, read and bring back one plan at the same time, each over a connection of their own."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.urls import reverse

from activity.models import Event, Message
from plans import services
from plans.models import Acknowledgement, Plan, PlanRevision
from plans.snapshots import snapshot
from teams.models import User
from teams.rules import Role
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan() -> Plan:
    make.metric("published_deliveries")
    return make.plan()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each answers, or what it raised, when all begin together."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            answers[number] = act()
        except Exception as error:
            answers[number] = error
        connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def page(plan: Plan, name: str, pk: int) -> str:
    return reverse(name, args=[plan.brand.workspace.slug, plan.brand.slug, pk])


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def write(plan: Plan, by: User, text: str) -> None:
    section = plan.sections.filter(number=1).first()
    services.edit_section(
        plan=plan, number=1, text=text, private_note="", by=by, version=section.version if section else 0, now=NOW
    )


def test_of_two_who_publish_one_is_refused_and_sees_what_was_published(plan: Plan) -> None:
    people = [make.person(Role.MANAGER, brand=plan.brand) for _ in range(2)]
    clients = [signed_in(person) for person in people]
    for number in range(2):
        write(plan, people[0], f"Words {number}")

        def publish(client: Client, what: str, seen: int = number) -> Any:
            typed = {"seen": str(seen), "what_changed": what, "why": "So"}
            return client.post(page(plan, "plan_publish", plan.pk), typed)

        answers = at_once(*(lambda who=who: publish(clients[who], f"By {who}") for who in (0, 1)))

        assert sorted(answer.status_code for answer in answers) == [302, 422]
        revision = PlanRevision.objects.get(plan=plan, number=number + 1)
        refused = next(answer for answer in answers if answer.status_code == 422).content.decode()
        assert f"Somebody else published revision {number + 1} in the meantime." in refused
        assert page(plan, "revision_detail", revision.pk) in refused
        assert revision.what_changed in refused
        told = Message.objects.filter(about=f"planrevision:{revision.pk}")
        assert set(told.values_list("recipient", flat=True)) == {*(one.pk for one in people)} - {
            revision.published_by_id
        }
    assert PlanRevision.objects.count() == 2


def test_who_says_twice_at_once_to_have_read_it_is_noted_once(plan: Plan) -> None:
    revision = services.publish_plan(
        plan=plan, what_changed="", why="", seen=0, by=make.person(Role.MANAGER, brand=plan.brand), now=NOW
    )
    reader = make.person(Role.GUEST, brand=plan.brand)
    clients = [signed_in(reader) for _ in range(4)]
    url = page(plan, "revision_acknowledge", revision.pk)

    answers = at_once(
        *(lambda client=client: client.post(url).status_code for client in clients),
        lambda: services.raise_calls(now=NOW),  # it would ask whoever joined since
    )

    assert answers[:4] == [302] * 4
    assert Acknowledgement.objects.get(user=reader).read_at == NOW
    assert not Message.objects.filter(recipient=reader, state="waiting").exists()


def test_bringing_back_and_publishing_stand_in_line(plan: Plan) -> None:
    manager, other = (make.person(Role.MANAGER, brand=plan.brand) for _ in range(2))
    write(plan, manager, "Old words")
    facts: Any = {"plan": plan, "what_changed": "", "why": "So", "now": NOW}
    old = services.publish_plan(**facts, seen=0, by=manager)
    for number in range(2):
        last = PlanRevision.objects.filter(number__isnull=False).order_by("-number")[0]
        write(plan, manager, f"New words {number}")
        draft = snapshot(plan)

        published, restored = at_once(
            lambda seen=last.number: services.publish_plan(**facts, seen=seen, by=manager),
            lambda: services.restore_revision(revision=old, by=other, now=NOW),
        )

        assert isinstance(restored, services.Restored)
        kept = PlanRevision.objects.filter(number=None).order_by("-pk")[0]
        assert kept.content == draft
        texts = [step["text"] for step in snapshot(plan)["steps"].values()]
        assert texts[0] == "Old words"
        if isinstance(published, PlanRevision):
            assert published.content in (draft, snapshot(plan))
        else:  # nothing was left to publish
            assert isinstance(published, services.PublishError)
    assert Event.objects.filter(verb="plans.revision_restored").count() == 2
