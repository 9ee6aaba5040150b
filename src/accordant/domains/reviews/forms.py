"""What people enter about reviews, parsed to plain values."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accordant.domains.reviews.rules import FINAL, PRELIMINARY, TITLE_CHARACTERS

DAYS: Final = ["%Y-%m-%d", "%d/%m/%Y"]


class NewReview(forms.Form):
    """A review: whose, of which days (both counted), what it is called."""

    circle = forms.ChoiceField(label=_("Regulation under review"))
    code = forms.RegexField(
        r"\A[A-Za-z0-9][A-Za-z0-9./-]{0,39}\Z",
        label=_("Code"),
        help_text=_("1 to 40 letters, digits, dots, slashes and hyphens, such as 2019-2024."),
    )
    first = forms.DateField(
        label=_("First day"), input_formats=DAYS, widget=forms.DateInput(format=DAYS[0], attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("Last day"),
        input_formats=DAYS,
        widget=forms.DateInput(format=DAYS[0], attrs={"type": "date"}),
        help_text=_("Facts of this day still count."),
    )
    sort = forms.ChoiceField(
        label=_("Sort of review"),
        choices=[(PRELIMINARY, _("Preliminary review")), (FINAL, _("Final review"))],
        widget=forms.RadioSelect,
        initial=FINAL,
    )
    title_vi = forms.CharField(
        label=_("Title in Vietnamese"),
        max_length=TITLE_CHARACTERS,
        help_text=_("It stands below the word REPORT on the official paper."),
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=TITLE_CHARACTERS, required=False)

    def __init__(self, *args: Any, circles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].choices = circles  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Refuses a last day before the first one."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first day."))
        return cleaned

    def review(self) -> dict[str, str]:
        """The values as `open_review` takes them: the period ends before `stop`."""
        cleaned = self.cleaned_data
        return {
            "circle": cleaned["circle"],
            "code": cleaned["code"],
            "start": cleaned["first"].isoformat(),
            "stop": (cleaned["last"] + timedelta(days=1)).isoformat(),
            "sort": cleaned["sort"],
            "title_vi": cleaned["title_vi"],
            "title_en": cleaned["title_en"],
        }
