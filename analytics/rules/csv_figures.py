"""Figures in a CSV file: one row per account or post and day, one column per metric. Pure: no database, no words.

    date;network;account;post;followers;likes;comments
    2026-11-22;instagram;maison.roche;;5 210;;
    2026-11-22;instagram;maison.roche;https://www.instagram.com/p/Cabc/;;34;6

A row without `post` is about the account; one without network and account is about what no network gives (leads,
revenue, …), of the campaign in a column of that name or of the brand itself. An empty cell says nothing; a dash says
that the network gives no such figure, which is not a figure either. What is wrong is told as Problems, each with its
row and column; `csv_words` puts them into words.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from analytics.rules.cells import COUNT, CellError, Range, Trouble, parse_day, parse_number
from core import sheets

DATE, NETWORK, ACCOUNT, POST, CAMPAIGN = "date", "network", "account", "post", "campaign"
PLACE_COLUMNS = (DATE, NETWORK, ACCOUNT, POST, CAMPAIGN)
REQUIRED = (DATE, NETWORK, ACCOUNT)
NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "n/d", "nd"})
MOST_ROWS = 20_000
MOST_BYTES = 2 * 1024 * 1024
MOST_COLUMNS = 200  # more than there are names for: what stands beyond is not even looked at


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong, and where: `row` counts as a spreadsheet does (the header is row 1), None for the whole file."""

    trouble: Trouble
    row: int | None = None
    column: str = ""
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the file as read; `values` by metric, without the empty cells."""

    number: int
    day: date
    network: str
    account: str
    post: str
    values: Mapping[str, Decimal]
    campaign: str = ""

    @property
    def is_placeless(self) -> bool:
        return not (self.network or self.account or self.post)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A file as read: its good rows, and everything that is wrong with the others."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)  # what each column is called in this file


# -- the file -------------------------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """How a name is compared: without case, accents or surplus spaces, and "_" like a space."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold().replace("_", " ").replace("’", "'"))
    return re.sub(r"\s+", " ", "".join(mark for mark in plain if not unicodedata.combining(mark)))


def read(text: str, *, columns: Mapping[str, str], ranges: Mapping[str, Range], day_first: bool) -> Sheet:
    """Read a file.

    `columns` maps folded headers to a place column or a metric's short name; `ranges` holds the metrics that are
    not simply counted; `day_first` is how the person's language writes 03/04/2026.
    """
    try:
        lines = _lines(text)
    except csv.Error:
        return Sheet(problems=(Problem(trouble=Trouble.QUOTES),))
    if len(lines) < 2:
        return Sheet(problems=(Problem(trouble=Trouble.EMPTY),))
    if len(lines) > MOST_ROWS + 1:
        return Sheet(problems=(Problem(trouble=Trouble.TOO_LONG, value=str(len(lines) - 1)),))
    head, problems = _header(lines[0][1][:MOST_COLUMNS], columns)
    if problems:
        return Sheet(problems=tuple(problems))
    reader = _RowReader(head, lines[0][1], ranges, day_first)
    rows = [row for number, cells in lines[1:] if (row := reader.read(number, cells))]
    titles = dict(zip(head, lines[0][1], strict=True))
    return Sheet(rows=tuple(rows), problems=tuple(reader.problems), columns=titles)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The lines that hold anything, each with its number in a spreadsheet."""
    numbered = enumerate(([cell.strip() for cell in cells] for cells in sheets.read(text)), 1)
    return [(number, cells) for number, cells in numbered if any(cells)]


def _header(titles: Sequence[str], columns: Mapping[str, str]) -> tuple[list[str], list[Problem]]:
    head = [columns.get(fold(title), "") for title in titles]
    problems = [
        Problem(trouble=Trouble.COLUMN_UNKNOWN, row=1, column=title or str(place))
        for place, (name, title) in enumerate(zip(head, titles, strict=True), 1)
        if not name
    ]
    twice = [name for name in dict.fromkeys(head) if name and head.count(name) > 1]
    problems += [Problem(trouble=Trouble.COLUMN_TWICE, row=1, column=titles[head.index(name)]) for name in twice]
    problems += [Problem(trouble=Trouble.COLUMN_MISSING, row=1, column=name) for name in REQUIRED if name not in head]
    if not problems and not set(head) - set(PLACE_COLUMNS):
        problems.append(Problem(trouble=Trouble.NO_METRIC, row=1))
    return head, problems


class _RowReader:
    """Reads the lines below one header and gathers what is wrong with them."""

    def __init__(
        self, head: Sequence[str], titles: Sequence[str], ranges: Mapping[str, Range], day_first: bool
    ) -> None:
        self.head, self.titles, self.ranges, self.day_first = head, titles, ranges, day_first
        self.problems: list[Problem] = []

    def read(self, number: int, cells: Sequence[str]) -> Row | None:
        known = len(self.problems)
        if len(cells) != len(self.head) and any(cells[len(self.head) :]):
            self._note(Trouble.CELLS, number, "", str(len(cells)), str(len(self.head)))
            return None
        padded = [*cells, *[""] * len(self.head)][: len(self.head)]
        place = {name: cell for name, cell in zip(self.head, padded, strict=True) if name in PLACE_COLUMNS}
        day = self._day(number, place[DATE])
        values = self._values(number, padded)
        if day is None or len(self.problems) > known or not values:
            return None
        return Row(
            number=number,
            day=day,
            network=place[NETWORK],
            account=place[ACCOUNT],
            post=place.get(POST, ""),
            campaign=place.get(CAMPAIGN, ""),
            values=values,
        )

    def _day(self, number: int, cell: str) -> date | None:
        try:
            return parse_day(cell, day_first=self.day_first)
        except CellError as error:
            self._note(error.trouble, number, self.titles[self.head.index(DATE)], cell, error.hint)
            return None

    def _values(self, number: int, cells: Sequence[str]) -> dict[str, Decimal]:
        values = {}
        for name, title, cell in zip(self.head, self.titles, cells, strict=True):
            if name in PLACE_COLUMNS or cell.casefold() in NOTHING:
                continue
            try:
                values[name] = parse_number(cell, self.ranges.get(name, COUNT))
            except CellError as error:
                self._note(error.trouble, number, title, cell, error.hint)
        return values

    def _note(self, trouble: Trouble, row: int, column: str, value: str, hint: str = "") -> None:
        self.problems.append(Problem(trouble=trouble, row=row, column=column, value=value[:60], hint=hint))


# -- what the rows are about ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class KnownPost:
    """A delivery that a row may be about; `published_on` is None while it is not published."""

    id: int
    account_id: int
    published_on: date | None


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """What a brand has: networks and accounts by folded name, posts by number and folded address, metrics given."""

    networks: Mapping[str, str]
    accounts: Mapping[tuple[str, str], int]
    posts: Mapping[str, KnownPost]
    given: Mapping[tuple[str, str], frozenset[str]]  # (network, "account" or "delivery") -> metrics
    campaigns: Mapping[str, int] = field(default_factory=dict)  # by folded name
    own: frozenset[str] = frozenset()  # metrics that no network gives


Key = tuple[int | None, int | None, int | None, str, date]


@dataclass(frozen=True, kw_only=True, order=True)
class Entry:
    """One figure that a file says: of the account, the delivery or the campaign, whichever is not None; else of the
    brand itself."""

    row: int
    account_id: int | None
    delivery_id: int | None
    metric: str
    day: date
    value: Decimal
    campaign_id: int | None = None

    @property
    def key(self) -> Key:
        return self.account_id, self.delivery_id, self.campaign_id, self.metric, self.day

    @property
    def is_of_brand(self) -> bool:
        return self.account_id is None and self.delivery_id is None and self.campaign_id is None


def resolve(sheet: Sheet, catalog: Catalog, *, today: date) -> tuple[list[Entry], list[Problem]]:
    """What the rows of a file mean in this brand, and what is wrong with them. Repeated equal figures count once."""
    entries: dict[Key, Entry] = {}
    problems: list[Problem] = []
    for row in sheet.rows:
        try:
            found = _entries(row, catalog, today)
        except _RowError as error:
            problems.append(error.problem)
            continue
        problems += found.problems
        for entry in found.entries:
            first = entries.setdefault(entry.key, entry)
            if first.value != entry.value:
                problems.append(
                    _problem(Trouble.TWICE, row, entry.metric, f"{entry.value.normalize():f}", str(first.row))
                )
    return sorted(entries.values()), [replace(it, column=sheet.columns.get(it.column, it.column)) for it in problems]


class _RowError(ValueError):
    def __init__(self, trouble: Trouble, row: Row, column: str, value: str, hint: str = "") -> None:
        super().__init__(trouble)
        self.problem = _problem(trouble, row, column, value, hint)


@dataclass(frozen=True, kw_only=True)
class _Found:
    entries: Sequence[Entry]
    problems: Sequence[Problem]


def _problem(trouble: Trouble, row: Row, column: str, value: str, hint: str = "") -> Problem:
    return Problem(trouble=trouble, row=row.number, column=column, value=value[:60], hint=hint)


def _entries(row: Row, catalog: Catalog, today: date) -> _Found:
    if row.day > today:
        raise _RowError(Trouble.DATE_FUTURE, row, DATE, row.day.isoformat())
    if row.campaign and not row.is_placeless:
        raise _RowError(Trouble.CAMPAIGN_AND_ACCOUNT, row, CAMPAIGN, row.campaign)
    if row.is_placeless and (row.campaign or row.values.keys() <= catalog.own):
        return _own(row, catalog)
    network = catalog.networks.get(fold(row.network))
    if network is None:
        raise _RowError(Trouble.NETWORK_UNKNOWN, row, NETWORK, row.network)
    account_id = catalog.accounts.get((network, fold_handle(row.account)))
    if account_id is None:
        raise _RowError(Trouble.ACCOUNT_UNKNOWN, row, ACCOUNT, row.account, row.network)
    post = _post(row, account_id, catalog) if row.post else None
    given = catalog.given.get((network, "delivery" if post else "account"), frozenset())
    given |= frozenset() if post else catalog.own
    refused = [
        _problem(Trouble.NOT_GIVEN, row, metric, f"{value.normalize():f}", network)
        for metric, value in row.values.items()
        if metric not in given
    ]
    taken = [_entry(row, account_id, post, metric) for metric in row.values if metric in given]
    return _Found(problems=refused, entries=taken)


def _own(row: Row, catalog: Catalog) -> _Found:
    """What no network gives, of a campaign or of the brand itself."""
    campaign_id = catalog.campaigns.get(fold(row.campaign)) if row.campaign else None
    if row.campaign and campaign_id is None:
        raise _RowError(Trouble.CAMPAIGN_UNKNOWN, row, CAMPAIGN, row.campaign)
    refused = [
        _problem(Trouble.NOT_OWN, row, metric, f"{value.normalize():f}")
        for metric, value in row.values.items()
        if metric not in catalog.own
    ]
    taken = [
        Entry(
            row=row.number, account_id=None, delivery_id=None, campaign_id=campaign_id, metric=metric, day=row.day,
            value=row.values[metric],
        )
        for metric in row.values
        if metric in catalog.own
    ]  # fmt: skip
    return _Found(problems=refused, entries=taken)


def _entry(row: Row, account_id: int, post: KnownPost | None, metric: str) -> Entry:
    return Entry(
        row=row.number, account_id=None if post else account_id, delivery_id=post.id if post else None,
        metric=metric, day=row.day, value=row.values[metric],
    )  # fmt: skip


def _post(row: Row, account_id: int, catalog: Catalog) -> KnownPost:
    post = catalog.posts.get(fold_post(row.post))
    if post is None:
        raise _RowError(Trouble.POST_UNKNOWN, row, POST, row.post)
    if post.account_id != account_id:
        raise _RowError(Trouble.POST_ELSEWHERE, row, POST, row.post)
    if post.published_on is None:
        raise _RowError(Trouble.POST_NOT_PUBLISHED, row, POST, row.post)
    if row.day < post.published_on:
        raise _RowError(Trouble.DATE_EARLY, row, DATE, row.day.isoformat(), post.published_on.isoformat())
    return post


def fold_handle(handle: str) -> str:
    return handle.strip().removeprefix("@").casefold()


_TRACKING = re.compile(r"(utm_\w+|igsh(id)?|fbclid|gclid|si|ref|s|t)=[^&]*", re.IGNORECASE)


def fold_post(text: str) -> str:
    """A post's number (with or without #), or its address without scheme, www, tracking and closing slash."""
    plain = text.strip().removeprefix("#")
    if plain.isascii() and plain.isdigit():
        return plain.lstrip("0")
    plain = re.sub(r"^https?://(www\.)?", "", plain, flags=re.IGNORECASE).partition("#")[0]
    place, _mark, query = plain.partition("?")
    host, slash, path = place.partition("/")
    kept = "&".join(part for part in query.split("&") if part and not _TRACKING.fullmatch(part))
    return f"{host.casefold()}{slash}{path}".rstrip("/") + (f"?{kept}" if kept else "")
