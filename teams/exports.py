"""Everything that is kept about a person, or in a workspace, as one ZIP file: JSON for programs, CSV for people.

Rows are read some hundred at a time and written to a file: a big workspace takes no more memory than a small one.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Field, Model, QuerySet

from activity.models import Event, Hours, Message, Notification, Preference, Visit
from activity.queries import notifications_for
from activity.services import record
from core import sheets
from core.fields import EncryptedTextField
from core.uploads import kept_files
from teams.access import require
from teams.borders import tables
from teams.models import Invitation, Membership, User, Workspace
from teams.rules import Permission

AT_ONCE = 500  # rows
KEPT_BACK = {"password", "token_hash", "lease_token", "cursor"}  # of use to a thief or to nobody
# Columns of what is kept about a person; of the messages to them, when and about what, as others are named in them.
OF_PERSON: dict[type[Model], list[str]] = {
    User: ["email", "name", "language", "time_zone", "date_joined", "last_login"],
    EmailAddress: ["email", "verified", "primary"],
    Authenticator: ["type", "created_at", "last_used_at"],
    UserSession: ["created_at", "ip", "last_seen_at", "user_agent"],
    Membership: ["workspace__name", "role", "joined_at"],
    Invitation: ["workspace__name", "email", "role", "created_at", "expires_at", "accepted_at", "canceled_at"],
    Preference: ["kind", "in_app", "email"],
    Hours: ["quiet_from", "quiet_until", "lets_reminders", "daily_at"],
    Message: ["channel", "kind", "due_at", "done_at", "state"],
    Visit: ["brand__name", "seen_at", "before_at"],
}
NOTICE = ["created_at", "read_at", "kind", "title", "body", "url"]
DEED = ["at", "workspace__name", "brand__name", "verb", "label"]


def export_workspace(*, workspace: Workspace, by: User) -> IO[bytes]:
    """A ZIP file, open at its beginning: for each table of the workspace one JSON and one CSV file."""
    require(by, Permission.EXPORT_WORKSPACE, workspace)
    record(by=by, verb="teams.workspace_exported", target=workspace, workspace=workspace)
    with _Zip() as archive:
        archive.table(Workspace, Workspace.objects.filter(pk=workspace.pk), columns(Workspace))
        for model, way in tables():
            rows = model._base_manager.filter(**{way: workspace})
            archive.table(model, rows, columns(model))
            archive.files(kept_files(model, rows))
        people = User.objects.filter(memberships__workspace=workspace)
        archive.table(User, people, ["id", "name", "email", "language", "time_zone"])
    return archive.file


def export_person(*, user: User) -> IO[bytes]:
    """A ZIP file, open at its beginning: what is theirs, what they were told and did, and where else they are named."""
    with _Zip() as archive:
        for model, names in OF_PERSON.items():
            archive.table(model, _of(model, user), names)
        archive.table(Notification, notifications_for(user), NOTICE)
        archive.table(Event, Event.objects.filter(by=user), DEED)
        archive.rows("named_in", ["table", "column", "id"], _named_in(user))
    return archive.file


def columns(model: type[Model]) -> list[str]:
    """What of a table leaves the house: all but secrets, and files that are made anew at any time."""
    kept_back = [field for field in model._meta.concrete_fields if _is_secret(field)]
    return [field.attname for field in model._meta.concrete_fields if field not in kept_back]


def _is_secret(field: "Field[Any, Any]") -> bool:
    return isinstance(field, EncryptedTextField | BinaryField) or field.name in KEPT_BACK


def _of(model: type[Model], user: User) -> "QuerySet[Any]":
    addresses = EmailAddress.objects.filter(user=user).values("email")
    wanted: dict[type[Model], dict[str, Any]] = {
        User: {"pk": user.pk}, Message: {"recipient": user}, Invitation: {"email__in": addresses},
    }  # fmt: skip
    return model._base_manager.filter(**wanted.get(model, {"user": user}))


def _named_in(user: User) -> Iterator[tuple[Any, ...]]:
    """Where else a row says that they wrote, own, or decided it: what it says belongs to its workspace."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is User and model not in OF_PERSON:
                rows = model._base_manager.filter(**{field.name: user}).order_by("pk").values_list("pk", flat=True)
                for key in rows.iterator(chunk_size=AT_ONCE):
                    yield model._meta.label, field.name, key


class _Zip:
    """A ZIP file in the making, on the disk once it is big."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2**20)  # noqa: SIM115 -- whoever sends it closes it
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> "_Zip":
        return self

    def __exit__(self, *failure: object) -> None:
        self._zip.close()
        self.file.seek(0)

    def table(self, model: type[Model], rows: "QuerySet[Any]", names: Sequence[str]) -> None:
        self.rows(model._meta.label_lower, names, _pieces(rows, names))

    def files(self, names: Iterable[str]) -> None:
        """Pictures, as they are kept; one that is gone from the disk is left out."""
        for name in names:
            if default_storage.exists(name):
                with default_storage.open(name) as file:
                    self._zip.writestr(f"files/{name}", file.read())

    def rows(self, name: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Both files of a table from one reading: the second is written aside, as a ZIP file takes one at a time."""
        with tempfile.TemporaryFile() as aside:
            page = io.TextIOWrapper(aside, "utf-8-sig", newline="")
            sheet = sheets.Writer(page)
            sheet.row(names)
            with self._zip.open(f"{name}.json", "w") as sink:
                start = "["
                for row in rows:
                    line = json.dumps(dict(zip(names, row, strict=True)), cls=DjangoJSONEncoder, ensure_ascii=False)
                    sink.write(f"{start}\n{line}".encode())
                    sheet.row([_cell(value) for value in row])
                    start = ","
                sink.write(b"\n]\n" if start == "," else b"[]\n")
            page.flush()
            page.detach()
            aside.seek(0)
            with self._zip.open(f"{name}.csv", "w") as sink:
                while piece := aside.read(2**16):
                    sink.write(piece)


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return value


def _pieces(rows: "QuerySet[Any]", names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows in the order of their keys, some hundred at a time."""
    last: Any = None
    while True:
        piece = rows.order_by("pk") if last is None else rows.filter(pk__gt=last).order_by("pk")
        found = list(piece.values_list("pk", *names)[:AT_ONCE])
        yield from (row[1:] for row in found)
        if len(found) < AT_ONCE:
            return
        last = found[-1][0]
