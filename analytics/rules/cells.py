"""One cell: a day or a figure as people and spreadsheets write it, refused where it can be read two ways."""

import enum
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

LARGEST = Decimal(10) ** 12
CENT = Decimal("0.01")


class Trouble(enum.Enum):
    """What can be wrong with a file or a cell."""

    ENCODING = "encoding"
    EMPTY = "empty"
    QUOTES = "quotes"
    TOO_LONG = "too_long"
    COLUMN_MISSING = "column_missing"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_TWICE = "column_twice"
    NO_METRIC = "no_metric"
    CELLS = "cells"
    DATE = "date"
    DATE_TWO_WAYS = "date_two_ways"
    DATE_FUTURE = "date_future"
    DATE_EARLY = "date_early"
    NUMBER = "number"
    NUMBER_TWO_WAYS = "number_two_ways"
    NUMBER_NEGATIVE = "number_negative"
    NUMBER_NOT_WHOLE = "number_not_whole"
    NUMBER_DECIMALS = "number_decimals"
    NUMBER_LARGE = "number_large"
    NUMBER_ABOVE = "number_above"
    NUMBER_BELOW = "number_below"
    NETWORK_UNKNOWN = "network_unknown"
    ACCOUNT_UNKNOWN = "account_unknown"
    POST_UNKNOWN = "post_unknown"
    POST_NOT_PUBLISHED = "post_not_published"
    POST_ELSEWHERE = "post_elsewhere"
    CAMPAIGN_UNKNOWN = "campaign_unknown"
    CAMPAIGN_AND_ACCOUNT = "campaign_and_account"
    NOT_GIVEN = "not_given"
    NOT_OWN = "not_own"
    TWICE = "twice"


@dataclass(frozen=True, kw_only=True)
class Range:
    """What values a metric can have: from `least` to `most`; `whole` where it is counted."""

    whole: bool = True
    least: Decimal = Decimal(0)
    most: Decimal = LARGEST


COUNT = Range()
PERCENT = Range(whole=False, most=Decimal(100))
AMOUNT = Range(whole=False)
SCORE = Range(whole=False, most=Decimal(100))


class CellError(ValueError):
    """A cell, or a value, cannot be taken; `hint` is what it could have meant."""

    def __init__(self, trouble: Trouble, hint: str = "") -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.hint = hint


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_LOCAL = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[ ,.'])\d{3}(?:(?P=mark)\d{3})*", re.ASCII)
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_GROUPED_DECIMAL = re.compile(r"(\d{1,3}(?:(?P<mark>[ ,.'])\d{3})(?:(?P=mark)\d{3})*)(?!(?P=mark))[.,](\d+)", re.ASCII)
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")


def parse_day(text: str, *, day_first: bool) -> date:
    """2026-11-22, or 22/11/2026. Where the language does not say which comes first, 03/04/2026 is refused."""
    if match := _ISO.fullmatch(text.strip()):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    match = _LOCAL.fullmatch(text.strip())
    if not match:
        raise CellError(Trouble.DATE)
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if day_first or first > 12:
        return _day(year, second, first)
    if second > 12 or first == second:
        return _day(year, first, second)
    raise CellError(Trouble.DATE_TWO_WAYS, f"{year}-{first:02}-{second:02}, {year}-{second:02}-{first:02}")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(Trouble.DATE) from None


def parse_number(text: str, span: Range = COUNT) -> Decimal:
    """A number as people and spreadsheets write it: 1234, 1 234, 1,234,567, 12,5, 1 234,50.

    "1,234" is one thousand to some and one and a bit to others: refused, like everything else that can be read two
    ways. Raises CellError.
    """
    plain = text.translate(_SPACES).strip().removesuffix("%").strip()
    negative = plain[:1] in ("-", "−")
    value = _unsigned(plain[1:].strip() if negative else plain.removeprefix("+"))
    return check_value(-value if negative and value else value, span)


def check_value(value: Decimal, span: Range = COUNT) -> Decimal:
    """A figure that can be stored: in its metric's range, below 10^12, with two decimals at most. Raises CellError."""
    if not value.is_finite():
        raise CellError(Trouble.NUMBER)
    if value < span.least:
        raise CellError(Trouble.NUMBER_BELOW, f"{span.least}") if span.least else CellError(Trouble.NUMBER_NEGATIVE)
    if value >= LARGEST:
        raise CellError(Trouble.NUMBER_LARGE)
    if value > span.most:
        raise CellError(Trouble.NUMBER_ABOVE, f"{span.most}")
    if span.whole and value != value.to_integral_value():
        raise CellError(Trouble.NUMBER_NOT_WHOLE)
    if value != value.quantize(CENT):
        raise CellError(Trouble.NUMBER_DECIMALS)
    return value.quantize(CENT)


def _unsigned(text: str) -> Decimal:
    if len(text) > 40:
        raise CellError(Trouble.NUMBER)
    if match := _GROUPED.fullmatch(text):
        return _grouped(text, match["mark"])
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if match := _GROUPED_DECIMAL.fullmatch(text):
        return Decimal(match[1].replace(match["mark"], "") + "." + match[3])
    raise CellError(Trouble.NUMBER)


def _grouped(text: str, mark: str) -> Decimal:
    """Groups of three: one comma or point alone could as well be a decimal one, unless the number starts with 0."""
    thousands, decimals = text.replace(mark, ""), text.replace(mark, ".")
    if mark in ",." and text.count(mark) == 1:
        if text.startswith("0"):
            return Decimal(decimals)
        raise CellError(Trouble.NUMBER_TWO_WAYS, f"{thousands}, {decimals}")
    return Decimal(thousands)
