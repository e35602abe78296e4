"""The mark, icons, states, addresses and charts; and what no template may hold."""

import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from core import arc, look
from core.charts import Chart, Series, sparkline_path
from core.paging import Page
from core.templatetags import sextant

INLINE = (
    r"\sstyle=|<style|\|safe\b|{% autoescape off"
    r"|\bon(?:click|change|input|submit|load|error|focus|blur|key\w+|mouse\w+)="
)
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
PLACE = SimpleNamespace(workspace=SimpleNamespace(slug="w1"), brand=SimpleNamespace(slug="b1"))


def draw(source, **context):
    return Template("{% load sextant %}" + source).render(Context(context))


# -- the arc --------------------------------------------------------------------------------------------------------


def test_arc_spans_sixty_degrees_from_left_to_right():
    assert arc.place(-30, 48) == ("8.00", "46.57")
    assert arc.place(30, 48) == ("56.00", "46.57")
    assert arc.place(0, 48) == ("32.00", "53.00")


@pytest.mark.parametrize(
    ("shares", "step"),
    [([0] * 6, 1), ([1, 0.9, 0, 0, 0, 0], 2), ([1, 1, 1, 1, 1, 0.5], 6), ([1] * 6, 6), ([0.5, 1, 1, 1, 1, 1], 1)],
)
def test_arm_points_at_the_first_step_that_is_not_complete(shares, step):
    assert arc.next_step(shares) == step


def test_segment_is_filled_by_its_share_and_no_further():
    assert arc.segment(1, 0).done == ""
    assert arc.segment(1, 1).done == arc.segment(1, 7).done == arc.segment(1, 1).track
    assert arc.segment(3, -1).share == 0


def test_progress_has_words_for_those_who_do_not_see_it():
    title = BeautifulSoup(draw("{% sextant steps=steps %}", steps=[1, 0.5, 0, 0, 0, 0]), "html.parser").title

    text = " ".join(title.get_text().split())

    assert text.startswith("How complete the six steps of the plan are; the next to work on is step 2:")
    assert "1 Goals 100%, 2 Audit 50%," in text


def test_progress_takes_things_that_have_a_share():
    steps = [SimpleNamespace(share=0.25)] * 6

    assert draw("{% sextant steps=steps %}", steps=steps).count('class="sextant-done"') == 6


def test_progress_always_has_six_segments():
    html = draw("{% sextant steps=steps %}", steps=[1, 1, 1])

    assert html.count('class="sextant-track"') == 6
    assert "the next to work on is step 4:" in " ".join(html.split())


def test_mark_alone_says_nothing_twice():
    svg = BeautifulSoup(draw("{% sextant %}"), "html.parser").svg

    assert svg["aria-hidden"] == "true"
    assert len(svg.select(".sextant-tick")) == 6
    assert "style" not in str(svg)


# -- icons and states -----------------------------------------------------------------------------------------------


def test_every_icon_that_a_template_names_is_in_the_sprite():
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r'{% icon "([^"]+)"', path.read_text()))
        named |= set(re.findall(r'\bicon="([^"]+)"', path.read_text()))

    assert named - sextant.icon_names() == set()


def test_every_dress_has_a_known_tone_and_icon():
    assert {dress.tone for dress in look.DRESSES.values()} <= set(look.TONES)
    assert {dress.icon for dress in look.DRESSES.values()} <= sextant.icon_names()


def test_state_is_told_by_icon_and_word():
    badge = BeautifulSoup(draw('{% state "at_risk" "at risk" %}'), "html.parser")

    assert badge.get_text(strip=True) == "At risk"
    assert badge.use["href"].endswith("#exclamation-triangle")
    assert "tone-amber" in badge.span["class"]


def test_unknown_state_is_neutral():
    assert look.dress("whatever") == look.Dress("slate", "circle")


@pytest.mark.parametrize(
    ("name", "letters"), [("Claire Martin", "CM"), ("ada@example.com", "AE"), ("Zoé", "Z"), ("", ""), ("a b c", "AB")]
)
def test_initials(name, letters):
    assert sextant.initials(name) == letters


def test_palette_has_ten_classes():
    assert [sextant.palette(number) for number in (0, 9, 10, 123)] == ["pal-0", "pal-9", "pal-0", "pal-3"]


# -- addresses ------------------------------------------------------------------------------------------------------


def test_missing_page_has_no_address():
    assert draw('{% url_if_any "no_such_page" as u %}[{{ u }}]', request=PLACE) == "[]"
    with pytest.raises(NoReverseMatch):
        draw('{% brand_url "no_such_page" %}', request=PLACE)


@pytest.mark.parametrize(
    ("name", "nav", "here"),
    [
        ("goal_edit", None, True),
        ("goals", None, False),
        ("calendar", None, True),
        ("calendar_feed", None, False),
        ("account_edit", None, False),
        ("account_edit", "goals", True),
        ("goal_edit", "audit", False),
    ],
)
def test_navigation_knows_where_it_is(name, nav, here):
    request = SimpleNamespace(resolver_match=SimpleNamespace(url_name=name))

    assert sextant.is_here(Context({"request": request, "nav": nav}), "goals", "goal_ calendar") is here


def test_page_url_changes_only_what_is_named():
    request = RequestFactory().get("/posts/?state=draft&before=9")

    assert draw('{% page_url before=None state="a b" as u %}{{ u }}', request=request) == "/posts/?state=a+b"


@pytest.mark.parametrize(
    ("tags", "url"),
    [("undo:/x/1/", "/x/1/"), ("success undo:/x/", "/x/"), ("undo://evil.example", ""), ("", ""), (None, "")],
)
def test_undo_leads_only_to_our_own_pages(tags, url):
    assert sextant.undo_url(tags) == url


def test_json_cannot_end_its_script():
    assert draw("{{ data|as_json }}", data={"a": "</script>&"}) == '{"a":"\\u003c/script\\u003e\\u0026"}'


# -- charts ---------------------------------------------------------------------------------------------------------


def test_chart_reads_as_a_table_with_gaps():
    chart = Chart(
        labels=["W1", "W2"], series=[Series(name="seen", values=[3, None]), Series(name="need", values=[1, 2])]
    )

    html = render_to_string("components/chart.html", {"chart": chart, "id": "c", "title": "Likes"})

    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in BeautifulSoup(html, "html.parser").select("tr")
    ]
    assert rows == [["Period", "seen", "need"], ["W1", "3", "1"], ["W2", "not yet", "2"]]


def test_chart_with_a_series_of_another_length_is_a_mistake():
    chart = Chart(labels=["W1"], series=[Series(name="seen", values=[3, 4])])

    with pytest.raises(ValueError, match="longer"):
        assert chart.rows


def test_sparkline_leaves_a_gap_where_there_is_no_figure():
    assert sparkline_path([1, 2, None, 4, 5]).count("M") == 2
    assert sparkline_path([1, None]) == ""
    assert sparkline_path([2, 2]) != ""


# -- templates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_template_holds_no_inline_script_style_or_handler(path):
    if "messages" in path.parts or "email" in path.parts:
        pytest.skip("mail clients know no style sheet")
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)

    assert re.findall(INLINE, text) == []
    assert [
        tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "application/json" not in tag
    ] == []


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500", "503", "offline"])
def test_error_page_needs_nothing(name):
    page = BeautifulSoup(render_to_string(f"{name}.html"), "html.parser")

    assert page.h1.get_text(strip=True)
    assert page.title.get_text(" ", strip=True).endswith("Sextant")
    assert page.html["lang"] == "en"


def test_parts_of_lists_are_written_in_one_line_each(rf):
    request = rf.get("/", {"page": "x", "q": "y"})
    request.workspace, request.brand = SimpleNamespace(slug="w"), None
    written = Template(
        '{% load lists %}{% datatable "log" words %}<tbody><tr><td>{{ cell }}</td></tr></tbody>{% enddatatable %}'
        "{% post_button 'member_remove' words pk=3 about=words confirm=words tone='danger' %}{% turn_pages page %}"
    ).render(
        Context(
            {"request": request, "words": "<b>", "cell": "<i>", "page": Page(rows=[], older="o"), "csrf_token": "t"}
        )
    )

    page = BeautifulSoup(written, "html.parser")
    region, form = page.select_one("div.table-wrap[role=region][tabindex='0']"), page.form
    assert (region["aria-label"], region.table["id"], region.td.get_text()) == ("<b>", "log", "<i>")
    assert (form["action"], form["data-confirm"]) == (reverse("member_remove", args=["w", 3]), "<b>")
    assert (form.button["class"], form.button.get_text()) == (["btn", "btn-sm", "btn-danger"], "<b> <b>")
    assert form.select_one("[name=csrfmiddlewaretoken]")["value"] == "t"
    assert [(link["rel"], link["href"]) for link in page.select("nav a")] == [(["next"], "/?q=y&page=o")]
