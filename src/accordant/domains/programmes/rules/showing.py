"""What is shown of programmes.

Rule kept here (access paper A6): what a person may not read, and what is not there, are answered alike. Left to others:
who may read what (`ledger.read`).
"""

from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _


def refusals_when_not_shown() -> list[Refusal]:
    """What stands against showing a page of which nothing may be read here."""
    return [
        refusal(
            "programmes-not-shown",
            _("Nothing is shown."),
            _("There is no such programme, activity or delegation here, or it is not for this office."),
            _("Check the address, or ask whoever gave it."),
        )
    ]
