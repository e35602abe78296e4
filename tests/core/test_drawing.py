"""A chart on paper: where its lines, bars and words stand."""

import re
from itertools import pairwise

from django.template import Context, Template
from django.utils import translation

from core.charts import Chart, Series
from core.drawing import BOTTOM, LABEL, LETTER, TOP, WIDTH, drawing, spread, steps


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


def test_long_names_stand_apart_and_inside():
    labels = [f"week of November {day}" for day in (2, 9, 16, 23)] * 2 + ["week of December 28 (so far)"]
    names = drawing(Chart(labels=labels, series=[])).names

    halves = [len(str(tick.words)) * LETTER / 2 for tick in names]
    edges = [(tick.at - half, tick.at + half) for tick, half in zip(names, halves, strict=True)]
    assert [tick.words for tick in names] == [labels[0], labels[3], labels[6]]
    assert all(before[1] < after[0] for before, after in pairwise(edges))
    assert edges[0][0] >= 0
    assert edges[-1][1] <= WIDTH + 0.1


def test_last_name_is_moved_in_rather_than_cut():
    names = drawing(Chart(labels=["a", "b", "a very long name of a single week"], series=[])).names
    small = drawing(Chart(labels=["week of May 4", "b", "week of May 18 (so far)"], series=[]), is_small=True)

    assert names[-1].at + len(str(names[-1].words)) * LETTER / 2 <= WIDTH + 0.1
    assert [(tick.words, tick.anchor) for tick in small.names] == [
        ("week of May 4", "start"),
        ("week of May 18", "end"),
    ]


def test_colors_are_named_where_no_name_stands_beside_them():
    two = [Series(name="Likes", values=[1]), Series(name="Needed", values=[2], is_pace=True)]
    one_bar = Chart(kind="bar", labels=["a"], series=two[:1])

    assert [(key.name, key.color) for key in drawing(Chart(kind="bar", labels=["a"], series=two)).legend] == [
        ("Likes", 0), ("Needed", None),
    ]  # fmt: skip
    assert (drawing(one_bar).legend, drawing(Chart(labels=["a"], series=two)).legend) == ((), ())
    assert len(drawing(Chart(labels=["a"], series=two), is_small=True).legend) == 2


def test_drawing_writes_its_lengths_in_every_language_the_same_way():
    template = Template("{% load figures %}{% chart_drawing chart %}")
    chart = Chart(labels=["a", "b", "c"], series=[Series(name="One", values=[1500, 2.5, 0])])

    with translation.override("fr"):
        svg = template.render(Context({"chart": chart}))

    assert not re.findall(r'(?:x|y|cx|cy|d|width|height)="[^"]*,', svg)
    assert "1\u202f500" in svg or "1\xa0500" in svg
