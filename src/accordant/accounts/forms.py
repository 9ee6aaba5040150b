"""Forms of accounts: they parse, nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """Name and password; a name that was chosen from a list leaves the password to type."""

    sign_in = forms.CharField(
        label=_("Sign-in name"), max_length=60, widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if chosen:
            self.initial["sign_in"] = chosen
            del self.fields["sign_in"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True


class StepUpForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class ChangePasswordForm(forms.Form):
    """The old password and a new one."""

    old = forms.CharField(
        label=_("Password now"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("12 to 128 characters."),
    )


class PreferencesForm(forms.Form):
    """Language, theme, density, keys."""

    language = forms.ChoiceField(label=_("Language"), choices=[("vi", _("Vietnamese")), ("en", _("English"))])
    theme = forms.ChoiceField(
        label=_("Theme"), choices=[("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]
    )
    density = forms.ChoiceField(
        label=_("Row height"), choices=[("compact", _("Compact")), ("comfortable", _("Comfortable"))]
    )
    keys = forms.BooleanField(label=_("Single keys act outside fields"), required=False)
