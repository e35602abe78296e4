"""The plan as one document: what an edition says, step by step, beside the figures of now. One form for the page, print
and PDF, in the reader's language. It holds nothing that an outsider may not read: no private notes, no addresses of
people, no links into the workspace."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.current import CurrentFigure
from core.sections import Fact, Group, Item, Section
from plans.editions import Edition
from plans.models import Plan
from plans.plain import read_day
from plans.snapshots import sections
from plans.steps import all_steps

Figures = Mapping[str, CurrentFigure]
LOOKS = {"goal": "goals", "account": "table", "decision": "table", "campaign": "table", "persona": "cards"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in the document, and how far it has come. A target that the figure tells of is not said twice."""

    item: Item
    figure: CurrentFigure | None = None

    @property
    def sentences(self) -> list[Fact]:
        return [fact for fact in self.facts if not fact.name]

    @property
    def named(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.name]

    @property
    def facts(self) -> list[Fact]:
        told = [bar.text for bar in self.figure.bars] if self.figure else []
        return [fact for fact in self.item.facts if fact.text not in told]


@dataclass(frozen=True, kw_only=True)
class Block:
    """Things of a kind. `look` says how they are laid out: goals, table, cards, rows, or a plain list of names."""

    title: str
    look: str
    entries: Sequence[Entry]

    @property
    def columns(self) -> list[str]:
        """Of a table: the names of all facts, in the order of the row that has most."""
        rows = sorted((entry.item.facts for entry in self.entries), key=len, reverse=True)
        return list(dict.fromkeys(fact.name for facts in rows for fact in facts))

    @property
    def rows(self) -> list[tuple[Item, list[str]]]:
        return [(entry.item, [_cell(entry.item, name) for name in self.columns]) for entry in self.entries]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the six steps. `figures` are those that stand for themselves."""

    section: Section
    blocks: Sequence[Block]
    figures: Sequence[CurrentFigure]

    @property
    def is_empty(self) -> bool:
        return not (self.section.text or self.blocks or self.figures)

    @property
    def told(self) -> list[CurrentFigure]:
        """The figures beside the things of this part."""
        return [entry.figure for block in self.blocks for entry in block.entries if entry.figure]


@dataclass(frozen=True, kw_only=True)
class Document:
    title: str
    brand: str
    starts_on: date
    ends_on: date
    edition: Edition
    parts: Sequence[Part]
    made_at: datetime

    @property
    def period(self) -> str:
        words = {"start": date_format(self.starts_on), "end": date_format(self.ends_on)}
        return _("%(start)s to %(end)s") % words

    @property
    def label(self) -> str:
        """Which edition it is."""
        if self.edition.number is None or self.edition.published_at is None:
            return _("Draft")
        words = {"number": self.edition.number, "day": date_format(self.edition.published_at, "DATE_FORMAT")}
        return _("Revision %(number)d of %(day)s") % words

    @property
    def states(self) -> list[tuple[CurrentFigure, int]]:
        """How many goals stand how: a figure of each state, and their number."""
        told = [figure for part in self.parts for figure in part.told if figure.state]
        counts = Counter(figure.state for figure in told)
        return [(next(figure for figure in told if figure.state == state), count) for state, count in counts.items()]


def compose(
    plan: Plan, edition: Edition, *, now: datetime, on_part: Callable[[int], None] = lambda _number: None
) -> Document:
    """Writes the document, in the language and zone that are active. `on_part` hears of each step that is written.

    Constant queries, however much the plan says.
    """
    content = edition.content
    steps = {step.slug: step for step in all_steps()}
    parts = []
    for section in sections(content):
        step = steps[section.slug]
        figures = step.figures(plan, content["steps"][section.slug]["data"]) if step.figures else ()
        parts.append(_part(section, figures))
        on_part(section.number)
    starts_on, ends_on = read_day(content["starts_on"]), read_day(content["ends_on"])
    assert starts_on
    assert ends_on
    return Document(
        title=content["title"], brand=plan.brand.name, starts_on=starts_on, ends_on=ends_on, edition=edition,
        parts=parts, made_at=now,
    )  # fmt: skip


def _part(section: Section, figures: Sequence[CurrentFigure]) -> Part:
    about = {figure.about: figure for figure in figures if figure.about}
    alone = [figure for figure in figures if not figure.about]
    return Part(section=section, blocks=list(_blocks(section.groups, about)), figures=alone)


def _blocks(groups: Sequence[Group], about: Figures) -> Iterator[Block]:
    for group in groups:
        if group.items:
            entries = [Entry(item=item, figure=about.get(item.key)) for item in group.items]
            yield Block(title=group.title, look=_look(group.items), entries=entries)


def _look(items: Sequence[Item]) -> str:
    if not any(item.facts for item in items):
        return "list"
    return LOOKS.get(items[0].key.partition(":")[0], "rows")


def _cell(item: Item, name: str) -> str:
    return "\n".join(fact.text for fact in item.facts if fact.name == name)
