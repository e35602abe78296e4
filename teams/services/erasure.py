"""Deleting a workspace with all that is in it, and a person with all that is theirs. Neither can be undone."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activity.messages import post_letter
from activity.models import Event
from core.errors import Refusal
from core.sessions import SessionStore
from core.uploads import forget, kept_files
from teams.access import require
from teams.borders import tables
from teams.models import ERASED_WORKSPACE, FORGOTTEN_PERSON, Invitation, Membership, User, Workspace
from teams.rules import Permission, Role
from teams.services.members import remove_member


class ErasureError(Refusal):
    """A workspace or a person cannot be deleted as asked."""


@transaction.atomic
def delete_workspace(*, workspace: Workspace, name: str, by: User, now: datetime) -> None:
    """Everything in the workspace is gone at once, its history included; the other members are told by mail.

    Raises ErasureError unless `name` is the workspace's own, typed again.
    """
    require(by, Permission.DELETE_WORKSPACE, workspace)
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    if name.strip() != workspace.name:
        raise ErasureError(_("Type the name exactly as it stands above."), field="name")
    people = [row.user for row in Membership.objects.filter(workspace=workspace).select_related("user")]
    _tell(workspace, (person for person in people if person != by), by, now)
    _leave_sessions(workspace, people)
    _erase(workspace)


@transaction.atomic
def delete_person(*, user: User, email: str, now: datetime) -> None:
    """The person is gone: addresses, second factors, sessions, memberships, what they were told. What they did in
    workspaces of others stays, done by somebody who left; a workspace in which they were alone goes with them.

    Raises ErasureError unless `email` is their own, typed again, and where others would be left without an admin.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if email.strip().lower() != user.email:
        raise ErasureError(_("Type your address exactly as it stands above."), field="email")
    list(Workspace.objects.select_for_update().filter(memberships__user=user).order_by("pk"))
    if left := blocking(user):
        words = _now("You are the only admin of %(places)s. Make somebody else admin there, or delete the workspace.")
        raise ErasureError(words % {"places": ", ".join(place.name for place in left)})
    alone = alone_in(user)
    _forget(user)
    for workspace in alone:
        _erase(workspace)
    for membership in Membership.objects.filter(user=user):
        remove_member(membership=membership, by=user)
    _forget(user)  # the last lines of all too
    _letter(user, "teams/letters/person_deleted", {"name": str(user)}, now)
    _end_sessions(user)
    user.delete()


def blocking(user: User) -> list[Workspace]:
    """The workspaces of others that would be left without an admin."""
    return [place for place, members in _only_admin(user) if members > 1]


# -- workspaces -------------------------------------------------------------------------------------------------------


def _erase(workspace: Workspace) -> None:
    """Table by table; the triggers that keep the history and closed audits let this one workspace's rows go."""
    _say(ERASED_WORKSPACE, str(workspace.pk))
    for model, way in tables():
        for name in kept_files(model, model._base_manager.filter(**{way: workspace})):
            forget(name)
        model._base_manager.filter(**{way: workspace})._raw_delete("default")
    Workspace.objects.filter(pk=workspace.pk)._raw_delete("default")
    _say(ERASED_WORKSPACE, "")


def _tell(workspace: Workspace, people: Iterable[User], by: User, now: datetime) -> None:
    for person in people:
        _letter(person, "teams/letters/workspace_deleted", {"place": workspace.name, "name": str(by)}, now)


def _leave_sessions(workspace: Workspace, people: Iterable[User]) -> None:
    """Nobody's session goes on naming it."""
    for row in UserSession.objects.filter(user__in=[person.pk for person in people]):
        session = SessionStore(row.session_key)
        if session.get("workspace") == workspace.slug:
            del session["workspace"]
            session.save()


# -- people -----------------------------------------------------------------------------------------------------------


def _only_admin(user: User) -> list[tuple[Workspace, int]]:
    """The workspaces whose only admin the person is, and how many members each has."""
    found = []
    for own in Membership.objects.filter(user=user, role=Role.ADMIN).select_related("workspace"):
        members = list(Membership.objects.filter(workspace=own.workspace).values_list("role", flat=True))
        if members.count(Role.ADMIN) == 1:
            found.append((own.workspace, len(members)))
    return found


def alone_in(user: User) -> list[Workspace]:
    """The workspaces in which nobody else is."""
    return [place for place, members in _only_admin(user) if members == 1]


def _forget(user: User) -> None:
    """Every room forgets the person's name; what is kept for good allows it while the person is named here."""
    addresses = list(EmailAddress.objects.filter(user=user).values_list("email", flat=True))
    names = {user.email, *addresses, str(user)}
    places = set(Membership.objects.filter(user=user).values_list("workspace", flat=True))
    places |= set(Event.objects.filter(by=user).values_list("workspace", flat=True))
    places |= set(Invitation.objects.filter(email__in=names).values_list("workspace", flat=True))
    _say(FORGOTTEN_PERSON, str(user.pk))
    for path in settings.FORGETTERS:
        import_string(path)(user=user, names=names, workspaces=places)
    Invitation.objects.filter(email__in=names).delete()
    _say(FORGOTTEN_PERSON, "")


def _end_sessions(user: User) -> None:
    rows = UserSession.objects.filter(user=user)
    for key in rows.values_list("session_key", flat=True):
        SessionStore(key).delete()
    rows.delete()


# -- parts ------------------------------------------------------------------------------------------------------------


def _say(setting: str, value: str) -> None:
    """For the rest of this transaction, or until it is said otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])


def _letter(person: User, template: str, context: dict[str, str], now: datetime) -> None:
    with translation.override(person.language):
        subject = render_to_string(f"{template}/subject.txt", context).strip()
        text = render_to_string(f"{template}/body.txt", context)
    post_letter(address=person.email, language=person.language, subject=subject, text=text, due_at=now)
