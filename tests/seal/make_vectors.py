"""Writes docs/spec/vectors/seal: keys, sizes, records and parcels, good and bad, for programs that are not ours.

`python -m tests.seal.make_vectors` writes the files; `test_vectors` makes them again, compares, and judges each case.
Identities are 32 times one byte: 0a guard, 0b province, 0c outsider, 0d a post-quantum one. A hybrid seal takes its
randomness from OpenSSL and cannot be made again, so an existing `parcels_hybrid.json` is kept.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from accordant.seal import bech32, records
from accordant.seal.errors import BadSealed
from accordant.seal.padding import padded_size, size_class
from accordant.seal.parcel import Group, Preface, open_parcel, read_groups, seal_parcel
from accordant.seal.payloads import BlobKey, Body, Checkpoint, Consistency, Missing, Shared
from accordant.seal.recipients import HybridIdentity, X25519Identity
from tests.seal import samples
from tests.seal.draws import fixed_draw
from tests.seal.samples import GUARD, HYBRID, MANIFEST, NOTE, OUTSIDER, PROVINCE, SALT, b64, body, run, shown

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors" / "seal"
GENERATED = "by python -m tests.seal.make_vectors; do not edit, a file that differs fails the tests"
HYBRID_FILE = "parcels_hybrid.json"
Case = dict[str, object]

PREFACE = [records.frame(records.MANIFEST, MANIFEST)]
CARD = records.frame(records.CARD, b"card")
EVIDENCE = records.frame(records.EVIDENCE, b"evidence")
THREE = [Checkpoint(0, 3, NOTE).frame(), *run(0, 3).frames()]


def raw(kind: int, payload: bytes = b"") -> bytes:
    return records.HEAD.pack(1 + len(payload), kind) + payload


def end(count: int) -> bytes:
    return raw(records.END, count.to_bytes(8, "big"))


def unpadded(*frames: bytes) -> bytes:
    """Records after a manifest, with a true END and no padding."""
    return b"".join([*PREFACE, *frames, end(1 + len(frames))])


def keys_cases() -> list[Case]:
    keys: dict[str, X25519Identity | HybridIdentity] = {"guard": GUARD, "province": PROVINCE, "outsider": OUTSIDER}
    keys["post-quantum"] = HYBRID
    good: list[Case] = [
        {"name": name, "identity": key.reveal(), "recipient": str(key.recipient()), "expect": "good"}
        for name, key in keys.items()
    ]
    recipient = str(GUARD.recipient())
    bad = {
        "empty": "",
        "upper case": recipient.upper(),
        "mixed case": "A" + recipient[1:],
        "checksum": recipient[:-1] + ("q" if recipient[-1] != "q" else "p"),
        "one letter less": recipient[:-1],
        "31 bytes": bech32.encode("age", bytes(31)),
        "33 bytes": bech32.encode("age", bytes(33)),
        "hybrid of 1,215 bytes": bech32.encode("age1pq", bytes(1215)),
        "hybrid that is no ML-KEM key": bech32.encode("age1pq", b"\xff" * 1216),
        "kind for hardware keys": bech32.encode("age1tag", bytes(33)),
        "an identity": GUARD.reveal(),
    }
    return good + [{"name": name, "recipient": text, "expect": "bad"} for name, text in bad.items()]


def padding_cases() -> list[Case]:
    sizes = [1, 4091, 4092, 4095, 4096, 4097, 4348, 8192, 8193, 65_536, 70_000, 1_000_000, 31_457_280, 17_179_869_184]
    return [{"name": f"{size}", "size": size, "class": size_class(size), "padded": padded_size(size)} for size in sizes]


def good_records() -> dict[str, bytes]:
    late = [Checkpoint(5, 5, NOTE).frame(), Missing(0, 3).frame(), body(4).frame()]
    keys = [BlobKey(0, 1, SALT[:16]).frame(), BlobKey(0, 0, bytes(16)).frame()]
    return {
        "manifest alone": unpadded(),
        "every record, padded": samples.plaintext_of(samples.every_record()),
        "padded to 16 KiB": b"".join(records.closed(PREFACE, 16 * 1024)),
        "padding of no bytes": unpadded(raw(records.PAD)),
        "unknown types from 0x80 on": raw(0xFF, b"?") + b"".join(PREFACE) + raw(0x80) + end(3),
        "a section of late bodies": unpadded(*late),
        "keys in any order": unpadded(Checkpoint(0, 1, NOTE).frame(), *run(0, 1).frames(), body(0).frame(), *keys),
        "runs around a multiple of 256": b"".join(records.closed(samples.frames_of(around_a_bundle()))),
    }


def around_a_bundle() -> list[Group]:
    return [Preface(MANIFEST), samples.section(255, 258)]


def badly_ordered() -> dict[str, bytes]:
    section = Checkpoint(0, 2, NOTE).frame()
    two = next(run(0, 2).frames())
    return {
        "no manifest": CARD + end(1),
        "two manifests": unpadded(*PREFACE),
        "card after evidence": unpadded(EVIDENCE, CARD),
        "entries without a checkpoint": unpadded(two),
        "consistency after entries": unpadded(section, two, Consistency(2, 3, (SALT,)).frame()),
        "proof without a body": unpadded(section, two, Shared(0, b"p").frame(), Missing(1, 1).frame()),
        "proof of another entry": unpadded(section, two, Shared(0, b"p").frame(), body(1).frame()),
        "key without a body": unpadded(section, two, BlobKey(0, 0, bytes(16)).frame()),
        "key twice": unpadded(section, two, body(0).frame(), *[BlobKey(0, 0, bytes(16)).frame()] * 2),
        "bodies falling": unpadded(section, two, body(1).frame(), body(0).frame()),
        "body and reason": unpadded(section, two, body(1).frame(), Missing(1, 1).frame()),
        "body outside its run": unpadded(section, two, body(2).frame()),
        "late body at the start": unpadded(Checkpoint(2, 2, NOTE).frame(), body(2).frame()),
        "gap between runs": unpadded(Checkpoint(0, 3, NOTE).frame(), *run(0, 1).frames(), *run(2, 3).frames()),
        "entries past the end": unpadded(Checkpoint(0, 1, NOTE).frame(), two),
        "record after padding": unpadded(raw(records.PAD), CARD),
        "two paddings": unpadded(raw(records.PAD), raw(records.PAD)),
    }


def badly_formed() -> dict[str, tuple[str, bytes]]:
    section = Checkpoint(0, 2, NOTE).frame()
    crossing = raw(records.ENTRIES, (255).to_bytes(8, "big") + b"\x00\x01h\x00\x01h")
    return {
        "unknown type below 0x80": ("type", unpadded(raw(0x05))),
        "length of zero": ("record", b"".join(PREFACE) + records.HEAD.pack(0, 0x80)),
        "section lacks entries": ("record", unpadded(section, *run(0, 1).frames())),
        "checkpoint without a note": ("record", unpadded(raw(records.CHECKPOINT, bytes(16)))),
        "checkpoint to below from": ("record", unpadded(Checkpoint(2, 1, NOTE).frame())),
        "index of 2^53": ("record", unpadded(Checkpoint(2**53, 2**53, NOTE).frame())),
        "consistency of another size": ("record", unpadded(section, Consistency(1, 3, (SALT,)).frame())),
        "consistency without hashes": ("record", unpadded(section, Consistency(2, 3, ()).frame())),
        "entries over a multiple of 256": ("record", unpadded(Checkpoint(255, 257, NOTE).frame(), crossing)),
        "empty header": ("record", unpadded(section, raw(records.ENTRIES, bytes(10)))),
        "body without plaintext": ("record", unpadded(section, *run(0, 2).frames(), Body(0, SALT, b"").frame())),
        "missing for reason 0": ("record", unpadded(section, *run(0, 2).frames(), Missing(0, 0).frame())),
        "missing for reason 5": ("record", unpadded(section, *run(0, 2).frames(), Missing(0, 5).frame())),
        "padding not zero": ("record", unpadded(raw(records.PAD, b"\x00\x01"))),
        "bytes after END": ("record", unpadded() + b"\x00"),
        "END of seven bytes": ("record", b"".join(PREFACE) + raw(records.END, bytes(7))),
        "END counts itself": ("count", b"".join(PREFACE) + end(2)),
        "record over its limit": ("limit", b"".join(PREFACE) + records.HEAD.pack(16 * 1024 + 2, records.CARD)),
        "4,097 entries in a section": ("limit", unpadded(Checkpoint(0, 4097, NOTE).frame())),
        "no END": ("cut", b"".join(PREFACE)),
        "cut in a head": ("cut", unpadded(*THREE)[:-10]),
        "cut in a section": ("cut", unpadded(*THREE, Checkpoint(3, 4, NOTE).frame(), *run(3, 4).frames())[:-20]),
        "cut in the first section": ("cut", unpadded(*THREE)[:-20]),
    }


def records_cases() -> list[Case]:
    judged = {name: ("good", data) for name, data in good_records().items()}
    judged |= {name: ("order", data) for name, data in badly_ordered().items()} | badly_formed()
    return [
        {"name": name, "records": b64(data), "expect": code, "groups": groups_of(read_groups(iter([data])))}
        for name, (code, data) in judged.items()
    ]


def groups_of(groups: Iterator[Group]) -> list[object]:
    """The groups that are given out, up to the end or the fault."""
    given: list[object] = []
    try:
        given.extend(shown(group) for group in groups)
    except BadSealed:
        return given
    return given


def parcels_cases() -> list[Case]:
    seed = "accordant seal vectors"
    two = [GUARD.recipient(), PROVINCE.recipient()]
    whole = seal_parcel(samples.frames_of(samples.every_record()), two, draw=fixed_draw(seed))
    alone = seal_parcel(Preface(MANIFEST).frames(), two[1:], draw=fixed_draw(seed))
    sections: list[Group] = [Preface(MANIFEST), samples.section(0, 250), samples.section(250, 500)]
    long = seal_parcel(samples.frames_of(sections), two[1:], draw=fixed_draw(seed))
    altered = bytes([*alone[:-1], alone[-1] ^ 1])
    payload = alone.index(b"\n---") + 49
    return [
        parcel_case("to two, opened by the first", whole, GUARD, fixed_draw(seed)(96)),
        parcel_case("to two, opened by the second", whole, PROVINCE, fixed_draw(seed)(96)),
        parcel_case("to two, opened by neither", whole, OUTSIDER),
        parcel_case("to one", alone, PROVINCE, fixed_draw(seed)(64)),
        parcel_case("last byte altered", altered, PROVINCE),
        parcel_case("second chunk cut off", long[: payload + 16 + 65_552], PROVINCE),
        parcel_case("cut in the nonce", alone[: payload + 9], PROVINCE),
        parcel_case("authentication code altered", alone.replace(b"--- ", b"--- A", 1), PROVINCE),
        parcel_case("stanza added", alone.replace(b"---", b"-> grease\n\n---", 1), PROVINCE),
        parcel_case("five stanzas", alone.replace(b"---", b"-> grease\n\n" * 4 + b"---", 1), PROVINCE),
    ]


def hybrid_cases() -> list[Case]:
    sealed = seal_parcel(samples.frames_of(samples.every_record()), [HYBRID.recipient()])
    return [parcel_case("post-quantum", sealed, HYBRID), parcel_case("post-quantum, not for it", sealed, GUARD)]


def parcel_case(name: str, sealed: bytes, identity: X25519Identity | HybridIdentity, drawn: bytes = b"") -> Case:
    """A sealed parcel and what one identity makes of it; `drawn` is the file key, ephemeral keys and nonce."""
    expect, groups = judged(sealed, identity)
    case: Case = {"name": name, "identity": identity.reveal(), "parcel": b64(sealed)}
    return case | ({"drawn": drawn.hex()} if drawn else {}) | {"expect": expect, "groups": groups}


def judged(sealed: bytes, identity: X25519Identity | HybridIdentity) -> tuple[str, list[object]]:
    """How opening ends: `good` or the code of the refusal; and the groups given out before."""
    given: list[object] = []
    try:
        given.extend(shown(group) for group in open_parcel(sealed, [identity]))
    except BadSealed as refusal:
        return refusal.code, given
    return "good", given


FILES: dict[str, tuple[str, Callable[[], list[Case]]]] = {
    "keys.json": ("Recipients and identities of the vectors, and recipients to refuse", keys_cases),
    "padding.json": (
        "Sizes of all records with END, their class P, and the padded size with the gap rule",
        padding_cases,
    ),
    "records.json": ("Opened parcels in base64: the groups given out, and how reading ends", records_cases),
    "parcels.json": ("Sealed parcels in base64; drawn = file key, ephemeral keys, nonce", parcels_cases),
    HYBRID_FILE: ("Post-quantum parcels in base64; made once, as their randomness is OpenSSL's", hybrid_cases),
}


def text_of(name: str) -> str:
    about, make = FILES[name]
    return json.dumps({"generated": GENERATED, "about": about, "cases": make()}, ensure_ascii=False, indent=1) + "\n"


def write(names: Iterable[str] = FILES) -> None:
    """Writes the files into docs/spec/vectors/seal, and keeps a hybrid one that is there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        if name != HYBRID_FILE or not (FOLDER / name).exists():
            (FOLDER / name).write_text(text_of(name))


if __name__ == "__main__":
    write()
