"""Parcels to seal and open: small ones with every record, and large ones made by rule."""

import base64
import json
from collections.abc import Iterable, Iterator

from accordant.seal import records
from accordant.seal.parcel import Beside, Ended, Group, Preface, Run, Section, read_groups
from accordant.seal.payloads import ERASED, NOT_HELD, BlobPart, Body, Checkpoint, Consistency
from accordant.seal.recipients import HybridIdentity, X25519Identity

GUARD = X25519Identity(bytes([0x0A]) * 32)
PROVINCE = X25519Identity(bytes([0x0B]) * 32)
OUTSIDER = X25519Identity(bytes([0x0C]) * 32)
HYBRID = HybridIdentity(bytes([0x0D]) * 32)

SALT = bytes(range(32))
NOTE = b"guard.example/qc-12-2026-d7d73b6f32f64177f830e1e8c86215b4/1\n9\nroot\n\nsignature\n"
MANIFEST = b"accordant/parcel/v1\n{}\n\nsignature\n"
CHUNK = 1024


def header(index: int) -> bytes:
    return b'{"kind":"information.item-sent","kv":1,"seq":%d,"v":1}' % index


def body(index: int) -> Body:
    return Body(index, SALT, json.dumps({"d": {"text": f"Xin chào {index}"}}, ensure_ascii=False).encode())


def run(first: int, end: int, beside: Beside | None = None) -> Run:
    return Run(first, tuple(header(index) for index in range(first, end)), beside or Beside())


def section(start: int, end: int) -> Section:
    """Entries [start, end), each with its body, in runs cut at multiples of 256."""
    firsts = [start, *(first for first in range(start + 1, end) if first % 256 == 0)] if start < end else []
    ends = [*firsts[1:], end]
    runs = (
        run(first, last, Beside(bodies={index: body(index) for index in range(first, last)}))
        for first, last in zip(firsts, ends, strict=bool(firsts))
    )
    return Section(Checkpoint(start, end, NOTE), tuple(runs))


def every_record() -> list[Group]:
    """One parcel in which each type of record stands at least once."""
    late = Beside(bodies={1: body(1)}, missing={0: NOT_HELD})
    beside = Beside(
        bodies={3: body(3), 5: body(5)},
        missing={4: ERASED},
        shared={3: b"c2sp.org/tlog-proof@v1\n"},
        keys={5: {0: bytes(range(16)), 2: bytes(16)}},
    )
    first = Section(Checkpoint(3, 7, NOTE), (run(3, 6, beside), run(6, 7)), Consistency(7, 9, (SALT, SALT)), late)
    second = Section(Checkpoint(0, 1, NOTE), (run(0, 1),))
    parts = [BlobPart(SALT, 1, (SALT,), b"sealed part"), BlobPart(SALT, 2, (), b"p")]
    return [Preface(MANIFEST, (b"card",), (b"evidence",), (b"note 1", b"note 2")), first, second, *parts, Ended(5)]


def frames_of(groups: Iterable[Group]) -> Iterator[bytes]:
    for group in groups:
        if isinstance(group, BlobPart):
            yield group.frame()
        elif not isinstance(group, Ended):
            yield from group.frames()


def plaintext_of(groups: Iterable[Group]) -> bytes:
    return b"".join(records.closed(frames_of(groups)))


def read(plaintext: bytes, chunk: int = CHUNK) -> Iterator[Group]:
    """The groups of opened records, as they come in chunks."""
    return read_groups(plaintext[start : start + chunk] for start in range(0, len(plaintext), chunk))


def shown(group: Group) -> dict[str, object]:
    """A group as the published vectors write it: bytes in base64, rows by index."""
    if isinstance(group, Preface):
        lists = {"cards": group.cards, "evidence": group.evidence, "cosigned": group.cosigned}
        return {"group": "preface", "manifest": b64(group.manifest)} | {
            name: [b64(note) for note in notes] for name, notes in lists.items()
        }
    if isinstance(group, Section):
        return _shown_section(group)
    if isinstance(group, BlobPart):
        proof = [each.hex() for each in group.proof]
        return {"group": "part", "t": group.root.hex(), "number": group.number, "proof": proof, "part": b64(group.part)}
    return {"group": "ended", "entries": group.entries}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _shown_section(section: Section) -> dict[str, object]:
    proof = section.consistency
    return {
        "group": "section",
        "from": section.checkpoint.start,
        "to": section.checkpoint.end,
        "note": b64(section.checkpoint.note),
        "consistency": proof and {"to": proof.end, "size": proof.size, "hashes": [each.hex() for each in proof.hashes]},
        "late": _shown_beside(section.late),
        "runs": [
            {"first": run.first, "headers": [b64(each) for each in run.headers]} | _shown_beside(run.beside)
            for run in section.runs
        ],
    }


def _shown_beside(beside: Beside) -> dict[str, object]:
    return {
        "bodies": {
            str(index): {"salt": each.salt.hex(), "plaintext": b64(each.plaintext)}
            for index, each in beside.bodies.items()
        },
        "missing": {str(index): why for index, why in beside.missing.items()},
        "shared": {str(index): b64(proof) for index, proof in beside.shared.items()},
        "keys": {
            str(index): {str(number): key.hex() for number, key in keys.items()} for index, keys in beside.keys.items()
        },
    }
