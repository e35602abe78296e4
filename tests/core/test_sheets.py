"""CSV files: nothing in them runs, and all of it comes back."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import sheets

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    st.text("=+-@\t\r\n' \"；;,|＝＠0Aa\u00a0\u3000", max_size=8),
)


@given(texts)
@example("'=1")
@example("''=1")
@example(" =1")
@example("\u3000=1")
def test_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    guarded = sheets.guard(text)

    assert not guarded.lstrip(" \u00a0\u3000").startswith(RUNS)
    assert sheets.unguard(guarded) == text


@given(st.lists(st.lists(texts, min_size=2, max_size=4), min_size=1, max_size=4), st.sampled_from(sheets.DELIMITERS))
def test_whole_file_survives_being_written_and_read(rows: list[list[str]], delimiter: str) -> None:
    rows = [["first", "second", "third", "fourth"], *rows]

    content = sheets.write(rows, delimiter=delimiter).encode()
    cells = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter)

    assert content.startswith(b"\xef\xbb\xbf")
    assert not [cell for row in cells for cell in row if cell.lstrip(" ").startswith(RUNS)]
    assert list(sheets.read(sheets.decode(content))) == rows


def test_numbers_and_words_are_left_alone() -> None:
    text = sheets.write([["Léa, “x”", 0, -3, None, 'a "b"', "a-b", "1=1"]])

    assert text == '\ufeff"Léa, “x”",0,-3,,"a ""b""",a-b,1=1\r\n'


@pytest.mark.parametrize("content", ["é".encode("latin-1"), "a".encode("utf-16"), b"a\0b"])
def test_other_encodings_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        sheets.decode(content)
