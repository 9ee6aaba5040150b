"""The pure half of regulations: reading texts to trees, numbers, citations. See each module for the rules it keeps."""

from accordant.regulations.rules.numbers import DocumentNumber, UnreadableNumber, fold_number, parse_number
from accordant.regulations.rules.reading import (
    SENTENCES,
    Diagnostic,
    Reading,
    UnreadableText,
    gaps,
    read_text,
    source_map,
    summary,
)
from accordant.regulations.rules.tree import Component, Instrument, Provision, node_hash, root_hash, sort_key

__all__ = [
    "SENTENCES",
    "Component",
    "Diagnostic",
    "DocumentNumber",
    "Instrument",
    "Provision",
    "Reading",
    "UnreadableNumber",
    "UnreadableText",
    "fold_number",
    "gaps",
    "node_hash",
    "parse_number",
    "read_text",
    "root_hash",
    "sort_key",
    "source_map",
    "summary",
]
