"""The Django application of regulations: parties, circles, texts and signatures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegulationsConfig(AppConfig):
    """First in the menu after the desk: what the agencies signed up to."""

    name = "accordant.regulations"
    label = "regulations"
    title = _("Regulations")
    menu_key = "r"
    menu_route = "regulations:list"
