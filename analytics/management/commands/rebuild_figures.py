"""Make the figures that pages and goals read anew from the observations."""

from typing import Any

from django.core.management.base import BaseCommand

from analytics.services.store import rebuild_rollups


class Command(BaseCommand):
    help = "Makes the newest figures of posts and the daily figures of accounts anew. Changes nothing unless they were wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        rebuild_rollups()
        self.stdout.write("Done.")
