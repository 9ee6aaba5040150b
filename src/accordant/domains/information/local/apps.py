"""The migrated half of information."""

from django.apps import AppConfig


class InformationLocalConfig(AppConfig):
    """Read marks outlive every rebuild."""

    name = "accordant.domains.information.local"
    label = "information_local"
