"""Signed notes (C2SP signed-note v1.0.0): a text and lines of signatures over it.

Rules kept here: UTF-8 without controls but LF; the text ends in LF and is followed by a blank line, then 1 to 128
lines `— <name> <base64(4-byte key id ‖ signature)>`; at most 256 KiB. Signatures of unknown (name, id) are ignored;
one of a known key that fails refuses the note. Left to others: what a text means; cosignatures (`cosignature`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from accordant.tlog import keys
from accordant.tlog.keys import BadKey, Sign, VerifierKey, key_id
from accordant.tlog.spelling import decode_base64, encode_base64, is_key_name

__all__ = [
    "MAX_BYTES",
    "MAX_LINES",
    "BadKey",
    "BadNote",
    "Note",
    "NoteSignature",
    "Sign",
    "VerifierKey",
    "key_id",
    "lines_to_text",
    "match",
    "parse",
    "parse_lines",
    "sign_text",
    "verify",
]

MAX_BYTES: Final = 256 * 1024
MAX_LINES: Final = 128
_DASH: Final = "— "
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """Bytes that are no signed note within the limits, or a note that its keys did not sign."""


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the key's name and id and what follows the id (for cosignatures time and signature)."""

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or len(self.key_id) != 4 or not self.signature:
            raise BadNote("a signature line needs a key name, an id of four bytes and a signature")

    def to_line(self) -> str:
        """The line with its LF."""
        return f"{_DASH}{self.name} {encode_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in LF, and 1 to 128 signatures, none of them checked."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        _check_text(self.text)
        if not 0 < len(self.signatures) <= MAX_LINES:
            raise BadNote(f"{len(self.signatures)} signature lines, 1 to {MAX_LINES} may be there")

    def to_bytes(self) -> bytes:
        """The bytes of the note; raises `BadNote` above 256 KiB."""
        return _within_limit(f"{self.text}\n{lines_to_text(self.signatures)}".encode())

    def with_signatures(self, signatures: Iterable[NoteSignature]) -> "Note":
        """This note with those further lines that it does not have yet, in their order."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *signatures))))


def parse(data: bytes) -> Note:
    """The note in `data`, no signature checked; raises `BadNote`."""
    text = _decode(data)
    end = text.rfind("\n\n")
    if end < 0:
        raise BadNote("no blank line between text and signatures")
    return Note(text[: end + 1], _parse_lines(text[end + 2 :]))


def parse_lines(data: bytes) -> tuple[NoteSignature, ...]:
    """The 1 to 128 signature lines in `data`, as they stand in a note or in a witness's answer; raises `BadNote`."""
    return _parse_lines(_decode(data))


def lines_to_text(signatures: Iterable[NoteSignature]) -> str:
    """The signature lines alone."""
    return "".join(signature.to_line() for signature in signatures)


def sign_text(text: str, key: VerifierKey, sign: Sign) -> Note:
    """The note over `text` with the one signature that `sign` makes; raises `BadNote` if it is not that of `key`."""
    if key.kind not in (keys.ED25519, keys.ML_DSA_44):
        raise BadNote("only keys of kinds 0x01 and 0xff sign a note's text")
    message = _check_text(text)
    try:
        signature = keys.signature_by(key, message, sign)
    except BadKey as error:
        raise BadNote(str(error)) from error
    return Note(text, (NoteSignature(key.name, key.key_id, signature),))


def match(note: Note, known: Sequence[VerifierKey]) -> list[tuple[VerifierKey, NoteSignature]]:
    """The signature lines whose (name, id) is that of a known key, with that key, none of them checked."""
    by_id = {(key.name, key.key_id): key for key in known}
    lines = [(by_id.get((line.name, line.key_id)), line) for line in note.signatures]
    return [(key, line) for key, line in lines if key is not None]


def verify(note: Note, known: Sequence[VerifierKey]) -> tuple[NoteSignature, ...]:
    """The signatures over the note's text by `known` keys, all of them good.

    Raises `BadNote` when one of a known key fails, when none is there, and for keys that do not sign a note's text.
    """
    if any(key.kind not in (keys.ED25519, keys.ML_DSA_44) for key in known):
        raise BadNote("only keys of kinds 0x01 and 0xff sign a note's text")
    message = note.text.encode()
    found = match(note, known)
    for key, line in found:
        if not key.verifies(message, line.signature):
            raise BadNote(f"the signature of {key.name} does not verify")
    if not found:
        raise BadNote("no signature of a known key")
    return tuple(line for _, line in found)


def _parse_lines(text: str) -> tuple[NoteSignature, ...]:
    lines = text.split("\n")
    if lines.pop() or not 0 < len(lines) <= MAX_LINES:
        raise BadNote(f"1 to {MAX_LINES} signature lines, each ending in a line feed, may be there")
    return tuple(_parse_line(line) for line in lines)


def _parse_line(line: str) -> NoteSignature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    data = decode_base64(encoded)
    if not line.startswith(_DASH) or data is None or len(data) < 5:
        raise BadNote("a signature line is a dash, a key name and canonical base64 of id and signature")
    return NoteSignature(name, data[:4], data[4:])


def _decode(data: bytes) -> str:
    try:
        text = _within_limit(data).decode()
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    return text


def _within_limit(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise BadNote(f"{len(data)} bytes, at most {MAX_BYTES}")
    return data


def _check_text(text: str) -> bytes:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadNote("the text of a note ends in a line feed and has no other control characters")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadNote("the text of a note has lone surrogates") from error
