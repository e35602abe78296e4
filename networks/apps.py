from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworksConfig(AppConfig):
    """The catalogue of networks, what may be measured on each, and how to reach them."""

    name = "networks"
    verbose_name = _("Networks")
