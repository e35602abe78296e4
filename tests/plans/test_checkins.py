"""Check-ins: how a goal goes in its owner's words; and what its owner is asked."""

import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activity.messages import drain
from activity.models import Event, Kind, Message
from core.duework import DueState, database_now
from core.errors import Refusal
from plans.chains import chain_of
from plans.models import CheckIn, Goal
from plans.rules.targets import Evaluation, Per, Status, TargetResult
from plans.rules.targets import Kind as TargetKind
from plans.services import (
    ask_owners,
    delete_check_in,
    edit_check_in,
    write_check_in,
)
from teams.exports import export_person
from teams.models import User
from teams.rules import Role
from teams.services import delete_person
from tests import make
from tests.judging import record_evaluation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CHECK_IN, NEXT = "plans/messages/goal_check_in", "plans/messages/goal_next"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def goal() -> Goal:
    """A goal of an editor, three months long, that has come to its middle."""
    brand = make.brand(name="Brûlerie")
    owner = make.person(Role.EDITOR, brand=brand)
    dates = {"starts_on": date(2026, 10, 1), "due_on": date(2026, 12, 31)}
    return make.goal(brand=brand, owner=owner, title="Show our culture", status="at_risk", **dates)


def owner_of(goal: Goal) -> User:
    assert goal.owner is not None
    return goal.owner


def write(goal: Goal, by: User | None = None, **values: Any) -> CheckIn:
    facts = {"note": "The photos are liked.", "confidence": "high", "now": make.NOW, **values}
    return write_check_in(goal=goal, by=by or owner_of(goal), **facts)


def url(goal: Goal, name: str = "goal_detail", pk: int | None = None) -> str:
    brand = goal.brand
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, "pk": pk or goal.pk})


def words(answer: Any, selector: str) -> list[str]:
    found = BeautifulSoup(answer.content, "html.parser").select(selector)
    return [" ".join(one.get_text(" ").split()) for one in found]


# -- verbs ------------------------------------------------------------------------------------------------------------


def test_owner_and_managers_write_check_ins_and_others_do_not(goal: Goal) -> None:
    write(goal)
    write(goal, make.person(Role.MANAGER, brand=goal.brand))
    for other in (make.person(Role.EDITOR, brand=goal.brand), make.person(Role.ADMIN)):
        with pytest.raises(PermissionDenied):
            write(goal, other)

    assert CheckIn.objects.count() == 2


def test_owner_who_left_the_workspace_writes_none(goal: Goal) -> None:
    owner_of(goal).memberships.all().delete()

    with pytest.raises(PermissionDenied):
        write(goal)


def test_check_in_keeps_where_the_goal_stood(goal: Goal) -> None:
    fields = {"per": Per.WHOLE, "status": Status.AT_RISK, "low": None, "high": None, "kind": TargetKind.TOTAL}
    targets = tuple(TargetResult(spec_id=n, share=share, **fields) for n, share in enumerate([0.9, 0.375, None]))
    evaluation = Evaluation(status=Status.AT_RISK, today=make.NOW.date(), targets=targets)
    record_evaluation(goal=goal, evaluation=evaluation, data_until=make.NOW, now=make.NOW)

    found = write(goal, note="  Fine.  ")

    assert (found.status, found.percent, found.note, found.at) == ("at_risk", 37, "Fine.", make.NOW)
    event = Event.objects.get()
    assert (event.verb, event.about, event.after) == (
        "plans.check_in_added", f"goal:{goal.pk}", {"note": "Fine.", "confidence": "high"},
    )  # fmt: skip


def test_author_changes_it_for_a_day_then_only_a_manager_does(goal: Goal) -> None:
    found, late = write(goal), make.NOW + DAY

    edit_check_in(check_in=found, note="Better.", confidence="low", by=owner_of(goal), now=late - timedelta(seconds=1))
    with pytest.raises(PermissionDenied):
        edit_check_in(check_in=found, note="Other.", confidence="low", by=owner_of(goal), now=late)
    with pytest.raises(PermissionDenied):
        delete_check_in(check_in=found, by=make.person(Role.EDITOR, brand=goal.brand), now=make.NOW)
    manager = make.person(Role.MANAGER, brand=goal.brand)
    edit_check_in(check_in=found, note="Best.", confidence="low", by=manager, now=late)

    found.refresh_from_db()
    assert (found.note, found.confidence, found.edited_at) == ("Best.", "low", late)
    delete_check_in(check_in=found, by=manager, now=late)
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "plans.check_in_added", "plans.check_in_edited", "plans.check_in_edited", "plans.check_in_deleted",
    ]  # fmt: skip


def test_empty_note_is_refused(goal: Goal) -> None:
    with pytest.raises(Refusal, match="Write how it goes"):
        write(goal, note=" \n ")


@pytest.mark.parametrize("values", [{"note": ""}, {"percent": 101}])
def test_database_refuses_nonsense(goal: Goal, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.check_in(goal=goal, **values)


def test_check_in_is_in_its_authors_copy_and_outlives_them_without_a_name(goal: Goal) -> None:
    owner, written = owner_of(goal), write(goal)

    with export_person(user=owner) as file, zipfile.ZipFile(file) as archive:
        named = json.loads(archive.read("named_in.json"))
    delete_person(user=owner, email=owner.email, now=make.NOW)

    assert {"table": "plans.CheckIn", "column": "by", "id": written.pk} in named
    written.refresh_from_db()
    assert (written.by, written.note) == (None, "The photos are liked.")


# -- the page ---------------------------------------------------------------------------------------------------------


def test_owner_checks_in_on_the_page_of_the_goal(goal: Goal, client: Client) -> None:
    client.force_login(owner_of(goal))
    make.check_in(goal=goal, at=make.NOW - 40 * DAY, note="Slow start.", confidence="low")

    sent = client.post(url(goal, "check_in_create"), {"note": "Better now.", "confidence": "medium"}, follow=True)

    assert sent.redirect_chain == [(f"{url(goal)}#check-ins", 302)]
    rows = words(sent, ".check-in")
    assert [row.split()[0] for row in rows] == ["Unsure", "Doubtful"]
    assert "Better now." in rows[0]
    assert "Somebody who left" in rows[1]
    assert [link["href"] for link in BeautifulSoup(sent.content, "html.parser").select(".check-in a")] == [
        url(goal, "check_in_edit", CheckIn.objects.get(note="Better now.").pk)
    ]


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_empty_note_is_refused_beside_its_field(goal: Goal, client: Client, htmx: dict[str, str]) -> None:
    client.force_login(owner_of(goal))

    answer = client.post(url(goal, "check_in_create"), {"note": "", "confidence": "low"}, headers=htmx)

    assert answer.status_code == 422
    assert words(answer, "#check-ins #div_id_note .field-error") != []
    chosen = BeautifulSoup(answer.content, "html.parser").select("#check-ins input[checked]")
    assert [one["value"] for one in chosen] == ["low"]


def test_guest_reads_check_ins_and_writes_none(goal: Goal, client: Client) -> None:
    written = write(goal)
    client.force_login(make.person(Role.GUEST, brand=goal.brand))

    page = client.get(url(goal))

    assert len(words(page, ".check-in")) == 1
    assert words(page, "#check-ins form, #check-ins a") == []
    assert words(client.get(url(goal, "check_in_edit", written.pk)), "main form") == []
    for name, pk in (("check_in_create", goal.pk), ("check_in_edit", written.pk), ("check_in_delete", written.pk)):
        assert client.post(url(goal, name, pk), {"note": "x", "confidence": "low"}).status_code == 403


def test_check_in_is_changed_and_deleted_on_its_own_page(goal: Goal, client: Client) -> None:
    client.force_login(owner_of(goal))
    written = write(goal)

    refused = client.post(url(goal, "check_in_edit", written.pk), {"note": "", "confidence": "low"})
    changed = client.post(url(goal, "check_in_edit", written.pk), {"note": "Doubts.", "confidence": "low"})

    assert (refused.status_code, changed.status_code) == (422, 302)
    written.refresh_from_db()
    assert written.note == "Doubts."
    assert client.post(url(goal, "check_in_delete", written.pk)).status_code == 302
    assert not CheckIn.objects.exists()


def test_page_of_a_goal_costs_the_same_however_much_it_shows(goal: Goal, client: Client) -> None:
    client.force_login(owner_of(goal))

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url(goal)).status_code == 200
        return len(found)

    def add(last: Goal) -> Goal:
        make.target(goal=goal, network="instagram")
        make.check_in(goal=goal, by=make.person(brand=goal.brand))
        make.goal_persona(goal=goal)
        return make.goal(plan=goal.plan, predecessor=last)

    last = add(goal)
    cost()
    one = cost()
    add(add(last))

    assert cost() == one
    page = client.get(url(goal))
    assert (len(words(page, ".check-in")), len(words(page, ".goal-chain li"))) == (3, 4)


# -- one goal after the other -----------------------------------------------------------------------------------------


def test_chain_goes_from_the_first_goal_to_the_last_and_ends() -> None:
    plan = make.plan()
    first = make.goal(plan=plan)
    second = make.goal(plan=plan, predecessor=first)
    third, other = make.goal(plan=plan, predecessor=second), make.goal(plan=plan, predecessor=second)
    alone = make.goal(plan=plan)

    for one in (first, second, third):
        found = [link.goal for link in chain_of(one)]
        assert found[:2] == [first, second]
        assert found[2:] == ([third] if one == third else [third, other])
    assert [link.is_here for link in chain_of(second)] == [False, True, False, False]
    assert chain_of(alone) == []
    Goal.objects.filter(pk=first.pk).update(predecessor=third)
    assert [link.goal for link in chain_of(first)] == [second, third, first]  # a ring is walked once


# -- what owners are asked --------------------------------------------------------------------------------------------


def asked(template: str) -> list[User]:
    found = Message.objects.filter(template=template, channel="email", kind=Kind.GOAL).select_related("recipient")
    return [message.recipient for message in found.order_by("pk") if message.recipient]


def test_owner_is_reminded_after_a_month_of_silence_and_once(goal: Goal) -> None:
    began = make.NOW - 53 * DAY
    for days in (29, 30, 31, 45, 59):
        ask_owners(now=began + days * DAY)
    assert asked(CHECK_IN) == [goal.owner]

    ask_owners(now=began + 61 * DAY)
    assert asked(CHECK_IN) == [goal.owner, goal.owner]


def test_check_in_silences_the_reminder_and_calls_off_one_that_waits(goal: Goal) -> None:
    ask_owners(now=make.NOW)
    write(goal)
    ask_owners(now=make.NOW + 29 * DAY)

    assert {message.state for message in Message.objects.filter(template=CHECK_IN)} == {DueState.CANCELED}
    assert len(asked(CHECK_IN)) == 1
    ask_owners(now=make.NOW + 31 * DAY)
    assert len(asked(CHECK_IN)) == 2


@pytest.mark.parametrize(
    "values",
    [{"owner": None}, {"status": "achieved"}, {"due_on": date(2026, 11, 20)}, {"starts_on": date(2026, 11, 2)}],
)
def test_who_has_nothing_to_say_is_not_reminded(goal: Goal, values: dict[str, Any]) -> None:
    Goal.objects.filter(pk=goal.pk).update(**values)

    ask_owners(now=make.NOW)

    assert asked(CHECK_IN) == []


def settle(goal: Goal, status: Status = Status.ACHIEVED, **values: Any) -> None:
    evaluation = Evaluation(status=status, today=make.NOW.date())
    record_evaluation(goal=goal, evaluation=evaluation, data_until=None, now=values.get("now", make.NOW))


def test_owner_who_may_write_goals_is_asked_for_the_next_one_once(goal: Goal) -> None:
    manager = make.person(Role.MANAGER, brand=goal.brand)
    make.person(Role.ADMIN, brand=goal.brand)
    Goal.objects.filter(pk=goal.pk).update(owner=manager)

    for hour, status in enumerate([Status.ACHIEVED, Status.ON_TRACK, Status.MISSED]):
        settle(goal, status, now=make.NOW + timedelta(hours=hour))
    ask_owners(now=make.NOW + DAY)

    assert asked(NEXT) == [manager]
    assert Message.objects.filter(template=NEXT)[0].url.endswith(f"/goals/new/?after={goal.pk}")


def test_managers_are_asked_when_the_owner_may_not_write_goals(goal: Goal) -> None:
    managers = [make.person(role, brand=goal.brand) for role in (Role.MANAGER, Role.ADMIN)]

    settle(goal)

    assert asked(NEXT) == managers


def test_goal_past_due_is_asked_about_before_its_last_figures_are_in(goal: Goal) -> None:
    manager = make.person(Role.MANAGER, brand=goal.brand)
    Goal.objects.filter(pk=goal.pk).update(due_on=make.NOW.date() - DAY)

    ask_owners(now=make.NOW)
    ask_owners(now=make.NOW + DAY)

    assert asked(NEXT) == [manager]


def test_goal_that_is_followed_already_is_not_asked_about(goal: Goal) -> None:
    make.person(Role.MANAGER, brand=goal.brand)
    make.goal(plan=goal.plan, predecessor=goal)

    settle(goal)
    ask_owners(now=make.NOW)

    assert asked(NEXT) == []


def test_asking_costs_nothing_per_goal_once_all_were_asked(goal: Goal) -> None:
    make.person(Role.MANAGER, brand=goal.brand)
    make.goal(brand=goal.brand, plan=goal.plan, status="missed")
    ask_owners(now=make.NOW)

    with CaptureQueriesContext(connection) as found:
        assert ask_owners(now=make.NOW + timedelta(minutes=10)) == 0

    assert len(found) == 2


SUBJECTS = {
    "en": [
        "How does it go? Show our culture", "On track: Show our culture", "Off track: Show our culture",
        "At risk: Show our culture", "Missed: Show our culture", "What comes after it? Show our culture",
    ],
    "fr": [
        "Où en est-on ? Show our culture", "En bonne voie : Show our culture", "En retard : Show our culture",
        "À surveiller : Show our culture", "Manqué : Show our culture", "Et ensuite ? Show our culture",
    ],
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_letters_reach_people_in_their_language(goal: Goal, smtp: Any, language: str) -> None:
    now = database_now()  # mails are sent by the clock of the database, and gathered when they are late
    manager = make.person(Role.MANAGER, brand=goal.brand)
    User.objects.filter(pk=manager.pk).update(language=language)
    dates = {"starts_on": now.date() - 60 * DAY, "due_on": now.date() + 30 * DAY}
    Goal.objects.filter(pk=goal.pk).update(owner=manager, **dates)

    with time_machine.travel(now):
        ask_owners(now=now)
        drain(now=now)
        for second, status in enumerate([Status.ON_TRACK, Status.OFF_TRACK, Status.AT_RISK, Status.MISSED]):
            settle(goal, status, now=now - timedelta(seconds=second))
        drain(now=now)

    assert sorted(mail["Subject"] for mail in smtp.messages) == sorted(SUBJECTS[language])
    bodies = [part.get_content() for mail in smtp.messages for part in mail.iter_parts()]
    assert len(bodies) == 2 * len(smtp.messages)
    assert all("Brûlerie" in body and "Show our culture" in body for body in bodies)
    assert sum(f"/goals/new/?after={goal.pk}" in body for body in bodies) == 2
    assert sum(f"/goals/{goal.pk}/#check-ins" in body for body in bodies) == 2
