"""Every string of the interface is there in every language, whole, and written as that language is written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from config import messages

CATALOGUES = messages.catalogues()
FRENCH = next(path for path in CATALOGUES if path.parent.parent.name == "fr")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|\{\w*\}|<[^>]+>|%%")
# not prose: tags and what they hold of code, addresses, clocks, and placeholders, which bring their own spaces
NOT_PROSE = re.compile(r"<code>.*?</code>|<[^>]+>|https?://|\b\d\d:\d\d\b|&\w+;")
UNSPACED = re.compile(r"[^\u00a0\u202f][;:!?»]|«[^\u00a0\u202f]")
STRAIGHT = re.compile(r"""["']|\.\.\.""")
GETTEXTS = re.compile(r"n?p?gettext(_lazy|_noop)?")


@pytest.fixture(scope="module")
def found() -> Catalog:
    return messages.template()


def of(catalog: Catalog) -> Iterator[tuple[Message, list[tuple[str, str]]]]:
    """Each message, with each form of its translation beside the source of that form."""
    for message in catalog:
        if message.id:
            sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
            texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
            yield message, [(sources[min(form, len(sources) - 1)], text) for form, text in enumerate(texts)]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_string_is_translated(path: Path, found: Catalog) -> None:
    """When this fails: `./dev messages`, then fill in what is empty in the .po file."""
    troubles = list(messages.troubles(path, found))

    assert not troubles


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_placeholder_and_tag_is_kept(path: Path) -> None:
    different = [
        (source, text)
        for _message, forms in of(messages.read(path))
        for source, text in forms
        if text and sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text))
    ]

    assert not different


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_choices_in_one_string_keep_their_number(path: Path) -> None:
    """What the filter `yesno` takes: "yes,no,not checked yet"."""
    lists = [
        form for _message, forms in of(messages.read(path)) for form in forms if re.fullmatch(r"\S[^ ]*,\S.*", form[0])
    ]

    assert [source for source, text in lists if source.count(",") != text.count(",")] == []


def test_french_has_one_form_for_none_and_one() -> None:
    assert messages.read(FRENCH).plural_expr.replace(" ", "") in ("(n>1)", "n>1")


def test_french_has_its_spaces_and_its_signs() -> None:
    """A no-break space before ; : ! ? and inside « », the apostrophe ’ and the ellipsis …, as printers set them."""
    wrong = [
        text
        for _message, forms in of(messages.read(FRENCH))
        for _source, text in forms
        if UNSPACED.search(prose := NOT_PROSE.sub("", text)) or STRAIGHT.search(prose)
    ]

    assert not wrong


def test_french_ends_a_sentence_where_the_english_does() -> None:
    ends = (".", "?")
    different = [
        (source, text)
        for _message, forms in of(messages.read(FRENCH))
        for source, text in forms
        if source.rstrip("”").endswith(ends) != text.rstrip("\u00a0»").endswith(ends)
    ]

    assert not different


def test_every_name_given_to_gettext_is_searched_for() -> None:
    names = {name for path in messages.sources() if path.suffix == ".py" for name in gettext_names(path)}

    assert names <= messages.KEYWORDS.keys()


def gettext_names(path: Path) -> Iterator[str]:
    """What a module calls the functions of gettext that it imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            yield from (alias.asname or alias.name for alias in node.names if GETTEXTS.fullmatch(alias.name))
