"""The tools of the browser tests are tools that find something."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Problems


def test_page_is_free_of_problems_and_accessible(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/me/login/")

    axe(page)


@pytest.mark.parametrize("locale", ["fr"], indirect=True)
@pytest.mark.parametrize("viewport", ["phone"], indirect=True)
def test_browser_speaks_french_on_a_phone(page: Page) -> None:
    page.goto("/me/login/")

    assert page.evaluate("[document.documentElement.lang, innerWidth]") == ["fr", 390]


def test_axe_names_what_is_wrong(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/me/login/")
    page.evaluate("document.body.append(document.createElement('img'))")

    with pytest.raises(pytest.fail.Exception, match="image-alt"):
        axe(page)


def test_broken_policy_and_failed_scripts_are_noted(page: Page, problems: Problems) -> None:
    page.goto("/me/login/")
    page.evaluate("document.body.setAttribute('onclick', 'alert(1)')")
    page.evaluate("setTimeout(() => { throw new Error('on purpose') })")
    page.wait_for_timeout(200)

    assert any("Content Security Policy" in problem for problem in problems)
    assert any("page error" in problem and "on purpose" in problem for problem in problems)
    problems.clear()
