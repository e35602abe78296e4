"""A chart on paper: where its lines, bars and words stand."""

import re

from django.template import Context, Template
from django.utils import translation

from core.charts import Chart, Series
from core.drawing import BOTTOM, LABEL, TOP, drawing, spread, steps


def test_steps_are_round_and_reach_the_most():
    assert steps(3) == [0, 1, 2, 3]
    assert steps(4180) == [0, 1000, 2000, 3000, 4000, 5000]
    assert steps(0.3) == [0, 0.1, 0.2, 0.3]
    assert steps(0) == [0, 1]


def test_words_are_spread_in_their_order_and_stay_inside():
    assert spread([10, 40], gap=13, low=0, high=100) == [10, 40]
    assert spread([98, 97, 10], gap=13, low=0, high=100) == [100, 87, 10]
    assert spread([-5, -5], gap=13, low=0, high=100) == [0, 13]


def test_a_line_has_a_gap_where_a_value_is_missing_and_near_lines_keep_their_names_apart():
    near = [Series(name="One", values=[8, None, 4, 6]), Series(name="Two", values=[5, 5, 5, 6], is_pace=True)]

    one, two = drawing(Chart(labels=list("abcd"), series=near)).lines

    assert re.sub(r"[\d. ]+", "", one.path) == "MML"
    assert (len(one.dots), len(two.dots), two.color) == (3, 0, None)
    heights = sorted(line.end[1] for line in (one, two) if line.end)
    assert heights[1] - heights[0] >= LABEL


def test_bars_stand_under_each_other_and_only_few_names_under_many_points():
    bars = drawing(Chart(kind="bar", labels=["a", "b"], series=[Series(name="One", values=[1, 2], color=4)])).bars
    names = drawing(Chart(labels=[f"{n} · post" for n in range(40)], series=[])).names

    assert bars[1].width == 2 * bars[0].width
    assert TOP < bars[0].y < bars[0].y + bars[0].height < bars[1].y < BOTTOM
    assert [tick.words for tick in names] == ["0", "5", "10", "15", "20", "25", "30", "35"]


def test_drawing_writes_its_lengths_in_every_language_the_same_way():
    template = Template("{% load figures %}{% chart_drawing chart %}")
    chart = Chart(labels=["a", "b", "c"], series=[Series(name="One", values=[1500, 2.5, 0])])

    with translation.override("fr"):
        svg = template.render(Context({"chart": chart}))

    assert not re.findall(r'(?:x|y|cx|cy|d|width|height)="[^"]*,', svg)
    assert "1\u202f500" in svg or "1\xa0500" in svg
