"""Copies of what is kept, and its end: of a workspace, and of a person in the workspaces of others."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from activity import messages
from activity.models import Event, Message
from activity.queries import lines
from activity.services import record
from audits import services as audits
from audits.models import AccountReview, Audit
from teams import services
from teams.borders import tables
from teams.exports import export_person, export_workspace
from teams.models import Brand, Invitation, Membership, User, Workspace
from teams.rules import Role
from tests import make
from tests.test_borders import one_of_everything

pytestmark = pytest.mark.django_db


def files(archive: Any) -> dict[str, bytes]:
    with archive, zipfile.ZipFile(archive) as found:
        return {name: found.read(name) for name in found.namelist()}


def furnished() -> Brand:
    brand = make.brand()
    one_of_everything(brand)
    make.connection(account=make.account(brand=brand, network="mastodon"), token="a secret token")
    return brand


def confirmed(client: Client, person: User) -> Client:
    """Signed in, and asked again for the password just now."""
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    return client


def signed_in(person: User) -> Client:
    """In another browser, as people sign in."""
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    return client


def left_in(workspace: int) -> dict[str, int]:
    """How many rows of each table still belong to a workspace of that number."""
    counts = {model._meta.label: model._base_manager.filter(**{way: workspace}).count() for model, way in tables()}
    return {label: count for label, count in counts.items() if count}


def close(audit: Audit, by: User) -> None:
    """Which nothing but its workspace may take along."""
    AccountReview.objects.filter(audit=audit).update(decision="keep", reason="It is read.")
    audits.close_audit(audit=audit, next_due_on=date(2027, 3, 1), by=by, now=make.NOW)


# -- a workspace ------------------------------------------------------------------------------------------------------


def test_every_table_of_a_workspace_is_known() -> None:
    rooms = ("activity", "personas", "audits", "plans", "calendar_app", "analytics", "surveys", "teams")
    ours = {model._meta.label for model in apps.get_models() if model._meta.app_label in rooms}
    known = [model._meta.label for model, _way in tables()]

    nobodys = {"activity.Heartbeat", "activity.Hours", "activity.Preference", "teams.User", "teams.Workspace"}
    assert ours - set(known) == nobodys
    assert known[-1] == "teams.Brand"


def test_copy_of_a_workspace_holds_its_rows_and_no_secret() -> None:
    brand, other = furnished(), furnished()
    admin = make.person(Role.ADMIN, brand=brand)
    make.post(brand=brand, title="=1+1")

    found = files(export_workspace(workspace=brand.workspace, by=admin))

    posts = json.loads(found["calendar_app.post.json"])
    sheet = list(csv.DictReader(io.StringIO(found["calendar_app.post.csv"].decode("utf-8-sig"))))
    brands = {row["id"] for row in json.loads(found["teams.brand.json"])}
    whole = b"".join(found.values()).decode()
    assert [post["title"] for post in posts][-1] == "=1+1"
    assert {post["brand_id"] for post in posts} == {brand.pk}
    assert sheet[-1]["title"] == "'=1+1"
    assert brands == set(Brand.objects.filter(workspace=brand.workspace).values_list("pk", flat=True))
    secrets = ["a secret token", *Invitation.objects.values_list("token_hash", flat=True)]
    assert not any(secret in whole for secret in secrets)
    assert other.name not in whole
    assert len(found) == 2 * (len(tables()) + 2)


def test_pictures_are_copied_and_deleted_with_their_workspace(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ours, theirs = make.persona(portrait="portraits/ours.webp"), make.persona(portrait="portraits/theirs.webp")
    for one in (ours, theirs):
        default_storage.save(one.portrait.name, ContentFile(b"a picture"))
    place = ours.brand.workspace
    admin = make.person(Role.ADMIN, workspace=place)

    found = files(export_workspace(workspace=place, by=admin))
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_workspace(workspace=place, name=place.name, by=admin, now=make.NOW)

    assert {name: body for name, body in found.items() if name.startswith("files/")} == {
        "files/portraits/ours.webp": b"a picture"
    }
    assert [default_storage.exists(one.portrait.name) for one in (ours, theirs)] == [False, True]


def test_copy_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row once, also where the pieces meet."""
    monkeypatch.setattr("teams.exports.AT_ONCE", 2)
    brand = make.brand()
    admin = make.person(Role.ADMIN, brand=brand)
    keys = [make.post(brand=brand).pk for _ in range(5)]

    found = files(export_workspace(workspace=brand.workspace, by=admin))

    assert [post["id"] for post in json.loads(found["calendar_app.post.json"])] == keys


def test_deleted_workspace_leaves_nothing_and_takes_nothing_else_along() -> None:
    brand, other = furnished(), furnished()
    admin, colleague = make.person(Role.ADMIN, brand=brand), make.person(Role.EDITOR, brand=brand)
    close(Audit.objects.get(brand=brand), admin)
    place, before = brand.workspace, left_in(other.workspace_id)

    services.delete_workspace(workspace=place, name=place.name, by=admin, now=make.NOW)
    connection.check_constraints()

    letters = {row.address for row in Message.objects.filter(about__startswith="letter:") if place.name in row.sealed}
    assert left_in(place.pk) == {}
    assert not Workspace.objects.filter(pk=place.pk).exists()
    assert left_in(other.workspace_id) == before
    assert colleague.email in letters
    assert admin.email not in letters
    assert User.objects.filter(pk=colleague.pk).exists()
    with pytest.raises(Exception, match="loses no line"):
        Event.objects.all().delete()


def test_workspace_is_deleted_by_an_admin_and_its_typed_name_only() -> None:
    admin = make.member(Role.ADMIN)
    place = admin.workspace
    manager = make.person(Role.MANAGER, workspace=place)

    with pytest.raises(services.ErasureError):
        services.delete_workspace(workspace=place, name=place.name.lower(), by=admin.user, now=make.NOW)
    with pytest.raises(Exception, match="needs the role"):
        services.delete_workspace(workspace=place, name=place.name, by=manager, now=make.NOW)

    assert Workspace.objects.filter(pk=place.pk).exists()


def test_workspace_is_deleted_on_its_page_and_forgotten_by_sessions(client: Client) -> None:
    admin = make.member(Role.ADMIN)
    place = admin.workspace
    colleague = signed_in(make.member(Role.EDITOR, workspace=place).user)
    colleague.get(reverse("workspace_home", args=[place.slug]))
    remembered = colleague.session.get("workspace")
    address = reverse("workspace_delete", args=[place.slug])
    confirmed(client, admin.user)

    shown, refused = client.get(address), client.post(address, {"name": "x"})
    gone = client.post(address, {"name": place.name})

    assert (shown.status_code, refused.status_code, gone.status_code) == (200, 422, 302)
    assert "exactly as it stands" in refused.content.decode()
    assert client.get(gone.url).status_code == 200
    assert (remembered, colleague.session.get("workspace"), client.session.get("workspace")) == (place.slug, None, None)
    assert client.get(address).status_code == 404


# -- who may ----------------------------------------------------------------------------------------------------------

SENSITIVE = ["person_export", "person_delete", "workspace_export", "workspace_delete"]


@pytest.mark.parametrize("name", SENSITIVE)
def test_sensitive_act_asks_who_it_is_and_then_goes_on(name: str, client: Client) -> None:
    admin = make.member(Role.ADMIN)
    address = reverse(name, args=[admin.workspace.slug] if name.startswith("workspace") else [])
    client.force_login(admin.user)

    asked = client.post(address, {"name": admin.workspace.name, "email": admin.user.email})
    wrong = client.post(asked.url, {"password": "wrong"})
    is_untouched = Membership.objects.filter(pk=admin.pk).exists()
    done = client.post(asked.url, {"password": make.PASSWORD})

    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert (wrong.status_code, is_untouched) == (422, True)
    if name.endswith("export"):
        assert zipfile.ZipFile(io.BytesIO(b"".join(done.streaming_content))).testzip() is None
        done.close()
    else:
        assert done.status_code == 302
        assert not Workspace.objects.filter(pk=admin.workspace_id).exists()


LIBRARYS = [
    "account_email",
    "account_change_password",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
]


@pytest.mark.parametrize("name", LIBRARYS)
def test_sign_in_is_changed_by_whoever_confirms_who_they_are(name: str, client: Client) -> None:
    """The library's own pages ask as well; a new password asks for the old one."""
    client.force_login(person := make.user())
    password = "another quiet harbor 8"
    values = {"action_add": "", "email": "thief@example.com", "oldpassword": "wrong"}

    answer = client.post(reverse(name), {**values, "password1": password, "password2": password})

    assert answer.status_code == 422 or "reauthenticate" in answer.url
    assert not EmailAddress.objects.filter(email="thief@example.com").exists()
    assert User.objects.get(pk=person.pk).check_password(make.PASSWORD)


def test_copies_are_limited(client: Client) -> None:
    confirmed(client, make.user())

    answers = [client.post(reverse("person_export")) for _ in range(7)]
    for answer in answers:
        answer.close()

    assert [answer.status_code for answer in answers] == [200] * 6 + [429]


# -- a person ---------------------------------------------------------------------------------------------------------


def test_copy_of_a_person_holds_what_is_theirs_only() -> None:
    brand = make.brand()
    person, other = make.person(Role.EDITOR, brand=brand), make.person(Role.EDITOR, brand=brand)
    post = make.post(brand=brand, author=person, title="A title of the workspace")
    for to in (person, other):
        make.notification(user=to, title=f"For <{to.name}>")
        record(by=to, verb="calendar.post_created", target=post, brand=brand, label=f"By <{to.name}>")

    found = files(export_person(user=person))

    whole = b"".join(found.values()).decode()
    assert json.loads(found["teams.user.json"])[0]["email"] == person.email
    assert all(words in whole for words in (f"For <{person.name}>", f"By <{person.name}>"))
    assert {"table": "calendar_app.Post", "column": "author", "id": post.pk} in json.loads(found["named_in.json"])
    hidden = (other.email, f"<{other.name}>", person.password, "A title of the workspace")
    assert not any(words in whole for words in hidden)


def test_only_admin_of_others_is_told_what_to_do_first(client: Client) -> None:
    admin = make.member(Role.ADMIN)
    make.member(Role.EDITOR, workspace=admin.workspace)
    confirmed(client, admin.user)

    page = client.get(reverse("person_data")).content.decode()
    refused = client.post(reverse("person_delete"), {"email": admin.user.email})

    assert reverse("member_list", args=[admin.workspace.slug]) in page
    assert reverse("person_delete") not in page
    assert refused.status_code == 422
    assert "Make somebody else admin there" in refused.content.decode()
    assert User.objects.filter(pk=admin.user_id).exists()


def test_person_is_deleted_by_their_typed_address_only() -> None:
    person = make.user()

    with pytest.raises(services.ErasureError):
        services.delete_person(user=person, email="x@example.com", now=make.NOW)

    assert User.objects.filter(pk=person.pk).exists()


def test_deleted_person_is_nowhere_named_and_their_work_stays() -> None:
    """Their name and address, in whatever letters, are in no row of any table."""
    brand = make.brand()
    admin = make.member(Role.ADMIN, brand=brand).user
    person = make.user(name="Zebulon Quagga", email="zebulon@example.com")
    now = datetime.now(UTC)
    invitation = services.invite(workspace=brand.workspace, email=person.email, role=Role.ADMIN, by=admin, now=now)
    membership = services.accept_invitation(invitation=invitation, by=person, now=now)
    account, audit = make.account(brand=brand, owner=person), make.audit(brand=brand)
    make.review(audit=audit, account=account)
    close(audit, person)
    audits.edit_account(account=account, by=admin, owner=None)
    post = make.post(brand=brand, author=person)
    record(by=person, verb="calendar.post_created", target=post, brand=brand)
    services.change_member(membership=membership, role=Role.EDITOR, by=admin)
    alone = make.member(Role.ADMIN, user=person).workspace

    services.delete_person(user=person, email=person.email, now=make.NOW)
    connection.check_constraints()

    Message.objects.filter(address=person.email).delete()  # the letter that tells them: forgotten once it has gone
    post.refresh_from_db()
    history = [line.words for line in lines(Event.objects.filter(brand=brand).select_related("by"))]
    assert naming("zebulon") == []
    assert not Workspace.objects.filter(pk=alone.pk).exists()
    assert post.author is None
    assert any("Somebody who left" in words for words in history)
    assert not any("Sextant" in words for words in history)


def naming(word: str) -> list[str]:
    """The tables in which a word stands."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        one = "SELECT '{0}' FROM {0} t WHERE t::text ILIKE '%%' || %s || '%%'"
        cursor.execute(" UNION ".join(one.format(table) for table in tables), [word] * len(tables))
        return [row[0] for row in cursor.fetchall()]


def test_person_is_deleted_on_their_page_and_told(client: Client, smtp: Any) -> None:
    person = make.user(language="fr")
    elsewhere = signed_in(person)
    elsewhere.get(reverse("profile"))
    confirmed(client, person)

    answer = client.post(reverse("person_delete"), {"email": person.email}, follow=True)
    messages.drain(now=datetime.now(UTC))

    assert answer.status_code == 200
    assert not User.objects.filter(pk=person.pk).exists()
    assert elsewhere.get(reverse("profile")).status_code == 302
    assert [str(mail["To"]) for mail in smtp.messages] == [person.email]
