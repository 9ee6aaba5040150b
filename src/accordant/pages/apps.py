"""The pages' parts as a Django application."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Templates, components and the catalogue that pure packages share."""

    name = "accordant.pages"
    label = "pages"
