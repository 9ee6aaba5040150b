"""The header of an age v1 file: stanzas that each wrap the file key, and the authentication code over them.

Rules (c2sp.org/age, header): the ABNF to the letter, unpadded canonical base64, at most 16 KiB (wire.md 7), a
passphrase stanza only alone. `Accepts` says what else a place takes: nothing but keys comes from the wire. What a
stanza means belongs to `recipients`, the payload to `stream`.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from accordant.seal.errors import BadHeader, BadMac

HEADER_MAX = 16 * 1024
FILE_KEY_LENGTH = 16
MAC_LENGTH = 32
VERSION_LINE = b"age-encryption.org/v1\n"
END_MARK = b"---"
COLUMNS = 64
STANZA = re.compile(rb"-> ([!-~]+(?: [!-~]+)*)\n((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)")
END = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")


@dataclass(frozen=True, slots=True)
class Accepts:
    """What a place takes beside well-formed files sealed to keys."""

    armor: bool
    scrypt: bool
    stanzas: int


FROM_WIRE = Accepts(armor=False, scrypt=False, stanzas=4)
LOCAL_FILE = Accepts(armor=True, scrypt=True, stanzas=64)


@dataclass(frozen=True, slots=True)
class Stanza:
    """One way to the file key: its arguments, of which the first names the kind, and the wrapped key."""

    arguments: tuple[str, ...]
    body: bytes

    @property
    def kind(self) -> str:
        """The first argument, which says whose stanza it is."""
        return self.arguments[0]

    def encode(self) -> bytes:
        """Give the stanza's lines; the last is shorter than 64 columns, and may be empty."""
        text = encode64(self.body)
        lines = [text[start : start + COLUMNS] for start in range(0, len(text) + 1, COLUMNS)]
        return ("-> " + " ".join(self.arguments) + "\n" + "\n".join(lines) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header: `authenticated` is what the code covers, `length` where the payload begins."""

    stanzas: tuple[Stanza, ...]
    authenticated: bytes
    mac: bytes
    length: int

    def check(self, file_key: bytes) -> None:
        """Raise BadMac unless the header is the one that the holder of this file key wrote."""
        if not hmac.compare_digest(self.mac, _mac(file_key, self.authenticated)):
            raise BadMac("authentication code of the header")


def read_header(data: bytes, accepts: Accepts = FROM_WIRE) -> Header:
    """Give the header at the start of `data`; raises BadHeader on any deviation from the ABNF or from `accepts`."""
    if not data.startswith(VERSION_LINE):
        raise BadHeader("version line")
    position = len(VERSION_LINE)
    stanzas: list[Stanza] = []
    while found := STANZA.match(data, position, HEADER_MAX):
        if len(stanzas) == accepts.stanzas:
            raise BadHeader("too many stanzas")
        stanzas.append(Stanza(tuple(found[1].decode("ascii").split(" ")), decode64(found[2].replace(b"\n", b""))))
        position = found.end()
    end = END.match(data, position, HEADER_MAX)
    if not stanzas or end is None:
        raise BadHeader("stanza or end line")
    _check_passphrases(stanzas, accepts)
    return Header(tuple(stanzas), data[: position + len(END_MARK)], decode64(end[1]), end.end())


def write_header(file_key: bytes, stanzas: list[Stanza]) -> bytes:
    """Give the header bytes over `stanzas`; raises BadHeader when they are longer than a reader may take."""
    authenticated = VERSION_LINE + b"".join(stanza.encode() for stanza in stanzas) + END_MARK
    header = authenticated + b" " + encode64(_mac(file_key, authenticated)).encode() + b"\n"
    if len(header) > HEADER_MAX:
        raise BadHeader("longer than 16 KiB")
    return header


def derive(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    """Give 32 bytes by HKDF-SHA-256, as every key of an age file is made."""
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def encode64(data: bytes) -> str:
    """Give standard base64 without padding."""
    return base64.b64encode(data).rstrip(b"=").decode("ascii")


def decode64(text: bytes) -> bytes:
    """Give the bytes of canonical unpadded base64; raises BadHeader on any other spelling."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise BadHeader("base64") from None
    if encode64(data).encode() != text:
        raise BadHeader("base64 that is not canonical")
    return data


def _mac(file_key: bytes, authenticated: bytes) -> bytes:
    return hmac.new(derive(file_key, None, b"header"), authenticated, sha256).digest()


def _check_passphrases(stanzas: list[Stanza], accepts: Accepts) -> None:
    if any(stanza.kind == "scrypt" for stanza in stanzas) and (len(stanzas) > 1 or not accepts.scrypt):
        raise BadHeader("passphrase stanza beside others, or where none is taken")
