"""The headline of an entry as a sentence in the reader's language, from its header alone."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from accordant.entries import kinds
from accordant.entries.envelope import FactValue, Header
from accordant.pages import formats

ISO_DAY: Final = len("2025-12-31")  # shorter ones are numbers and codes
_AGENCIES: Final = frozenset(("subject",))
_WORDS: dict[tuple[str, str], Mapping[str, str]] = {}


def name_words(kind: str, field: str, words: Mapping[str, str]) -> None:
    """Let a domain's views say the codes in this field of a kind's header in words: code to English message."""
    _WORDS[kind, field] = words


def in_words(kind: str, name: str, value: str) -> str:
    """A code of this field in words, where its domain named them; else the code itself."""
    message = _WORDS.get((kind, name), {}).get(value)
    return gettext(message) if message else value


def headline(header: Header) -> str:
    """The sentence of the entry's kind with its places filled; the kind's name where it is not understood here."""
    try:
        spec, record, _body = kinds.understand(header, None)
    except kinds.NotUnderstood:
        return header.kind
    facts = {name: getattr(record, name) for name in record.__struct_fields__}
    places = {name: _said(header.kind, name, value) for name, value in facts.items()}
    places["agency"] = formats.agency_name(header.agency)
    places["to"] = ", ".join(map(formats.agency_name, header.to)) or gettext("all parties")
    return gettext(spec.headline).format(**places)


def _said(kind: str, name: str, value: FactValue) -> str:
    if (kind, name) in _WORDS and isinstance(value, str):
        return in_words(kind, name, value)
    if isinstance(value, int):
        return formats.number_text(value)
    if isinstance(value, str):
        if name in _AGENCIES:
            return formats.agency_name(value)
        return formats.day_text(value) if len(value) == ISO_DAY else value
    return ", ".join(map(str, value))
