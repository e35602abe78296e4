"""A person at a browser of their own, and the voyage that they are on."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.journey.leaks import english_in
from tests.browser.journey.words import Words
from tests.conftest import Smtp
from tests.mastodon import MastodonServer

PASSWORD = "a quiet harbor 7"
LINK = re.compile(r"https?://\S+")


@dataclass
class Desk:
    """One person's browser. Fields are found by their names, pages by the names of their addresses."""

    page: Page
    name: str
    email: str
    voyage: "Voyage"
    seen: set[tuple[str, int]] = field(default_factory=set)

    # -- going and looking ---------------------------------------------------------------------------------------

    def open(self, address: str) -> Self:
        """Go there and look at the page."""
        answer = self.page.goto(address) or self.page.reload()  # none came: only the part behind # is another
        assert answer
        assert answer.ok, f"{answer.status} {address}"
        return self.look()

    def follow(self, locator: Locator) -> Self:
        """Press a link or button that leads to another page, and look at it."""
        with self.page.expect_navigation():
            locator.click()
        return self.look()

    def look(self, *, as_: str = "") -> Self:
        """The page as it stands is in the person's language, has one h1 and a title, and axe has nothing to say.

        What was looked at already, at this desk and with as many fields, is not looked at again.
        """
        page = self.page
        page.wait_for_selector("html[data-ready=yes]")
        assert page.locator("html").get_attribute("lang") == self.voyage.locale, page.url
        kind = (f"{resolve(urlsplit(page.url).path).url_name} {as_}", page.locator("main :is(input, section)").count())
        if kind not in self.seen:
            self.seen.add(kind)
            assert page.locator("h1").count() == 1, page.url
            assert page.title().strip(), page.url
            self._axe()
            self._note_leaks()
        return self

    def _axe(self) -> None:
        try:
            self.voyage.axe(self.page)
        except pytest.fail.Exception as failure:
            raise AssertionError(failure.msg) from None

    def _note_leaks(self) -> None:
        if self.voyage.locale == "fr":
            self.voyage.leaks += [f"{self.path}: {text}" for text in english_in(self.page.content())]

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def here(self) -> str:
        """The name of the address of this page."""
        return str(resolve(self.path).url_name)

    def at(self, *names: str) -> None:
        assert self.here in names, f"{self.page.url} is {self.here}, not {names}: {self.complaints()}"

    def complaints(self) -> list[str]:
        return self.page.locator("main .field-error, main [data-error-summary], main .toast-error").all_inner_texts()

    def brand(self, rest: str = "") -> str:
        """An address of the brand."""
        return f"{self.voyage.place}{rest}"

    # -- forms ---------------------------------------------------------------------------------------------------

    def fill(self, values: dict[str, Any], within: Locator | None = None) -> Self:
        """Each field by its name: text typed, choices chosen, boxes ticked."""
        for name, value in values.items():
            self._fill((within or self.page.locator("main")).locator(f'[name="{name}"]'), value)
        return self

    def _fill(self, found: Locator, value: Any) -> None:
        kind = found.first.evaluate("one => one.type")
        if kind == "radio":
            found.and_(self.page.locator(f'[value="{value}"]')).check()
        elif kind == "checkbox":
            found.set_checked(value)
        elif kind.startswith("select"):
            found.select_option(value)
        elif kind == "file":
            found.set_input_files(value)
        else:
            found.fill(str(value))

    def moment(self, name: str, at: Any, within: Locator | None = None) -> Self:
        """A date and a time side by side."""
        return self.fill({f"{name}_date": f"{at:%Y-%m-%d}", f"{name}_time": f"{at:%H:%M}"}, within)

    def save(self, form: str = "main form:has(.form-actions)") -> Self:
        """Press the form's main button; it must be taken."""
        before = self.page.url
        self.follow(self.page.locator(f"{form} .form-actions button.btn-primary"))
        assert self.page.url != before or not self.complaints(), f"refused: {self.complaints()}"
        return self

    def refused(self, form: str = "main form:has(.form-actions)") -> list[str]:
        """Press the form's main button; it must be refused. What the page complains of."""
        with self.page.expect_navigation() as answer:
            self.page.locator(f"{form} .form-actions button.btn-primary").click()
        assert answer.value
        assert answer.value.status == 422, f"{answer.value.status} {self.page.url}"
        self.look(as_="refused")
        return self.complaints()


@dataclass
class Voyage:
    """What all persons share: the mail server, the machinery, the language, and where the brand is."""

    locale: str
    words: Words
    smtp: Smtp
    mastodon: MastodonServer
    axe: Callable[[Page], None]
    new_context: Callable[..., BrowserContext]
    desks: list[Desk] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    place: str = ""  # "/w/<workspace>/b/<brand>/"

    def desk(self, name: str, email: str) -> Desk:
        """A new person, at a browser in which nobody is signed in."""
        page = self.new_context(timezone_id="Europe/Paris").new_page()
        self.desks.append(Desk(page, name, email, self))
        return self.desks[-1]

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Names what was being done, and where everybody was, when it goes wrong; prints how long it took."""
        started = time.monotonic()
        try:
            yield
            print(f"{time.monotonic() - started:5.1f} s  {name}")
        except BaseException as error:
            error.add_note(f"In the step: {name}")
            for desk in self.desks:
                error.add_note(f"  {desk.name} was at {desk.page.url} {desk.complaints()}")
            raise

    def mail(self, address: str, count: int = 1) -> EmailMessage:
        """The newest mail to that address, once there are `count` of them."""
        with self.smtp.arrived:
            found = self.smtp.arrived.wait_for(lambda: len(self.smtp.to(address)) >= count, 20)
        subjects = [str(mail["Subject"]) for mail in self.smtp.to(address)]
        assert found, f"{count} mails to {address} were expected, these came: {subjects}"
        return self.smtp.to(address)[-1]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def link_in(mail: EmailMessage, part: str) -> str:
    """The link in a mail whose address contains that part."""
    links = [link for link in LINK.findall(text_of(mail)) if part in link]
    assert links, f"no link with {part} in:\n{text_of(mail)}"
    return str(links[0])


def visible(locator: Locator) -> Locator:
    expect(locator).to_be_visible()
    return locator
