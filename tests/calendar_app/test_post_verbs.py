"""The verbs of a post: what each refuses, and what becomes of the reminders."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from activity.models import Event, Message
from calendar_app import services
from calendar_app.models import Delivery, Post
from core.errors import Refusal, StaleError
from teams.models import Brand, User
from teams.rules import Role
from tests import make
from tests.calendar_app.acts import MONDAY, TEN, TEN_IN_PARIS, limit, open_messages, schedule, stored
from tests.make import NOW

pytestmark = pytest.mark.django_db


# -- writing a post -------------------------------------------------------------------------------------------------


def test_create_post_makes_one_delivery_per_account_with_its_own_text(brand: Brand, editor: User) -> None:
    instagram, linkedin = make.account(brand=brand), make.account(brand=brand, network="linkedin")

    texts = {instagram: "", linkedin: "For work."}
    post = services.create_post(brand=brand, title="Roast", text="Fresh.", texts=texts, by=editor, now=NOW)

    rows = {row.account: (row.words, row.state) for row in post.deliveries.all()}
    assert rows == {instagram: ("Fresh.", "draft"), linkedin: ("For work.", "draft")}
    assert (post.author, post.created_at) == (editor, NOW)
    assert Message.objects.count() == 0


def test_create_post_with_a_time_schedules_every_account(brand: Brand, editor: User) -> None:
    accounts = [make.account(brand=brand), make.account(brand=brand)]
    when = services.When(day=MONDAY, clock=TEN)

    post = services.create_post(
        brand=brand, title="Roast", texts=dict.fromkeys(accounts, ""), by=editor, now=NOW, when=when
    )

    assert [(row.state, row.publish_at) for row in post.deliveries.all()] == [("scheduled", TEN_IN_PARIS)] * 2


def test_create_post_that_cannot_be_scheduled_leaves_nothing_behind(brand: Brand, editor: User) -> None:
    when = services.When(day=date(2026, 11, 22), clock=TEN)

    with pytest.raises(services.ScheduleError, match="future"):
        services.create_post(
            brand=brand, title="Roast", texts={make.account(brand=brand): ""}, by=editor, now=NOW, when=when
        )

    assert (Post.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize("foreign", ["account", "kind", "persona", "goal", "assignee"])
def test_create_post_refuses_what_belongs_to_another_brand(brand: Brand, editor: User, foreign: str) -> None:
    other = make.brand(workspace=brand.workspace)
    values: dict[str, Any] = {
        "account": {"texts": {make.account(brand=other): ""}},
        "kind": {"content_kind": make.content_kind(brand=other)},
        "persona": {"persona": make.persona(brand=other)},
        "goal": {"goals": [make.goal(brand=other)]},
        "assignee": {"assignee": make.user()},
    }[foreign]

    with pytest.raises(services.PostError):
        services.create_post(**{"brand": brand, "title": "Roast", "texts": {}, "by": editor, "now": NOW, **values})

    assert Post.objects.count() == 0


def test_create_post_refuses_a_closed_account(brand: Brand, editor: User) -> None:
    closed = make.account(brand=brand, closed_at=NOW)

    with pytest.raises(services.PostError, match="closed"):
        services.create_post(brand=brand, title="Roast", texts={closed: ""}, by=editor, now=NOW)


@pytest.mark.parametrize("verb", ["create", "edit", "schedule", "move", "unschedule", "publish", "delete"])
def test_a_guest_may_do_nothing(brand: Brand, verb: str) -> None:
    guest = make.person(Role.GUEST, brand=brand)
    delivery = make.delivery(post=make.post(brand=brand), publish_at=TEN_IN_PARIS)
    one: dict[str, Any] = {"delivery": delivery, "by": guest, "now": NOW}
    acts = {
        "create": lambda: services.create_post(brand=brand, title="x", texts={}, by=guest, now=NOW),
        "edit": lambda: services.edit_post(post=delivery.post, by=guest, now=NOW, version=1, title="x"),
        "schedule": lambda: services.schedule_delivery(day=MONDAY, clock=TEN, **one),
        "move": lambda: services.move_delivery(day=MONDAY, clock=TEN, **one),
        "unschedule": lambda: services.unschedule_delivery(**one),
        "publish": lambda: services.mark_published(permalink="https://x.example/1", published_at=NOW, **one),
        "delete": lambda: services.delete_post(post=delivery.post, by=guest, now=NOW),
    }

    with pytest.raises(PermissionDenied):
        acts[verb]()

    assert Event.objects.count() == 0


# -- editing --------------------------------------------------------------------------------------------------------


def test_edit_of_the_text_writes_the_messages_anew(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor, text="Old."))
    schedule(delivery, editor)

    services.edit_post(post=delivery.post, by=editor, now=NOW, version=1, text="New.")

    assert len(open_messages(delivery)) == 3
    texts = Message.objects.filter(state="waiting").values_list("context__text", flat=True)
    assert set(texts) == {"New."}
    assert stored(delivery).schedule_version == 2


def test_edit_of_what_no_message_tells_leaves_them_alone(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor))
    schedule(delivery, editor)

    services.edit_post(post=delivery.post, by=editor, now=NOW, version=1, content_kind=make.content_kind(brand=brand))

    assert stored(delivery).schedule_version == 1
    assert not Message.objects.filter(state="canceled").exists()


def test_edit_of_one_account_renews_only_its_messages(brand: Brand, editor: User) -> None:
    post = make.post(brand=brand, author=editor)
    first, second = make.delivery(post=post), make.delivery(post=post)
    schedule(first, editor)
    schedule(second, editor)

    texts = {first.account: "Another text.", second.account: ""}
    services.edit_post(post=post, by=editor, now=NOW, version=1, texts=texts)

    assert (stored(first).schedule_version, stored(second).schedule_version) == (2, 1)
    assert stored(first).words == "Another text."


def test_edit_refuses_a_text_that_no_longer_fits_a_planned_delivery(brand: Brand, editor: User) -> None:
    limit("instagram", "caption_max", 10)
    delivery = make.delivery(post=make.post(brand=brand, text="short"))
    schedule(delivery, editor)

    with pytest.raises(services.ScheduleError, match="10 fit"):
        services.edit_post(post=delivery.post, by=editor, now=NOW, version=1, text="much longer")

    assert Post.objects.get().text == "short"


def test_edit_keeps_a_draft_that_is_too_long(brand: Brand, editor: User) -> None:
    limit("instagram", "caption_max", 10)
    delivery = make.delivery(post=make.post(brand=brand, text="short"))

    services.edit_post(post=delivery.post, by=editor, now=NOW, version=1, text="much longer")

    assert Post.objects.get().text == "much longer"


def test_edit_refuses_an_older_version_and_loses_nothing(brand: Brand, editor: User) -> None:
    post = make.post(brand=brand, text="first")
    services.edit_post(post=Post.objects.get(pk=post.pk), by=editor, now=NOW, version=1, text="colleague's")

    with pytest.raises(StaleError):
        services.edit_post(post=post, by=editor, now=NOW, version=1, text="mine")

    assert (Post.objects.get().text, Post.objects.get().version) == ("colleague's", 2)


def test_edit_adds_and_removes_accounts(brand: Brand, editor: User) -> None:
    post = make.post(brand=brand, author=editor)
    old, new = make.delivery(post=post), make.account(brand=brand)
    schedule(old, editor)

    services.edit_post(post=post, by=editor, now=NOW, version=1, texts={new: "Hello."})

    assert [(row.account, row.text) for row in post.deliveries.all()] == [(new, "Hello.")]
    assert open_messages(old) == []


def test_edit_never_drops_an_account_on_which_it_is_published(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand), published_at=NOW)

    with pytest.raises(services.PostError, match="published on"):
        services.edit_post(post=delivery.post, by=editor, now=NOW, version=1, texts={})

    assert Delivery.objects.count() == 1


def test_edit_writes_both_versions_into_the_history(brand: Brand, editor: User) -> None:
    post = make.post(brand=brand, text="Old.")

    services.edit_post(post=post, by=editor, now=NOW, version=1, text="New.")

    event = Event.objects.get()
    assert (event.verb, event.before, event.after) == ("calendar.post_edited", {"text": "Old."}, {"text": "New."})


# -- the bin --------------------------------------------------------------------------------------------------------


def test_delete_cancels_the_messages_and_restore_writes_them_again(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor))
    schedule(delivery, editor)

    services.delete_post(post=delivery.post, by=editor, now=NOW)
    in_bin = open_messages(delivery)
    services.restore_post(post=delivery.post, by=editor, now=NOW)

    assert in_bin == []
    assert len(open_messages(delivery)) == 3
    assert Delivery.objects.for_brand(brand).count() == 1


def test_nothing_can_be_done_with_a_delivery_in_the_bin(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand))
    services.delete_post(post=delivery.post, by=editor, now=NOW)

    with pytest.raises(Refusal, match="deleted"):
        schedule(delivery, editor)
    with pytest.raises(Refusal, match="bin"):
        services.delete_post(post=delivery.post, by=editor, now=NOW)
