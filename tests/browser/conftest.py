"""Real Chromium on the running application: every page must be free of CSP violations, console and page errors.

def test_home(page, live_server): page.goto("/")           # relative to the live server
@pytest.mark.parametrize("locale", ["en", "fr"], indirect=True)
def test_home_in_both(page, locale): ...
@pytest.mark.parametrize("viewport", ["phone"], indirect=True)
def test_home_on_a_phone(page): ...
def test_home_is_accessible(page, axe): page.goto("/"); axe(page)
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip
VIEWPORTS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
EXPECTED = "the server responded with a status of 422"  # Chromium's own line when a form is refused
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if os.environ.get("SEXTANT_NO_BROWSER") == "1":
                item.add_marker(pytest.mark.skip(reason="SEXTANT_NO_BROWSER=1"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.fail("No Chromium: apt install chromium, or set SEXTANT_NO_BROWSER=1 to leave these out.", pytrace=False)
    # Playwright's loop makes Django think that this thread is async
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def locale(request: pytest.FixtureRequest) -> str:
    """The browser's language; parametrize with indirect=True."""
    return getattr(request, "param", "en")


@pytest.fixture
def viewport(request: pytest.FixtureRequest) -> str:
    """ "desktop" or "phone"; parametrize with indirect=True."""
    return getattr(request, "param", "desktop")


class Problems(list[str]):
    """What the browser complained of. `allow("text")` takes complaints with that text as part of the test."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed = [EXPECTED]

    def allow(self, text: str) -> None:
        self.allowed.append(text)

    def unexpected(self) -> list[str]:
        return [problem for problem in self if not any(text in problem for text in self.allowed)]


@pytest.fixture
def problems() -> Iterator[Problems]:
    found = Problems()
    yield found
    assert found.unexpected() == []


@pytest.fixture
def new_context(
    browser: Browser, live_server: Any, problems: Problems, locale: str, viewport: str
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts, one for each person who is signed in at the same time. All are watched for problems."""
    made: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            problems.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def make(**options: Any) -> BrowserContext:
        phone = {"has_touch": True, "is_mobile": True} if viewport == "phone" else {}
        defaults: dict[str, Any] = {"base_url": live_server.url, "viewport": VIEWPORTS[viewport], "locale": locale}
        context = browser.new_context(**{**defaults, "reduced_motion": "reduce", **phone, **options})
        context.set_default_timeout(10_000)
        context.on("console", note)
        context.on("weberror", lambda error: problems.append(f"page error: {error.error}"))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of a browser in which nobody is signed in."""
    return new_context().new_page()


# -- accessibility --------------------------------------------------------------------------------------------------

RUN_AXE = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
    .then(result => result.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(
        n => ({html: n.html, why: n.failureSummary}))})))"""


def readable(violations: list[dict[str, Any]]) -> str:
    lines = []
    for violation in violations:
        lines.append(f"{violation['id']}: {violation['help']}")
        lines += [f"    {node['html'][:200]}\n      {node['why']}" for node in violation["nodes"]]
    return "\n".join(lines)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """axe(page) fails with what axe-core finds wrong with the page as it stands."""
    source = (settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text()

    def check(page: Page) -> None:
        page.evaluate(source)  # by the inspector: the page's policy allows no foreign script
        violations = page.evaluate(RUN_AXE, AXE_TAGS)
        if violations:
            pytest.fail(f"{page.url}\n{readable(violations)}", pytrace=False)

    return check
