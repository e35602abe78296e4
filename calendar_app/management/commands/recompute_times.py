from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from calendar_app.services import recompute_times


class Command(BaseCommand):
    help = "Let planned times follow the wall clock again, after the rules of time zones (tzdata) were updated."

    def handle(self, *_args: Any, **_options: Any) -> None:
        moved = recompute_times(now=timezone.now(), is_thorough=True)
        self.stdout.write(f"{moved} planned deliveries moved.")
