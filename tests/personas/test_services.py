"""The verbs of personas: who may, what is refused, what the history keeps."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from activity.models import Event
from core.errors import StaleError
from personas import services
from personas.facts import NOTHING_KNOWN
from personas.models import Persona, PersonaChannel, Presence
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


def test_create_persona_keeps_what_is_known_of_each_network_and_no_more() -> None:
    brand = make.brand()
    by = make.person(brand=brand)
    make.network("instagram")
    make.network("x")
    instagram = {
        "presence": "yes",
        "share_percent": 40,
        "source": "survey",
        "usage": "Looks at stories.",
        "sharing": "",
    }

    persona = services.create_persona(
        brand=brand, by=by, now=make.NOW, name="Léa", summary="New to filter coffee.",
        channels={"instagram": instagram, "x": {"presence": "unknown"}},
    )  # fmt: skip

    channel = PersonaChannel.objects.get(persona=persona)
    assert (channel.network_id, channel.presence, channel.share_percent) == ("instagram", "yes", 40)
    event = Event.objects.get()
    assert (event.verb, event.by, event.label) == ("personas.persona_created", by, "Léa")
    assert event.after == {"name": "Léa", "summary": "New to filter coffee.", "channel instagram": instagram}


def test_create_persona_refuses_a_name_in_use_in_any_case() -> None:
    brand = make.brand()
    make.persona(brand=brand, name="Léa")

    with pytest.raises(services.PersonaError) as refusal:
        services.create_persona(brand=brand, by=make.person(brand=brand), now=make.NOW, name="LÉA", summary="Again.")

    assert refusal.value.field == "name"
    assert Persona.objects.count() == 1


def test_create_persona_allows_the_name_of_another_brand() -> None:
    make.persona(name="Léa")
    brand = make.brand()

    services.create_persona(brand=brand, by=make.person(brand=brand), now=make.NOW, name="Léa", summary="Here.")

    assert brand.personas.count() == 1


def test_edit_persona_refuses_ages_in_the_wrong_order() -> None:
    persona = make.persona(age_min=30)

    with pytest.raises(services.PersonaError) as refusal:
        services.edit_persona(persona=persona, now=make.NOW, by=make.person(brand=persona.brand), age_max=20)

    assert refusal.value.field == "age_max"


def test_edit_persona_records_only_what_changed() -> None:
    persona = make.persona(job="barista", place="Lyon")
    make.persona_channel(persona=persona, usage="Reads.")

    services.edit_persona(
        persona=persona, now=make.NOW, by=make.person(brand=persona.brand), version=1, job="roaster", place="Lyon",
        channels={"instagram": {"presence": "no"}},
    )  # fmt: skip

    event = Event.objects.get()
    assert (event.before["job"], event.after["job"]) == ("barista", "roaster")
    assert event.after.keys() == {"job", "channel instagram"}
    assert event.after["channel instagram"]["presence"] == "no"
    persona.refresh_from_db()
    assert persona.version == 2


def test_edit_persona_that_changes_nothing_leaves_no_trace() -> None:
    persona = make.persona(job="barista")

    services.edit_persona(persona=persona, now=make.NOW, by=make.person(brand=persona.brand), version=1, job="barista")

    persona.refresh_from_db()
    assert (persona.version, Event.objects.count()) == (1, 0)


def test_edit_persona_refuses_an_older_version_whole() -> None:
    persona = make.persona(job="barista", version=3)
    make.network("x")

    with pytest.raises(StaleError):
        services.edit_persona(
            persona=persona, now=make.NOW, by=make.person(brand=persona.brand), version=2, job="roaster",
            channels={"x": {"presence": "yes"}},
        )  # fmt: skip

    persona.refresh_from_db()
    assert (persona.job, PersonaChannel.objects.count()) == ("barista", 0)


def test_edit_persona_forgets_a_network_of_which_nothing_is_known_any_more() -> None:
    persona = make.persona()
    make.persona_channel(persona=persona)
    make.persona_channel(persona=persona, network="x")

    services.edit_persona(
        persona=persona, now=make.NOW, by=make.person(brand=persona.brand), channels={"instagram": dict(NOTHING_KNOWN)}
    )

    assert list(persona.channels.values_list("network", flat=True)) == ["x"]


def test_note_inspiration_leaves_the_rest_of_the_channel_alone() -> None:
    persona = make.persona()
    make.persona_channel(persona=persona, usage="Looks at stories.", share_percent=40)

    services.note_inspiration(
        persona=persona, now=make.NOW, own_words="Ça réveille.",
        sharing={"instagram": "On Sunday mornings, to show a recipe."},
        by=make.person(brand=persona.brand), version=1,
    )  # fmt: skip

    channel = persona.channels.get()
    assert (channel.presence, channel.share_percent, channel.usage) == (Presence.YES, 40, "Looks at stories.")
    assert channel.sharing == "On Sunday mornings, to show a recipe."
    persona.refresh_from_db()
    assert persona.own_words == "Ça réveille."


def test_delete_persona_takes_the_answers_of_goals_with_it() -> None:
    persona = make.persona()
    goal = make.goal(brand=persona.brand)
    make.goal_persona(goal=goal, persona=persona)

    services.delete_persona(persona=persona, by=make.person(brand=persona.brand))

    assert (Persona.objects.count(), goal.persona_answers.count()) == (0, 0)
    assert Event.objects.get().verb == "personas.persona_deleted"


@pytest.mark.parametrize("role", [Role.GUEST, None])
def test_whoever_may_not_write_personas_is_refused(role: Role | None) -> None:
    persona = make.persona()
    by = make.person(role, brand=persona.brand) if role else make.person(Role.ADMIN)

    for verb, values in [
        (services.edit_persona, {"persona": persona, "now": make.NOW, "job": "roaster"}),
        (services.delete_persona, {"persona": persona}),
        (services.create_persona, {"brand": persona.brand, "now": make.NOW, "name": "A", "summary": "B"}),
        (services.note_inspiration, {"persona": persona, "now": make.NOW, "own_words": "x", "sharing": {}}),
    ]:
        with pytest.raises(PermissionDenied):
            verb(by=by, **values)

    persona.refresh_from_db()
    assert (persona.job, persona.own_words, Persona.objects.count()) == ("", "", 1)


# -- what the database refuses --------------------------------------------------------------------------------------


def test_database_refuses_a_name_in_use() -> None:
    persona = make.persona(name="Léa")

    with pytest.raises(IntegrityError, match="persona_name_unique"), transaction.atomic():
        make.persona(brand=persona.brand, name="léa")


def test_database_refuses_ages_in_the_wrong_order() -> None:
    with pytest.raises(IntegrityError, match="persona_ages_in_order"), transaction.atomic():
        make.persona(age_min=30, age_max=20)


def test_database_refuses_a_share_above_the_whole() -> None:
    with pytest.raises(IntegrityError, match="persona_channel_share_is_percent"), transaction.atomic():
        make.persona_channel(persona=make.persona(), share_percent=101)


def test_database_refuses_a_network_twice() -> None:
    channel = make.persona_channel(persona=make.persona())

    with pytest.raises(IntegrityError, match="persona_channel_unique"), transaction.atomic():
        make.persona_channel(persona=channel.persona)
