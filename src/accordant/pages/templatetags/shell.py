"""What the frame's templates need: a block shown twice, sentences of refusals in the reader's language."""

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accordant.entries.errors import Sentence
from accordant.pages.live import Part, markup

register = template.Library()


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> str:
    """The block of this name once more, as the page that extends the frame filled it."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    shown: str = block.render(context) if block else ""
    return shown


@register.simple_tag(takes_context=True)
def live(context: template.Context, part: Part) -> SafeString:
    """A live part in its page."""
    engine = template.Engine.get_default()
    with context.push(part=part):
        shown = engine.get_template(part.template).render(context)
    with context.push(beside=True):
        beside = "".join(engine.get_template(name).render(context) for name in part.beside)
    return markup(part, shown, beside)


@register.filter
def said(sentence: Sentence | str) -> str:
    """A sentence in the reader's language, its places filled; one without places, or a plain text, likewise."""
    if not isinstance(sentence, Sentence):
        return gettext(sentence) if sentence else ""
    places = {name: said(value) if isinstance(value, Sentence) else value for name, value in sentence.places.items()}
    text = gettext(sentence.text) if sentence.text else ""
    return text.format(**places) if places else text


@register.filter
def position(ref: str) -> str:
    """The address of the entry at "origin index"."""
    origin, _space, index = ref.rpartition(" ")
    return reverse("pages:entry", args=(origin, int(index)))
