"""The Django application of information exchange."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InformationConfig(AppConfig):
    """After the regulations in the menu: what the agencies tell each other."""

    name = "accordant.domains.information"
    label = "information"
    title = _("Exchange of information")
    menu_key = "i"
    menu_route = "information:items"
