"""The business objective, the persona, the plan and its goals."""

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.journey.desk import Desk, visible

LETTERS = ".letter .verdict"


def write_objective(desk: Desk) -> None:
    desk.open(desk.brand("objectives/new/"))
    desk.fill({"title": desk.voyage.words.objective}).save()
    visible(desk.page.locator("main").get_by_text(desk.voyage.words.objective).first)


def write_persona(desk: Desk) -> None:
    words = desk.voyage.words
    desk.open(desk.brand("personas/new/"))
    desk.fill({"name": words.persona, "summary": words.persona_summary, "own_words": words.own_words})
    desk.fill({"instagram-presence": "yes"}).save()
    visible(desk.page.locator("main").get_by_text(words.own_words).first)


def open_plan(desk: Desk, monday: date) -> None:
    """From three weeks ago to two months ahead; an end before the start is refused."""
    desk.open(desk.brand("plan/new/"))
    dates = {"starts_on": monday - timedelta(weeks=3), "ends_on": monday + timedelta(weeks=9)}
    desk.fill({"title": desk.voyage.words.plan, "starts_on": dates["ends_on"], "ends_on": dates["starts_on"]})
    desk.refused()
    desk.fill(dates).save()
    desk.at("brand_home")


def is_ready(desk: Desk) -> bool:
    """Whether the plan says that it has goals enough to work by."""
    desk.open(desk.brand("plan/"))
    ready, not_ready = (desk.page.locator(f".plan-head .alert.tone-{tone}").count() for tone in ("sea", "amber"))
    assert ready + not_ready == 1
    return bool(ready)


def expect_lacking(desk: Desk, letters: str) -> None:
    """The form comes to say that exactly these letters are not met."""
    for index, letter in enumerate("SMART"):
        met = expect(desk.page.locator(LETTERS).nth(index))
        (met.not_to_contain_class if letter in letters else met.to_contain_class)("is-met")


def answer(desk: Desk) -> str:
    """The name of the field that asks how the goal helps to reach the persona."""
    return str(desk.page.locator("main [name^='persona-']").first.get_attribute("name"))


def choose_objective(desk: Desk) -> None:
    desk.page.locator("[name=objective]").select_option(label=desk.voyage.words.objective)


def write_compound_goal(desk: Desk, starts_on: date) -> str:
    """The article's own example, from the preset: the form says what is lacking, and warns of vanity."""
    desk.open(desk.brand("goals/new/"))
    desk.page.locator(".presets summary").click()
    desk.follow(desk.page.locator(".presets a[href='?preset=culture']"))
    assert sentences(desk) == [
        ("published_deliveries", "photo", "week", "3"),
        ("likes", "photo", "delivery", "30"),
        ("comments", "photo", "delivery", "5"),
    ]
    expect_lacking(desk, "R")  # no objective, nobody reached
    desk.page.locator("[name=action]").fill("")
    expect_lacking(desk, "SR")
    desk.page.locator("[name=action]").fill(desk.voyage.words.presence_action)
    choose_objective(desk)
    desk.fill({answer(desk): desk.voyage.words.gains, "starts_on": starts_on})
    expect_lacking(desk, "")
    save_goal(desk)
    expect(desk.page.locator("main section.card[aria-labelledby^='target-']")).to_have_count(3)
    return desk.path


def sentences(desk: Desk) -> list[tuple[str, ...]]:
    """The rows of targets as the form holds them."""
    rows = desk.page.locator("[data-target-row]:visible").all()
    names = ("metric", "format", "per", "value")
    return [tuple(row.locator(f"[name$='-{name}']").input_value() for name in names) for row in rows]


def write_presence_goal(desk: Desk) -> None:
    """Letter by letter: at first nearly everything is lacking, at the end nothing."""
    words = desk.voyage.words
    start_goal(desk, words.presence, words.presence_action, "mastodon")
    desk.fill({"targets-0-metric": "published_deliveries", "targets-0-per": "week"})
    expect_lacking(desk, "MAR")  # still without its number
    desk.fill({"targets-0-value": 1})
    expect_lacking(desk, "R")
    desk.fill({answer(desk): words.gains})
    expect_lacking(desk, "")
    save_goal(desk)


def write_visits_goal(desk: Desk) -> None:
    """Likes alone are vanity, says the form; what brings readers is not. Without a date there is no goal."""
    words = desk.voyage.words
    start_goal(desk, words.visits, words.visits_action, "linkedin")
    desk.fill(
        {answer(desk): words.gains, "targets-0-metric": "likes", "targets-0-per": "delivery", "targets-0-value": 10}
    )
    expect_lacking(desk, "")
    expect(desk.page.locator(f"{LETTERS} .verdict-warning")).to_have_count(1)
    desk.fill({"targets-0-metric": "link_clicks"})
    expect(desk.page.locator(f"{LETTERS} .verdict-warning")).to_have_count(0)
    due_on = desk.page.locator("[name=due_on]").input_value()
    desk.fill({"due_on": ""})
    expect_lacking(desk, "T")
    desk.refused("#goal-form")
    desk.fill({"due_on": due_on})
    save_goal(desk)


def start_goal(desk: Desk, title: str, action: str, network: str) -> None:
    desk.open(desk.brand("goals/new/"))
    expect_lacking(desk, "SMAR")
    desk.fill({"title": title, "action": action, "network": network})
    choose_objective(desk)
    expect_lacking(desk, "MAR")


def save_goal(desk: Desk) -> None:
    desk.save("#goal-form")
    desk.at("goal_detail")
