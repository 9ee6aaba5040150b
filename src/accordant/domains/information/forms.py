"""What people enter about items, parsed to plain values: a new item or reply, an acknowledgement, a return."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accordant.domains.information import rules
from accordant.entries.kinds import gettext_noop
from accordant.entries.limits import HEADER_FACT_CHARACTERS
from accordant.entries.table_files import is_day
from accordant.pages.listing import MOST_CHOSEN

Choices = Sequence[tuple[str, str]]
MARKINGS: Final = (_("No marking"), _("Confidential"), _("Secret"), _("Top secret"))
NOT_GRADED: Final = gettext_noop("Not graded")
_POSITION: Final = re.compile(r"(?P<origin>[^\s]{1,200}) (?P<index>[0-9]{1,18})")
_CONTROLS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)))


class Lines(forms.CharField):
    """Text in NFC, without control characters: from any keyboard, harmless on any page."""

    widget: type[forms.Widget] | forms.Widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        """The text as it is kept."""
        text = unicodedata.normalize("NFC", super().to_python(value) or "").translate(_CONTROLS)
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class Line(Lines):
    """The same on one line."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> str:
        """The text with blanks for what is between its words."""
        return " ".join(super().to_python(value).split())


class Day(forms.CharField):
    """A day, which browsers send in ISO form; a typed day that can be read in two ways is refused."""

    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value: Any) -> str:
        """The ISO day, or empty text."""
        text: str = super().to_python(value) or ""
        if text and not is_day(text):
            raise ValidationError(_("Write the day as year-month-day, such as 2025-12-06; the years 1900 to 2199."))
        return text


class ChooseCircle(forms.Form):
    """In which circle an item is sent, where there are several."""

    circle = forms.ChoiceField(label=_("Circle"), help_text=_("The parties of the circle see that the item exists."))

    def __init__(self, *args: Any, circles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].choices = circles  # type: ignore[attr-defined]  # a choice field


class WriteItem(forms.Form):
    """A new item. The addressees, and the markings up to the ceiling of the circle, are handed in."""

    to = forms.MultipleChoiceField(
        label=_("Addressees"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They alone hold the content."),
    )
    purpose = forms.ChoiceField(label=_("Purpose"))
    category = forms.ChoiceField(label=_("Class"), choices=list(rules.CATEGORY_WORDS.items()), initial="document")
    precedence = forms.ChoiceField(label=_("Precedence"), required=False)
    subject = Line(label=_("Subject"), max_length=rules.SUBJECT_CHARACTERS)
    text = Lines(
        label=_("Text"), required=False, max_length=rules.TEXT_CHARACTERS, widget=forms.Textarea(attrs={"rows": 8})
    )
    reliability = forms.ChoiceField(label=_("Reliability of the source"), required=False)
    credibility = forms.ChoiceField(label=_("Credibility of the content"), required=False)
    due_day = Day(label=_("To be settled by"), required=False, help_text=_("Without a time: until the end of the day."))
    due_time = forms.TimeField(
        label=_("At what time"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Write the time as 16:30.")},
    )
    marking = forms.TypedChoiceField(label=_("Secrecy marking"), coerce=int, initial="0")
    number = Line(
        label=_("Number"),
        required=False,
        max_length=HEADER_FACT_CHARACTERS,
        help_text=_("The number of the paper. Leave it empty to get the next one of the year."),
    )
    day = Day(label=_("Day"))

    def __init__(
        self, *args: Any, parties: Choices, purposes: Sequence[str], markings: Sequence[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: Mapping[str, Choices] = {
            "to": parties,
            "purpose": [(word, _said(rules.PURPOSE_WORDS[word])) for word in purposes],
            "category": _choices(rules.CATEGORY_WORDS),
            "precedence": _choices(rules.PRECEDENCE_WORDS),
            "reliability": [("", _said(NOT_GRADED)), *_choices(rules.RELIABILITY_WORDS)],
            "credibility": [("", _said(NOT_GRADED)), *_choices(rules.CREDIBILITY_WORDS)],
            "marking": [(str(marking), str(MARKINGS[marking])) for marking in markings],
        }
        for name, given in choices.items():
            self.fields[name].choices = given  # type: ignore[attr-defined]  # choice fields
        if len(markings) == 1:
            del self.fields["marking"]

    def clean(self) -> dict[str, Any]:
        """A time needs its day."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("due_time") and not cleaned.get("due_day") and "due_day" not in self.errors:
            self.add_error("due_day", ValidationError(_("Give the day to which the time belongs.")))
        return cleaned

    def new(self) -> rules.NewItem:
        """The item as the action takes it."""
        given = self.cleaned_data
        return rules.NewItem(
            to=tuple(sorted(given["to"])),
            day=given["day"],
            subject=given["subject"],
            text=given["text"],
            number=given["number"],
            purpose=given["purpose"],
            category=given["category"],
            precedence=given["precedence"],
            reliability=given["reliability"],
            credibility=given["credibility"],
            marking=given.get("marking", 0),
            due=_due(given["due_day"], given["due_time"]),
        )

    def carried(self) -> list[tuple[str, str]]:
        """What was typed, to be sent again with the signature."""
        return [
            (name, value)
            for name in self.fields
            for value in self.data.getlist(name)  # type: ignore[attr-defined]  # a QueryDict: the form is bound
        ]


class Acknowledge(forms.Form):
    """That the item was taken in, with a note or without."""

    note = Lines(label=_("Note to the sender"), required=False, max_length=rules.NOTE_CHARACTERS)


class Positions(forms.Field):
    """Where entries stand, each as "origin index", as check boxes of a list send them."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[tuple[str, int]]:
        """The positions, each once, in the order of the page."""
        found = [_POSITION.fullmatch(one) for one in dict.fromkeys(value or ())]
        if not all(found) or len(found) > MOST_CHOSEN:
            raise ValidationError(_("Choose rows of the list, at most 100 at once."))
        return [(match["origin"], int(match["index"])) for match in found if match]


class ChosenItems(forms.Form):
    """The items chosen in a list; `confirmed` once their summary was read."""

    row = Positions()
    confirmed = forms.BooleanField(required=False)


class Return(forms.Form):
    """Why the item goes back."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    note = Lines(
        label=_("Note to the sender"),
        required=False,
        max_length=rules.NOTE_CHARACTERS,
        help_text=_("The reason is seen by all parties of the circle, the note by the sender alone."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _choices(rules.REASON_WORDS)  # type: ignore[attr-defined]  # a choice field


def _choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(word, _said(title)) for word, title in words.items()]


def _said(title: str) -> str:
    return gettext(title)


def _due(day: str, at: time | None) -> int | None:
    """The instant in milliseconds; without a time the end of the day (domain paper 2), in the node's zone."""
    if not day:
        return None
    first = date.fromisoformat(day)
    moment = datetime.combine(first + timedelta(days=0 if at else 1), at or time.min)
    return int(timezone.make_aware(moment, timezone.get_default_timezone()).timestamp() * 1000)
