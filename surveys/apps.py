from importlib import import_module

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        """A survey that was closed calls for a revision of the plan."""
        import_module("surveys.calls").register()
