from django.apps import AppConfig

from config.celery import app

__all__ = ["SextantConfig", "app"]  # imported here, so that every task of every room belongs to our Celery app


class SextantConfig(AppConfig):
    name = "config"
