"""What people enter about programmes, activities, delegations and tables of them, parsed to plain values."""

import base64
import binascii
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accordant.domains.programmes import rules
from accordant.domains.programmes.models import Named
from accordant.entries.envelope import EntryRef
from accordant.entries.table_files import DAY_FIRST, ISO

Choices = Sequence[tuple[str, str]]
CARRIED_BYTES: Final = 700 * 1024  # a table is carried from the preview to the import in one field of at most 1 MiB
NO_FILE: Final = _("No file was given: choose the table to import.")
PLACE_CHARACTERS: Final = 300
CATEGORIES: Final = {
    "meeting": _("Meeting"),
    "inspection": _("Working inspection"),
    "ceremony": _("Ceremony"),
    "reception": _("Reception"),
    "journey": _("Journey"),
    "stay": _("Stay"),
    "other": _("Other activity"),
}
SORTS: Final = {
    "standing": _("Daily work of a year"),
    "visit": _("Visit"),
    "trip": _("Working trip"),
    "conference": _("Conference"),
    "special_event": _("Special event"),
}
ACTIVITIES, DELEGATIONS, EVENTS = "activities", "delegations", "events"
TABLES: Final = {ACTIVITIES: _("Activities"), DELEGATIONS: _("Delegations"), EVENTS: _("Special events")}


class Line(forms.CharField):
    """One line of text, in NFC."""

    def to_python(self, value: Any) -> str:
        """The text as it is kept."""
        return unicodedata.normalize("NFC", super().to_python(value) or "")


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"]
    )


class _Shared(forms.Form):
    """What the three facts share: the circle, who takes part, the code."""

    circle = forms.ChoiceField(label=_("Circle"), help_text=_("All its parties will hold this entry."))
    partners = forms.MultipleChoiceField(
        label=_("Taking part"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The parties that protect it together with this agency."),
    )
    code = Line(
        label=_("Code"),
        required=False,
        max_length=40,
        help_text=_("Leave it empty to get the next one of the year, such as 2026-0014."),
    )

    def __init__(self, *args: Any, circles: Choices, agencies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].choices = circles  # type: ignore[attr-defined]  # a choice field
        self.fields["partners"].choices = agencies  # type: ignore[attr-defined]  # as above
        if len(circles) == 1:
            self.fields["circle"].initial = circles[0][0]

    @property
    def circle_id(self) -> str:
        """The circle chosen."""
        return str(self.cleaned_data["circle"])

    def shared(self) -> dict[str, Any]:
        """Code, partners and place, as the rules take them."""
        cleaned = self.cleaned_data
        return {"code": cleaned["code"], "partners": tuple(sorted(cleaned["partners"])), "place": cleaned["place"]}


class _InProgramme(_Shared):
    """A fact that may name a programme."""

    def __init__(self, *args: Any, programmes: Sequence[Named], nothing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refs: Mapping[str, EntryRef] = {str(named.ref): named.ref for named in programmes}
        titles = [(str(named.ref), f"{named.code} {named.title}".strip()) for named in programmes]
        self.fields["programme"].choices = [("", nothing), *titles]  # type: ignore[attr-defined]  # a choice field

    @property
    def chosen(self) -> EntryRef | None:
        """Where the programme chosen stands; None for no programme, or the standing one."""
        return self.refs.get(self.cleaned_data["programme"])


class RecordActivity(_InProgramme):
    """A protected activity."""

    day = _day(_("Day"))
    category = forms.ChoiceField(label=_("Class of the activity"), choices=list(CATEGORIES.items()))
    what = Line(label=_("What is protected"), max_length=rules.TITLE_CHARACTERS)
    place = Line(label=_("Place"), max_length=PLACE_CHARACTERS, required=False)
    leader_office = Line(label=_("Office in charge"), max_length=PLACE_CHARACTERS, required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    field_order = ("circle", "day", "category", "what", "place", "leader_office", "programme", "partners", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, nothing=_("Daily work: the standing programme of the year"), **kwargs)

    def new(self) -> rules.NewActivity:
        """The activity, as the rules take it."""
        cleaned = self.cleaned_data
        return rules.NewActivity(
            day=cleaned["day"].isoformat(),
            category=cleaned["category"],
            what=cleaned["what"],
            leader_office=cleaned["leader_office"],
            programme=self.chosen,
            **self.shared(),
        )


class RecordDelegation(_InProgramme):
    """A guarded delegation."""

    day = _day(_("Day of arrival"))
    heads = forms.IntegerField(label=_("Persons"), min_value=1, max_value=rules.MOST_HEADS)
    name = Line(label=_("Delegation"), max_length=rules.TITLE_CHARACTERS)
    country = Line(label=_("Country or organisation"), max_length=PLACE_CHARACTERS, required=False)
    place = Line(label=_("Place"), max_length=PLACE_CHARACTERS, required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    field_order = ("circle", "day", "heads", "name", "country", "place", "programme", "partners", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, nothing=_("In no programme"), **kwargs)

    def new(self) -> rules.NewDelegation:
        """The delegation, as the rules take it."""
        cleaned = self.cleaned_data
        return rules.NewDelegation(
            day=cleaned["day"].isoformat(),
            heads=cleaned["heads"],
            name=cleaned["name"],
            country=cleaned["country"],
            programme=self.chosen,
            **self.shared(),
        )


class OpenProgramme(_Shared):
    """A programme of some days, or an event."""

    sort = forms.ChoiceField(
        label=_("Kind of programme"), choices=[(sort, title) for sort, title in SORTS.items() if sort != rules.STANDING]
    )
    title = Line(label=_("Title of the programme"), max_length=rules.TITLE_CHARACTERS)
    day = _day(_("First day"))
    day_end = _day(_("Last day"), _("Leave it empty for a programme of one day."), required=False)
    place = Line(label=_("Place"), max_length=PLACE_CHARACTERS, required=False)
    field_order = ("circle", "sort", "title", "day", "day_end", "place", "partners", "code")

    def new(self) -> rules.NewProgramme:
        """The programme, as the rules take it."""
        cleaned = self.cleaned_data
        return rules.NewProgramme(
            sort=cleaned["sort"],
            title=cleaned["title"],
            day=cleaned["day"].isoformat(),
            day_end=(cleaned["day_end"] or cleaned["day"]).isoformat(),
            **self.shared(),
        )


class Table(forms.Form):
    """A CSV file of facts; from the preview on carried as base64, byte for byte."""

    circle = forms.ChoiceField(label=_("Circle"), help_text=_("All its parties will hold these entries."))
    table = forms.ChoiceField(
        label=_("The file holds"), choices=list(TABLES.items()), widget=forms.RadioSelect, initial=ACTIVITIES
    )
    days = forms.ChoiceField(
        label=_("Days in the file are written"),
        choices=[(ISO, _("year-month-day, such as 2025-12-06")), (DAY_FIRST, _("day/month/year, such as 06/12/2025"))],
    )
    file = forms.FileField(label=_("Table as CSV in UTF-8"), error_messages={"required": NO_FILE, "empty": NO_FILE})
    source = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, circles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].choices = circles  # type: ignore[attr-defined]  # a choice field
        self.fields["file"].required = not self.data.get("source")

    def clean(self) -> dict[str, Any]:
        """Adds `data`, the bytes of the table."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        data = _carried(cleaned.get("source", "")) if file is None else bytes(file.read())
        if len(data) > CARRIED_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)d bytes; at most %(limit)d are taken here. Import it by `accordant import`."),
                params={"size": len(data), "limit": CARRIED_BYTES},
            )
        cleaned["data"] = data
        return cleaned

    def carried(self) -> dict[str, str]:
        """The values to send again with the import, hidden in the preview's form."""
        cleaned = self.cleaned_data
        source = base64.b64encode(cleaned["data"]).decode()
        return {"circle": cleaned["circle"], "table": cleaned["table"], "days": cleaned["days"], "source": source}


def _carried(source: str) -> bytes:
    try:
        return base64.b64decode(source, validate=True)
    except binascii.Error:
        raise forms.ValidationError(_("The table did not come back whole. Choose the file again.")) from None
