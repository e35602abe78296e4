from importlib import import_module

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "activity"

    def ready(self) -> None:
        """Pages of a brand are opened by one statement, which reads their frame too."""
        import_module("activity.frame").read_beside_brand()
