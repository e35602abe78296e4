"""Secrets at rest, on the credentials of a social account."""

import io
import logging
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.db import transaction

from audits.models import Connection
from core.fields import EncryptedTextField, Secret, SecretError
from tests import make

pytestmark = pytest.mark.django_db

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
FIELD = Connection._meta.get_field("token")


@pytest.fixture(autouse=True)
def keys(settings: Any) -> Any:
    settings.FIELD_KEYS = [OLD]
    return settings


def stored(row: Connection) -> str:
    with database.cursor() as cursor:
        cursor.execute("SELECT token FROM audits_connection WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def store(row: Connection, token: str) -> None:
    with database.cursor() as cursor:
        cursor.execute("UPDATE audits_connection SET token = %s WHERE id = %s", [token, row.pk])


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_field_keys", stdout=out)
    return out.getvalue().strip()


def test_secret_comes_back_and_is_not_in_the_database() -> None:
    row = make.connection(token="s3cret-éà")

    assert Connection.objects.get(pk=row.pk).token == "s3cret-éà"
    assert "s3cret" not in stored(row)


def test_secret_is_sealed_differently_each_time() -> None:
    first, second = make.connection(token="same"), make.connection(token="same")

    assert stored(first) != stored(second)


def test_secret_survives_saving_the_rest_of_the_row() -> None:
    row = Connection.objects.get(pk=make.connection(token="s3cret").pk)
    before = stored(row)

    row.remote_id = "2"
    row.save()

    assert stored(row) == before
    assert Connection.objects.get(pk=row.pk).token == "s3cret"


def test_secret_can_be_deferred_and_replaced() -> None:
    row = Connection.objects.defer("token").get(pk=make.connection(token="one").pk)
    assert row.token == "one"

    row.token = "two"
    row.save(update_fields=["token"])

    row.refresh_from_db()
    assert row.token == "two"


def test_secret_is_sealed_in_bulk_create() -> None:
    account = make.account(network="mastodon")

    [row] = Connection.objects.bulk_create([Connection(account=account, remote_id="1", token="s3cret")])

    assert "s3cret" not in stored(row)
    assert Connection.objects.get(pk=row.pk).token == "s3cret"


def test_token_copied_to_another_row_does_not_open() -> None:
    mine, theirs = make.connection(token="mine"), make.connection(token="theirs")

    store(mine, stored(theirs))

    with pytest.raises(SecretError, match="another row"):
        _ = Connection.objects.get(pk=mine.pk).token


def test_token_sealed_for_another_column_does_not_open() -> None:
    row = make.connection(token="mine")
    other = EncryptedTextField(bound_to="account")
    other.set_attributes_from_name("refresh_token")
    other.model = Connection

    store(row, other.seal("mine", row).token)

    with pytest.raises(SecretError, match="another row"):
        _ = Connection.objects.get(pk=row.pk).token


def test_wrong_key_is_one_clear_error_and_only_where_the_secret_is_read(keys: Any) -> None:
    row = make.connection(token="s3cret")
    keys.FIELD_KEYS = [NEW]

    found = Connection.objects.get(pk=row.pk)

    assert found.remote_id == "1"
    with pytest.raises(SecretError, match=r"No key in FIELD_KEYS opens audits\.Connection\.token"):
        _ = found.token


def test_damaged_token_is_the_same_error() -> None:
    row = make.connection(token="s3cret")
    store(row, "plain text that somebody wrote")

    with pytest.raises(SecretError):
        _ = Connection.objects.get(pk=row.pk).token


def test_key_that_is_none_is_named(keys: Any) -> None:
    keys.FIELD_KEYS = ["short"]

    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS must be Fernet keys"):
        make.connection(token="s3cret")


def test_older_key_still_opens_and_new_secrets_take_the_newest(keys: Any) -> None:
    row = make.connection(token="old")
    keys.FIELD_KEYS = [NEW, OLD]
    young = make.connection(token="young")

    assert Connection.objects.get(pk=row.pk).token == "old"
    Fernet(NEW).decrypt(stored(young).encode())


def test_secret_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    row = make.connection(token="s3cret")
    found = Connection.objects.get(pk=row.pk)
    token = found.token

    assert isinstance(token, Secret)
    shown = [repr(token), repr(row.token), repr(found.__dict__), repr(row.__dict__), repr([token])]
    shown.append(serializers.serialize("json", [found]))
    logging.getLogger("test").warning("token: %r", token)
    assert "s3cret" not in "".join([*shown, caplog.text])
    assert f"Bearer {token}" == "Bearer s3cret"


@pytest.mark.parametrize(
    "bypass",
    [
        lambda row: Connection.objects.filter(pk=row.pk).update(token="plain"),
        lambda row: Connection.objects.bulk_update([row], ["token"]),
        lambda row: Connection.objects.filter(token="s3cret").exists(),
    ],
    ids=["update", "bulk_update", "filter"],
)
def test_ways_around_the_sealing_are_refused(bypass: Any) -> None:
    row = make.connection(token="s3cret")
    before = stored(row)

    with pytest.raises(TypeError, match="on an instance"), transaction.atomic():
        bypass(row)

    assert stored(row) == before


def test_rotate_seals_again_under_the_newest_key(keys: Any) -> None:
    rows = [make.connection(token=f"token {number}") for number in range(3)]
    keys.FIELD_KEYS = [NEW, OLD]

    assert rotate() == "3 sealed again, 0 already under the newest key, 0 changed meanwhile."

    keys.FIELD_KEYS = [NEW]
    assert [Connection.objects.get(pk=row.pk).token for row in rows] == ["token 0", "token 1", "token 2"]
    assert rotate() == "0 sealed again, 3 already under the newest key, 0 changed meanwhile."


def test_rotate_leaves_rows_without_a_secret_alone(keys: Any) -> None:
    make.message()
    row = make.message(sealed="for your eyes")
    keys.FIELD_KEYS = [NEW, OLD]

    assert rotate().startswith("1 sealed again, 0 already")
    row.refresh_from_db()
    assert row.sealed == "for your eyes"


def test_rotate_names_what_it_cannot_read_and_rotates_the_rest(keys: Any) -> None:
    lost, fine = make.connection(token="lost"), make.connection(token="fine")
    store(lost, Fernet(Fernet.generate_key()).encrypt(b"x").decode())
    keys.FIELD_KEYS = [NEW, OLD]

    with pytest.raises(CommandError, match=rf"1 cannot be read; keep the old keys\.\naudits\.Connection {lost.pk}:"):
        rotate()

    Fernet(NEW).decrypt(stored(fine).encode())


def test_field_must_be_bound_to_something_unique() -> None:
    field = EncryptedTextField(bound_to="server")
    field.set_attributes_from_name("token")
    field.model = Connection

    assert [found.id for found in field.check()] == ["core.E001"]
    assert FIELD.check() == []
