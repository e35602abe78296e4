from importlib import import_module

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "calendar_app"

    def ready(self) -> None:
        """Puts step 5 into the registry of steps."""
        import_module("calendar_app.steps").register_step()
