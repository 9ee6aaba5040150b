"""Sentences on the command line: in the language of the terminal, Vietnamese or English."""

from collections.abc import Iterator
from contextlib import contextmanager

from accordant.entries.errors import Sentence
from accordant.node.cli import words


def say(sentence: Sentence) -> str:
    """The sentence in the terminal's language; from the node's catalogue alone where Django is not set up."""
    from django.apps import apps  # noqa: PLC0415  # commands that need no node do not load Django
    from django.utils import translation  # noqa: PLC0415  # as above

    if not apps.ready:
        return str(Sentence(words.gettext(sentence.text), sentence.places))
    with spoken():
        return str(Sentence(translation.gettext(sentence.text), sentence.places))


@contextmanager
def spoken() -> Iterator[None]:
    """The terminal's language is active inside."""
    from django.utils import translation  # noqa: PLC0415  # as above

    with translation.override(words.language()):
        yield
