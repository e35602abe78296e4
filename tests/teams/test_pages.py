"""The pages of a team: each answers to those whom it is for, and says no in words."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from teams.models import Brand, Invitation, Membership, Workspace
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def admin(client: Client, **values: Any) -> Membership:
    membership = make.member(Role.ADMIN, **values)
    client.force_login(membership.user)
    return membership


# -- the first page ---------------------------------------------------------------------------------------------------


def test_home_tells_strangers_the_six_steps(client: Client) -> None:
    page = soup(client.get("/"))

    assert len(page.select("main ol > li")) == 6
    assert page.find("a", href=reverse("account_signup"))


def test_home_leads_a_new_person_to_a_workspace(client: Client) -> None:
    client.force_login(make.user())

    assert client.get("/").url == reverse("workspace_create")


def test_home_leads_to_the_workspace_used_last(client: Client) -> None:
    first = admin(client)
    second = make.member(user=first.user)

    before = client.get("/").url
    client.get(reverse("workspace_home", args=[second.workspace.slug]))

    assert before == reverse("workspace_home", args=[first.workspace.slug])
    assert client.get("/").url == reverse("workspace_home", args=[second.workspace.slug])


def test_home_forgets_a_workspace_that_one_has_left(client: Client) -> None:
    membership = admin(client)
    other = make.member(user=membership.user)
    client.get(reverse("workspace_home", args=[other.workspace.slug]))
    other.delete()

    assert client.get("/").url == reverse("workspace_home", args=[membership.workspace.slug])


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", ""])
def test_language_menu_leads_nowhere_else(client: Client, next_page: str) -> None:
    user = make.user(language="en")
    client.force_login(user)

    response = client.post(reverse("set_language"), {"language": "fr", "next": next_page})

    user.refresh_from_db()
    assert (response.url, user.language, client.cookies["django_language"].value) == ("/", "fr", "fr")


# -- workspaces and brands --------------------------------------------------------------------------------------------

NEW = {"name": "Acme", "brand_name": "Café Rœst", "website": "", "language": "fr", "time_zone": "Europe/Paris"}


def test_workspace_is_created_with_its_first_brand(client: Client) -> None:
    client.force_login(user := make.user())

    response = client.post(reverse("workspace_create"), NEW)

    brand = Brand.objects.get()
    assert response.url == reverse("brand_home", args=["acme", "cafe-roest"])
    assert (brand.slug, brand.workspace.name, brand.time_zone, brand.language) == (
        "cafe-roest", "Acme", "Europe/Paris", "fr",
    )  # fmt: skip
    assert Membership.objects.get(user=user).role == Role.ADMIN


def test_workspace_form_keeps_what_was_typed(client: Client) -> None:
    client.force_login(make.user())

    response = client.post(reverse("workspace_create"), {**NEW, "time_zone": "Mars/Olympus", "website": "not a site"})

    page = soup(response)
    assert response.status_code == 422
    assert page.find("input", {"name": "brand_name"})["value"] == "Café Rœst"
    assert Workspace.objects.count() == 0


def test_workspace_home_shows_a_limited_guest_their_brands_only(client: Client) -> None:
    brand = make.brand()
    secret = make.brand(workspace=brand.workspace, name="Secret brand")
    second = make.brand(workspace=brand.workspace)
    client.force_login(make.member(Role.GUEST, brand=brand, brands=(brand, second)).user)

    page = client.get(reverse("workspace_home", args=[brand.workspace.slug])).content.decode()

    assert brand.name in page
    assert secret.name not in page


def test_brand_is_created(client: Client) -> None:
    place = admin(client).workspace
    values = {"name": "North", "website": "north.example", "language": "en", "time_zone": "UTC", "first_weekday": 0}

    client.post(reverse("brand_create", args=[place.slug]), values)

    brand = Brand.objects.get(workspace=place)
    assert (brand.slug, brand.website) == ("north", "https://north.example")


def test_brand_form_refuses_a_taken_name_beside_its_field(client: Client) -> None:
    brand = make.brand(name="North")
    admin(client, brand=brand)
    values = {"name": "north", "language": "en", "time_zone": "UTC", "first_weekday": 0}

    response = client.post(reverse("brand_create", args=[brand.workspace.slug]), values)

    assert response.status_code == 422
    assert "This workspace already has a brand of that name." in soup(response).find(id="div_id_name").text


def test_brand_parent_of_another_workspace_cannot_be_chosen(client: Client) -> None:
    brand, foreign = make.brand(), make.brand()
    admin(client, brand=brand)
    values = {"name": "A", "language": "en", "time_zone": "UTC", "first_weekday": 0, "parent": foreign.pk}

    response = client.post(reverse("brand_edit", args=[brand.workspace.slug, brand.slug]), values)

    brand.refresh_from_db()
    assert (response.status_code, brand.parent) == (422, None)


def test_brand_saved_by_somebody_else_is_not_overwritten(client: Client) -> None:
    brand = make.brand(name="North", version=2)
    admin(client, brand=brand)
    values = {"name": "South", "language": "en", "time_zone": "UTC", "first_weekday": 0, "version": 1}

    response = client.post(reverse("brand_edit", args=[brand.workspace.slug, brand.slug]), values)

    brand.refresh_from_db()
    assert (response.status_code, brand.name) == (422, "North")


def test_profile_is_saved(client: Client) -> None:
    client.force_login(user := make.user())

    client.post(reverse("profile"), {"name": "Ann", "language": "fr", "time_zone": "Asia/Tokyo"})

    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == ("Ann", "fr", "Asia/Tokyo")


# -- members ----------------------------------------------------------------------------------------------------------


def test_members_cost_the_same_queries_for_one_or_three(client: Client, django_assert_num_queries: Any) -> None:
    place = admin(client).workspace
    address = reverse("member_list", args=[place.slug])
    make.invitation(workspace=place)
    client.get(address)

    with django_assert_num_queries(10):
        client.get(address)
    for role in (Role.GUEST, Role.EDITOR):
        make.member(role, workspace=place, brands=(make.brand(workspace=place),))
        make.invitation(workspace=place)
    with django_assert_num_queries(10):
        client.get(address)


def test_editor_sees_members_but_no_invitations(client: Client) -> None:
    place = make.workspace()
    invitation = make.invitation(workspace=place)
    client.force_login(make.member(Role.EDITOR, workspace=place).user)

    response = client.get(reverse("member_list", args=[place.slug]))

    assert invitation.email not in response.content.decode()
    assert soup(response).find(id="invite") is None


def test_member_is_changed(client: Client) -> None:
    place = admin(client).workspace
    brand = make.brand(workspace=place)
    member = make.member(Role.EDITOR, workspace=place)

    address = reverse("member_edit", args=[place.slug, member.pk])
    asked = client.post(address, {"role": "guest", "brands": [brand.pk]})
    client.post(address, {"role": "guest", "is_limited": "on", "brands": [brand.pk]})

    member.refresh_from_db()
    assert asked.status_code == 422
    assert (member.role, member.is_limited, list(member.brands.all())) == (Role.GUEST, True, [brand])


def test_last_admin_is_told_why_not(client: Client) -> None:
    own = admin(client)

    edit = client.post(reverse("member_edit", args=[own.workspace.slug, own.pk]), {"role": "editor"})
    leave = client.post(reverse("member_remove", args=[own.workspace.slug, own.pk]), follow=True)

    assert edit.status_code == 422
    assert "make somebody else admin first" in edit.content.decode()
    assert "make somebody else admin first" in leave.content.decode()
    assert Membership.objects.get().role == Role.ADMIN


def test_removal_acts_on_the_next_request(client: Client) -> None:
    member = make.member(Role.EDITOR)
    boss, theirs = Client(), client
    boss.force_login(make.member(Role.ADMIN, workspace=member.workspace).user)
    theirs.force_login(member.user)
    address = reverse("workspace_home", args=[member.workspace.slug])

    before = theirs.get(address).status_code
    boss.post(reverse("member_remove", args=[member.workspace.slug, member.pk]))

    assert (before, theirs.get(address).status_code) == (200, 404)


def test_member_of_another_workspace_cannot_be_removed(client: Client) -> None:
    own, foreign = admin(client), make.member()

    response = client.post(reverse("member_remove", args=[own.workspace.slug, foreign.pk]))

    assert (response.status_code, Membership.objects.count()) == (404, 2)


def test_invitation_form_refuses_in_words(client: Client) -> None:
    own = admin(client)
    address = reverse("invitation_create", args=[own.workspace.slug])

    broken = client.post(address, {"email": "nonsense", "role": "editor"})
    member = client.post(address, {"email": own.user.email, "role": "editor"})

    assert (broken.status_code, member.status_code) == (422, 422)
    assert soup(broken).find("input", {"name": "email"})["value"] == "nonsense"
    assert "This person is a member already." in member.content.decode()
    assert Invitation.objects.count() == 0


def test_guest_does_not_read_the_name_of_a_brand_above_that_they_may_not_open(client: Client) -> None:
    above = make.brand(name="Secret holding")
    branch = make.brand(name="Branch", workspace=above.workspace, parent=above)
    other = make.brand(name="Other", workspace=above.workspace)
    limited = make.member(Role.GUEST, workspace=above.workspace, brands=(branch, other))
    address = reverse("workspace_home", args=[above.workspace.slug])

    client.force_login(limited.user)
    assert "Secret holding" not in client.get(address).content.decode()

    client.force_login(make.person(Role.GUEST, workspace=above.workspace))
    assert "Branch of Secret holding" in client.get(address).content.decode()


def test_pages_of_a_person_are_kept_by_nobody_else(client: Client) -> None:
    membership = admin(client)

    answer = client.get(reverse("workspace_home", args=[membership.workspace.slug]))

    assert answer.headers["Cache-Control"] == "private, no-cache"
