"""Age v1 files: strict reader and writer over whole bytes or streams (wire.md 7, c2sp.org/age).

Rules: a header of at most 16 KiB with one stanza per receiver, then the payload in chunks of 64 KiB, of which one is
held at a time. From the wire neither armour nor passphrases nor more than four stanzas are taken. Sealing hides, it
does not authenticate a sender: signatures and roots inside do.
"""

import io
import os
from collections.abc import Callable, Iterator, Sequence

from accordant.seal import armor
from accordant.seal.errors import NoMatch
from accordant.seal.header import FILE_KEY_LENGTH, FROM_WIRE, HEADER_MAX, Accepts, Header, read_header, write_header
from accordant.seal.recipients import Draw, Identity, Recipient, wrap_for
from accordant.seal.stream import (
    CHUNK,
    NONCE_LENGTH,
    Encryptor,
    Read,
    decrypt_payload,
    encrypt_payload,
    read_exactly,
)

Recipients = Sequence[str | Recipient]


def wrap(file_key: bytes, recipients: Recipients, *, draw: Draw = os.urandom) -> bytes:
    """Give a header that wraps an existing 16-byte file key: before an attachment's payload it makes an age file."""
    return write_header(file_key, wrap_for(file_key, recipients, draw))


def unwrap(header: Header, identities: Sequence[Identity]) -> bytes:
    """Give the file key of a parsed header; raises NoMatch when it is for others, BadMac when it was altered."""
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            header.check(file_key)
            return file_key
    raise NoMatch("no stanza for the identities held")


def seal(
    plaintext: bytes,
    recipients: Recipients,
    *,
    file_key: bytes | None = None,
    nonce: bytes | None = None,
    draw: Draw = os.urandom,
) -> bytes:
    """Give the age file of `plaintext`; a fixed key, nonce and `draw` are for published vectors only."""
    file_key = file_key or draw(FILE_KEY_LENGTH)
    header = wrap(file_key, recipients, draw=draw)
    return encrypt_payload(file_key, nonce or draw(NONCE_LENGTH), plaintext, header)


def open_sealed(data: bytes, identities: Sequence[Identity], accepts: Accepts = FROM_WIRE) -> bytes:
    """Give the whole plaintext; raises one of the BadSealed family, and then gives nothing."""
    if accepts.armor and armor.is_armored(data):
        data = armor.dearmor(data)
    return b"".join(open_stream(io.BytesIO(data).read, identities, accepts))


def open_stream(read: Read, identities: Sequence[Identity], accepts: Accepts = FROM_WIRE) -> Iterator[bytes]:
    """Give the plaintext in chunks of at most 64 KiB, authentic each, without armour.

    The header is read and the key found at once, so BadHeader, NoMatch and BadMac are raised by the call;
    BadPayload comes out of the iterator, after the chunks that were good.
    """
    start = read_exactly(read, HEADER_MAX)
    header = read_header(start, accepts)
    rest = io.BytesIO(start[header.length :])
    return decrypt_payload(unwrap(header, identities), lambda count: rest.read(count) or read(count))


class Sealer:
    """Writes an age file piece by piece, holding at most one chunk beside the piece: for files beyond memory."""

    def __init__(self, write: Callable[[bytes], object], recipients: Recipients, *, draw: Draw = os.urandom) -> None:
        file_key = draw(FILE_KEY_LENGTH)
        header = wrap(file_key, recipients, draw=draw)
        nonce = draw(NONCE_LENGTH)
        self._write = write
        self._encryptor = Encryptor(file_key, nonce)
        self._pending = bytearray()
        write(header + nonce)

    def write(self, plaintext: bytes) -> None:
        """Take the next piece; whole chunks go out at once, all but the last."""
        self._pending += plaintext
        sent = 0
        while len(self._pending) - sent > CHUNK:
            self._write(self._encryptor.chunk(bytes(self._pending[sent : sent + CHUNK]), last=False))
            sent += CHUNK
        del self._pending[:sent]

    def finish(self) -> None:
        """Write the last chunk; nothing may be written after it, and without it the file reads as cut."""
        self._write(self._encryptor.chunk(bytes(self._pending), last=True))
