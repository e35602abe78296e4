"""How far the goals of a plan have come: what step 1 adds to the plan document."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from core.charts import Chart
from core.current import Bar, CurrentFigure
from plans.charts import result_cards
from plans.models import Goal, Plan
from plans.plain import Plain, plain_target
from plans.queries import evaluation_of

CONDITION = (
    "metric", "network", "account", "reach", "branch", "format", "content_kind", "campaign", "aggregation", "per",
    "comparison", "value", "value_to",
)  # fmt: skip


def goal_figures(plan: Plan, data: Mapping[str, Any]) -> Sequence[CurrentFigure]:
    """One for each goal that the edition knows, in its order. Two queries."""
    goals = Goal.objects.filter(plan=plan, pk__in=[row["id"] for row in data["goals"]]).with_all()
    found = {goal.pk: goal for goal in goals.select_related("progress")}
    for goal in found.values():
        goal.plan = plan
    return [_figure(found[row["id"]], row) for row in data["goals"] if row["id"] in found]


def _figure(goal: Goal, kept: Plain) -> CurrentFigure:
    """What is measured are the goal's targets of today: where they are not the edition's, it says only that."""
    about, title = f"goal:{goal.pk}", kept["title"]
    now = [plain_target(target) for target in goal.targets.all()]
    if [_condition(row) for row in now] != [_condition(row) for row in kept["targets"]]:
        return CurrentFigure(title=title, about=about, note=_("Its targets have changed since: see the next revision."))
    cards = result_cards(goal, evaluation_of(goal))
    progress = getattr(goal, "progress", None)
    return CurrentFigure(
        title=title, about=about, state=goal.status, state_words=goal.get_status_display(),
        bars=[
            Bar(text=card.line.words, reached=card.summary or _("not measured yet"), percent=card.percent)
            for card in cards
        ],
        chart=next((_by_day(card.chart) for card in cards if card.chart), None),
        as_of=progress and (progress.data_until or progress.evaluated_at),
    )  # fmt: skip


def _condition(row: Plain) -> Sequence[Any]:
    return [row.get(name) for name in CONDITION]


def _by_day(chart: Chart) -> Chart:
    """Without the titles of posts, which are the team's own."""
    return replace(chart, labels=[label.partition(" · ")[0] for label in chart.labels])
