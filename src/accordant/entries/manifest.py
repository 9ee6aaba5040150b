"""The manifest of a parcel (wire paper 6): who sends what to whom, signed by the sender's link key.

Rules kept here: shape and limits of the manifest. Left to others: whether its claims hold (`exchange.receive`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from accordant.entries import codec, limits, names, statements
from accordant.tlog import note


class BadManifest(ValueError):
    """Bytes that are no manifest, or not signed by the sender's link key."""


class SectionMark(msgspec.Struct, frozen=True, rename={"start": "from", "stop": "to"}):
    """Entries [start, stop) of a log under a checkpoint of `size`."""

    log: str
    start: int
    stop: int
    size: int


class Head(msgspec.Struct, frozen=True):
    """A log durably held up to `size` with this root (hex)."""

    log: str
    size: int
    root: str


class Want(msgspec.Struct, frozen=True, omit_defaults=True, rename={"start": "from"}):
    """A log asked for, from an index on; `bodies` are half-open runs of indexes whose bodies are asked for."""

    log: str
    start: int | None = None
    bodies: tuple[tuple[int, int], ...] = ()


class RefusedSection(msgspec.Struct, frozen=True):
    """A section that was not taken: why, of which log, at which size we stand."""

    code: str
    log: str
    size: int


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True, rename={"sender": "from"}):
    """A manifest's content."""

    v: int
    id: str
    sender: str
    to: tuple[str, ...]
    circles: tuple[str, ...]
    cipher: str
    at: int
    re: str | None = None
    sections: tuple[SectionMark, ...] = ()
    have: tuple[Head, ...] = ()
    want: tuple[Want, ...] = ()
    more: bool = False
    refused: tuple[RefusedSection, ...] = ()


@dataclass(frozen=True)
class Unverified:
    """A manifest as read, before its signature is checked."""

    manifest: Manifest
    signed: note.Note

    def verify(self, key: note.VerifierKey) -> Manifest:
        """The manifest, once the sender's link key is seen to have signed it; raises `BadManifest`."""
        try:
            statements.verify(self.signed, [key])
        except statements.BadStatement as error:
            raise BadManifest(str(error)) from error
        return self.manifest


def write(manifest: Manifest, *, key: note.VerifierKey, sign: Callable[[bytes], bytes]) -> bytes:
    """The signed statement of a manifest."""
    plain = msgspec.to_builtins(manifest)
    return statements.write("parcel", _without_none(plain), key=key, sign=sign)


def read(data: bytes) -> Unverified:
    """The manifest in `data`, signature not yet checked; raises `BadManifest`."""
    if len(data) > limits.MANIFEST_BYTES:
        raise BadManifest(f"{len(data)} bytes, at most {limits.MANIFEST_BYTES}")
    try:
        plain, parsed = statements.read_unverified("parcel", data, codec.MANIFEST)
        manifest = msgspec.convert(plain, Manifest)
    except (statements.BadStatement, msgspec.ValidationError) as error:
        raise BadManifest(str(error)) from error
    _check(manifest)
    return Unverified(manifest, parsed)


def _check(manifest: Manifest) -> None:
    holds = (
        manifest.v == 1
        and manifest.cipher == "age"
        and names.is_agency_id(manifest.sender)
        and 1 <= len(manifest.to) <= 4
        and all(map(names.is_agency_id, manifest.to))
        and all(map(names.is_circle_id, manifest.circles))
        and len(manifest.have) <= limits.PARCEL_HAVE
        and all(0 <= head.size <= limits.INTEGER_MAX for head in manifest.have)
        and all(map(_is_askable, manifest.want))
        and len(manifest.id) == 32
    )
    if not holds:
        raise BadManifest("a field is not as it must be")


def _is_askable(want: Want) -> bool:
    """Whether its runs of indexes are few, rise and do not overlap."""
    bounds = [0, *(bound for run in want.bodies for bound in run), limits.INTEGER_MAX]
    rises = all(first < stop for first, stop in want.bodies) and bounds == sorted(bounds)
    return rises and len(want.bodies) <= limits.WANT_RUNS and 0 <= (want.start or 0) <= limits.INTEGER_MAX


def _without_none(plain: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in plain.items() if value is not None}
