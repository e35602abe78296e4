"""The content matrix in a real browser: the sum while it is typed, and what the week in view lacks."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from teams.rules import Role
from tests import make
from tests.browser.test_calendar import MONDAY, entry, open_calendar, planned, sign_in, url

pytestmark = pytest.mark.django_db(transaction=True)


def test_shares_are_summed_and_the_week_in_view_says_what_it_lacks(
    new_context: Callable[..., BrowserContext], live_server: Any
) -> None:
    brand = make.brand()
    editor, account = make.person(Role.EDITOR, brand=brand), make.account(brand=brand, handle="us")
    stories, leads = (make.content_kind(brand=brand, name=name) for name in ("Stories", "Leads"))
    make.matrix({stories: 50, leads: 50})
    first, _second = (
        planned(brand, editor, clock=time(hour), account=account, content_kind=stories) for hour in (10, 14)
    )
    page = sign_in(new_context(), live_server, editor)

    page.goto(url(brand, "matrix_edit"))
    page.get_by_label("Leads").fill("45")
    expect(page.locator("[data-sum]")).to_have_text("95")
    expect(page.locator("[data-sum-words]")).to_have_text("5 missing")

    open_calendar(page, brand, "week")
    hints = page.locator("[data-hints]")
    expect(hints).to_contain_text("Instagram · us lacks “Leads” (0 of 1)")
    page.get_by_role("button", name="Month", exact=True).click()
    expect(hints).to_have_text("")
    page.get_by_role("button", name="Week", exact=True).click()
    expect(hints).to_contain_text(f"In the week of {MONDAY:%b}")
    entry(page, first).focus()
    page.keyboard.press("Shift+ArrowLeft")  # to the week before: one post is no mix
    expect(hints).to_have_text("")

    page.goto(f"{url(brand, 'post_create')}?day={MONDAY}")
    make.delivery(post=make.post(brand=brand, content_kind=stories), account=account, publish_at=first.publish_at)
    page.reload()
    hint = page.locator(f"#hint-{account.pk}")
    expect(hint).to_be_hidden()
    page.get_by_label("Instagram · us", exact=True).check()
    expect(hint).to_contain_text("lacks “Leads” (0 of 1)")
