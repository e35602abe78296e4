from typing import Any

import pytest
from django.test import Client

from activity.frame import frame
from activity.models import Notification
from activity.queries import notifications_for
from activity.services import record
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


def notify(person: Any, **values: Any) -> Notification:
    return make.notification(user=person, **values)


def test_frame_knows_the_newest_line_of_brand_and_workspace() -> None:
    brand = make.brand()
    person = make.person(Role.EDITOR, brand=brand)
    of_brand = record(by=person, verb="plans.plan_created", target=brand, brand=brand)
    of_workspace = record(by=person, verb="teams.member_changed", target=brand, workspace=brand.workspace)

    found = frame(user_id=person.pk, workspace_id=brand.workspace_id, brand_id=brand.pk)

    assert (found.brand_mark, found.workspace_mark) == (of_brand.pk, of_workspace.pk)


def test_frame_counts_what_the_list_of_notifications_shows() -> None:
    brand = make.brand()
    closed = make.brand(workspace=brand.workspace)
    guest = make.member(Role.GUEST, brand=brand, brands=(brand,)).user
    elsewhere = make.brand()
    for place in (brand, closed, elsewhere):
        notify(guest, brand=place, workspace=place.workspace)
    notify(guest, brand=None, workspace=None)

    found = frame(user_id=guest.pk, workspace_id=None, brand_id=None)

    assert found.unread == notifications_for(guest).filter(read_at=None).count() == 2


@pytest.fixture
def fragments(settings: Any) -> None:
    """Pages keep what they rendered, as they do when people use them."""
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test-frame"}
    settings.CACHES = {**settings.CACHES, "template_fragments": kept}


def test_home_is_kept_until_something_is_done(client: Client, fragments: None, django_assert_num_queries: Any) -> None:
    brand = make.brand()
    goal = make.goal(plan=make.plan(brand=brand), title="Show how we work")
    person = make.person(Role.MANAGER, brand=brand)
    client.force_login(person)
    url = f"/w/{brand.workspace.slug}/b/{brand.slug}/"
    first = client.get(url).content.decode()

    with django_assert_num_queries(4):  # session, person, brand with membership and frame, visit
        client.get(url)
    goal.title = "Show who we are"
    goal.save(update_fields=["title"])
    record(by=person, verb="plans.goal_edited", target=goal, brand=brand)
    second = client.get(url).content.decode()

    assert "Show how we work" in first
    assert "Show who we are" in second
    assert "Show how we work" not in second
