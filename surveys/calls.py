"""A survey that was closed calls for a revision of the plan that runs meanwhile."""

from collections.abc import Iterator
from datetime import datetime

from plans.calls import OVERLAP, Cause, register_caller
from plans.models import CallKind, CallWatch
from surveys.models import Survey


def closed_surveys(watch: CallWatch, now: datetime) -> Iterator[Cause]:  # noqa: ARG001 -- as all callers
    """Those of the brand that were closed since the last look, and that anybody answered."""
    closed = Survey.objects.for_brand(watch.brand).closed_since(watch.looked_until - OVERLAP)
    for survey in closed.filter(final_count__gt=0).order_by("closed_at"):
        about = f"survey:{survey.pk}"
        result = {"answers": survey.final_count, "score": survey.final_score}
        yield Cause(kind=CallKind.SURVEY, about=about, key=about, proposal={"name": survey.title, "result": result})


def register() -> None:
    register_caller("surveys", closed_surveys, verbs=("surveys.survey_closed",))
