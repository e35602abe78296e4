"""Make the figures that pages and goals read anew from the observations."""

from typing import Any

from django.core.management.base import BaseCommand

from analytics.services.store import rebuild_rollups


class Command(BaseCommand):
    help = "Makes the figures that pages and goals read anew. Changes nothing unless they were wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        rebuild_rollups()
        self.stdout.write("Done.")
