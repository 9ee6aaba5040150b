"""What people enter about texts, cards and circles, parsed to plain values."""

import base64
import binascii
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accordant.entries.limits import CARD_BYTES
from accordant.regulations.rules.cards import IN_PERSON, VOICE
from accordant.regulations.rules.texts import LANGUAGES

CARRIED_BYTES = 700 * 1024  # a text is carried from the preview to the import in one form field of at most 1 MiB
TITLES = {"vi": _("Vietnamese"), "en": _("English")}


class SourceText(forms.Form):
    """A text as file or pasted, with its language; from the preview on carried as base64, byte for byte."""

    circle = forms.ChoiceField(label=_("Main circle of the regulation"))
    language = forms.ChoiceField(label=_("Language of the text"), choices=[(code, TITLES[code]) for code in LANGUAGES])
    translation_of = forms.ChoiceField(
        label=_("Translation of"), required=False, help_text=_("Leave empty for the original that the parties sign.")
    )
    file = forms.FileField(label=_("Text file in UTF-8"), required=False)
    pasted = forms.CharField(
        label=_("Or the text itself"), required=False, widget=forms.Textarea(attrs={"rows": 14}), strip=False
    )
    source = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, circles: list[tuple[str, str]], originals: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].choices = circles  # type: ignore[attr-defined]  # a choice field
        nothing = ("", _("Nothing: this is the original"))
        self.fields["translation_of"].choices = [nothing, *originals]  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        """Adds `data`, the bytes of the text."""
        cleaned: dict[str, Any] = super().clean() or {}
        data = (
            _carried(cleaned.get("source", "")) or _uploaded(cleaned.get("file")) or _pasted(cleaned.get("pasted", ""))
        )
        if not data:
            raise forms.ValidationError(_("No text was given: choose a file or paste the text."))
        if len(data) > CARRIED_BYTES:
            raise forms.ValidationError(
                _("The text has %(size)d bytes; at most %(limit)d fit. Import the regulation without its annexes."),
                params={"size": len(data), "limit": CARRIED_BYTES},
            )
        cleaned["data"] = data
        return cleaned

    def carried(self) -> dict[str, str]:
        """The values to send again with the import, hidden in the preview's form."""
        cleaned = self.cleaned_data
        source = base64.b64encode(cleaned["data"]).decode()
        names = ("circle", "language", "translation_of")
        return {**{name: cleaned[name] for name in names}, "source": source}


class CardSource(forms.Form):
    """An agency card, as file or pasted."""

    file = forms.FileField(label=_("Card file"), required=False)
    pasted = forms.CharField(
        label=_("Or the card's text"), required=False, widget=forms.Textarea(attrs={"rows": 6}), strip=False
    )

    def clean(self) -> dict[str, Any]:
        """Adds `data`, the bytes of the card."""
        cleaned: dict[str, Any] = super().clean() or {}
        data = _uploaded(cleaned.get("file")) or _pasted(cleaned.get("pasted", ""))
        if not data:
            raise forms.ValidationError(_("No card was given: choose a file or paste its text."))
        if len(data) > CARD_BYTES:
            raise forms.ValidationError(
                _("This is no agency card: it is too long. Choose the card file of the agency.")
            )
        cleaned["data"] = data
        return cleaned


class RootComparison(forms.Form):
    """How the fingerprint was compared, with whom; the fingerprint as the page showed it."""

    fingerprint = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("How the words were compared"),
        widget=forms.RadioSelect,
        choices=[(IN_PERSON, _("Face to face")), (VOICE, _("By voice, on a number known before"))],
    )
    channel = forms.CharField(
        label=_("With whom: office, name, place or number"), max_length=300, help_text=_("Kept in this agency alone.")
    )
    compared = forms.BooleanField(label=_("All twelve words are the same on both sides"))


class NewCircle(forms.Form):
    """A circle to be opened with agencies whose roots are confirmed."""

    regulation = forms.CharField(
        label=_("Number of the regulation"), max_length=200, help_text=_("Or its working title while it has no number.")
    )
    label = forms.RegexField(
        r"\A[a-z0-9-]{1,40}\Z",
        label=_("Short name"),
        help_text=_("Small letters, digits and hyphens, such as qc-12-2026; all parties see it."),
    )
    members = forms.MultipleChoiceField(label=_("Parties"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = agencies  # type: ignore[attr-defined]  # a choice field


class Refusing(forms.Form):
    """Why the agency does not join."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ClosingCircle(forms.Form):
    """That the officer knows what closing means."""

    understood = forms.BooleanField(
        label=_("This agency writes nothing more in this circle, and this cannot be undone")
    )


class TextComparison(forms.Form):
    """That a text was compared article by article; the root hash as the page showed it."""

    root_hash = forms.RegexField(r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput)
    compared = forms.BooleanField(label=_("Each article was compared with the signed paper"))


class Signing(forms.Form):
    """The signature over the root hash that the page showed."""

    root_hash = forms.RegexField(r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput)


def _carried(source: str) -> bytes:
    try:
        return base64.b64decode(source, validate=True)
    except binascii.Error:
        raise forms.ValidationError(_("The text did not come back whole. Choose the file again.")) from None


def _uploaded(file: "UploadedFile[Any] | None") -> bytes:
    return b"" if file is None else bytes(file.read())


def _pasted(text: str) -> bytes:
    """Browsers send pasted lines with CR LF; the text is kept with LF, as files have it."""
    return text.replace("\r\n", "\n").encode() if text.strip() else b""
