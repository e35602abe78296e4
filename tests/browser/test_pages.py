"""Every page of the demonstration workspace, as every role, in both languages; the main ones also dark and on a phone.

Each role walks in a real browser in one language; in the other the same pages are read without one. What a role may
not open is asked for where it reads. In English every text of the workspace is one that attackers write: none may run.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from activity.models import Message
from analytics.services import upload_figures
from audits.models import AccountReview
from calendar_app.models import Delivery, DeliveryState
from config.demo.build import Demo, build
from config.demo.words import PASSWORD
from core import sheets
from networks.services import load_catalogue
from surveys.models import Survey
from teams.models import Membership
from teams.rules import Role
from teams.services import invite
from tests import make
from tests.browser.conftest import Problems
from tests.browser.journey.leaks import badly_set_in, english_in
from tests.browser.payloads import SAID, poison
from tests.doors.walk import DOORS

pytestmark = pytest.mark.django_db(transaction=True)
IN_BROWSER = {"en": (Role.ADMIN,), "fr": (Role.MANAGER,)}
ALLAUTH = ("account_email", "account_change_password", "account_logout", "mfa_index", "usersessions_list")
FILES = ("calendar_feed", "calendar_hints", "persona_portrait")  # no pages
ENTRANCE = ("home", "account_login", "account_signup", "account_reset_password")
MAIN = ("brand_home", "plan_detail", "plan_document", "goal_list", "goal_create", "goal_detail", "persona_detail",
        "account_list", "account_detail", "audit_detail", "calendar", "post_create", "post_detail", "results",
        "delivery_figures", "survey_results", "survey_detail", "member_list", "notification_list",
        "preference_edit")  # fmt: skip
# What of a page axe could see: pages that are built alike are looked at once.
SHAPE = """() => location.pathname.split("/").filter(part => !/^\\d+$/.test(part)).join("/")
    + [...document.querySelectorAll("body *")].map(one => one.tagName + one.className).join()"""

# What a text did: it called the canary, it made an element of its own or a link that would run it, a template took it.
WATCH = f"window.ran = []; window.{SAID} = what => ran.push(what);"
MADE = (
    "iframe, [onload], [onerror], [onfocus], [onmouseover], script:not([src]):not([type]):not([nonce]), base, "
    "a[href^=javascript], form[action^=javascript], img[src=x]"
)
RUN_BY_TEXTS = """made => [...ran, ...[...document.querySelectorAll(made)].map(one => one.outerHTML.slice(0, 200)),
    ...[document.title, document.body.innerText].filter(text => text.includes("14$") || text.includes("$49"))]"""


@dataclass
class Place:
    """The demonstration workspace, and the addresses of all its pages."""

    demo: Demo
    locale: str
    problems: list[str] = field(default_factory=list)
    leaks: set[str] = field(default_factory=set)

    @property
    def names(self) -> dict[str, str]:
        return {"workspace": self.demo.brand.workspace.slug, "brand": self.demo.brand.slug}

    def samples(self) -> dict[str, Any]:
        """What stands for the number in the addresses whose names begin like that; the longest beginning wins."""
        demo = self.demo
        published = Delivery.objects.filter(brand=demo.brand, state=DeliveryState.PUBLISHED).order_by("pk")
        review = AccountReview.objects.filter(audit__brand=demo.brand).first()
        assert review
        return {
            "account_": demo.accounts["instagram"].pk, "account_connect": demo.accounts["mastodon"].pk,
            "audit_": review.audit_id, "review_": (review.audit_id, review.pk), "persona_": demo.personas[0].pk,
            "inspiration_": demo.personas[0].pk, "goal_": demo.goals[0].pk, "plan_": demo.plan.pk,
            "plan_pdf_": make.plan_pdf(plan=demo.plan).pk, "plan_share_": make.plan_share(plan=demo.plan).pk,
            "plan_pdf": demo.plan.pk, "objective_": demo.objectives[0].pk, "content_kind_": demo.kinds[0].pk,
            "campaign_": demo.campaign.pk, "matrix_account_": demo.accounts["instagram"].pk,
            "post_": published[0].post_id, "delivery_": published[0].pk,
            "member_": Membership.objects.get(user=demo.people["guest"]).pk, "invitation_": 1, "notification_": 1,
            "pull_": demo.accounts["mastodon"].pk, "figures_": self.draft(), "endpoint_": self.endpoint(),
            "plan_section_": (demo.plan.pk, "goals"), "revision_": demo.plan.revisions.get().pk,
            "revision_list": demo.plan.pk, "revision_compare": demo.plan.pk, "revision_call_list": demo.plan.pk,
            "revision_call_": demo.plan.calls.get().pk,
            **self.surveys(),
            "check_in_": make.check_in(goal=demo.goals[0], by=demo.people["admin"]).pk,
        }  # fmt: skip

    def surveys(self) -> dict[str, int]:
        """The demonstration's open survey, and a draft."""
        survey = Survey.objects.get(brand=self.demo.brand, state="open")
        draft = make.survey(brand=self.demo.brand, state="draft")
        pages = dict.fromkeys(("survey_edit", "survey_question_create"), draft.pk)
        return {"survey_": survey.pk, **pages, "survey_question_": make.question(survey=draft).pk}

    def endpoint(self) -> int:
        """A webhook with a log, to which a message did not get through."""
        place, since = self.demo.brand.workspace, timezone.now()
        endpoint = make.endpoint(workspace=place, brands=(self.demo.brand,), failures=2, failing_since=since)
        make.attempt(endpoint=endpoint, status=None, error="The server took too long to answer.")
        make.attempt(endpoint=endpoint, answer="taken")
        make.hook(endpoint=endpoint, brand=self.demo.brand, state="dead", last_error="404 no_service")
        return endpoint.pk

    def draft(self) -> int:
        """A file of figures that the admin uploaded."""
        account, now = self.demo.accounts["instagram"], timezone.now()
        account.refresh_from_db()
        rows = [["date", "network", "account", "followers"], [self.demo.today, "instagram", account.handle, 4200]]
        content = sheets.write(rows, delimiter=";").encode()
        by = self.demo.people["admin"]
        return upload_figures(
            brand=self.demo.brand, filename="a.csv", content=content, day_first=False, by=by, now=now
        ).pk

    def addresses(self) -> Iterator[tuple[str, str, Role | None]]:
        """The name of each page of ours, its address, and the least role that opens it."""
        samples = self.samples()
        for door in DOORS:
            assert door.access
            if "token" in door.converters or door.access.border == "public" or door.name in FILES:
                continue
            values = {name: value for name, value in self.names.items() if name in door.converters}
            if "pk" in door.converters:
                key = max((start for start in samples if door.name.startswith(start)), key=len)
                pk, *more = samples[key] if isinstance(samples[key], tuple) else (samples[key],)
                values |= {"pk": pk, **dict(zip((set(door.converters) - {"pk", *values}), more, strict=True))}
            yield door.name, reverse(door.name, kwargs=values), door.access.role
        for name in ALLAUTH:
            yield name, reverse(name), None

    def note(self, where: str, found: Iterable[str]) -> None:
        self.problems += [f"{where}: {one}" for one in found]

    def judge(self) -> None:
        """Fails with all that was found, each once."""
        if self.problems:
            pytest.fail("\n".join(dict.fromkeys(self.problems)), pytrace=False)

    def client(self, role: Role) -> Client:
        """Signed in, and just asked again for the password: some pages want that."""
        client = Client()
        client.force_login(self.demo.people[role.value])
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return client


@pytest.fixture
def place(live_server: Any, locale: str) -> Place:
    load_catalogue()
    return Place(build(language=locale, now=timezone.now()), locale)


def expected(name: str, least: Role | None, role: Role) -> int:
    if name == "figures_preview" and role is not Role.ADMIN:
        return 404 if role.covers(Role.EDITOR) else 403  # a file is its uploader's own
    return 200 if least is None or role.covers(least) else 403


def pages_of(place: Place) -> list[tuple[str, str, Role | None]]:
    """What the admin finds to look at: every address of ours that answers with a page."""
    client, pages = place.client(Role.ADMIN), []
    for name, address, least in place.addresses():
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            place.note(f"admin {address}", amiss(answer.content.decode(), place))
            pages.append((name, address, least))
        elif answer.status_code not in (200, 302, 405):  # a file, a way to another page, an act
            place.note(f"admin {address}", [str(answer.status_code)])
    return pages


def read(place: Place, role: Role, pages: list[tuple[str, str, Role | None]]) -> None:
    """Without a browser: what each page answers, its title, its one heading, its language."""
    client = place.client(role)
    for name, address, least in pages:
        wanted = expected(name, least, role)
        answer = client.get(address)
        found = [] if answer.status_code == wanted else [f"{answer.status_code}, not {wanted}"]
        place.note(f"{role.value} {address}", found or amiss(answer.content.decode(), place))


def amiss(html: str, place: Place) -> Iterator[str]:
    if html.count("<h1") != 1:
        yield f"{html.count('<h1')} h1"
    title = re.search(r"<title>\s*(?P<own>[^<]*?)[\s·]*Sextant</title>", html)
    if not (title and title["own"]):
        yield "no title"
    if f'<html lang="{place.locale}"' not in html:
        yield "another language"
    if place.locale == "fr":
        new = {text for text in english_in(html) if text not in place.leaks}
        place.leaks |= new
        yield from (f"English: {text!r}" for text in sorted(new))
        badly_set = {text for text in badly_set_in(html) if text not in place.leaks}
        place.leaks |= badly_set
        yield from (f"badly set: {text!r}" for text in sorted(badly_set))


@pytest.fixture
def signed_in(new_context: Callable[..., BrowserContext], place: Place, live_server: Any) -> Callable[..., Page]:
    """signed_in(Role.EDITOR): a page of a browser in which that person is signed in already."""

    def make(role: Role, **options: Any) -> Page:
        context = new_context(timezone_id="Europe/Paris", **options)
        name = settings.SESSION_COOKIE_NAME
        context.add_init_script(WATCH)
        context.add_cookies([{"name": name, "value": place.client(role).cookies[name].value, "url": live_server.url}])
        return context.new_page()

    return make


class Looker:
    """Opens pages in a browser, and has axe look at those that it has not seen alike."""

    def __init__(self, place: Place, page: Page, axe: Callable[[Page], None], problems: Problems) -> None:
        self.place, self.page, self.axe, self.problems = place, page, axe, problems
        self.seen: set[str] = set()

    def look(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer
        self.page.wait_for_selector("html[data-ready=yes]")
        self.place.note(address, self.page.evaluate(RUN_BY_TEXTS, MADE))
        self.place.note(address, [str(answer.status)] if answer.status != 200 else amiss(answer.text(), self.place))
        shape = self.page.evaluate(SHAPE)
        if shape not in self.seen:
            self.seen.add(shape)
            try:
                self.axe(self.page)
            except pytest.fail.Exception as failure:
                self.place.note("axe", [str(failure.msg)])
        self.place.note(address, self.problems.unexpected())
        self.problems.clear()


@pytest.mark.long
@pytest.mark.parametrize("locale", ["en", "fr"], indirect=True)
def test_every_page_as_every_role(
    place: Place, signed_in: Callable[..., Page], axe: Callable[[Page], None], problems: Problems
) -> None:
    if place.locale == "en":
        assert poison() > 1000
    pages = pages_of(place)
    seen: set[str] = set()
    for role in Role:
        if role not in IN_BROWSER[place.locale]:
            read(place, role, pages)
            continue
        looker = Looker(place, signed_in(role), axe, problems)
        looker.seen = seen
        for name, address, least in pages:
            if expected(name, least, role) == 200:
                looker.look(address)

    place.judge()


@pytest.mark.parametrize("locale", ["en", "fr"], indirect=True)
def test_doors_from_outside(
    page: Page, locale: str, live_server: Any, axe: Callable[[Page], None], problems: Problems
) -> None:
    brand = make.brand()
    admin = make.person(Role.ADMIN, brand=brand)
    invite(workspace=brand.workspace, email="x@roche.example", role=Role.EDITOR, by=admin, now=timezone.now())
    letter = Message.objects.latest("pk")
    invitation = json.loads(letter.sealed)["url"]
    problems.allow("the server responded with a status of 404")
    survey = make.survey(brand=brand, language=locale, title="Rive Noire")
    make.question(survey=survey, kind="single", text="", is_built_in=True)
    make.question(survey=survey, text="Rive Noire\N{NO-BREAK SPACE}?", is_required=True)
    make.question(survey=survey, kind="text", text="Et encore\N{NO-BREAK SPACE}?")
    asked = reverse("public_survey", args=[survey.token])
    for address in (*map(reverse, ENTRANCE), invitation, "/invitations/none", "/nowhere/", asked, f"{asked}thanks/"):
        page.goto(address)

        assert page.locator("html").get_attribute("lang") == locale
        assert page.locator("h1").count() == 1, address
        assert locale == "en" or english_in(page.content()) == [], address
        assert locale == "en" or badly_set_in(page.content()) == [], address
        axe(page)


@pytest.mark.parametrize("locale", ["fr"], indirect=True)
@pytest.mark.parametrize("viewport", ["phone"], indirect=True)
def test_main_pages_in_the_dark_on_a_phone(
    place: Place, signed_in: Callable[..., Page], axe: Callable[[Page], None], problems: Problems
) -> None:
    page = signed_in(Role.MANAGER, color_scheme="dark")
    pages = [address for name, address, _least in place.addresses() if name in MAIN]
    looker = Looker(place, page, axe, problems)
    for address in pages:
        looker.look(address)
        if page.locator("html").get_attribute("data-bs-theme") != "dark":
            place.note(address, ["not dark"])
        if (over := page.evaluate("document.scrollingElement.scrollWidth - innerWidth")) > 0:
            place.note(address, [f"{over} px too wide"])

    assert len(pages) >= len(MAIN)
    place.judge()


@pytest.mark.parametrize("locale", ["fr"], indirect=True)
@pytest.mark.parametrize("viewport", ["phone"], indirect=True)
def test_pages_of_a_brand_on_its_first_day(
    new_context: Callable[..., BrowserContext], live_server: Any, axe: Callable[[Page], None], problems: Problems
) -> None:
    """No plan, account, post or figure yet, for an admin on a small phone: each page is one, and fits."""
    load_catalogue()
    demo = Demo("fr", timezone.now())
    demo.brand = make.brand(name="Brûlerie")
    admin = make.user(name="Élodie", language="fr", password=PASSWORD)
    make.member(Role.ADMIN, brand=demo.brand, user=admin)
    demo.people = {Role.ADMIN.value: admin}
    place = Place(demo, "fr")
    name = settings.SESSION_COOKIE_NAME
    context = new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": name, "value": place.client(Role.ADMIN).cookies[name].value, "url": live_server.url}])
    context.add_init_script(WATCH)
    looker = Looker(place, context.new_page(), axe, problems)
    client, seen = place.client(Role.ADMIN), 0
    for door in DOORS:
        if not door.is_ours or {"pk", "token"} & set(door.converters) or door.name in FILES:
            continue
        address = door.path(**place.names)
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            looker.look(address)
            seen += 1
            if (over := looker.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")) > 0:
                place.note(address, [f"{over} px too wide"])

    assert seen > 30
    place.judge()
