"""Which stretches of a text a network turns into links.

X and Mastodon both follow the twitter-text library: a link needs a host that ends in a known top-level domain, sentence
punctuation after it does not belong to it, brackets must balance. X also links hosts written without http://.

Sources: npm twitter-text 3.1.0 (extractUrlsWithIndices); github mastodon/mastodon config/initializers/twitter_regex.rb,
which lets paths and queries hold any letter. That library's patterns take quadratic time on hostile texts; here a text
is read once, host by host.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

LABEL_LONGEST = 63  # of one part of a host name, in its ASCII form (RFC 1035)
URL_LONGEST = 4096  # beyond it X makes no link (twitter-text MAX_URL_LENGTH)
SHORTENED_LONGEST = 40  # of the code of a t.co link

_MARKS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"  # they set the direction of writing
_NEVER = r"\uFFFE\uFEFF\uFFFF"
_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_LATIN = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289"
    r"\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_LETTERS = rf"a-z0-9\u0400-\u04FF{_LATIN}"
_WIDE = r"\xA0-\uD7FF\uE000-\uFDCF\uFDF0-\uFFEF\U00010000-\U0010FFFD"
_TLD = r"(?:\L<tlds>(?=[^0-9a-zA-Z@+\-]|$)|xn--[\-0-9a-z]+)"

# Letters and digits of any script, and the three characters that may stand between them in a host.
_HOST_RUN = regex.compile(rf"[^!'#%&()*+,\\/:;<=>?@\[\]^{{|}}~${_SPACES}{_NEVER}{_MARKS}]+")
_BEFORE = regex.compile(rf"[^A-Za-z0-9@＠$#＃{_NEVER}]|[{_MARKS}]")  # what may stand before a link
_NO_SCHEME_AFTER = "-_./"  # "-example.com" is not a link without http://
_WEB = regex.compile(r"(?r)https?://", regex.IGNORECASE)
_ANY_SCHEME = regex.compile(r"(?r)(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://", regex.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class _Link:
    """A link as found, before the network's own conditions: `start` is where its scheme or host begins."""

    start: int
    host_start: int
    host_end: int
    end: int
    before: str
    has_path: bool

    @property
    def has_scheme(self) -> bool:
        return self.start < self.host_start


@cache
def top_level_domains() -> frozenset[str]:
    lines = (Path(__file__).parent.parent / "data" / "tlds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _tld() -> regex.Pattern[str]:
    return regex.compile(_TLD, regex.IGNORECASE, tlds=top_level_domains())


@cache
def _ascii_host() -> regex.Pattern[str]:
    return regex.compile(rf"(?:[\-a-z0-9{_LATIN}]+\.)+{_TLD}", regex.IGNORECASE, tlds=top_level_domains())


def _tail(char: str, last: str, query: str) -> regex.Pattern[str]:
    """Port, path and query. A path is of `char`s and balanced brackets, two deep, and ends in `last` or a bracket."""
    bracket = rf"\((?:{char}+|{char}*\({char}+\){char}*)\)"
    path = rf"(?P<path>/(?:(?:{char}|{bracket})*(?:{last}|{bracket}))?)?"
    return regex.compile(rf"(?::[0-9]+)?{path}(?:\?{query})?", regex.IGNORECASE)


_X_QUERY = r"[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
_X_TAIL = _tail(rf"[{_LETTERS}!*';:=+,.$/%#\[\]\-\u2013_~@|&]", rf"[{_LETTERS}+\-=_#/]", _X_QUERY)
_MASTODON_TAIL = _tail(
    r"[^\s<>()?]",
    r"""[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]""",
    rf"[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@\^{_WIDE}]*[a-z0-9_&=#/\-{_WIDE}]",
)
_SHORTENED = regex.compile(rf"https?://t\.co/([a-z0-9]+)(?:\?{_X_QUERY})?", regex.IGNORECASE)


def x_urls(text: str) -> list[Span]:
    """What X turns into links in `text` (already in Unicode's NFC form), with or without http://."""
    if "." not in text:
        return []
    return [span for link in _links(text, _WEB, _X_TAIL) for span in _x_spans(text, link)]


def mastodon_urls(text: str) -> list[Span]:
    """What Mastodon turns into links in `text`: always with a scheme."""
    if "://" not in text:
        return []
    return [
        Span(link.start, link.end, text[link.start : link.end])
        for link in _links(text, _ANY_SCHEME, _MASTODON_TAIL)
        if link.has_scheme and _is_host(text[link.host_start : link.host_end])
    ]


def _x_spans(text: str, link: _Link) -> Iterator[Span]:
    length = link.end - link.start + (0 if link.has_scheme else len("https://"))
    if length > URL_LONGEST or not _is_host(text[link.host_start : link.host_end]):
        return
    if not link.has_scheme:
        yield from _bare_spans(text, link)
        return
    shortened = _SHORTENED.match(text, link.start, link.end)
    if shortened is None:
        yield Span(link.start, link.end, text[link.start : link.end])
    elif len(shortened[1]) <= SHORTENED_LONGEST:
        yield Span(link.start, shortened.end(), shortened[0])


def _bare_spans(text: str, link: _Link) -> Iterator[Span]:
    """Without http:// only the ASCII part of a host is a link; a path belongs to the last one."""
    if link.before and link.before in _NO_SCHEME_AFTER:
        return
    hosts = [found.span() for found in _ascii_host().finditer(text, link.host_start, link.host_end)]
    for number, (start, end) in enumerate(hosts, 1):
        stop = link.end if number == len(hosts) and link.has_path else end
        yield Span(start, stop, text[start:stop])


def _links(text: str, scheme: regex.Pattern[str], tail: regex.Pattern[str]) -> Iterator[_Link]:
    """Every host with what stands around it, from left to right, none overlapping another."""
    read = 0  # what is left of it belongs to an earlier link
    for run in _HOST_RUN.finditer(text):
        if run.end() <= read or "." not in run[0]:
            continue
        hosts = _Hosts(text, *run.span())
        while found := hosts.leftmost(read, scheme):
            start, host_start, host_end = found
            rest = tail.match(text, host_end)
            end = rest.end() if rest else host_end
            yield _Link(
                start=start,
                host_start=host_start,
                host_end=host_end,
                end=end,
                before=text[start - 1] if start else "",
                has_path=bool(rest and rest["path"]),
            )
            read = end


class _Hosts:
    """The host names in one run of host characters, e.g. "www.example.com.Then": labels between dots, read once."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.labels: list[tuple[int, int]] = []
        for label in text[start:end].split("."):
            self.labels.append((start, start + len(label)))
            start += len(label) + 1
        self.longest = self._longest()
        self.next = 0  # labels before it were tried

    def _longest(self) -> list[int | None]:
        """For each label with which a host can begin: where the longest such host ends."""
        ends: list[int | None] = [None] * (len(self.labels) + 1)
        for index in reversed(range(len(self.labels) - 1)):
            start, end = self.labels[index]
            if start < end and self._is_edge(start) and self._is_edge(end - 1):
                name_only = None if "_" in self.text[start:end] else self._tld_after(index)
                ends[index] = ends[index + 1] or name_only
        return ends

    def _is_edge(self, at: int) -> bool:
        """A label neither begins nor ends with a dash."""
        return self.text[at] not in "-_"

    def _tld_after(self, index: int) -> int | None:
        tld = _tld().match(self.text, self.labels[index + 1][0])
        return tld.end() if tld else None

    def leftmost(self, read: int, scheme: regex.Pattern[str]) -> tuple[int, int, int] | None:
        """Where the next link starts, its host starts and its host ends."""
        for index in range(self.next, len(self.labels) - 1):
            self.next = index + 1
            if found := self._in_label(index, read, scheme):
                return found
        return None

    def _in_label(self, index: int, read: int, scheme: regex.Pattern[str]) -> tuple[int, int, int] | None:
        first, last = self.labels[index]
        end = self.longest[index + 1]
        if end is None and (end := self._tld_after(index)):  # the registered name itself, which has no underscore
            first = max(first, self.text.rfind("_", first, last) + 1)
        if end is None or first == last or not self._is_edge(last - 1):
            return None
        if first == 0 and last > 1 and self._is_edge(1) and self._free(1, read):
            first = 1  # "énom.fr" at the very beginning: twitter-text takes the letter for what stands before
        openings = ((self._opening(at, read, scheme), at) for at in range(first, last) if self._is_edge(at))
        return next(((opens, at, end) for opens, at in openings if opens is not None), None)

    def _opening(self, start: int, read: int, scheme: regex.Pattern[str]) -> int | None:
        """Where a link whose host is at `start` begins: at its scheme, if what precedes allows one."""
        if start == self.start and (found := scheme.match(self.text, read, start)) and self._free(found.start(), read):
            return found.start()
        return start if self._free(start, read) else None

    def _free(self, start: int, read: int) -> bool:
        return start == 0 or (start > read and _BEFORE.match(self.text, start - 1) is not None)


def _is_host(host: str) -> bool:
    return all(0 < _ascii_length(label) <= LABEL_LONGEST for label in host.split("."))


def _ascii_length(label: str) -> int:
    if label.isascii():
        return len(label)
    return len("xn--") + len(label.encode("punycode"))
