"""The history: written by services, changed by nobody."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from activity.models import Event
from activity.services import changes, record, ref
from teams.models import ERASED_WORKSPACE
from tests import make

pytestmark = pytest.mark.django_db


def test_ref_names_a_thing() -> None:
    brand = make.brand()

    assert ref(brand) == f"brand:{brand.pk}"


def test_changes_are_what_differs() -> None:
    before, after = changes({"name": "Old", "zone": "UTC", "gone": 1}, {"name": "New", "zone": "UTC", "come": 2})

    assert before == {"name": "Old", "gone": 1, "come": None}
    assert after == {"name": "New", "gone": None, "come": 2}


def test_record_keeps_who_did_what_to_which_thing() -> None:
    brand, by = make.brand(name="Aurore"), make.user()

    was, becomes = {"name": "A"}, {"name": "B"}
    event = record(by=by, verb="teams.brand_edited", target=brand, brand=brand, before=was, after=becomes)

    event.refresh_from_db()
    assert (event.workspace, event.brand, event.by) == (brand.workspace, brand, by)
    assert (event.verb, event.target, event.label) == ("teams.brand_edited", f"brand:{brand.pk}", "Aurore")
    assert (event.before, event.after) == ({"name": "A"}, {"name": "B"})


def test_record_writes_times_and_numbers_as_text() -> None:
    brand = make.brand()
    values = {"at": make.NOW, "on": date(2026, 11, 23), "clock": time(9, 30), "value": Decimal("3.50"), "who": brand}

    event = record(by=None, verb="plans.goal_edited", target=brand, brand=brand, after=values)

    assert event.after == {
        "at": "2026-11-23T09:00:00Z", "on": "2026-11-23", "clock": "09:30:00", "value": "3.50", "who": brand.name,
    }  # fmt: skip


def test_record_in_a_workspace_names_no_brand() -> None:
    workspace = make.workspace()

    event = record(by=None, verb="teams.workspace_created", target=workspace, workspace=workspace)

    assert (event.workspace, event.brand) == (workspace, None)


CHANGES: list[dict[str, object]] = [
    {"verb": "other"}, {"label": "x"}, {"before": {"a": 1}}, {"after": {"a": 1}}, {"brand_id": None},
    {"is_automatic": True}, {"at": make.NOW},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_history_refuses_to_be_changed(change: dict[str, object]) -> None:
    event = make.event(by=make.user())

    with pytest.raises(Error, match=r"Cannot update|not rewritten"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(**change)


def test_history_refuses_another_doer() -> None:
    event, nobodys = make.event(by=make.user()), make.event(by=None)

    for line in (event, nobodys):
        with pytest.raises(Error, match="Cannot update"), transaction.atomic():
            Event.objects.filter(pk=line.pk).update(by=make.user())


@pytest.mark.parametrize("how", ["DELETE FROM activity_event", "TRUNCATE activity_event"])
@pytest.mark.parametrize("erased", ["", "0", "anything"])
def test_history_refuses_to_be_deleted(how: str, erased: str) -> None:
    make.event()
    connection.check_constraints()  # what is pending would be refused for another reason

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [ERASED_WORKSPACE, erased])
        with pytest.raises(Error, match="loses no line"), transaction.atomic():
            cursor.execute(how)


def test_history_of_an_erased_workspace_takes_no_other_along() -> None:
    mine, other = make.event(), make.event()

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [ERASED_WORKSPACE, str(mine.workspace_id)])
        cursor.execute("DELETE FROM activity_event WHERE id = %s", [mine.pk])
        with pytest.raises(Error, match="loses no line"), transaction.atomic():
            cursor.execute("DELETE FROM activity_event WHERE id = %s", [other.pk])
    assert list(Event.objects.all()) == [other]


def test_history_survives_the_person() -> None:
    by = make.user()
    event = make.event(by=by)

    by.delete()

    event.refresh_from_db()
    assert event.by is None
