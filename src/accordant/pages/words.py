"""Words for what every entry has: fields of headers and bodies, states, reasons why a body is not here."""

from typing import Final

from django.utils.translation import gettext

from accordant.entries.kinds import gettext_noop as _

FIELDS: Final = {
    "number": _("Number"),
    "code": _("Code"),
    "day": _("Day"),
    "day_end": _("Last day"),
    "start": _("First day"),
    "stop": _("Last day"),
    "subject": _("Subject"),
    "text": _("Text"),
    "note": _("Note"),
    "reason": _("Reason"),
    "purpose": _("Purpose"),
    "class": _("Class"),
    "precedence": _("Precedence"),
    "grading": _("Grading"),
    "reliability": _("Reliability of the source"),
    "credibility": _("Credibility of the content"),
    "heads": _("Persons"),
    "title": _("Title"),
    "place": _("Place"),
    "serial": _("Serial number"),
    "label": _("Name of the circle"),
    "language": _("Language"),
    "root": _("Root hash"),
    "file": _("Imported file"),
    "handling": _("Handling"),
    "reach": _("Open to"),
    "compartments": _("Compartments"),
}
HELD: Final = {
    "newer-kind": _("Held: this program does not know the kind or its version. Update the program, then rebuild."),
    "shape": _("Held: the facts do not fit their kind. Ask the agency that wrote the entry."),
    "waits": _("Held: waits for what it refers to."),
}
IRREGULAR: Final = {
    "wrong-reference": _("Irregular: it refers to a position that holds another entry."),
    "wrong-circle": _("Irregular: it refers to another circle, where not every party could follow it."),
}
MISSING: Final = {  # the codes of MISSING records (wire paper 5)
    1: _("The content was erased by the agency that wrote it."),
    2: _("The content is marked above what this node may hold."),
    3: _("The content is not held by the agency that wrote it."),
    4: _("The content could not be read by the agency that wrote it."),
}


def field(name: str) -> str:
    """A field's name in words; its code name where there are none."""
    return gettext(FIELDS[name]) if name in FIELDS else name


def held(code: str) -> str:
    """Why an entry is held."""
    return gettext(HELD.get(code, HELD["waits"]))


def irregular(code: str) -> str:
    """Which rule an entry breaks."""
    if code in IRREGULAR:
        return gettext(IRREGULAR[code])
    return gettext("Irregular: it breaks the rule {code}.").format(code=code)


def missing(why: int | None) -> str:
    """Why a body addressed to us is not here."""
    return gettext(MISSING[why]) if why in MISSING else gettext("The content has not arrived yet.")
