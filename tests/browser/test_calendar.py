"""The calendar and the composer in a real browser: drag, keys, dialog, undo, filters, two people at once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from audits.models import SocialAccount
from calendar_app import services
from calendar_app.models import Delivery, Post
from networks.models import NetworkFact
from teams.models import Brand, User
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
PARIS = ZoneInfo("Europe/Paris")
today = timezone.now().astimezone(PARIS).date()
MONDAY = today + timedelta(days=14 - today.weekday())  # of the week after next
WEDNESDAY = MONDAY + timedelta(days=2)


def url(brand: Brand, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, **kwargs})


def sign_in(context: BrowserContext, live_server: Any, user: User) -> Page:
    client = Client()
    client.force_login(user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    context.add_cookies([{**cookie, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def brand() -> Brand:
    return make.brand()


@pytest.fixture
def editor(brand: Brand, locale: str) -> User:
    user = make.person(Role.EDITOR, brand=brand)
    user.language = locale
    user.save()
    return user


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext], live_server: Any, editor: User) -> Page:
    """A browser in which the editor is signed in."""
    return sign_in(new_context(), live_server, editor)


def planned(
    brand: Brand, editor: User, day: date = MONDAY, clock: time = time(10), account: SocialAccount | None = None,
    **values: Any,
) -> Delivery:  # fmt: skip
    delivery = make.delivery(post=make.post(brand=brand, author=editor, **values), account=account)
    services.schedule_delivery(delivery=delivery, day=day, clock=clock, by=editor, now=timezone.now())
    return delivery


def open_calendar(page: Page, brand: Brand, view: str = "month", day: date = MONDAY) -> None:
    page.goto(f"{url(brand, 'calendar')}?view={view}&date={day}")
    expect(page.locator("[data-calendar]")).to_have_attribute("aria-busy", "false")


def entry(page: Page, delivery: Delivery) -> Locator:
    return page.locator(f'[data-entry="{delivery.pk}"]')


def cell(page: Page, day: date) -> Locator:
    return page.locator(f".ec-day:has(time[datetime='{day}'])").first


def drag(page: Page, start: Locator, to: tuple[float, float]) -> None:
    box = start.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(to[0] - 5, to[1] - 5, steps=5)
    page.mouse.move(*to, steps=5)
    with page.expect_response("**/move/"):
        page.mouse.up()


def middle(place: Locator) -> tuple[float, float]:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def stands(delivery: Delivery) -> tuple[date | None, time | None]:
    row = Delivery.objects.get(pk=delivery.pk)
    return row.local_date, row.local_time


def toast(page: Page) -> Locator:
    return page.locator("#messages .toast-line")


# -- dragging -------------------------------------------------------------------------------------------------------


def test_an_entry_is_dragged_to_another_day_and_back_by_undo(desk: Page, brand: Brand, editor: User) -> None:
    delivery = planned(brand, editor)
    open_calendar(desk, brand)

    target = middle(cell(desk, WEDNESDAY))
    drag(desk, entry(desk, delivery), target)
    expect(toast(desk)).to_contain_text("10 a.m.")
    moved = stands(delivery)
    with desk.expect_response("**/move/"):
        toast(desk).get_by_role("button", name="Undo").click()
    expect(entry(desk, delivery)).to_be_visible()

    assert (moved, stands(delivery)) == ((WEDNESDAY, time(10)), (MONDAY, time(10)))
    assert "/calendar/" in desk.url  # the drop was no click


def test_an_entry_is_dragged_to_another_hour_of_the_week(desk: Page, brand: Brand, editor: User) -> None:
    delivery = planned(brand, editor)
    open_calendar(desk, brand, "week")
    entry(desk, delivery).scroll_into_view_if_needed()
    box = entry(desk, delivery).bounding_box()
    day = desk.locator(".ec-body .ec-day").nth(2).bounding_box()
    assert box
    assert day

    drag(desk, entry(desk, delivery), (day["x"] + day["width"] / 2, box["y"] + 8 + 2 * box["height"]))

    expect(toast(desk)).to_be_visible()
    assert stands(delivery) == (WEDNESDAY, time(12))


def test_a_refused_drop_goes_back_and_says_why(desk: Page, brand: Brand, editor: User) -> None:
    first = today.replace(day=1)
    delivery = planned(brand, editor, day=today + timedelta(days=1))
    open_calendar(desk, brand, day=today + timedelta(days=1))
    past = today - timedelta(days=1) if today > first else first
    if not cell(desk, past).count() or past >= today:
        pytest.skip("the month in view has no day that has passed")

    drag(desk, entry(desk, delivery), middle(cell(desk, past)))

    expect(toast(desk)).to_have_class("toast-line toast-error")
    expect(toast(desk)).to_contain_text("Choose a time in the future.")
    assert stands(delivery)[0] == today + timedelta(days=1)
    assert "toast-error" in (toast(desk).get_attribute("class") or "")


def test_two_people_who_move_the_same_entry_never_overwrite(
    new_context: Callable[..., BrowserContext], live_server: Any, desk: Page, brand: Brand, editor: User, problems: Any
) -> None:
    delivery = planned(brand, editor)
    other = sign_in(new_context(), live_server, make.person(Role.MANAGER, brand=brand))
    open_calendar(desk, brand)
    open_calendar(other, brand)

    target = middle(cell(other, WEDNESDAY))
    drag(other, entry(other, delivery), target)
    problems.allow("status of 409")
    drag(desk, entry(desk, delivery), middle(cell(desk, MONDAY + timedelta(days=4))))

    expect(toast(desk)).to_contain_text("Somebody else moved")
    assert stands(delivery)[0] == WEDNESDAY
    box, day = entry(desk, delivery).bounding_box(), cell(desk, WEDNESDAY).bounding_box()
    assert box
    assert day
    assert day["x"] <= box["x"] <= day["x"] + day["width"]


def test_a_draft_is_dragged_onto_a_day_and_back_by_undo(desk: Page, brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, title="A draft", author=editor))
    open_calendar(desk, brand)
    draft = desk.locator(f'[data-draft-entry="{delivery.pk}"]')

    with desk.expect_response("**/move/"):
        draft.drag_to(cell(desk, WEDNESDAY))
    expect(entry(desk, delivery)).to_be_visible()
    expect(draft).to_have_count(0)
    placed = stands(delivery)
    with desk.expect_response("**/unschedule/"):
        toast(desk).get_by_role("button", name="Undo").click()

    expect(draft).to_be_visible()
    expect(entry(desk, delivery)).to_have_count(0)
    assert placed == (WEDNESDAY, time(12))
    assert stands(delivery) == (None, None)


def test_a_published_entry_stays_where_it_is(desk: Page, brand: Brand, editor: User) -> None:
    at = datetime.combine(MONDAY, time(10), PARIS)
    delivery = make.delivery(post=make.post(brand=brand), published_at=at)
    open_calendar(desk, brand)

    entry(desk, delivery).focus()
    desk.keyboard.press("m")

    expect(desk.locator("[data-announce]")).to_have_text("Published entries stay where they are.")
    expect(desk.locator("[data-move-dialog]")).to_be_hidden()


# -- by keyboard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "keys", "day", "clock"),
    [
        ("month", "Shift+ArrowRight", MONDAY + timedelta(days=1), time(10)),
        ("month", "Shift+ArrowDown", MONDAY + timedelta(days=7), time(10)),
        ("week", "Shift+ArrowDown", MONDAY, time(11)),
        ("week", "Shift+ArrowRight", MONDAY + timedelta(days=1), time(10)),
    ],
)
def test_keys_move_an_entry_which_keeps_the_focus(
    desk: Page, brand: Brand, editor: User, view: str, keys: str, day: date, clock: time
) -> None:
    delivery = planned(brand, editor)
    open_calendar(desk, brand, view)

    entry(desk, delivery).focus()
    with desk.expect_response("**/move/"):
        desk.keyboard.press(keys)

    expect(toast(desk)).to_contain_text("a.m.")
    expect(entry(desk, delivery)).to_be_focused()
    assert stands(delivery) == (day, clock)


def test_keys_faster_than_the_server_move_an_entry_once_each(desk: Page, brand: Brand, editor: User) -> None:
    delivery = planned(brand, editor)
    open_calendar(desk, brand)
    held: list[Route] = []

    def hold(route: Route) -> None:  # a handler of Playwright's cannot be a built-in method
        held.append(route)

    desk.route("**/move/", hold, times=1)

    entry(desk, delivery).focus()
    with desk.expect_request("**/move/"):
        desk.keyboard.press("Shift+ArrowRight")
    desk.keyboard.press("Shift+ArrowRight")
    with desk.expect_response("**/move/"):
        held[0].continue_()
    with desk.expect_response("**/move/"):
        pass

    expect(entry(desk, delivery)).to_be_focused()
    assert stands(delivery) == (WEDNESDAY, time(10))


def test_everything_is_reached_by_tab_alone(desk: Page, brand: Brand, editor: User) -> None:
    delivery = planned(brand, editor)
    open_calendar(desk, brand)

    desk.locator(".ec-toolbar button").last.focus()
    desk.keyboard.press("Tab")
    expect(entry(desk, delivery)).to_be_focused()
    desk.keyboard.press("m")
    expect(desk.locator("[data-move-dialog]")).to_be_visible()
    desk.locator("[data-move-dialog] [name=day]").fill(WEDNESDAY.isoformat())
    desk.locator("[data-move-dialog] [name=clock]").fill("08:15")
    with desk.expect_response("**/move/"):
        desk.keyboard.press("Enter")
    expect(desk.locator("[data-move-dialog]")).to_be_hidden()
    expect(entry(desk, delivery)).to_be_focused()
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/posts/{delivery.post_id}/**")

    assert stands(delivery) == (WEDNESDAY, time(8, 15))


def test_the_dialog_keeps_what_was_typed_when_it_is_refused(desk: Page, brand: Brand, editor: User, axe: Any) -> None:
    delivery = planned(brand, editor)
    open_calendar(desk, brand)
    entry(desk, delivery).focus()
    desk.keyboard.press("m")
    dialog = desk.locator("[data-move-dialog]")
    yesterday = (today - timedelta(days=1)).isoformat()

    dialog.locator("[name=day]").fill(yesterday)
    with desk.expect_response("**/move/"):
        desk.keyboard.press("Enter")

    expect(dialog.locator("[data-move-error]")).to_have_text("Choose a time in the future.")
    expect(dialog.locator("[name=day]")).to_have_value(yesterday)
    axe(desk)
    assert stands(delivery) == (MONDAY, time(10))


def test_the_dialog_takes_an_entry_off_the_calendar(desk: Page, brand: Brand, editor: User) -> None:
    delivery = planned(brand, editor)
    open_calendar(desk, brand)
    entry(desk, delivery).focus()
    desk.keyboard.press("m")

    with desk.expect_response("**/unschedule/"):
        desk.get_by_role("button", name="Take off the calendar").click()

    expect(desk.locator(f'[data-draft-entry="{delivery.pk}"]')).to_be_visible()
    assert stands(delivery) == (None, None)


# -- what is in view ------------------------------------------------------------------------------------------------


def test_filters_stand_in_the_address_and_survive_a_reload(desk: Page, brand: Brand, editor: User) -> None:
    one, two = planned(brand, editor), planned(brand, editor, clock=time(11))
    open_calendar(desk, brand)

    desk.get_by_label("Account", exact=True).select_option(str(one.account_id))
    expect(entry(desk, two)).to_have_count(0)
    expect(entry(desk, one)).to_be_visible()
    filtered = desk.url
    desk.reload()
    expect(entry(desk, one)).to_be_visible()

    assert f"account={one.account_id}" in filtered
    assert entry(desk, two).count() == 0


def test_the_brands_clock_holds_wherever_the_browser_is(
    new_context: Callable[..., BrowserContext], live_server: Any, brand: Brand, editor: User
) -> None:
    delivery = planned(brand, editor)
    page = sign_in(new_context(timezone_id="Pacific/Auckland"), live_server, editor)
    open_calendar(page, brand)

    expect(entry(page, delivery).locator(".cal-time")).to_have_text("10:00 AM")
    with page.expect_response("**/move/"):
        drag(page, entry(page, delivery), middle(cell(page, WEDNESDAY)))

    assert stands(delivery) == (WEDNESDAY, time(10))


@pytest.mark.parametrize("locale", ["en", "fr"], indirect=True)
@pytest.mark.parametrize("viewport", ["desktop", "phone"], indirect=True)
def test_the_calendar_is_accessible_in_every_view(
    desk: Page, brand: Brand, editor: User, axe: Any, locale: str, viewport: str
) -> None:
    for hour in range(8, 14):
        planned(brand, editor, clock=time(hour), title="Fresh from the roaster")
    make.delivery(post=make.post(brand=brand, author=editor))

    for view in ("month", "week", "list"):
        open_calendar(desk, brand, view)
        expect(desk.locator(".cal-link").first).to_be_visible()
        axe(desk)
        assert desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    desk.goto(f"{url(brand, 'calendar')}?plain=1&date={MONDAY}")
    axe(desk)


def test_more_entries_than_fit_open_in_a_window_of_their_own(desk: Page, brand: Brand, editor: User, axe: Any) -> None:
    for hour in range(8, 14):
        last = planned(brand, editor, clock=time(hour))
    open_calendar(desk, brand)

    desk.locator(".ec-day-foot a", has_text="more").click()

    expect(entry(desk, last).last).to_be_visible()
    axe(desk)


@pytest.mark.parametrize("viewport", ["phone"], indirect=True)
def test_a_phone_begins_with_the_list_and_moves_by_a_button(desk: Page, brand: Brand, editor: User) -> None:
    delivery = planned(brand, editor, day=today + timedelta(days=1))
    desk.goto(f"{url(brand, 'calendar')}?date={today + timedelta(days=1)}")
    expect(desk.locator(".ec-list")).to_be_visible()

    desk.locator(f'[data-move-entry="{delivery.pk}"]').tap()
    desk.locator("[data-move-dialog] [name=clock]").fill("18:30")
    with desk.expect_response("**/move/"):
        desk.locator("[data-move-save]").tap()

    expect(toast(desk)).to_be_visible()
    assert stands(delivery)[1] == time(18, 30)


def test_without_scripts_the_month_is_a_list(
    new_context: Callable[..., BrowserContext], live_server: Any, brand: Brand, editor: User
) -> None:
    delivery = planned(brand, editor, title="Read without scripts", day=today + timedelta(days=1))
    page = sign_in(new_context(java_script_enabled=False), live_server, editor)

    page.goto(url(brand, "calendar"))
    page.locator("noscript a").click()
    page.goto(f"{page.url}&date={today + timedelta(days=1)}")
    page.get_by_role("link", name="Read without scripts").click()

    expect(page.locator("h1")).to_have_text("Read without scripts")
    assert f"/posts/{delivery.post_id}/" in page.url


# -- the composer ---------------------------------------------------------------------------------------------------


def test_the_composer_counts_while_one_writes_and_names_what_is_too_long(
    desk: Page, brand: Brand, editor: User, axe: Any
) -> None:
    account = make.account(brand=brand, mission="Show how we roast.")
    day = date(2026, 1, 1)
    NetworkFact.objects.create(network=account.network, field="caption_max", value=20, source="x", looked_up_on=day)
    desk.goto(url(brand, "post_create"))

    desk.get_by_label("Working title").fill("Roast")
    desk.get_by_label(str(account), exact=True).check()
    desk.get_by_label("Text", exact=False).first.fill("Fresh from the roaster, this morning.")

    expect(desk.get_by_text("Show how we roast.")).to_be_visible()
    expect(desk.locator(f"#count-{account.pk}")).to_contain_text("37 of 20")
    expect(desk.locator(f"#problem-{account.pk}")).to_contain_text("the text has 37 characters, 20 fit.")
    axe(desk)
    desk.get_by_label(f"Text for {account}").fill("Fresh.")
    expect(desk.locator(f"#count-{account.pk}")).to_contain_text("6 of 20")
    desk.get_by_role("button", name="Save").click()
    desk.wait_for_url("**/posts/*/")
    assert Post.objects.get().deliveries.get().words == "Fresh."


def test_what_was_typed_survives_the_end_of_the_session(desk: Page, brand: Brand, editor: User) -> None:
    desk.goto(url(brand, "post_create"))
    desk.get_by_label("Working title").fill("Kept")
    desk.get_by_label("Text", exact=False).first.fill("Every word of it.")
    desk.wait_for_timeout(600)
    desk.goto(url(brand, "calendar"))
    desk.goto(url(brand, "post_create"))

    desk.get_by_role("button", name="Bring it back").click()

    expect(desk.get_by_label("Working title")).to_have_value("Kept")
    expect(desk.locator("[name=text]")).to_have_value("Every word of it.")


def test_publishing_from_the_posts_page(desk: Page, brand: Brand, editor: User, axe: Any) -> None:
    delivery = planned(brand, editor)
    desk.goto(url(brand, "post_detail", pk=delivery.post_id))
    axe(desk)

    desk.get_by_text("Mark as published").first.click()
    desk.get_by_label("Address of the publication").fill("https://www.instagram.com/p/abc/")
    desk.get_by_role("button", name="Mark as published").click()

    expect(desk.locator(".delivery .badge")).to_have_text("Published")
    assert Delivery.objects.get().permalink == "https://www.instagram.com/p/abc/"
    axe(desk)
