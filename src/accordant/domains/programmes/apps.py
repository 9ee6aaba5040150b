"""The Django application of programmes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """After the exchange of information in the menu: what the agencies protect together."""

    name = "accordant.domains.programmes"
    label = "programmes"
    title = _("Programmes")
    menu_key = "p"
    menu_route = "programmes:activities"
