"""The check-ins of a goal as its page lists them."""

from dataclasses import dataclass
from datetime import datetime

from core.look import Dress
from plans.models import CheckIn, Confidence, Goal
from plans.services.checkins import OPEN
from teams.models import User

SHOWN = 50  # the newest ones
DRESSES = {
    Confidence.HIGH: Dress("sea", "check-circle"),
    Confidence.MEDIUM: Dress("amber", "question-circle"),
    Confidence.LOW: Dress("coral", "exclamation-triangle"),
}


@dataclass(frozen=True)
class CheckInLine:
    check_in: CheckIn
    is_open: bool  # to whoever reads

    @property
    def dress(self) -> Dress:
        return DRESSES[Confidence(self.check_in.confidence)]


def check_in_lines(goal: Goal, reader: User, now: datetime, *, is_manager: bool) -> list[CheckInLine]:
    """Newest first. One query."""
    rows = goal.check_ins.select_related("by")[:SHOWN]
    return [CheckInLine(row, is_manager or (row.by_id == reader.pk and now < row.at + OPEN)) for row in rows]
