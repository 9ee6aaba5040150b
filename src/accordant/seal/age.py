"""Age v1 files: strict reader and writer over whole bytes or streams (wire.md 7, c2sp.org/age).

Rules: a header of at most 16 KiB with one stanza per receiver, then the payload in chunks of 64 KiB, of which one is
held at a time. From the wire neither armour nor passphrases nor more than four stanzas are taken. Sealing hides, it
does not authenticate a sender: signatures and roots inside do.
"""

import io
import os
from collections.abc import Iterator, Sequence

from accordant.seal import armor
from accordant.seal.errors import NoMatch
from accordant.seal.header import FILE_KEY_LENGTH, FROM_WIRE, HEADER_MAX, Accepts, Header, read_header, write_header
from accordant.seal.recipients import Draw, Identity, Recipient, wrap_for
from accordant.seal.stream import (
    NONCE_LENGTH,
    PayloadWriter,
    Read,
    Write,
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


def sealer(write: Write, recipients: Recipients, *, draw: Draw = os.urandom) -> PayloadWriter:
    """Write the header of a new age file and give the writer of its plaintext: for files beyond memory.

    The file is whole once `finish` was called; the same draws give the same bytes as `seal`.
    """
    file_key = draw(FILE_KEY_LENGTH)
    write(wrap(file_key, recipients, draw=draw))
    return PayloadWriter(file_key, draw(NONCE_LENGTH), write)
