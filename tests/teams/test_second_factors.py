"""Secrets of second factors are sealed at rest, and sealed again when the keys are rotated."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from tests import make

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


def stored() -> str:
    return str(list(Authenticator.objects.values_list("data", flat=True)))


def test_secrets_of_second_factors_are_sealed_at_rest() -> None:
    person = make.user()
    TOTP.activate(person, SECRET)
    codes = RecoveryCodes.activate(person).generate_codes()

    again = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))

    assert SECRET not in stored()
    assert again.generate_codes() == codes


def test_rotation_seals_them_under_the_newest_key(settings: Any) -> None:
    person, old, new = make.user(), Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    codes = RecoveryCodes.activate(person).generate_codes()

    settings.FIELD_KEYS = [new, old]
    said = StringIO()
    call_command("rotate_field_keys", stdout=said)
    settings.FIELD_KEYS = [new]

    assert said.getvalue().startswith("1 sealed again")
    assert RecoveryCodes(Authenticator.objects.get()).generate_codes() == codes


def test_a_factor_that_no_key_opens_stops_the_rotation(settings: Any) -> None:
    RecoveryCodes.activate(make.user())
    before = stored()

    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(CommandError, match="No key opens"):
        call_command("rotate_field_keys", stdout=StringIO())
    assert stored() == before
