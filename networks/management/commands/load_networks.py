"""Bring the catalogue of networks and metrics up to the data that is shipped."""

from typing import Any

from django.core.management.base import BaseCommand

from networks import services


class Command(BaseCommand):
    help = "Loads networks, limits, metrics and their availability. Safe to run again; corrections are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        report = services.load_catalogue()
        shown = report.changes if options["verbosity"] > 1 else [line for line in report.changes if line[:3] != "new"]
        for line in shown:
            self.stdout.write(line)
        new = sum(line.startswith("new") for line in report.changes)
        changed = len(report.changes) - new
        self.stdout.write(f"{new} new, {changed} changed." if report.changes else "Nothing changed.")
        for line in report.contradicted:
            self.stdout.write(self.style.WARNING(f"correction kept: {line}"))
