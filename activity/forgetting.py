"""What the history and the notices of others still say of a person who is deleted."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from activity.models import Event, Message
from activity.noted import model_of
from activity.services import ref
from teams.models import Membership, User

OF_PEOPLE = ("membership:", "invitation:", "planshare:")  # lines whose label is a name or an address


def forget(*, user: User, names: Collection[str], workspaces: Collection[int]) -> None:
    """Takes the person's name and addresses out of others' lines and lists. What they did stays, without a name.

    `names` are what they are called; `workspaces` those in which they were.
    """
    joined = Event.objects.filter(by=user, verb="teams.member_joined").values_list("target", flat=True)
    mine = [ref(row) for row in Membership.objects.filter(user=user)] + list(joined)
    Message.objects.filter(about__in=mine).delete()
    lines = Event.objects.filter(workspace__in=workspaces)
    of_people = Q()
    for start in OF_PEOPLE:
        of_people |= Q(target__startswith=start)
    lines.filter(of_people, Q(label__in=names) | Q(target__in=mine)).update(label="")
    for event in lines.filter(_says(names)).iterator(chunk_size=500):
        before, after = _without(event, event.before, names), _without(event, event.after, names)
        if (before, after) != (event.before, event.after):
            Event.objects.filter(pk=event.pk).update(before=before, after=after)


def _says(names: Collection[str]) -> Q:
    said = Q()
    for name in names:
        said |= Q(before__icontains=name) | Q(after__icontains=name)
    return said


def _without(event: Event, values: Any, names: Collection[str]) -> Any:
    """The values, but for people whom they name."""
    return {name: "" if value in names and _is_person(event, name) else value for name, value in values.items()}


def _is_person(event: Event, name: str) -> bool:
    model = model_of(event.target)
    fields = {field.name: field.related_model for field in model._meta.concrete_fields} if model else {}
    return fields.get(name) is User
