"""What a document of the plan shows: a published revision, or the plan as it stands, which is a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plans.models import Plan, PlanRevision
from plans.snapshots import snapshot


@dataclass(frozen=True, kw_only=True)
class Edition:
    """`content` is a snapshot of the plan (`plans.snapshots`). Without a number it is a draft."""

    content: Mapping[str, Any]
    number: int | None = None
    published_at: datetime | None = None
    what_changed: str = ""
    why: str = ""


def draft(plan: Plan) -> Edition:
    return Edition(content=snapshot(plan))


def published(plan: Plan) -> Edition | None:
    """The last published revision; None before the first."""
    revision = PlanRevision.objects.of_plan(plan).published().order_by("-number").first()
    return _edition(revision) if revision else None


def numbered(plan: Plan, number: int | None) -> Edition:
    """The revision of that number; without one, the plan as it stands. Raises PlanRevision.DoesNotExist."""
    return draft(plan) if number is None else _edition(PlanRevision.objects.of_plan(plan).get(number=number))


def _edition(revision: PlanRevision) -> Edition:
    return Edition(
        content=revision.content, number=revision.number, published_at=revision.published_at,
        what_changed=revision.what_changed, why=revision.why,
    )  # fmt: skip
