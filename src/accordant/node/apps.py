"""The composition root as a Django application: loads the domains once everything is installed."""

from django.apps import AppConfig


class NodeConfig(AppConfig):
    """Last in INSTALLED_APPS, so that all models are there when the domains' files are imported."""

    name = "accordant.node"
    label = "node"

    def ready(self) -> None:
        """Fill the registries and hand down what lies above: the frame's provider, the exchange's observation."""
        from accordant.node import domains, frame  # noqa: PLC0415  # models must be loaded before these modules

        domains.load()
        frame.install()
