"""Reading a signed text: bytes to a tree with diagnostics (regulations paper 4); `text` has the steps in order."""

from accordant.regulations.rules.reading.errors import SENTENCES, Diagnostic, UnreadableText
from accordant.regulations.rules.reading.text import Reading, gaps, read_text, source_map, summary

__all__ = ["SENTENCES", "Diagnostic", "Reading", "UnreadableText", "gaps", "read_text", "source_map", "summary"]
