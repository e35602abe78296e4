"""Posts: written, scheduled, moved on the calendar, published by hand, or missed."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Locator, expect

from activity.models import Message
from activity.services import ref
from calendar_app.models import Delivery
from core import doorbell
from tests.browser.journey.desk import Desk, text_of, visible

PARIS = ZoneInfo("Europe/Paris")
DUE = "calendar_app/messages/delivery_"


def account_id(path: str) -> str:
    return path.strip("/").rsplit("/", 1)[1]


def start_post(desk: Desk, title: str, text: str, kind: str, accounts: list[str]) -> None:
    """The composer, filled as far as the accounts."""
    desk.open(desk.brand("posts/new/"))
    desk.fill({"title": title, "text": text, "format": kind, **{f"account_{account}": True for account in accounts}})


def save_post(desk: Desk) -> str:
    desk.save("main form.composer")
    desk.at("post_detail")
    return desk.path


def expect_missions(desk: Desk) -> None:
    """Each account's mission stands in the composer while one writes."""
    for mission in desk.voyage.words.missions.values():
        visible(desk.page.locator(".composer-account").get_by_text(mission))


def expect_count(desk: Desk, account: str, used: int, limit: int | None, *, is_over: bool = False) -> None:
    """The account's own count, by its network's rules, comes to say so many of so many."""
    limits = f"{limit // 1000}.{limit % 1000:03}" if limit and limit > 999 else str(limit or "")
    expect(desk.page.locator(f"#count-{account}")).to_have_text(re.compile(rf"^\s*{used}\b.*{limits}"))
    expect(desk.page.locator(f"#problem-{account} .field-error")).to_have_count(int(is_over))


def deliveries(path: str) -> dict[str, Delivery]:
    """The deliveries of a post's page, by network."""
    rows = Delivery.objects.filter(post=int(account_id(path))).select_related("account")
    return {row.account.network_id: row for row in rows}


def stands_at(delivery: Delivery, day: date, clock: time) -> None:
    """The delivery is planned for that date and time in the brand's zone, and for the moment that this is."""
    delivery.refresh_from_db()
    assert (delivery.local_date, delivery.local_time, delivery.time_zone) == (day, clock, "Europe/Paris")
    assert delivery.publish_at == datetime.combine(day, clock, PARIS)


# -- the calendar --------------------------------------------------------------------------------------------


def open_calendar(desk: Desk, day: date, view: str = "month") -> Desk:
    desk.open(desk.brand(f"calendar/?view={view}&date={day}"))
    expect(desk.page.locator("[data-calendar]")).to_have_attribute("aria-busy", "false")
    return desk


def entry(desk: Desk, delivery: Delivery) -> Locator:
    return desk.page.locator(f'[data-entry="{delivery.pk}"]')


def drag(desk: Desk, delivery: Delivery, days: int) -> None:
    """Take the entry with the mouse to another day of the same week."""
    mouse, handle = desk.page.mouse, visible(entry(desk, delivery))
    handle.scroll_into_view_if_needed()
    box, grid = handle.bounding_box(), desk.page.locator(".ec-body").first.bounding_box()
    assert box
    assert grid
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + grid["width"] / 14, y, steps=4)
    mouse.move(x + days * grid["width"] / 7, y, steps=4)
    with desk.page.expect_response(lambda answer: answer.url.endswith("/move/")) as answer:
        mouse.up()
    assert answer.value.ok, answer.value.text()
    visible(desk.page.locator("#messages .toast-success"))


def press(desk: Desk, delivery: Delivery, keys: str) -> None:
    """Move the entry by keys; it keeps the focus."""
    entry(desk, delivery).focus()
    with desk.page.expect_response(lambda answer: answer.url.endswith("/move/")) as answer:
        desk.page.keyboard.press(keys)
    assert answer.value.ok, answer.value.text()
    expect(entry(desk, delivery)).to_be_focused()


def move_by_dialog(desk: Desk, delivery: Delivery, clock: time) -> None:
    """M opens a dialog that says the brand's zone; it needs no mouse."""
    entry(desk, delivery).focus()
    desk.page.keyboard.press("m")
    dialog = visible(desk.page.locator("[data-move-dialog]"))
    expect(dialog.locator(".zone")).to_contain_text("Europe/Paris")
    desk.look(as_="dialog")
    dialog.locator("[name=clock]").fill(f"{clock:%H:%M}")
    with desk.page.expect_response(lambda answer: answer.url.endswith("/move/")) as answer:
        desk.page.keyboard.press("Enter")
    assert answer.value.ok, answer.value.text()
    expect(dialog).to_be_hidden()


def undo(desk: Desk) -> None:
    with desk.page.expect_response(lambda answer: answer.url.endswith("/move/")):
        desk.page.locator("#messages .toast-success button.btn-outline-primary").click()


# -- reminders -----------------------------------------------------------------------------------------------


def soon() -> datetime:
    """A time on the wall of Paris, in three quarters of an hour."""
    return (timezone.now() + timedelta(minutes=45)).astimezone(PARIS).replace(second=0, microsecond=0)


def schedule(desk: Desk, path: str, delivery: Delivery, at: datetime) -> None:
    """Choose the time on the post's page."""
    desk.open(path)
    act(desk, delivery, "schedule", {}, publish_at=at)
    visible(desk.page.locator(f"#delivery-{delivery.pk} .delivery-time .zone").get_by_text("Europe/Paris"))


def act(desk: Desk, delivery: Delivery, verb: str, values: dict[str, str], **moments: datetime) -> None:
    """Open one of the delivery's forms, fill it and send it."""
    form = desk.page.locator(f"form[action$='/deliveries/{delivery.pk}/{verb}/']")
    desk.page.locator("main details", has=form).locator("summary").click()
    desk.fill(values, form)
    for name, at in moments.items():
        desk.moment(name, at, form)
    desk.follow(form.locator("button.btn-primary"))
    desk.at("post_detail")


def pass_time(delivery: Delivery, name: str) -> None:
    """Time goes by until the message of that name is due: the delivery and its messages move into the past together.

    Then the clock that rings every two seconds does so, and a worker sends.
    """
    waiting = Message.objects.filter(about=ref(delivery), state="waiting")
    message = waiting.filter(template=f"{DUE}{name}").first()
    assert message, f"no message {name} waits: {list(waiting.values_list('key', flat=True))}"
    passed = message.due_at - timezone.now()
    assert passed > timedelta(0), f"{name} was due already"
    waiting.update(due_at=F("due_at") - passed, next_attempt_at=F("next_attempt_at") - passed)
    delivery.refresh_from_db()
    assert delivery.publish_at
    delivery.publish_at -= passed
    local = delivery.publish_at.astimezone(PARIS).replace(tzinfo=None)
    delivery.local_date, delivery.local_time = local.date(), local.time()
    delivery.save()
    doorbell.ring("activity.deliver_messages")


def expect_reminder(desk: Desk, delivery: Delivery, text: str, *, mails: int, unread: int) -> None:
    """By mail with the text to copy and a link that leads to the delivery, and in the list behind the bell."""
    mail = text_of(desk.voyage.mail(desk.email, mails))
    assert text in mail
    link = re.search(rf"\S+/posts/{delivery.post_id}/#delivery-{delivery.pk}", mail)
    assert link, mail
    desk.open(link[0])
    desk.at("post_detail")
    expect(desk.page.locator(f"#delivery-{delivery.pk} pre")).to_have_text(text)
    expect(desk.page.locator(".bell-count")).to_have_text(str(unread))
    desk.follow(desk.page.locator("a.bell"))
    desk.at("notification_list")
    expect(desk.page.locator("#notifications li")).not_to_have_count(0)
    desk.follow(desk.page.locator("#notifications li form:has([name=go]) button").first)
    desk.at("post_detail")


def publish(desk: Desk, path: str, delivery: Delivery, permalink: str, at: datetime | None = None) -> None:
    """Note where (and when) it was published."""
    if desk.path != path:
        desk.open(path)
    act(desk, delivery, "publish", {"permalink": permalink}, **({"published_at": at} if at else {}))
    visible(desk.page.locator(f"#delivery-{delivery.pk} a[href='{permalink}']"))


def publish_photo(desk: Desk, account: str, title: str, at: datetime) -> Delivery:
    """A photo that went out before anything was planned."""
    start_post(desk, title, desk.voyage.words.photo_text, "photo", [account])
    path = save_post(desk)
    (delivery,) = deliveries(path).values()
    publish(desk, path, delivery, f"https://www.instagram.com/p/C{delivery.pk}/", at)
    delivery.refresh_from_db()
    return delivery


def expect_missed(desk: Desk, delivery: Delivery) -> None:
    """Whoever looks at the calendar, or at the post, sees it."""
    assert delivery.local_date
    for view in ("month", "list"):
        open_calendar(desk, delivery.local_date, view)
        expect(entry(desk, delivery)).to_have_class(re.compile(r"\bis-missed\b"))
    visible(desk.page.locator(".cal-state.tone-coral").first)
