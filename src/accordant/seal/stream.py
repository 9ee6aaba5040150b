"""The payload of an age file: a nonce and chunks of 64 KiB under ChaCha20-Poly1305 (c2sp.org/age, payload).

Rules: the chunk counter starts at 0 and the last chunk is marked; an empty last chunk only when nothing else is in
it; what authenticates may be given out at once, and the end is an error unless the marked chunk was seen. The same
bytes are an attachment's sealed form (wire.md 3). Whose key it is belongs to `header` and `recipients`.
"""

from collections.abc import Callable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from accordant.seal.errors import BadHeader, BadPayload
from accordant.seal.header import derive

NONCE_LENGTH = 16
TAG_LENGTH = 16
CHUNK = 64 * 1024
SEALED_CHUNK = CHUNK + TAG_LENGTH

Read = Callable[[int], bytes]
Write = Callable[[bytes], object]


class Encryptor:
    """Encrypts one payload chunk by chunk; `nonce` goes before the first."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self._cipher = _payload_cipher(file_key, nonce)
        self._counter = 0

    def chunk(self, plaintext: bytes | memoryview, *, last: bool) -> bytes:
        """Give the sealed form of the next at most 65,536 bytes; `last` exactly once, at the end."""
        nonce = _chunk_nonce(self._counter, last=last)
        self._counter += 1
        return self._cipher.encrypt(nonce, plaintext, None)


class PayloadWriter:
    """Writes a payload piece by piece, holding at most one chunk beside the piece: for attachments beyond memory."""

    def __init__(self, file_key: bytes, nonce: bytes, write: Write) -> None:
        self._encryptor = Encryptor(file_key, nonce)
        self._write = write
        self._pending = bytearray()
        write(nonce)

    def write(self, plaintext: bytes) -> None:
        """Take the next piece; whole chunks go out at once, all but the last."""
        self._pending += plaintext
        sent = 0
        with memoryview(self._pending) as view:
            while len(view) - sent > CHUNK:
                self._write(self._encryptor.chunk(view[sent : sent + CHUNK], last=False))
                sent += CHUNK
        del self._pending[:sent]

    def finish(self) -> None:
        """Write the last chunk; nothing may be written after it, and without it the payload reads as cut."""
        self._write(self._encryptor.chunk(bytes(self._pending), last=True))


def encrypt_payload(file_key: bytes, nonce: bytes, plaintext: bytes, header: bytes = b"") -> bytes:
    """Give nonce and sealed chunks: an attachment's sealed bytes, or an age file when its header goes before.

    The header is joined here because a second copy of 30 MiB costs three times as much as sealing them (measured).
    """
    encryptor = Encryptor(file_key, nonce)
    view = memoryview(plaintext)
    final = max(0, len(view) - 1) // CHUNK * CHUNK
    sealed = [encryptor.chunk(view[start : start + CHUNK], last=False) for start in range(0, final, CHUNK)]
    return b"".join([header, nonce, *sealed, encryptor.chunk(view[final:], last=True)])


def decrypt_payload(file_key: bytes, read: Read) -> Iterator[bytes]:
    """Give the plaintext in chunks of at most 64 KiB, holding one at a time.

    `read(n)` gives at most n bytes, and none at the end. The nonce is read at once (BadHeader when it is short);
    BadPayload comes out of the iterator, after every chunk that was authentic.
    """
    nonce = read_exactly(read, NONCE_LENGTH)
    if len(nonce) < NONCE_LENGTH:
        raise BadHeader("short nonce")
    return _decrypted(_payload_cipher(file_key, nonce), read)


def read_exactly(read: Read, count: int) -> bytes:
    """Give `count` bytes, or fewer only where the source ends."""
    data = read(count)
    if not data or len(data) == count:
        return data
    parts = [data]
    missing = count - len(data)
    while missing and (data := read(missing)):
        parts.append(data)
        missing -= len(data)
    return b"".join(parts)


def _decrypted(cipher: ChaCha20Poly1305, read: Read) -> Iterator[bytes]:
    counter = 0
    last = False
    while not last:
        sealed = read_exactly(read, SEALED_CHUNK)
        plaintext, last = _open_chunk(cipher, counter, sealed)
        if counter and not plaintext:
            raise BadPayload("empty last chunk")
        yield plaintext
        counter += 1
    if read(1):
        raise BadPayload("bytes after the last chunk")


def _open_chunk(cipher: ChaCha20Poly1305, counter: int, sealed: bytes) -> tuple[bytes, bool]:
    """Give plaintext and whether it is the last: a short chunk must be, a full one may be."""
    if len(sealed) == SEALED_CHUNK:
        try:
            return cipher.decrypt(_chunk_nonce(counter, last=False), sealed, None), False
        except InvalidTag:
            pass
    try:
        return cipher.decrypt(_chunk_nonce(counter, last=True), sealed, None), True
    except InvalidTag:
        raise BadPayload("cut or altered chunk") from None


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derive(file_key, nonce, b"payload"))


def _chunk_nonce(counter: int, *, last: bool) -> bytes:
    return (counter << 8 | last).to_bytes(12, "big")
