"""The demonstration workspace: a coffee roaster with a plan, six weeks of posts and figures, an audit in progress."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo import words
from config.demo.build import build
from teams.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", choices=["en", "fr"], default="en", help="of its content (en)")

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError(
                "The demonstration has a password that everybody knows: it is for a developer's machine."
            )
        if User.objects.filter(email=words.PEOPLE["admin"][1]).exists():
            raise CommandError("The demonstration workspace exists already.")
        build(language=language, now=timezone.now())
        self.stdout.write(f"Demonstration workspace “{words.WORKSPACE}”. The password of all four: {words.PASSWORD}")
        for role, (name, email) in words.PEOPLE.items():
            self.stdout.write(f"  {role:8} {email:36} {name}")
