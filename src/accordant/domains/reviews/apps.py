"""Reviews as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Last in the menu: the report looks back at all other domains."""

    name = "accordant.domains.reviews"
    label = "reviews"
    title = _("Reviews")
    menu_key = "v"
    menu_route = "reviews:reviews"
