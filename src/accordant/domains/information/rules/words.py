"""The words of the tables as people read them: English sentences that `pages` translates.

Rules kept here (domain paper 3): purposes, classes, precedences, grades and reasons of return have one wording each,
on screens, in headlines and in exports. Left to others: which words exist (`items`, `steps`).
"""

from collections.abc import Mapping
from typing import Final

from accordant.entries.kinds import gettext_noop as _

PURPOSE_WORDS: Final[Mapping[str, str]] = {
    "information": _("Information"),
    "request": _("Request"),
    "reply": _("Reply"),
    "warning": _("Warning"),
    "notice": _("Notice"),
}
CATEGORY_WORDS: Final[Mapping[str, str]] = {
    "leaders-programme": _("Programme of leaders"),
    "guests-coming": _("Guests coming"),
    "special-event": _("Special event"),
    "situation": _("Situation or threat"),
    "plan": _("Plan or option"),
    "pass-template": _("Pass template and holder list"),
    "person-list": _("List of persons"),
    "survey-finding": _("Finding of a survey"),
    "check-result": _("Result of a check"),
    "incident": _("Incident"),
    "handling-result": _("Result of handling"),
    "statistics": _("Statistics"),
    "contact-change": _("Change of organisation or contact"),
    "document": _("Legal or directive document"),
}
PRECEDENCE_WORDS: Final[Mapping[str, str]] = {
    "": _("Ordinary"),
    "urgent": _("Urgent"),
    "very-urgent": _("Very urgent"),
    "express": _("Express"),
}
RELIABILITY_WORDS: Final[Mapping[str, str]] = {
    "A": _("A: completely reliable source"),
    "B": _("B: usually reliable source"),
    "C": _("C: fairly reliable source"),
    "D": _("D: not usually reliable source"),
    "E": _("E: unreliable source"),
    "F": _("F: reliability of the source unknown"),
}
CREDIBILITY_WORDS: Final[Mapping[str, str]] = {
    "1": _("1: confirmed by other sources"),
    "2": _("2: probably true"),
    "3": _("3: possibly true"),
    "4": _("4: doubtful"),
    "5": _("5: improbable"),
    "6": _("6: truth unknown"),
}
REASON_WORDS: Final[Mapping[str, str]] = {
    "wrong-addressee": _("sent to the wrong agency"),
    "unreadable": _("unreadable"),
    "above-ceiling": _("marked above what this node may hold"),
}
