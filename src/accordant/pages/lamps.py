"""Lamps: the words of each state that a row, a step or a link can be in."""

from collections.abc import Mapping
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

WAITING: Final = "waiting"
WORDS: Final[Mapping[str, object]] = {
    "met": pgettext_lazy("lamp", "met"),
    "claimed": pgettext_lazy("lamp", "claimed"),
    "due-soon": pgettext_lazy("lamp", "due soon"),
    "overdue": pgettext_lazy("lamp", "overdue"),
    "refused": pgettext_lazy("lamp", "refused"),
    "waived": pgettext_lazy("lamp", "not applicable"),
    "held": pgettext_lazy("lamp", "held"),
    "irregular": pgettext_lazy("lamp", "irregular"),
    "not-reached": pgettext_lazy("lamp", "not reached"),
    "not-addressed": pgettext_lazy("lamp", "not addressed to us"),
    WAITING: pgettext_lazy("lamp", "waiting"),
}


def markup(lamp: str, text: str) -> SafeString:
    """A lamp with these words; with those of its state where there are none."""
    return format_html('<span class="lamp lamp--{}">{}</span>', lamp, text or WORDS.get(lamp, WORDS[WAITING]))
