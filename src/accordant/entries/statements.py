"""Statements (wire paper 0): a signed note of two lines, a type line and one CJ object.

Rules kept here: the type line is one of ours and never shared between uses; the object is canonical; exactly one known
signature is needed. Left to others: whose key is accepted.
"""

from collections.abc import Callable, Sequence

from accordant.entries import codec
from accordant.tlog import note


class BadStatement(ValueError):
    """Bytes that are no statement of the asked type, or not signed by the asked key."""


def write(what: str, value: object, *, key: note.VerifierKey, sign: Callable[[bytes], bytes]) -> bytes:
    """The bytes of the statement `accordant/<what>/v1` over `value`, signed by `sign` under the name of `key`."""
    text = f"accordant/{what}/v1\n{codec.encode(value).decode()}\n"
    return note.sign_text(text, key, sign).to_bytes()


def read_unverified(what: str, data: bytes, profile: codec.Profile) -> tuple[dict[str, object], note.Note]:
    """The object and the note, before any signature is checked; raises `BadStatement`."""
    try:
        parsed = note.parse(data)
        head, _, rest = parsed.text.partition("\n")
        if head != f"accordant/{what}/v1" or not rest.endswith("\n") or "\n" in rest[:-1]:
            raise BadStatement(f"not a statement accordant/{what}/v1")
        return codec.decode(rest[:-1].encode(), profile), parsed
    except (note.BadNote, codec.BadJson) as error:
        raise BadStatement(str(error)) from error


def verify(parsed: note.Note, keys: Sequence[note.VerifierKey]) -> None:
    """Raise `BadStatement` unless every one of `keys` signed the note and no known signature fails."""
    try:
        good = note.verify(parsed, keys)
    except note.BadNote as error:
        raise BadStatement(str(error)) from error
    if len({signature.key_id for signature in good}) < len(keys):
        raise BadStatement("not signed by the key it should be signed by")
