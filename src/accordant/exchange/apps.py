"""The exchange as a Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Delivery state of peers; the node interface."""

    name = "accordant.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
