from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules import csv_figures
from analytics.rules.cells import AMOUNT, PERCENT, CellError, Trouble, parse_day, parse_number
from analytics.rules.csv_figures import (
    Catalog,
    Entry,
    KnownPost,
    Problem,
    Sheet,
    fold_post,
    read,
    resolve,
)
from core import sheets

COLUMNS = {name: name for name in ("date", "network", "account", "post", "followers", "likes", "comments", "reach")}
COLUMNS |= {"mentions j'aime": "likes", "engagement rate": "engagement_rate"}
TODAY = date(2026, 11, 23)
CATALOG = Catalog(
    networks={"instagram": "instagram", "mastodon": "mastodon"},
    accounts={("instagram", "maison.roche"): 1, ("mastodon", "roche@mastodon.example"): 2},
    posts={
        fold_post("https://www.instagram.com/p/Cabc/"): KnownPost(id=7, account_id=1, published_on=date(2026, 11, 20)),
        "8": KnownPost(id=8, account_id=1, published_on=None),
    },
    given={
        ("instagram", "account"): frozenset({"followers", "reach"}),
        ("instagram", "delivery"): frozenset({"likes", "comments", "reach"}),
        ("mastodon", "account"): frozenset({"followers"}),
    },
)


def sheet(text: str, *, day_first: bool = False) -> Sheet:
    return read(text, columns=COLUMNS, ranges={"engagement_rate": PERCENT}, day_first=day_first)


def outcome(text: str) -> tuple[list[Entry], list[Problem]]:
    found = sheet(text)
    assert found.problems == ()
    return resolve(found, CATALOG, today=TODAY)


# -- numbers and days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"), ("30", "30"), ("1 234", "1234"), ("1\u202f234", "1234"), ("1\u00a0234\u00a0567", "1234567"),
        ("1,234,567", "1234567"), ("1.234.567", "1234567"), ("12.0", "12"), ("+5", "5"), ("1'234", "1234"),
        ("12 345,00", "12345"), ("-0", "0"),
    ],
)  # fmt: skip
def test_number_is_read_as_people_write_it(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"), [("3,5", "3.5"), ("3.25", "3.25"), ("0,125", None), ("1 234,5", "1234.5"), ("3,2 %", "3.2")]
)
def test_number_with_decimals_is_read_where_the_metric_has_them(text: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(CellError) as caught:
            parse_number(text, AMOUNT)
        assert caught.value.trouble is Trouble.NUMBER_DECIMALS
    else:
        assert parse_number(text, AMOUNT) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("1,234", Trouble.NUMBER_TWO_WAYS), ("1.234", Trouble.NUMBER_TWO_WAYS), ("1.2k", Trouble.NUMBER),
        ("12 34", Trouble.NUMBER), ("1,23,456", Trouble.NUMBER), ("-3", Trouble.NUMBER_NEGATIVE),
        ("−3", Trouble.NUMBER_NEGATIVE), ("3,5", Trouble.NUMBER_NOT_WHOLE), ("9" * 13, Trouble.NUMBER_LARGE),
        ("9" * 60, Trouble.NUMBER), ("NaN", Trouble.NUMBER), ("1e5", Trouble.NUMBER), ("٣٤", Trouble.NUMBER),
        ("=1+1", Trouble.NUMBER), ("1,234.567", Trouble.NUMBER_NOT_WHOLE),
    ],
)  # fmt: skip
def test_number_that_cannot_be_taken_says_why(text: str, trouble: Trouble) -> None:
    with pytest.raises(CellError) as caught:
        parse_number(text)

    assert caught.value.trouble is trouble


def test_percentage_is_at_most_100() -> None:
    assert parse_number("100", PERCENT) == Decimal(100)
    with pytest.raises(CellError) as caught:
        parse_number("100,5", PERCENT)
    assert (caught.value.trouble, caught.value.hint) == (Trouble.NUMBER_ABOVE, "100")


def test_number_that_reads_two_ways_says_both() -> None:
    with pytest.raises(CellError) as caught:
        parse_number("1,234")

    assert caught.value.hint == "1234, 1.234"


@given(st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2), st.sampled_from([" ", "\u202f", ""]))
def test_number_survives_being_written_the_french_way(value: Decimal, space: str) -> None:
    written = f"{value:,.2f}".replace(",", space).replace(".", ",")

    assert parse_number(written, AMOUNT) == value


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("2026-11-22", False, date(2026, 11, 22)), ("2026-11-22 00:00:00", False, date(2026, 11, 22)),
        ("22/11/2026", False, date(2026, 11, 22)), ("11/22/2026", False, date(2026, 11, 22)),
        ("05/11/2026", True, date(2026, 11, 5)), ("5.11.2026", True, date(2026, 11, 5)),
        ("11/11/2026", False, date(2026, 11, 11)),
    ],
)  # fmt: skip
def test_day_is_read_where_it_can_be_read_one_way(text: str, day_first: bool, day: date) -> None:
    assert parse_day(text, day_first=day_first) == day


@pytest.mark.parametrize(
    ("text", "day_first", "trouble"),
    [
        ("05/11/2026", False, Trouble.DATE_TWO_WAYS), ("11/22/2026", True, Trouble.DATE),
        ("2026-02-30", False, Trouble.DATE),
        ("yesterday", False, Trouble.DATE), ("22/11/26", True, Trouble.DATE), ("", False, Trouble.DATE),
    ],
)  # fmt: skip
def test_day_that_cannot_be_taken_says_why(text: str, day_first: bool, trouble: Trouble) -> None:
    with pytest.raises(CellError) as caught:
        parse_day(text, day_first=day_first)

    assert caught.value.trouble is trouble


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_file_is_read_with_any_usual_separator_mark_and_line_end(mark: str, bom: str, end: str) -> None:
    text = end.join(["date,network,account,likes", "2026-11-22,instagram,maison.roche,34", ""]).replace(",", mark)

    found = sheet(sheets.decode((bom + text).encode()))

    rows = [(row.number, row.day, row.values) for row in found.rows]
    assert rows == [(2, date(2026, 11, 22), {"likes": Decimal(34)})]


def test_header_is_known_by_label_case_accents_and_underscores() -> None:
    found = sheet("DATE;Network;Account;Mentions J’aime\n2026-11-22;instagram;a;3\n")

    assert found.rows[0].values == {"likes": Decimal(3)}
    assert found.columns["likes"] == "Mentions J’aime"


def test_row_without_figures_says_nothing() -> None:
    assert sheet("date,network,account,likes,reach\n2026-11-22,instagram,a,,–\n\n").rows == ()


def test_file_in_another_encoding_is_not_read() -> None:
    for content in ("é".encode("latin-1"), "date".encode("utf-16"), b"a\0b"):
        with pytest.raises(ValueError):  # noqa: PT011 -- UnicodeDecodeError is one
            sheets.decode(content)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem(trouble=Trouble.EMPTY)),
        ("date,network,account,likes\n", Problem(trouble=Trouble.EMPTY)),
        ("date,account,likes\n2026-11-22,a,3", Problem(trouble=Trouble.COLUMN_MISSING, row=1, column="network")),
        (
            "date,network,account,likez\n2026-11-22,instagram,a,3",
            Problem(trouble=Trouble.COLUMN_UNKNOWN, row=1, column="likez"),
        ),
        (
            "date,network,account,likes,Likes\n2026-11-22,instagram,a,3,4",
            Problem(trouble=Trouble.COLUMN_TWICE, row=1, column="likes"),
        ),
        ("date,network,account\n2026-11-22,instagram,a", Problem(trouble=Trouble.NO_METRIC, row=1)),
        ('date,network,account,likes\n2026-11-22,"inst"agram,a,3', Problem(trouble=Trouble.QUOTES)),
        (
            "date,network,account,likes\n2026-11-22,instagram,a,3,4",
            Problem(trouble=Trouble.CELLS, row=2, value="5", hint="4"),
        ),
        (
            "date,network,account,Likes\n\n2026-11-22,instagram,a,many",
            Problem(trouble=Trouble.NUMBER, row=3, column="Likes", value="many"),
        ),
        (
            "Date,network,account,likes\n22.11,instagram,a,3",
            Problem(trouble=Trouble.DATE, row=2, column="Date", value="22.11"),
        ),
    ],
)
def test_file_that_cannot_be_read_says_where(text: str, problem: Problem) -> None:
    assert sheet(text).problems == (problem,)


def test_file_of_too_many_rows_is_refused() -> None:
    row = "2026-11-22,instagram,a,3\n"

    assert sheet("date,network,account,likes\n" + row * 20_000).problems == ()
    assert sheet("date,network,account,likes\n" + row * 20_001).problems[0].trouble is Trouble.TOO_LONG


def test_several_problems_are_all_told() -> None:
    found = sheet("date,network,account,likes,reach\nsoon,instagram,a,x,-1\n2026-11-22,instagram,a,1,2\n")

    assert [(problem.row, problem.column) for problem in found.problems] == [(2, "date"), (2, "likes"), (2, "reach")]


# -- what the rows mean -----------------------------------------------------------------------------------------------


def test_row_is_about_the_account_or_its_post() -> None:
    entries, problems = outcome(
        "date,network,account,post,followers,likes\n"
        "2026-11-22,Instagram,@Maison.Roche,,5210,\n"
        "2026-11-22,instagram,maison.roche,http://instagram.com/p/Cabc?utm_source=x,,34\n"
    )

    assert problems == []
    assert [(entry.account_id, entry.delivery_id, entry.metric, entry.value) for entry in entries] == [
        (1, None, "followers", Decimal(5210)),
        (None, 7, "likes", Decimal(34)),
    ]


@pytest.mark.parametrize(
    ("row", "trouble", "column"),
    [
        ("2026-11-22,myspace,maison.roche,,1,", Trouble.NETWORK_UNKNOWN, "network"),
        ("2026-11-22,mastodon,maison.roche,,1,", Trouble.ACCOUNT_UNKNOWN, "account"),
        ("2026-11-24,instagram,maison.roche,,1,", Trouble.DATE_FUTURE, "date"),
        ("2026-11-22,instagram,maison.roche,999,,1", Trouble.POST_UNKNOWN, "post"),
        ("2026-11-22,mastodon,roche@mastodon.example,instagram.com/p/Cabc,,1", Trouble.POST_ELSEWHERE, "post"),
        ("2026-11-22,instagram,maison.roche,#8,,1", Trouble.POST_NOT_PUBLISHED, "post"),
        ("2026-11-19,instagram,maison.roche,instagram.com/p/Cabc,,1", Trouble.DATE_EARLY, "date"),
        ("2026-11-22,instagram,maison.roche,,,1", Trouble.NOT_GIVEN, "likes"),
    ],
)
def test_row_that_means_nothing_here_says_why(row: str, trouble: Trouble, column: str) -> None:
    entries, problems = outcome(f"date,network,account,post,followers,likes\n{row}\n")

    assert entries == []
    assert [(problem.trouble, problem.row, problem.column) for problem in problems] == [(trouble, 2, column)]


def test_same_figure_twice_counts_once_and_another_value_is_refused() -> None:
    head = "date,network,account,followers\n"
    row = "2026-11-22,instagram,maison.roche,5210\n"

    same, none = outcome(head + row + row)
    _entries, problems = outcome(head + row + row.replace("5210", "5211"))

    assert (len(same), none) == (1, [])
    assert problems == [Problem(trouble=Trouble.TWICE, row=3, column="followers", value="5211", hint="2")]


@given(
    st.dictionaries(
        st.tuples(st.dates(date(2026, 11, 20), TODAY), st.sampled_from(["followers", "reach"])),
        st.integers(0, 10**11),
        min_size=1,
    ),
    st.sampled_from([";", ",", "\t"]),
)
def test_figures_survive_being_written_and_read(figures: dict[tuple[date, str], int], delimiter: str) -> None:
    rows = [[day, "instagram", "maison.roche", *((value, "") if metric == "followers" else ("", value))]
            for (day, metric), value in figures.items()]  # fmt: skip

    text = sheets.write([["date", "network", "account", "followers", "reach"], *rows], delimiter=delimiter)
    entries, problems = outcome(sheets.decode(text.encode()))

    assert problems == []
    assert {(entry.day, entry.metric): int(entry.value) for entry in entries} == figures


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    found = sheet("date,network,account,post,likes\n" + text)

    resolve(replace(found, problems=()), CATALOG, today=TODAY)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://www.instagram.com/p/Cabc/", "instagram.com/p/Cabc?igsh=1", True),
        ("https://Mastodon.example/@a/1", "https://mastodon.example/@a/1#x", True),
        ("https://instagram.com/p/Cabc", "https://instagram.com/p/CABC", False),
        ("https://youtube.com/watch?v=a", "https://youtube.com/watch?v=b", False),
        ("#17", "017", True),
    ],
)
def test_addresses_of_one_post_are_the_same(one: str, other: str, is_same: bool) -> None:
    assert (fold_post(one) == fold_post(other)) is is_same


def test_header_is_not_looked_at_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(csv_figures, "fold", lambda title: looked.append(title) or title)

    sheet = read("date,network,account," + "," * 50_000 + "\n1,2", columns=COLUMNS, ranges={}, day_first=False)

    assert len(looked) == len(sheet.problems) + 3 == csv_figures.MOST_COLUMNS
