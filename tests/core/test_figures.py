from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def draw(source, **context):
    return Template("{% load figures %}" + source).render(Context(context))


def words(source, **context):
    return BeautifulSoup(draw(source, **context), "html.parser").get_text(" ", strip=True)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (1234567, "1,234,567", "1\xa0234\xa0567"),
        (0, "0", "0"),
        (3.25, "3.3", "3,3"),
        (19.96, "20.0", "20,0"),
        (Decimal("-12.50"), "-12.5", "-12,5"),
        (None, "", ""),
    ],
)
def test_number_is_written_as_the_reader_writes_it(value, english, french):
    assert draw("{{ value|number }}", value=value) == english
    with translation.override("fr"):
        assert draw("{{ value|number }}", value=value).replace("\u202f", "\xa0") == french


def test_percent_of_a_share():
    assert draw("{{ value|percent }}", value=0.256) == "26%"
    assert draw("{{ value|percent:1 }}", value=0.256) == "25.6%"


def test_zero_not_available_and_not_yet_are_three_things():
    assert words("{% amount 0 %}") == "0"
    assert words("{% amount None 'not_available' %}") == "– not available"
    assert words("{% amount None 'not_yet' %}") == "not yet"
    assert "hourglass-split" in draw("{% amount None %}")


@time_machine.travel(NOW, tick=False)
def test_figure_shows_value_unit_comparison_freshness_and_source():
    text = words(
        '{% figure "Followers" 12480 unit="people" change=312 compared="on last week" fresh=fresh fresh_at=at %}',
        fresh="fetched 2 h ago",
        at=NOW - timedelta(hours=2, minutes=5),
    )

    assert text == "Followers 12,480 people up +312 on last week fetched 2 h ago"


def test_figure_without_value_shows_no_unit_and_no_comparison():
    text = words('{% figure "Saves" None unit="saves" change=3 compared="on last week" missing="not_available" %}')

    assert text == "Saves – not available not available"


def test_figure_refuses_a_detail_it_does_not_know():
    with pytest.raises(TemplateSyntaxError, match="figure takes no colour"):
        draw('{% figure "Saves" 3 colour="red" %}')


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=7), "7 days ago"),
        (timedelta(days=40), "Oct. 14, 2026"),
    ],
)
def test_ago_is_short(passed, told):
    assert draw("{{ at|ago }}", at=NOW - passed) == told


def test_moment_carries_its_zone():
    with timezone.override("Europe/Paris"):
        page = BeautifulSoup(draw("{% moment at %}", at=NOW), "html.parser").time

    assert page["datetime"] == "2026-11-23T09:00:00+00:00"
    assert page.get_text() == "11/23/2026 10 a.m. CET"


def test_moment_names_an_offset_where_the_zone_has_no_name():
    with timezone.override("Asia/Dubai"):
        assert "UTC+04" in draw("{% moment at %}", at=NOW)


def test_moment_of_a_day_has_no_zone():
    assert words("{% moment day %}", day=date(2026, 11, 23)) == "11/23/2026"
    assert draw("{% moment none %}", none=None) == ""
