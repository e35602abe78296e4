"""Goals, objectives and personas as plain data, as a revision of the plan keeps them, and that data in words again.

People stand in it by their number only: who leaves is forgotten there too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.sections import Fact, Group, Item, facts
from networks.models import Metric, Network
from plans import drafts
from plans.models import BusinessObjective, Goal, Target
from plans.rules.facts import Aggregation, Comparison, Per, Reach
from plans.words import Phrase, sentence
from teams.models import User, public_name

Plain = Mapping[str, Any]
NUMBERS = ("value", "value_to", "baseline")


def plain_objective(objective: BusinessObjective) -> dict[str, Any]:
    return {
        "id": objective.pk, "title": objective.title, "description": objective.description,
        "owner": objective.owner_id, "horizon_on": _day(objective.horizon_on),
    }  # fmt: skip


def plain_goal(goal: Goal) -> dict[str, Any]:
    """Everything by which the goal can be written again. Needs what `with_all` fetches, and `persona_answers`."""
    return {
        "id": goal.pk, "title": goal.title, "action": goal.action, "network": goal.network_id,
        "objective": goal.objective_id, "objective_title": goal.objective.title if goal.objective else "",
        "owner": goal.owner_id, "starts_on": _day(goal.starts_on), "due_on": _day(goal.due_on),
        "targets": [plain_target(target) for target in goal.targets.all()],
        "answers": [
            {"persona": answer.persona_id, "name": answer.persona.name, "text": answer.how_it_helps}
            for answer in goal.persona_answers.all()
        ],
    }  # fmt: skip


def plain_target(target: Target) -> dict[str, Any]:
    """Numbers are kept as text, exactly; `place`, `content_kind_name` … are what the things were called then."""
    return {
        "id": target.pk, "metric": target.metric_id, "network": target.network_id, "account": target.account_id,
        "reach": target.reach, "branch": target.branch_id, "format": target.format,
        "content_kind": target.content_kind_id, "campaign": target.campaign_id,
        "aggregation": target.aggregation, "per": target.per, "comparison": target.comparison,
        **{name: None if getattr(target, name) is None else str(getattr(target, name)) for name in NUMBERS},
        "place": drafts.place(target.network, target.account),
        "branch_name": target.branch.name if target.branch else "",
        "content_kind_name": target.content_kind.name if target.content_kind else "",
        "campaign_name": target.campaign.name if target.campaign else "",
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# -- in words ---------------------------------------------------------------------------------------------------------


def goal_groups(data: Plain) -> Sequence[Group]:
    """What step 1 says, in the reader's language. Three queries at most."""
    names = person_names(row.get("owner") for row in [*data["objectives"], *data["goals"]])
    metrics, networks = Metric.objects.in_bulk(), {network.pk: network.name for network in Network.objects.all()}
    return (
        Group(title=_("Business objectives"), items=[_objective(row, names) for row in data["objectives"]]),
        Group(title=_("Personas"), items=[_persona(row) for row in data["personas"]]),
        Group(title=_("Goals"), items=[_goal(row, names, metrics, networks) for row in data["goals"]]),
    )


def person_names(ids: Iterable[int | None]) -> dict[int, str]:
    people = User.objects.in_bulk([pk for pk in ids if pk])
    return {pk: public_name(person) for pk, person in people.items()}


def _objective(row: Plain, names: Mapping[int, str]) -> Item:
    return Item(key=f"objective:{row['id']}", title=row["title"], facts=[
        *([Fact(text=row["description"])] if row["description"] else []),
        *facts((_("Owner"), _name(row["owner"], names)), (_("To be reached by"), _date(row["horizon_on"]))),
    ])  # fmt: skip


def _persona(row: Plain) -> Item:
    return Item(key=f"persona:{row['id']}", title=row["name"], facts=[Fact(text=row["summary"])])


def _goal(row: Plain, names: Mapping[int, str], metrics: Mapping[str, Metric], networks: Mapping[str, str]) -> Item:
    targets = [target_words(target, metrics) for target in row["targets"]]
    return Item(key=f"goal:{row['id']}", title=row["title"], facts=[
        *([Fact(text=row["action"])] if row["action"] else []),
        *(Fact(name=_("Target"), text=words) for words in targets if words),
        *facts(
            (_("Network"), networks.get(row["network"] or "", row["network"])),
            (_("Supports"), row["objective_title"]), (_("Owner"), _name(row["owner"], names)),
            (_("From"), _date(row["starts_on"])), (_("Due"), _date(row["due_on"])),
        ),
        *(Fact(name=answer["name"], text=answer["text"]) for answer in row["answers"]),
    ])  # fmt: skip


def target_words(row: Plain, metrics: Mapping[str, Metric]) -> str:
    """The target as a sentence; nothing when its metric is in the catalogue no more."""
    metric = metrics.get(row["metric"])
    if metric is None:
        return ""
    return sentence(
        Phrase(
            metric=metric, aggregation=Aggregation(row["aggregation"]), per=Per(row["per"]),
            comparison=Comparison(row["comparison"]), value=read_number(row["value"]),
            value_to=read_number(row["value_to"]), format=row["format"], place=row["place"],
            content_kind=row["content_kind_name"], campaign=row["campaign_name"], reach=Reach(row["reach"]),
            branch=row["branch_name"],
        )
    )  # fmt: skip


def read_number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _name(pk: int | None, names: Mapping[int, str]) -> str:
    return "" if pk is None else names.get(pk, _("a former member"))


def _date(text: str | None) -> str:
    day = read_day(text)
    return date_format(day, "DATE_FORMAT") if day else ""
