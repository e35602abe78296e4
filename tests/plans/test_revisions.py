"""Revisions of a plan: published once, read, compared, brought back; and what calls for the next one."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

import audits.services
from activity.models import Event, Message
from activity.services import record
from core.diff import Mark, words
from core.errors import StaleError
from core.prose import Block, blocks
from plans import services
from plans.changes import difference
from plans.models import Acknowledgement, CallKind, CallState, CallWatch, Goal, Plan, PlanRevision, RevisionCall
from plans.revisions import readers, unread_revision
from plans.snapshots import snapshot
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


def write(plan: Plan, by: User, text: str, version: int = 0, note: str = "", number: int = 1) -> Any:
    return services.edit_section(
        plan=plan, number=number, text=text, private_note=note, by=by, version=version, now=NOW
    )


def at(plan: Plan, name: str, **kwargs: Any) -> str:
    place = {"workspace": plan.brand.workspace.slug, "brand": plan.brand.slug}
    return reverse(name, kwargs={**place, **kwargs})


def said(answer: Any, selector: str = "main") -> str:
    found = BeautifulSoup(answer.content, "html.parser").select(selector)
    return " | ".join(" ".join(one.get_text(" ").split()) for one in found)


# -- pure -------------------------------------------------------------------------------------------------------------


def test_words_spell_both_versions() -> None:
    pieces = words("Three photos a week.", "Five short videos a week.")

    assert [(piece.mark, piece.text) for piece in pieces] == [
        (Mark.REMOVED, "Three photos"), (Mark.ADDED, "Five short videos"), (Mark.SAME, " a week."),
    ]  # fmt: skip
    assert "".join(piece.text for piece in pieces if piece.mark is not Mark.ADDED) == "Three photos a week."


def test_text_is_read_as_paragraphs_and_lists() -> None:
    assert blocks("One\ntwo\n\n- a\n- b\n1. c\n\n\n<b>x</b>") == [
        Block("lines", ["One", "two"]), Block("points", ["a", "b"]), Block("numbers", ["c"]),
        Block("lines", ["<b>x</b>"]),
    ]  # fmt: skip


# -- sections ---------------------------------------------------------------------------------------------------------


def test_second_of_two_who_write_the_same_section_sees_both_versions(plan: Plan, manager: User, client: Client) -> None:
    page = at(plan, "plan_section_edit", pk=plan.pk, step="goals")
    client.force_login(manager)
    shown = client.get(page)
    assert (shown.status_code, "Step(" in said(shown, "body")) == (200, False)
    write(plan, manager, "A colleague's words", note="Hush")

    refused = client.post(page, {"text": "My words", "private_note": "", "version": "0"})

    assert refused.status_code == 422
    assert "A colleague's words" in said(refused)
    assert "My words" in said(refused, "textarea")
    saved = client.post(page, {"text": "Both words", "private_note": "Hush", "version": "1"})
    assert saved.status_code == 302
    assert plan.sections.get().text == "Both words"
    assert Event.objects.filter(verb="plans.section_edited").count() == 2


def test_private_note_is_for_members_alone_and_in_no_snapshot(plan: Plan, manager: User, client: Client) -> None:
    write(plan, manager, "- Photos\n- <script>", note="The client is late")

    client.force_login(make.person(Role.GUEST, brand=plan.brand))
    page = client.get(at(plan, "plan_detail", pk=plan.pk))
    assert ("The client is late" in said(page), "<script>" in said(page, ".plan-text li")) == (False, True)
    client.force_login(make.person(Role.EDITOR, brand=plan.brand))
    assert "The client is late" in said(client.get(at(plan, "plan_detail", pk=plan.pk)))
    assert "late" not in str(snapshot(plan))
    with pytest.raises(PermissionDenied):
        write(plan, make.person(Role.EDITOR, brand=plan.brand), "No", 1)


# -- publishing -------------------------------------------------------------------------------------------------------


def test_publishing_tells_everybody_but_the_publisher_and_asks_twice_again(plan: Plan, manager: User) -> None:
    guest = make.person(Role.GUEST, brand=plan.brand)
    other = make.brand(workspace=plan.brand.workspace)
    stranger = make.member(Role.GUEST, workspace=plan.brand.workspace, brands=(other,)).user

    revision = publish(plan, manager)

    due = Message.objects.filter(recipient=guest).values_list("channel", "due_at").order_by("due_at", "channel")
    days = [(channel, NOW + timedelta(days=later)) for later in (0, 3, 7) for channel in ("email", "in_app")]
    assert list(due) == days
    assert not Message.objects.filter(recipient__in=(manager, stranger)).exists()
    assert [(reader.person, reader.read_at) for reader in readers(revision, plan.brand)] == [
        (guest, None), (manager, NOW),
    ]  # fmt: skip
    assert unread_revision(plan, guest) == revision
    services.acknowledge(revision=revision, by=guest, now=NOW)
    assert unread_revision(plan, guest) is None
    assert not Message.objects.filter(recipient=guest).exclude(state="canceled").exists()
    with pytest.raises(PermissionDenied):
        services.acknowledge(revision=revision, by=stranger, now=NOW)


def test_newer_revision_calls_off_the_reminders_of_the_older(plan: Plan, manager: User) -> None:
    guest = make.person(Role.GUEST, brand=plan.brand)
    publish(plan, manager)
    write(plan, manager, "New words")

    publish(plan, manager, seen=1)

    assert Message.objects.filter(recipient=guest, state="waiting").count() == 6
    assert Message.objects.filter(recipient=guest, state="canceled").count() == 6


def test_publishing_is_refused_when_it_must_be(plan: Plan, manager: User) -> None:
    publish(plan, manager, why="")
    with pytest.raises(StaleError):
        publish(plan, manager, seen=0)
    with pytest.raises(services.PublishError, match="Nothing changed since revision 1"):
        publish(plan, manager, seen=1)
    for title, comparison, value in (("Much", "at_least", 5), ("Little", "at_most", 2)):
        goal = make.goal(plan=plan, title=title)
        make.target(goal=goal, comparison=comparison, value=Decimal(value))
    with pytest.raises(services.PublishError) as refused:
        publish(plan, manager, seen=1, why="")
    assert refused.value.field == "why"
    with pytest.raises(services.PublishError) as refused:
        publish(plan, manager, seen=1)
    assert len(refused.value.problems) == 1
    with pytest.raises(PermissionDenied):
        publish(plan, make.person(Role.EDITOR, brand=plan.brand), seen=1)
    assert PlanRevision.objects.count() == 1


def test_revision_is_frozen(plan: Plan, manager: User) -> None:
    revision = publish(plan, manager)

    for act in (
        lambda: PlanRevision.objects.filter(pk=revision.pk).update(why="Other"),
        lambda: PlanRevision.objects.filter(pk=revision.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_publishing_page_starts_from_what_changed_and_what_was_taken_up(
    plan: Plan, manager: User, client: Client
) -> None:
    publish(plan, manager)
    goal = make.goal(plan=plan, title="Show our culture")
    call = make.revision_call(plan=plan, proposal={"name": "brulerie", "network": "Instagram"})
    services.take_up(call=call, by=manager, now=NOW + timedelta(minutes=1))
    client.force_login(manager)

    page = client.get(at(plan, "plan_publish", pk=plan.pk))

    assert said(page, "textarea[name=what_changed]") == (
        "- Goals: new in “Goals”: Show our culture - “brulerie” on Instagram is new. Say in the plan what it is for."
    )
    assert "0 of at least 3 goals are complete" in said(page)
    refused = client.post(at(plan, "plan_publish", pk=plan.pk), {"seen": "1", "what_changed": "Mine", "why": ""})
    assert (refused.status_code, said(refused, "textarea[name=what_changed]")) == (422, "Mine")
    stale = client.post(at(plan, "plan_publish", pk=plan.pk), {"seen": "0", "what_changed": "", "why": "So"})
    assert (stale.status_code, "Somebody else published revision 1" in said(stale)) == (422, True)
    sent = client.post(at(plan, "plan_publish", pk=plan.pk), {"seen": "1", "what_changed": "Mine", "why": "So"})
    assert sent.status_code == 302
    assert goal.title in said(client.get(sent["Location"]))


def test_prefilled_words_name_nobody_for_they_are_kept_for_good(plan: Plan, manager: User, client: Client) -> None:
    publish(plan, manager)
    member = make.member(Role.EDITOR, brand=plan.brand, user=make.user(name="Zebulon Quagga"))
    call = make.revision_call(plan=plan, kind="member", about=f"membership:{member.pk}", proposal={"role": "editor"})
    client.force_login(manager)
    assert "Zebulon Quagga joined as" in said(client.get(at(plan, "revision_call_list", pk=plan.pk)))
    services.take_up(call=call, by=manager, now=NOW + timedelta(minutes=1))

    page = client.get(at(plan, "plan_publish", pk=plan.pk))

    assert said(page, "textarea[name=what_changed]") == (
        "- Somebody joined as editor. Say in the plan what they answer for."
    )


def test_changes_are_marked_with_words(plan: Plan, manager: User, client: Client) -> None:
    section = write(plan, manager, "Three photos a week.")
    publish(plan, manager)
    client.force_login(manager)
    assert "Nothing changed since revision 1" in said(client.get(at(plan, "plan_changes", pk=plan.pk)))
    write(plan, manager, "Five photos a week.", section.version)

    page = client.get(at(plan, "plan_changes", pk=plan.pk))

    assert (said(page, "del"), said(page, "ins")) == ("removed: Three (end)", "added: Five (end)")
    kept = difference(PlanRevision.objects.get().content, snapshot(plan))
    assert [section.number for section in kept.changed] == [1]


def test_what_did_not_change_is_folded_and_counted(plan: Plan, manager: User, client: Client) -> None:
    make.goal(plan=plan)
    make.goal(plan=plan)
    publish(plan, manager)
    write(plan, manager, "New words")
    client.force_login(manager)

    page = client.get(at(plan, "plan_changes", pk=plan.pk))

    assert said(page, "#diff-1 ~ details summary") == "Goals: 2 unchanged"


# -- bringing back ----------------------------------------------------------------------------------------------------


def test_restored_revision_brings_back_what_it_can_and_says_what_not(plan: Plan, manager: User) -> None:
    brand = plan.brand
    instagram, persona = make.account(brand=brand), make.persona(brand=brand, name="Léa")
    objective = make.objective(brand=brand, title="More customers")
    facts: Any = {
        "title": "Show our culture", "action": "We share.", "objective": objective, "network": None, "owner": None,
        "starts_on": date(2026, 11, 2), "due_on": date(2026, 11, 29),
    }  # fmt: skip
    target: Any = {"metric": make.metric("published_deliveries"), "per": "week", "value": Decimal(3)}
    goal = services.create_goal(
        plan=plan, targets=[target, {**target, "account": instagram, "value": Decimal(1)}],
        answers={persona: "It helps."}, by=manager, now=NOW, **facts,
    )  # fmt: skip
    write(plan, manager, "Old words")
    old = publish(plan, manager)
    services.delete_goal(goal=goal, by=manager)
    write(plan, manager, "New words", 1, note="Ours")
    make.goal(plan=plan, title="Newer")
    persona.delete()
    audits.services.close_account(account=instagram, by=make.person(Role.ADMIN, brand=brand), now=NOW)
    before = snapshot(plan)

    tried = services.try_restoring(revision=old, by=manager, now=NOW)
    assert snapshot(plan) == before
    result = services.restore_revision(revision=old, by=manager, now=NOW)

    assert (result.lost, result.stayed) == (tried.lost, ["Newer"])
    assert len(result.lost) == 2
    back = Goal.objects.get(plan=plan, title="Show our culture")
    assert (back.targets.count(), back.persona_answers.count(), back.objective) == (1, 0, objective)
    section = plan.sections.get()
    assert (section.text, section.private_note) == ("Old words", "Ours")
    kept = PlanRevision.objects.get(number=None)
    assert (kept.content, kept.kept_for) == (before, 1)
    again = services.restore_revision(revision=kept, by=manager, now=NOW)
    assert plan.sections.get().text == "New words"
    assert again.stayed == ["Show our culture"]


def test_pages_of_revisions_show_them(plan: Plan, manager: User, client: Client) -> None:
    write(plan, manager, "Old words")
    first = publish(plan, manager)
    write(plan, manager, "New words", 1)
    second = publish(plan, manager, seen=1)
    client.force_login(manager)

    assert "Revision 2" in said(client.get(at(plan, "revision_list", pk=plan.pk)))
    compared = client.get(at(plan, "revision_compare", pk=plan.pk), {"from": first.pk, "to": second.pk})
    assert (said(compared, "del"), said(compared, "ins")) == ("removed: Old (end)", "added: New (end)")
    assert "Old words" in said(client.get(at(plan, "revision_detail", pk=first.pk)))
    preview = client.get(at(plan, "revision_restore", pk=first.pk))
    assert said(preview, "ins") == "added: Old (end)"
    assert client.post(at(plan, "revision_restore", pk=first.pk)).status_code == 302
    assert plan.sections.get().text == "Old words"
    guest = make.person(Role.GUEST, brand=plan.brand)
    client.force_login(guest)
    assert client.post(at(plan, "revision_acknowledge", pk=second.pk)).status_code == 302
    assert Acknowledgement.objects.get(revision=second, user=guest).read_at == NOW
    assert "Who has read it" not in said(client.get(at(plan, "revision_detail", pk=second.pk)))


# -- calls ------------------------------------------------------------------------------------------------------------


def happen(plan: Plan, verb: str, target: str, **values: Any) -> None:
    make.event(**{"brand": plan.brand, "verb": verb, "target": target, "label": "It", "at": NOW, **values})


def test_history_calls_for_a_revision_once(plan: Plan, manager: User) -> None:
    make.plan()  # of a stranger, who has published nothing
    parent = make.brand(workspace=plan.brand.workspace)
    plan.brand.parent = parent
    plan.brand.save()
    branch = make.brand(workspace=plan.brand.workspace, parent=plan.brand)
    goal = make.goal(plan=plan)
    publish(plan, manager)
    account, editor = make.account(brand=plan.brand), make.member(Role.EDITOR, brand=plan.brand)
    guest, of_parent = make.member(Role.GUEST, brand=plan.brand), make.goal(brand=parent)
    audit = make.audit(brand=plan.brand)
    happen(plan, "audits.account_created", f"socialaccount:{account.pk}")
    happen(plan, "audits.audit_closed", f"audit:{audit.pk}")
    happen(plan, "plans.goal_status_changed", f"goal:{goal.pk}", after={"status": "achieved"})
    happen(plan, "plans.goal_status_changed", f"goal:{goal.pk}", after={"status": "on_track"})
    for member in (editor, guest):
        joined = {"by": member.user, "target": member, "workspace": plan.brand.workspace}
        record(**joined, verb="teams.member_joined", after={"role": member.role})
    happen(plan, "teams.brand_created", f"brand:{branch.pk}", brand=branch)
    happen(plan, "plans.goal_edited", f"goal:{of_parent.pk}", brand=parent)

    counts = [services.raise_calls(now=NOW + timedelta(seconds=later)) for later in (1, 2)]

    assert counts == [6, 0]
    kinds = set(RevisionCall.objects.values_list("kind", flat=True))
    assert kinds == {"network", "audit", "achieved", "member", "branch", "parent"}
    told = Message.objects.filter(template="plans/messages/revision_calls").values_list("recipient", "channel")
    assert list(told) == [(manager.pk, "in_app")]
    assert CallWatch.objects.get().looked_until == NOW + timedelta(seconds=2)


def test_rooms_above_call_and_managers_settle(plan: Plan, manager: User, client: Client) -> None:
    proposal = {"name": "Offers", "account": "X · us", "actual": 40, "planned": 20, "month": "2026-10"}
    call = services.call_for_revision(
        plan=plan, kind=CallKind.DRIFT, about="matrix:1", proposal=proposal, now=NOW, cause="drift:1:2026-10"
    )
    assert call is not None
    client.force_login(manager)
    page = client.get(at(plan, "revision_call_list", pk=plan.pk))
    assert "“Offers” was 40% of what was published on X · us in October 2026, planned were 20%." in said(page)

    dismiss = at(plan, "revision_call_dismiss", pk=call.pk)
    refused = client.post(dismiss, {"reason": " "})
    assert (refused.status_code, "required" in said(refused, "#div_id_reason")) == (422, True)
    assert client.post(dismiss, {"reason": "It was the sale."}).status_code == 302
    assert client.post(dismiss, {"reason": "Again"}).status_code == 422
    call.refresh_from_db()
    assert (call.state, call.reason, call.settled_by) == (CallState.DISMISSED, "It was the sale.", manager)
    again = services.call_for_revision(
        plan=plan, kind=CallKind.DRIFT, about="matrix:1", proposal=proposal, now=NOW, cause="drift:1:2026-10"
    )
    assert again is None
    other = make.revision_call(plan=plan)
    assert client.post(at(plan, "revision_call_take", pk=other.pk)).status_code == 302
    assert "It was the sale." in said(client.get(at(plan, "revision_call_list", pk=plan.pk) + "?settled=1"))


@pytest.mark.parametrize("kind", CallKind)
def test_each_kind_of_call_has_its_words(plan: Plan, manager: User, client: Client, kind: CallKind) -> None:
    make.revision_call(plan=plan, kind=kind, about="membership:0" if kind in ("member", "role") else "brand:0")
    client.force_login(manager)

    assert client.get(at(plan, "revision_call_list", pk=plan.pk)).status_code == 200
