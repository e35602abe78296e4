"""An invitation is for one address, good once and for seven days."""

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.db import connections
from django.test import Client
from django.urls import reverse

from activity import messages
from activity.models import Event, Message
from teams import services
from teams.models import Invitation, Membership, User
from teams.rules import Role
from teams.services.invitations import MOST_A_DAY, hash_of
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "new@example.com"


def now() -> datetime:
    return datetime.now(UTC)


def sent(*, email: str = ADDRESS, role: Role = Role.EDITOR, by: Membership | None = None, **values: Any) -> str:
    """Sends an invitation; answers its token, as the mail has it."""
    admin = by or make.member(Role.ADMIN)
    invitation = services.invite(
        workspace=admin.workspace, email=email, role=role, by=admin.user, **{"now": now(), **values}
    )
    mail = Message.objects.get(about=f"invitation:{invitation.pk}")
    found = re.search(r"/invitations/([\w-]+)", mail.sealed)
    assert found
    return found[1]


def accept(token: str, user: User, **values: Any) -> Membership:
    invitation = services.find_invitation(token)
    assert invitation
    return services.accept_invitation(invitation=invitation, by=user, **{"now": now(), **values})


# -- sending ----------------------------------------------------------------------------------------------------------


def test_token_is_long_and_nowhere_in_the_database() -> None:
    token = sent()

    invitation = Invitation.objects.get()
    stored = str([list(model.objects.values_list()) for model in (Invitation, Event)])
    assert len(token) >= 43  # 256 bits in base 64
    assert invitation.token_hash == hash_of(token)
    assert token not in stored
    assert token not in str(Message.objects.values_list("context", "url", "key"))


def test_mail_leads_to_the_invitation(smtp: Any, settings: Any) -> None:
    token = sent()

    messages.drain(now=now())

    (mail,) = smtp.messages
    assert mail["To"] == ADDRESS
    assert f"{settings.SITE_URL}/invitations/{token}" in mail.get_body(("plain",)).get_content()
    assert "You will be an editor." in mail.get_body(("html",)).get_content()
    assert str(Message.objects.get().sealed) == ""


def test_role_above_ones_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = make.member(Role.MANAGER)
    monkeypatch.setattr("teams.services.invitations.require", lambda *_: None)  # as if managers might invite

    with pytest.raises(services.InvitationError) as refusal:
        sent(by=manager, role=Role.ADMIN)
    sent(by=manager, role=Role.MANAGER)

    assert refusal.value.field == "role"


def test_member_is_not_invited_again_by_any_of_their_addresses() -> None:
    admin = make.member(Role.ADMIN)
    EmailAddress.objects.create(user=admin.user, email=ADDRESS, verified=True)

    with pytest.raises(services.InvitationError) as refusal:
        sent(by=admin, email=ADDRESS.upper())

    assert refusal.value.field == "email"


def test_invitation_again_replaces_the_first() -> None:
    admin = make.member(Role.ADMIN)
    first = sent(by=admin)
    second = sent(by=admin, email=ADDRESS.upper())
    user = make.user(email=ADDRESS)

    with pytest.raises(services.InvitationError, match="canceled or replaced"):
        accept(first, user)

    assert Message.objects.filter(state="canceled").count() == 1
    assert accept(second, user).role == Role.EDITOR


def test_address_is_not_flooded() -> None:
    admin = make.member(Role.ADMIN)
    for _ in range(MOST_A_DAY):
        sent(by=admin)

    with pytest.raises(services.InvitationError, match="several times today"):
        sent(by=admin)


def test_guest_is_limited_to_brands_of_this_workspace() -> None:
    admin = make.member(Role.ADMIN)
    brand = make.brand(workspace=admin.workspace)

    with pytest.raises(services.MemberError):
        sent(by=admin, role=Role.GUEST, brands=[make.brand()])
    token = sent(by=admin, role=Role.GUEST, brands=[brand])

    assert list(accept(token, make.user(email=ADDRESS)).brands.all()) == [brand]


# -- accepting --------------------------------------------------------------------------------------------------------


def test_accepting_makes_a_member_and_tells_the_inviter() -> None:
    admin = make.member(Role.ADMIN)
    token = sent(by=admin, role=Role.MANAGER)
    user = make.user(email=ADDRESS)

    membership = accept(token, user)

    assert (membership.workspace, membership.role) == (admin.workspace, Role.MANAGER)
    assert set(Message.objects.filter(recipient=admin.user).values_list("channel", flat=True)) == {"in_app", "email"}
    assert Event.objects.last().verb == "teams.member_joined"


def test_accepting_twice_is_once() -> None:
    token, user = sent(), make.user(email=ADDRESS)

    assert accept(token, user) == accept(token, user)
    assert Membership.objects.filter(user=user).count() == 1


def test_used_invitation_does_not_bring_back_a_removed_member() -> None:
    admin = make.member(Role.ADMIN)
    token, user = sent(by=admin), make.user(email=ADDRESS)
    services.remove_member(membership=accept(token, user), by=admin.user)

    with pytest.raises(services.InvitationError, match="used already"):
        accept(token, user)


def test_invitation_expires_after_seven_days() -> None:
    start = now()
    token, user = sent(now=start), make.user(email=ADDRESS)

    with pytest.raises(services.InvitationError, match="expired"):
        accept(token, user, now=start + timedelta(days=7))

    assert accept(token, user, now=start + timedelta(days=7, seconds=-1))


def test_another_address_is_refused() -> None:
    token, other = sent(), make.user()

    with pytest.raises(services.InvitationError, match="another address"):
        accept(token, other)


def test_unconfirmed_address_is_refused() -> None:
    token, user = sent(), make.user(email=ADDRESS, is_verified=False)

    with pytest.raises(services.InvitationError, match="another address"):
        accept(token, user)


def test_second_confirmed_address_will_do() -> None:
    token, user = sent(), make.user()
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True)

    assert accept(token, user).user == user


def test_canceled_invitation_is_refused_and_its_mail_not_sent(smtp: Any) -> None:
    admin = make.member(Role.ADMIN)
    token = sent(by=admin)
    services.cancel_invitation(invitation=Invitation.objects.get(), by=admin.user, now=now())

    messages.drain(now=now())

    assert smtp.messages == []
    with pytest.raises(services.InvitationError, match="canceled"):
        accept(token, make.user(email=ADDRESS))


def test_unknown_token_finds_nothing() -> None:
    sent()

    assert services.find_invitation("nonsense") is None


def test_accepted_invitation_cannot_be_canceled() -> None:
    admin = make.member(Role.ADMIN)
    accept(sent(by=admin), make.user(email=ADDRESS))

    with pytest.raises(services.InvitationError):
        services.cancel_invitation(invitation=Invitation.objects.get(), by=admin.user, now=now())


@pytest.mark.django_db(transaction=True)
def test_parallel_accepts_make_one_membership() -> None:
    token, user = sent(), make.user(email=ADDRESS)
    start = threading.Barrier(6)
    answers: list[Any] = []

    def one() -> None:
        start.wait()
        try:
            answers.append(accept(token, user).pk)
        except Exception as error:
            answers.append(error)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [Membership.objects.get(user=user).pk] * 6
    assert Event.objects.filter(verb="teams.member_joined").count() == 1


# -- the pages --------------------------------------------------------------------------------------------------------


def link(token: str) -> str:
    return reverse("invitation", args=[token])


def test_stranger_signs_up_with_the_fixed_address_and_has_joined(client: Client) -> None:
    admin = make.member(Role.ADMIN)
    token = sent(by=admin)

    to_signup = client.post(reverse("invitation_accept", args=[token]))
    form = BeautifulSoup(client.get(to_signup.url).content, "html.parser").find("input", {"name": "email"})
    typed = {"name": "Ann", "email": "else@example.com", "password1": make.PASSWORD, "time_zone": "Asia/Tokyo"}
    answer = client.post(to_signup.url, typed, follow=True)

    user = User.objects.get(name="Ann")
    assert to_signup.url == reverse("account_signup")
    assert (form["value"], form.has_attr("disabled")) == (ADDRESS, True)
    assert (user.email, user.time_zone) == (ADDRESS, "Asia/Tokyo")
    assert EmailAddress.objects.get(user=user).verified
    assert Membership.objects.get(user=user).workspace == admin.workspace
    assert answer.redirect_chain[-1][0] == reverse("workspace_home", args=[admin.workspace.slug])


def test_session_keeps_nothing_that_opens_the_link(client: Client) -> None:
    token = sent()

    client.post(reverse("invitation_accept", args=[token]))

    kept = dict(client.session)
    assert kept["invitation"] == Invitation.objects.get().pk
    assert token not in str(kept)
    assert Invitation.objects.get().token_hash not in str(kept)


def test_known_person_signs_in_and_has_joined(client: Client) -> None:
    admin, user = make.member(Role.ADMIN), make.user(email=ADDRESS)
    token = sent(by=admin)

    to_login = client.post(reverse("invitation_accept", args=[token]))
    client.post(to_login.url, {"login": ADDRESS, "password": make.PASSWORD})

    assert to_login.url == reverse("account_login")
    assert Membership.objects.filter(user=user, workspace=admin.workspace).exists()


def test_signed_in_person_joins_by_a_button_not_by_the_link(client: Client) -> None:
    token, user = sent(), make.user(email=ADDRESS)
    client.force_login(user)

    page = client.get(link(token))
    before = Membership.objects.filter(user=user).count()
    client.post(reverse("invitation_accept", args=[token]))

    assert (page.status_code, before, Membership.objects.filter(user=user).count()) == (200, 0, 1)
    assert "no-store" in page.headers["Cache-Control"]


def test_somebody_else_is_told_to_sign_out_and_not_for_whom_it_is(client: Client) -> None:
    token = sent()
    client.force_login(make.user())

    page = client.get(link(token))

    assert page.status_code == 403
    assert "another address than yours" in page.content.decode()
    assert ADDRESS not in page.content.decode()


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, 410, "has expired"),
        ({"accepted_at": make.NOW}, 410, "used already"),
        ({"canceled_at": make.NOW}, 410, "canceled or replaced"),
    ],
)
def test_dead_link_says_why_and_what_to_do(client: Client, state: Any, status: int, words: str) -> None:
    token = sent()
    Invitation.objects.update(**state)

    page = client.get(link(token))

    assert page.status_code == status
    assert words in page.content.decode()


def test_unknown_link_is_not_found(client: Client) -> None:
    page = client.get(link("nonsense"))

    assert page.status_code == 404
    assert "does not exist" in page.content.decode()


def test_person_can_sign_up_without_the_invitation(client: Client) -> None:
    token = sent()
    client.post(reverse("invitation_accept", args=[token]))

    to_signup = client.post(reverse("invitation_leave"))
    typed = {"name": "Ann", "email": "else@example.com", "password1": make.PASSWORD}
    client.post(to_signup.url, typed)

    assert EmailAddress.objects.get(user__name="Ann").email == "else@example.com"
    assert not EmailAddress.objects.get(user__name="Ann").verified


def test_address_is_not_flooded_from_many_workspaces_of_one_person() -> None:
    user = make.user()
    for _ in range(MOST_A_DAY):
        sent(by=make.member(Role.ADMIN, user=user))

    with pytest.raises(services.InvitationError, match="several times today"):
        sent(by=make.member(Role.ADMIN, user=user))
