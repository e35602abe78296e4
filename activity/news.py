"""What was done lately, in a few lines: what is alike is told once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from activity.models import Event
from activity.queries import doer
from activity.verbs import sentence
from teams.models import Brand, User, Workspace
from teams.rules import Role

NEW_SEES = timedelta(days=7)  # of whoever comes for the first time
MOST = 10
READ = 200  # lines of the history that are looked through for them


@dataclass(frozen=True, kw_only=True)
class News:
    """The newest deed of its kind, how many things more were done alike by the same person, and when and where."""

    at: datetime
    words: str
    more: int
    brand: str = ""


@dataclass(frozen=True, kw_only=True)
class Since:
    """What others did since then. `has_more`: the history tells the rest."""

    at: datetime | None  # None: the person was never here before
    news: Sequence[News]
    has_more: bool


def since(*, brand: Brand, user: User, role: Role, before: datetime | None, now: datetime) -> Since:
    """What others, and Sextant itself, did since the visit before; guests hear of the plan only. One query."""
    rows = Event.objects.filter(brand=brand, at__gt=before or now - NEW_SEES)
    if not role.covers(Role.EDITOR):
        rows = rows.filter(verb__startswith="plans.")
    read = list(rows.select_related("by").order_by("-at", "-pk")[:READ])
    news = _told(event for event in read if event.by_id != user.pk)
    return Since(at=before, news=news[:MOST], has_more=len(news) > MOST or len(read) == READ)


def lately(workspace: Workspace) -> Sequence[News]:
    """What was done last in a workspace, in all its brands. One query."""
    rows = Event.objects.filter(workspace=workspace).select_related("by", "brand").order_by("-at", "-pk")
    return _told(rows[:READ])[:MOST]


def _told(events: Iterable[Event]) -> list[News]:
    groups: dict[tuple[str, int | None, int | None], list[Event]] = {}
    for event in events:
        groups.setdefault((event.verb, event.by_id, event.brand_id), []).append(event)
    return [_news(group) for group in groups.values()]


def _news(group: Sequence[Event]) -> News:
    """Deeds of one kind by one person, the newest first; what was done twice to one thing counts once."""
    newest = group[0]
    words = sentence(newest.verb, person=doer(newest), label=newest.label)
    place = newest.brand.name if "brand" in newest._state.fields_cache and newest.brand else ""
    return News(at=newest.at, words=words, more=len({event.about for event in group}) - 1, brand=place)
