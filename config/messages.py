"""The interface's strings: found in the source, merged into the catalogues, compiled. Needs no gettext programs.

python -m config.messages            find and merge, then compile
python -m config.messages compile    .po to .mo
python -m config.messages missing    say what is not translated, or translated wrongly; status 1 if anything is
"""

import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locale"
ROOMS = (
    "config",
    "core",
    "teams",
    "activity",
    "networks",
    "personas",
    "audits",
    "plans",
    "calendar_app",
    "analytics",
    "surveys",
)
# where each function of Django's has its text, its plural and (c) its context
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "_now", "lazy")),  # the names under which modules import the next line's
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# what the pages of libraries say, where our catalogues say it better: with our words, our signs, to everybody
BORROWED = (
    "A new security key has been added.",
    "Activate Authenticator App",
    "An authenticator app is not active.",
    "Are you sure?",
    "Authenticator App",
    "Authenticator code",
    "Change Email",
    "Change to",
    "Changing to",
    "Current email",
    "Deactivate Authenticator App",
    "Email",
    "Email Verification",
    "Email address",
    "Last seen at",
    "No recovery codes set up.",
    "No security keys have been added.",
    "Passkey",
    "Password successfully changed.",
    "Sign Out Other Sessions",
    "Started At",
    "Two-Factor Authentication",
    "You have signed out.",
)


def sources() -> Iterator[Path]:
    """Every file with strings for people, in an order that does not change."""
    for room in ROOMS:
        found = (path for ending in ("py", "html", "txt") for path in (ROOT / room).rglob(f"*.{ending}"))
        yield from sorted(path for path in found if "migrations" not in path.parts and "data" not in path.parts)
    yield from sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))


def as_python(path: Path) -> bytes:
    """The file as something that Python's tokenizer reads; templates are blanked but for their calls of gettext."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).split("\n"))
    return text.encode()


def found_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """Each string of a file: its text (with its plural), its context, and what is said to the translator."""
    strings = extract("python", BytesIO(as_python(path)), KEYWORDS, comment_tags=("Translators:",))
    for _line, text, comments, context in strings:
        yield text, context, comments


def template() -> Catalog:
    catalog = Catalog(project="Sextant", charset="utf-8")
    for path in sources():
        for text, context, comments in found_in(path):
            place = (path.relative_to(ROOT).as_posix(), 0)
            catalog.add(text, context=context, auto_comments=comments, locations=[place])
    for text in BORROWED:
        catalog.add(text, locations=[("config/messages.py", 0)])
    return catalog


def catalogues() -> list[Path]:
    return sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    with open(path, "rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def merge(path: Path, found: Catalog) -> None:
    """Add what is new, drop what is gone, guess nothing."""
    catalog = read(path)
    catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
    for message in catalog:
        message.locations = sorted({(name, None) for name, _line in message.locations})
    write_whole(path, lambda file: write_po(file, catalog, sort_output=True, ignore_obsolete=True, width=110))


def compile_catalogue(path: Path) -> None:
    catalog = read(path)
    write_whole(path.with_suffix(".mo"), lambda file: write_mo(file, catalog))


def write_whole(path: Path, write: Callable[[BytesIO], None]) -> None:
    """All of the file or nothing of it, so that no process ever reads half a catalogue."""
    content = BytesIO()
    write(content)
    half = path.with_name(f"{path.name}.half")
    half.write_bytes(content.getvalue())
    half.replace(path)


def troubles(path: Path, found: Catalog) -> Iterator[str]:
    """What is not translated or not translated right: a line for each string."""
    catalog = read(path)
    for message in found:
        ours = catalog.get(message.id, message.context) if message.id else None
        if message.id and (ours is None or not is_translated(ours)):
            yield f"not translated: {message.id}"
        elif ours is not None:
            yield from (f"{error}: {message.id}" for error in ours.check(catalog))


def is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts) and not message.fuzzy


def main(command: str) -> int:
    paths = catalogues()
    if command == "missing":
        found = template()
        lines = [f"{path.relative_to(ROOT)}: {line}" for path in paths for line in troubles(path, found)]
        print("\n".join(lines) or "Everything is translated.")
        return bool(lines)
    if command == "update":
        found = template()
        for path in paths:
            merge(path, found)
            print(f"{path.relative_to(ROOT)}: {sum(1 for _ in troubles(path, found))} to translate")
    for path in paths:
        compile_catalogue(path)
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["update"], ["compile"], ["missing"]):
        sys.exit(__doc__)
    sys.exit(main((sys.argv[1:] or ["update"])[0]))
