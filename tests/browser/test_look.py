"""The gallery and the error pages in a real browser: every part, light and dark, wide and narrow."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import include, path

from core import gallery

FAILURES = ["400", "403", "403_csrf", "404", "429", "500", "503", "offline"]


def failure(name):
    return login_not_required(lambda request: render(request, f"{name}.html"))


urlpatterns = [
    path("gallery/", include(gallery)),
    path("me/", include("allauth.urls")),
    *(path(f"failure/{name}/", failure(name)) for name in FAILURES),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


def open_gallery(page):
    page.goto("/gallery/")
    page.wait_for_selector("html[data-ready=yes]")
    page.wait_for_selector("[data-chart] canvas")


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("viewport", ["desktop", "phone"], indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_gallery_is_accessible_and_fits(new_context, axe, scheme, viewport):
    page = new_context(color_scheme=scheme).new_page()

    open_gallery(page)

    assert page.locator("html").get_attribute("data-bs-theme") == scheme
    assert overflow(page) == 0
    axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_refused_form_is_accessible_and_leads_to_its_errors(new_context, axe, scheme):
    page = new_context(color_scheme=scheme).new_page()
    open_gallery(page)

    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("[data-error-summary]")

    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.locator("[data-error-summary] a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_name"
    axe(page)


def test_theme_is_chosen_and_kept(page):
    open_gallery(page)

    page.get_by_role("button", name="Dark").first.click()
    page.reload()

    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_chart_becomes_a_table_by_one_key(page):
    open_gallery(page)
    chart = page.locator("#line")

    chart.focus()
    page.keyboard.press("t")

    assert chart.get_by_role("button", name="Table").get_attribute("aria-pressed") == "true"
    assert chart.locator("canvas").is_hidden()
    assert chart.locator("tbody tr").count() == 8


def test_draft_is_offered_again_until_it_is_taken(page):
    open_gallery(page)
    page.fill("#id_name", "Brûlerie")
    page.fill("#id_mission", "Show how coffee is made")
    page.goto("/me/login/")

    open_gallery(page)
    assert page.input_value("#id_mission") == ""
    page.get_by_role("button", name="Bring it back").click()

    assert page.input_value("#id_name") == "Brûlerie"
    assert page.input_value("#id_mission") == "Show how coffee is made"


def test_draft_survives_a_refusal_and_goes_when_it_is_taken(page):
    open_gallery(page)
    page.fill("#id_name", "Brûlerie")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("[data-error-summary]")
    kept = "Object.keys(localStorage).filter(key => key.startsWith('sextant-draft:')).length"
    assert page.evaluate(kept) == 1

    page.fill("#id_mission", "Show how coffee is made")
    page.check("#id_role_0")
    page.fill("#id_due_on", "2026-11-30")
    page.fill("#id_publish_at_0", "2026-11-30")
    page.fill("#id_publish_at_1", "09:30")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".toast-success >> text=Saved.")

    assert page.evaluate(kept) == 0
    assert page.get_by_role("button", name="Bring it back").count() == 0  # the page after has the same form


def test_draft_survives_a_session_that_ended_while_sending(page):
    open_gallery(page)
    page.fill("#id_name", "Brûlerie")
    page.route("**/gallery/", lambda route: route.fulfill(status=302, headers={"location": "/me/login/"}))

    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/me/login/")
    page.unroute("**/gallery/")
    open_gallery(page)

    assert page.get_by_role("button", name="Bring it back").is_visible()


def test_draft_survives_a_failure_of_the_server(page, problems):
    problems.allow("status of 500")
    open_gallery(page)
    failure_page = page.request.get("/failure/500/").text()
    page.fill("#id_name", "Brûlerie")
    page.route("**/gallery/", lambda route: route.fulfill(status=500, body=failure_page, content_type="text/html"))

    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("html[data-failure]")
    page.unroute("**/gallery/")
    open_gallery(page)

    assert page.get_by_role("button", name="Bring it back").is_visible()


def test_what_cannot_be_undone_is_asked_first(page):
    open_gallery(page)
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)

    page.locator("button[name=delete]").click()
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_text("Delete this brand and its plan?").is_visible()
    dialog.get_by_role("button", name="Cancel").click()
    assert sent == []

    page.locator("button[name=delete]").click()
    with page.expect_navigation():
        dialog.get_by_role("button", name="Continue").click()
    assert "delete=1" in sent[0].post_data or 'name="delete"' in sent[0].post_data


def test_table_is_filtered_without_regard_to_case_and_accents(page):
    open_gallery(page)

    page.fill("[data-filter-table]", "BÉHIND")

    assert page.locator("#posts tbody tr:visible").count() == 1


def test_dialog_closes_by_escape_and_gives_the_focus_back(page):
    open_gallery(page)
    page.get_by_role("button", name="Open a dialog").click()

    page.keyboard.press("Escape")

    assert page.locator("#example").is_hidden()
    assert page.evaluate("document.activeElement.dataset.openDialog") == "example"


@pytest.mark.parametrize("name", FAILURES)
def test_error_page_is_accessible(page, axe, name):
    page.goto(f"/failure/{name}/")

    assert page.locator("h1").is_visible()
    axe(page)


@pytest.mark.parametrize("viewport", ["phone"], indirect=True)
@pytest.mark.parametrize("address", ["/me/login/", "/me/signup/", "/me/password/reset/"])
def test_sign_in_pages_are_accessible_on_a_phone(page, axe, address):
    page.goto(address)

    assert overflow(page) == 0
    axe(page)


def test_print_leaves_out_what_can_only_be_clicked(page):
    open_gallery(page)

    page.emulate_media(media="print")

    assert page.locator(".top").is_hidden()
    assert page.get_by_role("heading", name="Figures").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
