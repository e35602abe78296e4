"""What differs between two versions of a plan, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.diff import Line, Mark, SectionChange, compare, line
from plans.plain import read_day
from plans.snapshots import sections

MOST_NAMED = 40  # changes that are listed one by one

Content = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The title and the period, then the six steps."""

    head: Sequence[Line]
    sections: Sequence[SectionChange]

    @property
    def changed(self) -> list[SectionChange]:
        return [section for section in self.sections if section.is_changed]

    @property
    def changed_head(self) -> list[Line]:
        return [one for one in self.head if one.mark is not Mark.SAME]

    @cached_property
    def count(self) -> int:
        return len(self.changed_head) + sum(section.count for section in self.sections)

    @property
    def is_empty(self) -> bool:
        return not self.count


def difference(before: Content, after: Content) -> Difference:
    """From one snapshot to another."""
    return Difference(head=_head(before, after), sections=compare(sections(before), sections(after)))


def _head(before: Content, after: Content) -> list[Line]:
    dates = ((_("From"), "starts_on"), (_("Until"), "ends_on"))
    days = [line(_day(before[key]), _day(after[key]), name) for name, key in dates]
    return [line(before["title"], after["title"], _("Title")), *days]


def _day(text: str) -> str:
    day = read_day(text)
    return date_format(day, "DATE_FORMAT") if day else ""


def in_words(found: Difference) -> str:
    """One line for each change: what people would otherwise have to type."""
    lines = list(_lines(found))
    rest = len(lines) - MOST_NAMED
    more = [_("and %(count)d more") % {"count": rest}] if rest > 0 else []
    return "\n".join(f"- {one}" for one in [*lines[:MOST_NAMED], *more])


def _lines(found: Difference) -> Iterator[str]:
    for one in found.changed_head:
        yield _("%(name)s changed") % {"name": one.name}
    for section in found.changed:
        if section.text.mark is not Mark.SAME:
            yield _("%(section)s: what the plan says was rewritten") % {"section": section.title}
        yield from _of_groups(section)


def _of_groups(section: SectionChange) -> Iterable[str]:
    words = {
        Mark.ADDED: _("%(section)s: new in “%(group)s”: %(name)s"),
        Mark.REMOVED: _("%(section)s: no longer in “%(group)s”: %(name)s"),
        Mark.CHANGED: _("%(section)s: changed in “%(group)s”: %(name)s"),
    }
    for group in section.groups:
        for item in group.changed:
            yield words[item.mark] % {"section": section.title, "group": group.title, "name": item.name}
