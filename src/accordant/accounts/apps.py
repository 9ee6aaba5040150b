"""Accounts as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Officers and what they may do."""

    name = "accordant.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
