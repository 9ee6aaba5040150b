"""What only the body of a text shows.

Rules kept here (wire paper 4): a text stands or is irregular by its header alone, because its owner can keep the body
from one party and all parties must judge alike; whether its body is here, makes a tree, names its source and has the
number, day, size and root hash of its header is told beside it. This agency neither confirms nor signs nor translates
a text with a fault; what others did with it is not judged by it. Left to others: the header's own rules (`texts`).
"""

import re
from collections.abc import Mapping
from typing import Final

from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.entries import TextImported, TextImportedBody
from accordant.regulations.rules.texts import BadTree, articles_of, parts_of, root_of

ABSENT: Final = "text-absent"
NO_TREE: Final = "text-tree"
NO_SOURCE: Final = "text-source"
UNLIKE: Final = "text-header"
_SOURCE: Final = re.compile("[0-9a-f]{64}")
_REASONS: Final[Mapping[str, str]] = {
    ABSENT: _(
        "Its content is not held here: it has not come, {owner} did not give it, it was erased, or it cannot be read."
    ),
    NO_TREE: _("Its units make no tree, so its root hash cannot be computed."),
    NO_SOURCE: _("It does not say which file it was read from, by its SHA-256."),
    UNLIKE: _("Number, day, size or root hash in the header are not those of the text."),
}


def text_fault(header: TextImported, body: TextImportedBody | None) -> str:
    """The code of what the body lacks, or empty: it is absent, makes no tree, names no source, is unlike the header."""
    if body is None:
        return ABSENT
    try:
        measured = (body.number, body.day, body.language, parts_of(body), articles_of(body), root_of(body))
    except BadTree:
        return NO_TREE
    if _SOURCE.fullmatch(body.source) is None:
        return NO_SOURCE
    stated = (header.number, header.day, header.language, header.parts, header.articles, header.root)
    return "" if stated == measured else UNLIKE


def refusals_to_rely_on_text(fault: str, *, owner: str) -> list[Refusal]:
    """Empty when the text may be confirmed, signed or translated here, as far as its body goes."""
    if not fault:
        return []
    message = _("The text is not confirmed, signed or translated here.")
    return [
        refusal(
            fault, message, _REASONS[fault], _("Ask {owner} to import the text again for all parties."), owner=owner
        )
    ]
