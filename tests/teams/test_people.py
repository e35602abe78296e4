"""Signing up and in: the mails are real, the second factors are allauth's own."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from activity import messages
from activity.models import Message
from teams.models import User
from tests import make

pytestmark = pytest.mark.django_db
TYPED = {"name": "Ann", "email": "Ann@Example.com", "password1": make.PASSWORD, "time_zone": "Europe/Paris"}


def link_in_mail(smtp: Any) -> str:
    messages.drain(now=datetime.now(UTC))
    found = re.search(r"https?://[^/\s]+(/\S+)", smtp.messages[-1].get_body(("plain",)).get_content())
    assert found
    return found[1]


def submit(client: Client, address: str, **values: str) -> Any:
    return client.post(address, values, follow=True)


def test_sign_up_confirm_and_found_a_workspace(client: Client, smtp: Any) -> None:
    sent = client.post(reverse("account_signup"), TYPED, follow=True, headers={"accept-language": "fr"})
    link = link_in_mail(smtp)
    confirmed = client.post(link, follow=True)

    user = User.objects.get()
    assert sent.redirect_chain[-1][0] == reverse("account_email_verification_sent")
    assert (user.email, user.name, user.language, user.time_zone) == ("ann@example.com", "Ann", "fr", "Europe/Paris")
    assert EmailAddress.objects.get().verified
    assert confirmed.redirect_chain[-1][0] == reverse("workspace_create")


def test_address_is_not_confirmed_by_looking(client: Client, smtp: Any) -> None:
    client.post(reverse("account_signup"), TYPED)

    client.get(link_in_mail(smtp))

    assert not EmailAddress.objects.get().verified


def test_unconfirmed_person_gets_nowhere(client: Client) -> None:
    client.post(reverse("account_signup"), TYPED)

    assert client.get(reverse("workspace_create")).status_code == 302


def test_unknown_zone_of_the_browser_is_utc(client: Client) -> None:
    client.post(reverse("account_signup"), {**TYPED, "time_zone": "Mars/Olympus"})

    assert User.objects.get().time_zone == "UTC"


def test_sign_up_does_not_tell_that_an_address_is_known(client: Client, smtp: Any) -> None:
    make.user(email="ann@example.com")
    known = client.post(reverse("account_signup"), TYPED)
    fresh = Client().post(reverse("account_signup"), {**TYPED, "email": "new@example.com"})

    assert (known.status_code, known.url) == (fresh.status_code, fresh.url)
    assert User.objects.filter(email="ann@example.com").count() == 1


def test_sign_up_refuses_a_weak_password_beside_its_field(client: Client) -> None:
    answer = client.post(reverse("account_signup"), {**TYPED, "password1": "short"})

    page = BeautifulSoup(answer.content, "html.parser")
    assert User.objects.count() == 0
    assert page.find("input", {"name": "name"})["value"] == "Ann"
    assert "10" in page.text


def test_letter_is_kept_encrypted_and_forgotten_once_sent(client: Client, smtp: Any) -> None:
    client.post(reverse("account_signup"), TYPED)
    before = Message.objects.get()
    stored = str(list(Message.objects.values()))

    link = link_in_mail(smtp)

    assert link in before.sealed
    assert link not in stored
    assert Message.objects.get().sealed == ""


def test_password_is_chosen_anew(client: Client, smtp: Any) -> None:
    user = make.user()
    submit(client, reverse("account_reset_password"), email=user.email)
    form = client.get(link_in_mail(smtp), follow=True)
    address = form.redirect_chain[-1][0]

    submit(client, address, password1="another harbor 8", password2="another harbor 8")

    user.refresh_from_db()
    assert user.check_password("another harbor 8")


def test_password_reset_does_not_tell_who_is_known(client: Client) -> None:
    known = client.post(reverse("account_reset_password"), {"email": make.user().email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_sign_in_by_any_case_of_the_address(client: Client) -> None:
    user = make.user(email="ann@example.com")

    client.post(reverse("account_login"), {"login": "ANN@example.com", "password": make.PASSWORD})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_passwords_are_limited(client: Client) -> None:
    user = make.user()
    for _ in range(5):
        client.post(reverse("account_login"), {"login": user.email, "password": "wrong"})

    client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})

    assert "_auth_user_id" not in client.session


def test_second_step_is_asked_for(client: Client) -> None:
    user = make.user()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)

    first = client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})
    between = "_auth_user_id" in client.session
    counter = next(iter(yield_hotp_counters_from_time()))
    submit(client, first.url, code=format_hotp_value(hotp_value(secret, counter)))

    assert (first.url, between) == (reverse("mfa_authenticate"), False)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Authenticator.objects.get().type == Authenticator.Type.TOTP


@pytest.mark.parametrize(
    "name",
    [
        "account_email", "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn",
        "mfa_add_webauthn", "usersessions_list", "profile", "account_logout",
    ],
)  # fmt: skip
def test_pages_of_security_answer(client: Client, name: str) -> None:
    user = make.user()
    client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})

    page = client.get(reverse(name))

    assert page.status_code == 200
    assert len(BeautifulSoup(page.content, "html.parser").find_all("h1")) == 1


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_second_steps_ask_for_the_password_again(client: Client, name: str) -> None:
    user = make.user()
    client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})

    assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_pages_before_signing_in_answer(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


def test_passkey_challenge_is_given(client: Client) -> None:
    answer = client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})

    assert "challenge" in answer.json()["request_options"]["publicKey"]
