"""The first voyage, from signing up to a goal that moves: three people in real browsers, real mail, real workers."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from activity.models import Event
from calendar_app.models import Delivery
from core import doorbell
from core.localtime import local_day
from networks.services import load_catalogue
from plans.models import Goal, GoalStatus
from tests.browser.journey import course, crew, log, places, results
from tests.browser.journey.desk import Desk, Voyage, visible
from tests.browser.journey.words import SPOKEN
from tests.conftest import Smtp
from tests.mastodon import MastodonServer, mastodon, mastodon_process

__all__ = ["mastodon", "mastodon_process"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
ADMIN, MANAGER, EDITOR = "ada@roche.example", "malik@roche.example", "elise@roche.example"
TEN = time(10)


@pytest.fixture
def voyage(
    live_server: Any, worker: Any, smtp: Smtp, mastodon: MastodonServer, settings: Any, locale: str,
    axe: Callable[[Page], None], new_context: Callable[..., BrowserContext],
) -> Voyage:  # fmt: skip
    settings.SITE_URL = live_server.url
    doorbell._silent_until = 0.0
    load_catalogue()
    look = axe if locale == "en" else lambda page: None  # test_pages looks at the French ones
    return Voyage(locale, SPOKEN[locale], smtp, mastodon, look, new_context)


def monday() -> date:
    today = local_day(timezone.now(), "Europe/Paris")
    return today - timedelta(days=today.weekday())


def wednesday() -> date:
    """Of next week: the days beside it are always in view."""
    return monday() + timedelta(days=9)


@pytest.mark.long
@pytest.mark.parametrize("locale", ["en", "fr"], indirect=True)
def test_first_voyage(voyage: Voyage) -> None:
    step = voyage.step
    with step("a new person signs up, confirms the address, creates workspace and brand"):
        admin = voyage.desk("Ada", ADMIN)
        crew.sign_up(admin)
        crew.create_workspace(admin)
    with step("the admin invites a manager and an editor; each joins by the link"):
        crew.invite(admin, MANAGER, "manager")
        crew.invite(admin, EDITOR, "editor")
        manager = crew.join(voyage, "Malik", MANAGER)
        editor = crew.join(voyage, "Élise", EDITOR)
        assert set(crew.roles(admin)) == {ADMIN, MANAGER, EDITOR}
    with step("the admin adds three accounts"):
        accounts = {
            network: places.add_account(admin, network, editor.name)
            for network in ("instagram", "linkedin", "mastodon")
        }
    with step("the manager writes objective, persona and plan"):
        course.write_objective(manager)
        course.write_persona(manager)
        course.open_plan(manager, monday())
        assert not course.is_ready(manager)
    with step("the manager writes the compound goal from the preset"):
        compound = course.write_compound_goal(manager, monday() - timedelta(weeks=2))
        assert not course.is_ready(manager)
    with step("the manager writes two more goals, letter by letter; then the plan is ready"):
        course.write_presence_goal(manager)
        assert not course.is_ready(manager)
        course.write_visits_goal(manager)
        assert course.is_ready(manager)
    ids = {network: log.account_id(path) for network, path in accounts.items()}
    with step("the editor writes a post with one delivery per account"):
        news = write_news(editor, ids)
    with step("the editor moves it on the calendar, by drag and by keyboard"):
        move_on_calendar(editor, news)
    with step("the reminder comes before and at the time; the editor marks it published"):
        remind_and_publish(editor, news)
    with step("what is not marked is missed"):
        miss(editor, ids)
    with step("photos of the last weeks get figures, typed in and from a file"):
        photos = publish_photos(editor, ids["instagram"])
        measure_photos(editor, photos)
    with step("the goal names the weeks and posts that fell short, and its status moves"):
        follow_goal(manager, compound, photos)
    with step("figures are pulled from the network by a worker"):
        pull(admin, editor, accounts["mastodon"], news)
    with step("the manager sees the six steps and the goals on the brand's home"):
        look_home(manager, compound)
    if voyage.locale == "fr":
        assert not voyage.leaks, "\n".join(dict.fromkeys(voyage.leaks))


def write_news(editor: Desk, ids: dict[str, str]) -> str:
    """A text for all and one of its own for Mastodon, counted as each network counts; then planned for next week."""
    words = editor.voyage.words
    log.start_post(editor, words.news, words.news_text, "photo", list(ids.values()))
    log.expect_missions(editor)
    log.expect_count(editor, ids["instagram"], len(words.news_text), 2200)
    log.expect_count(editor, ids["mastodon"], len(words.news_text), 500)
    editor.fill({f"text_{ids['mastodon']}": "o" * 501})
    log.expect_count(editor, ids["mastodon"], 501, 500, is_over=True)
    editor.moment("publish_at", datetime.combine(wednesday(), TEN)).refused()
    editor.fill({f"text_{ids['mastodon']}": words.toot_text})
    log.expect_count(editor, ids["mastodon"], len(words.toot_text), 500)
    editor.moment("publish_at", datetime(2020, 1, 1, 10, 0)).refused()  # noqa: DTZ001 -- on the wall
    editor.moment("publish_at", datetime.combine(wednesday(), TEN))
    path = log.save_post(editor)
    for delivery in log.deliveries(path).values():
        log.stands_at(delivery, wednesday(), TEN)
    return path


def move_on_calendar(editor: Desk, news: str) -> None:
    rows = log.deliveries(news)
    log.open_calendar(editor, wednesday())
    log.drag(editor, rows["linkedin"], 1)
    log.stands_at(rows["linkedin"], wednesday() + timedelta(days=1), TEN)
    log.undo(editor)
    log.stands_at(rows["linkedin"], wednesday(), TEN)
    log.press(editor, rows["linkedin"], "Shift+ArrowRight")
    log.stands_at(rows["linkedin"], wednesday() + timedelta(days=1), TEN)
    log.move_by_dialog(editor, rows["linkedin"], time(16, 30))
    log.stands_at(rows["linkedin"], wednesday() + timedelta(days=1), time(16, 30))
    log.open_calendar(editor, wednesday(), "week")
    log.press(editor, rows["instagram"], "Shift+ArrowDown")
    log.stands_at(rows["instagram"], wednesday(), time(11))
    log.stands_at(rows["mastodon"], wednesday(), TEN)


def remind_and_publish(editor: Desk, news: str) -> None:
    words, row = editor.voyage.words, log.deliveries(news)["instagram"]
    log.schedule(editor, news, row, log.soon())
    log.pass_time(row, "soon")
    log.expect_reminder(editor, row, words.news_text, mails=2, unread=1)  # the first mail was the invitation
    log.pass_time(row, "due")
    log.expect_reminder(editor, row, words.news_text, mails=3, unread=1)
    log.publish(editor, news, row, "https://www.instagram.com/p/Cnews/")


def miss(editor: Desk, ids: dict[str, str]) -> None:
    words = editor.voyage.words
    log.start_post(editor, words.forgotten, words.forgotten, "text", [ids["linkedin"]])
    editor.moment("publish_at", log.soon())
    path = log.save_post(editor)
    row = log.deliveries(path)["linkedin"]
    log.pass_time(row, "missed")
    editor.voyage.mail(editor.email, 5)  # what was due meanwhile, and that it was missed
    log.expect_missed(editor, row)


def publish_photos(editor: Desk, account: str) -> list[Delivery]:
    """Three photos in the week before last, a single one last week."""
    start = monday() - timedelta(weeks=2)
    days = [start, start + timedelta(days=1), start + timedelta(days=2), start + timedelta(weeks=1)]
    return [
        log.publish_photo(
            editor, account, f"{editor.voyage.words.photo} {number}", datetime.combine(day, TEN, log.PARIS)
        )
        for number, day in enumerate(days, 1)
    ]


def measure_photos(editor: Desk, photos: list[Delivery]) -> None:
    """The first and the last fall short."""
    results.type_in(editor, photos[0], {"likes": 12, "comments": 0, "reach": 310})
    rows = [
        (photo, {"likes": str(likes), "comments": str(comments)})
        for photo, likes, comments in zip(photos[1:], (41, 30, 29), (7, 5, 6), strict=True)
    ]
    results.import_file(editor, rows, monday() - timedelta(days=1))


def follow_goal(manager: Desk, goal: str, photos: list[Delivery]) -> None:
    """Last week's single photo is named, and so are the photos with too few likes or comments."""
    manager.open(goal)
    fell_short = manager.page.locator(".short-list")
    visible(fell_short.filter(has_text=re.compile(r"\b1\b.*\b3\b")).first)
    for photo, count in ((photos[0], 2), (photos[1], 0), (photos[2], 0), (photos[3], 1)):
        expect(fell_short.locator(f"a[href$='/results/deliveries/{photo.pk}/']")).to_have_count(count)
    state = Goal.objects.get(pk=log.account_id(goal))
    assert state.status in (GoalStatus.AT_RISK, GoalStatus.OFF_TRACK)
    assert Event.objects.filter(verb="plans.goal_status_changed", target=f"goal:{state.pk}").exists()
    manager.voyage.mail(manager.email, 2)  # the first was the invitation


def pull(admin: Desk, editor: Desk, account: str, news: str) -> None:
    """The editor publishes on Mastodon by hand; the admin connects the account, and its figures come in."""
    server, words = editor.voyage.mastodon, editor.voyage.words
    status = server.post(words.toot_text)
    server.react(status, likes=True, boosts=True)
    log.publish(editor, news, log.deliveries(news)["mastodon"], f"{server.url}/@brulerie/{status}")
    places.connect(admin, account)
    results.fetch(editor, log.account_id(account), followers=1)
    editor.open(editor.brand("results/"))
    rows = log.deliveries(news)
    assert results.shown(editor, rows["mastodon"], "likes") == "1"
    assert results.shown(editor, rows["mastodon"], "comments") == "0"
    assert results.shown(editor, rows["mastodon"], "reach") == results.NOT_AVAILABLE
    assert results.shown(editor, rows["instagram"], "reach") == results.NOT_YET


def look_home(manager: Desk, goal: str) -> None:
    manager.open(manager.voyage.place)
    expect(manager.page.locator(".step-rows > .step-row")).to_have_count(6)
    visible(manager.page.locator(".step-missing li").first)
    expect(manager.page.locator(".goal-rows .goal-row")).to_have_count(3)
    row = manager.page.locator(".goal-row", has=manager.page.locator(f"a[href='{goal}']"))
    visible(row.locator(".goal-row-state .badge"))
