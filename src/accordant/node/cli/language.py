"""Sentences on the command line: in the language of the terminal (LANG), Vietnamese or English."""

import os

from accordant.entries.errors import Sentence


def say(sentence: Sentence) -> str:
    """The sentence in the terminal's language; English where Django is not set up."""
    from django.apps import apps  # noqa: PLC0415  # commands that need no node do not load Django
    from django.utils import translation  # noqa: PLC0415  # as above

    if not apps.ready:
        return str(sentence)
    language = "vi" if os.environ.get("LANG", "").startswith("vi") else "en"
    with translation.override(language):
        return str(Sentence(translation.gettext(sentence.text), sentence.places))
