from importlib import import_module

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        """Puts step 6 into the registry of steps."""
        import_module("analytics.steps").register_step()
