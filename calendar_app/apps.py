from importlib import import_module

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "calendar_app"

    def ready(self) -> None:
        """Puts step 5 into the registry of steps, and what the content matrix says into what calls for a revision."""
        import_module("calendar_app.steps").register_step()
        import_module("plans.calls").register_caller("drift", import_module("calendar_app.drift").drifts)
