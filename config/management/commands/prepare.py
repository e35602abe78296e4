"""Everything between an empty database and a web server: migrations and the catalogue of networks."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.processes import NO_WORKSPACE
from teams.models import Workspace


class Command(BaseCommand):
    requires_system_checks = []  # what cannot be imported stops the web server, a second later
    help = "Migrate the database and load the catalogue. Safe to run at any time, and needed after every update."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_networks", verbosity=0)
        if not Workspace.objects.exists():
            self.stdout.write(NO_WORKSPACE)
