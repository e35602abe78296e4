from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from config import messages

HEADER = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
TEMPLATE = """
{% load i18n %}
    <h1 title="{% translate 'A title' %}">{% translate "Day" context "of the week" %}</h1>
  {% blocktranslate trimmed count n=days %}
    {{ n }} day
    left
  {% plural %}
    {{ n }} days left
  {% endblocktranslate %}
{{ name|default:_("nobody") }}
{# Translators: it is a verb #}
{% translate "Post" %}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALES", tmp_path / "locale")
    monkeypatch.setattr(messages, "BORROWED", ())
    (tmp_path / "templates").mkdir()
    (tmp_path / "locale" / "fr" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def po(place: Path) -> Path:
    path = place / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    path.write_text(HEADER)
    return path


def test_strings_of_a_template_are_found(place: Path) -> None:
    (place / "templates" / "page.html").write_text(TEMPLATE)

    found = {(message.id, message.context) for message in messages.template() if message.id}

    assert found == {
        ("A title", None),
        ("Day", "of the week"),
        (("%(n)s day left", "%(n)s days left"), None),
        ("nobody", None),
        ("Post", None),
    }


def test_strings_of_python_are_found(place: Path) -> None:
    (place / "core").mkdir()
    (place / "core" / "words.py").write_text(
        'a = _("One")\nb = ngettext_lazy("%(n)d row", "%(n)d rows", "n")\nc = pgettext("verb", "Post")\n_(variable)\n'
    )

    found = {(message.id, message.context) for message in messages.template() if message.id}

    assert found == {("One", None), (("%(n)d row", "%(n)d rows"), None), ("Post", "verb")}


def test_merge_keeps_translations_adds_new_and_drops_gone(place: Path, po: Path) -> None:
    po.write_text(HEADER + '\nmsgid "Goal"\nmsgstr "Objectif"\n\nmsgid "Gone"\nmsgstr "Parti"\n')
    found = Catalog()
    found.add("Goal", locations=[("a.py", 0)])
    found.add("Goals", locations=[("a.py", 0)])

    messages.merge(po, found)

    assert 'msgid "Goal"\nmsgstr "Objectif"' in po.read_text()
    assert 'msgid "Goals"\nmsgstr ""' in po.read_text()
    assert "Gone" not in po.read_text()
    assert "fuzzy" not in po.read_text()


def test_merging_again_changes_nothing(place: Path, po: Path) -> None:
    (place / "templates" / "page.html").write_text(TEMPLATE)
    messages.merge(po, messages.template())
    once = po.read_bytes()

    messages.merge(po, messages.template())

    assert po.read_bytes() == once


def test_troubles_name_what_is_missing_and_what_is_wrong(place: Path, po: Path) -> None:
    (place / "templates" / "page.html").write_text("{% load i18n %}{% translate 'Goal' %}{% translate '%(n)s left' %}")
    po.write_text(HEADER + '\n#, python-format\nmsgid "%(n)s left"\nmsgstr "reste %(m)s"\n')

    troubles = list(messages.troubles(po, messages.template()))

    assert troubles[0] == "not translated: Goal"
    assert len(troubles) == 2


def test_every_catalogue_of_ours_can_be_read() -> None:
    for path in messages.catalogues():
        with open(path, "rb") as file:
            read_po(file)
