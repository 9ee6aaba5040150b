"""Words of the command line in the terminal's language, from the node's own catalogue, without loading Django.

The language is `ACCORDANT_LANGUAGE`, else the terminal's (LC_ALL, LC_MESSAGES, LANG): Vietnamese or English.
"""

import gettext as catalogues
import os
from functools import cache
from pathlib import Path
from typing import Final

from accordant.entries.kinds import gettext_noop as _

LOCALE: Final = Path(__file__).resolve().parents[1] / "locale"
DOMAIN: Final = "django"
VARIABLES: Final = ("ACCORDANT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
SAID_BY_ARGPARSE: Final = (
    _("usage: "),
    _("options"),
    _("positional arguments"),
    _("show this help message and exit"),
    _("%(prog)s: error: %(message)s\n"),
    _("argument %(argument_name)s: %(message)s"),
    _("the following arguments are required: %s"),
    _("unrecognized arguments: %s"),
    _("expected one argument"),
    _("expected at least one argument"),
    _("invalid choice: %(value)r (choose from %(choices)s)"),
    _("invalid %(type)s value: %(value)r"),
)
"""What the parser of the standard library says; it asks the catalogue by itself once `speak` has run."""


def language() -> str:
    """vi or en, as the environment says."""
    named = next((value for value in map(os.environ.get, VARIABLES) if value), "")
    return "vi" if named.startswith("vi") else "en"


def gettext(text: str) -> str:
    """The text in the terminal's language."""
    return _catalogue(language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """One of two texts by a count, in the terminal's language."""
    return _catalogue(language()).ngettext(one, many, count)


def speak() -> None:
    """From now on the standard library's parser of arguments speaks the terminal's language too."""
    os.environ["LANGUAGE"] = language()
    catalogues.bindtextdomain(DOMAIN, str(LOCALE))
    catalogues.textdomain(DOMAIN)


@cache
def _catalogue(wanted: str) -> catalogues.NullTranslations:
    return catalogues.translation(DOMAIN, LOCALE, languages=[wanted], fallback=True)
