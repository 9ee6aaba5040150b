"""The ledger as a Django application."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Logs, entries, labels; and the registry that domains' handlers fill."""

    name = "accordant.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
