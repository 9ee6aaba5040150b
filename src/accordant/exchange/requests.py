"""Signed requests between nodes (wire paper 8): the `Authorization: Accordant …` header, made and checked.

Rules kept here: the link key signs method, host, path, agency, instant, nonce and the hash of the body; five minutes of
clock difference are allowed; a nonce counts once.
"""

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from accordant.entries.errors import Refusal, Untrusted, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.tlog import note

PREFIX: Final = b"accordant/request/v1\n"
SKEW_MILLISECONDS: Final = 5 * 60 * 1000
_HEADER: Final = re.compile(
    r'Accordant agency="([a-z0-9.-]{3,100})", at=(\d{1,16}), nonce="([A-Za-z0-9+/]{22}==)", '
    r'key="([0-9a-f]{8})", sig="([A-Za-z0-9+/]{86}==)"'
)


@dataclass(frozen=True)
class Signed:
    """An authorization header's parts."""

    agency: str
    at: int
    nonce: str
    key_id: bytes
    signature: bytes


def message(*, method: str, host: str, path: str, agency: str, at: int, nonce: str, body: bytes) -> bytes:
    """The bytes the link key signs."""
    digest = hashlib.sha256(body).hexdigest()
    return PREFIX + "".join(f"{part}\n" for part in (method, host, path, agency, at, nonce, digest)).encode()


def authorize(
    *,
    method: str,
    host: str,
    path: str,
    agency: str,
    at: int,
    body: bytes,
    key: note.VerifierKey,
    sign: Callable[[bytes], bytes],
) -> str:
    """The header's value for a request of ours."""
    nonce = base64.b64encode(os.urandom(16)).decode()
    signature = sign(message(method=method, host=host, path=path, agency=agency, at=at, nonce=nonce, body=body))
    encoded = base64.b64encode(signature).decode()
    return f'Accordant agency="{agency}", at={at}, nonce="{nonce}", key="{key.key_id.hex()}", sig="{encoded}"'


def parse(value: str) -> Signed:
    """The parts of a header; raises `Untrusted`."""
    match = _HEADER.fullmatch(value)
    if match is None:
        raise Untrusted([_unsigned()])
    try:
        signature = base64.b64decode(match[5], validate=True)
    except binascii.Error as error:
        raise Untrusted([_unsigned()]) from error
    return Signed(match[1], int(match[2]), match[3], bytes.fromhex(match[4]), signature)


def verify(signed: Signed, *, method: str, host: str, path: str, body: bytes, key: note.VerifierKey, now: int) -> None:
    """Raise `Untrusted` unless the peer's link key signed exactly this request within the clock window."""
    if abs(signed.at - now) > SKEW_MILLISECONDS:
        raise Untrusted([_skewed(signed.agency, signed.at - now)])
    text = message(
        method=method, host=host, path=path, agency=signed.agency, at=signed.at, nonce=signed.nonce, body=body
    )
    if signed.key_id != key.key_id or not key.verifies(text, signed.signature):
        raise Untrusted([_wrong_key(signed.agency)])


def _unsigned() -> Refusal:
    return refusal(
        "unsigned",
        _("The request was not taken."),
        _("It does not bear the signature of an agency's node."),
        _("Only nodes of accepted agencies speak here; people use the pages."),
    )


def _skewed(agency: str, difference: int) -> Refusal:
    return refusal(
        "clock",
        _("The request of {agency} was not taken."),
        _("Its clock differs from ours by {seconds} seconds, more than five minutes."),
        _("Set the clocks of both machines."),
        agency=agency,
        seconds=difference // 1000,
    )


def _wrong_key(agency: str) -> Refusal:
    return refusal(
        "wrong-key",
        _("The request was not taken."),
        _("It is not signed by the key on the card of {agency} that was accepted here."),
        _("Ask {agency} for its newest card and compare the fingerprint by voice before accepting it."),
        agency=agency,
    )
