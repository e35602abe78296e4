"""Which stretches of a text a network turns into links.

X and Mastodon both follow the twitter-text library: a link needs a host that ends in a known top-level domain, sentence
punctuation after it does not belong to it, brackets must balance. X also links hosts written without http://.

Sources: npm twitter-text 3.1.0 (extractUrlsWithIndices); github mastodon/mastodon config/initializers/twitter_regex.rb,
which lets paths and queries hold any letter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

LABEL_LONGEST = 63  # of one part of a host name, in its ASCII form (RFC 1035)
LABELS_MOST = 126  # 253 characters of host name cannot hold more
URL_LONGEST = 4096  # beyond it X makes no link (twitter-text MAX_URL_LENGTH)
SHORTENED_LONGEST = 40  # of the code of a t.co link

_MARKS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"  # they set the direction of writing
_NEVER = r"\uFFFE\uFEFF\uFFFF"
_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
_HOST_CHAR = rf"[^{_PUNCTUATION}{_SPACES}{_NEVER}{_MARKS}]"
_LATIN = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289"
    r"\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_LETTERS = rf"a-z0-9\u0400-\u04FF{_LATIN}"
_TLD = r"(?:\L<tlds>(?=[^0-9a-zA-Z@+\-]|$)|xn--[\-0-9a-z]+)"
_NO_SCHEME_AFTER = "-_./"  # "-example.com" is not a link without http://


@dataclass(frozen=True)
class Span:
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int
    text: str


@cache
def top_level_domains() -> frozenset[str]:
    lines = (Path(__file__).parent.parent / "data" / "tlds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _label(inner: str) -> str:
    """One part of a host name: letters and digits of any script, with `inner` allowed between them."""
    return rf"{_HOST_CHAR}(?:(?:[{inner}]|{_HOST_CHAR}){{0,{LABEL_LONGEST - 2}}}{_HOST_CHAR})?\."


def _path(char: str, last: str) -> str:
    """A path of `char`s and balanced brackets (two deep) that ends in `last` or a closed bracket."""
    bracket = rf"\((?:{char}+|{char}*\({char}+\){char}*)\)"
    return rf"(?:/(?:(?:{char}|{bracket})*(?:{last}|{bracket}))?)?"


def _pattern(scheme: str, path: str, query: str) -> regex.Pattern[str]:
    host = rf"(?:{_label('_' + chr(92) + '-')}){{0,{LABELS_MOST}}}{_label(chr(92) + '-')}{_TLD}"
    before = rf"(?:[^A-Za-z0-9@＠$#＃{_NEVER}]|[{_MARKS}]|^)"
    return regex.compile(
        rf"(?P<before>{before})(?P<url>(?P<scheme>{scheme})(?P<host>{host})(?::[0-9]+)?(?P<path>{path})(?:{query})?)",
        regex.IGNORECASE | regex.VERSION0,
        tlds=top_level_domains(),
    )


@cache
def _x_pattern() -> regex.Pattern[str]:
    char = rf"[{_LETTERS}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
    return _pattern(
        r"(?:https?://)?",
        _path(char, rf"[{_LETTERS}+\-=_#/]"),
        r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]",
    )


@cache
def _mastodon_pattern() -> regex.Pattern[str]:
    wide = r"\xA0-\uD7FF\uE000-\uFDCF\uFDF0-\uFFEF\U00010000-\U0010FFFD"
    return _pattern(
        "(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://",
        _path(r"[^\s<>()?]", r"""[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]"""),
        rf"\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@\^{wide}]*[a-z0-9_&=#/\-{wide}]",
    )


@cache
def _ascii_host() -> regex.Pattern[str]:
    return regex.compile(rf"(?:[\-a-z0-9{_LATIN}]+\.)+{_TLD}", regex.IGNORECASE, tlds=top_level_domains())


@cache
def _shortened() -> regex.Pattern[str]:
    query = r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"
    return regex.compile(rf"https?://t\.co/([a-z0-9]+){query}", regex.IGNORECASE)


def x_urls(text: str) -> list[Span]:
    """What X turns into links in `text` (already in Unicode's NFC form), with or without http://."""
    if "." not in text:
        return []
    return [span for match in _x_pattern().finditer(text) for span in _x_spans(text, match)]


def _x_spans(text: str, match: regex.Match[str]) -> Iterator[Span]:
    scheme, host = match["scheme"], match["host"]
    if not _is_host(host) or len(scheme or "https://") + len(match["url"]) > URL_LONGEST:
        return
    start, end = match.span("url")
    if not scheme:
        yield from _bare_spans(text, match)
    elif shortened := _shortened().match(match["url"]):
        if len(shortened[1]) <= SHORTENED_LONGEST:
            yield Span(start, start + shortened.end(), shortened[0])
    else:
        yield Span(start, end, match["url"])


def _bare_spans(text: str, match: regex.Match[str]) -> Iterator[Span]:
    """Without http:// only the ASCII part of a host is a link; a path belongs to the last one."""
    if match["before"] and match["before"] in _NO_SCHEME_AFTER:
        return
    first, url_end = match.start("host"), match.end("url")
    hosts = [(first + found.start(), first + found.end()) for found in _ascii_host().finditer(match["host"])]
    for number, (start, end) in enumerate(hosts, 1):
        stop = url_end if number == len(hosts) and match["path"] else end
        yield Span(start, stop, text[start:stop])


def mastodon_urls(text: str) -> list[Span]:
    """What Mastodon turns into links in `text`: always with a scheme."""
    if "://" not in text:
        return []
    return [
        Span(*match.span("url"), match["url"])
        for match in _mastodon_pattern().finditer(text)
        if _is_host(match["host"])
    ]


def _is_host(host: str) -> bool:
    return all(0 < _ascii_length(label) <= LABEL_LONGEST for label in host.split("."))


def _ascii_length(label: str) -> int:
    if label.isascii():
        return len(label)
    return len("xn--") + len(label.encode("punycode"))
