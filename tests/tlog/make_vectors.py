"""Writes docs/spec/vectors/tlog: good and bad examples of each format, for programs that are not ours.

`python -m tests.tlog.make_vectors` writes the files; `test_vectors` makes them again, compares, and judges each case.
Private keys are 32 times one byte: 01 the log's, 02 and 06 the mirrors', 03 a root's.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from accordant.tlog import cosignature, keys, merkle, note, policy, proof, proof_file, receipt, tiles
from tests.tlog.fixed import (
    BODY,
    HEADER,
    LOG,
    MIRROR,
    ORIGIN,
    POLICY,
    QUANTUM_SAFE_KEY,
    ROOT,
    SALT,
    SECOND,
    TIME,
    checkpoint_of,
    cosigned,
    headers,
    key_of,
    leaf_hashes,
    node_source,
    private,
    raw_note,
    signed,
)

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors" / "tlog"
GENERATED = "by python -m tests.tlog.make_vectors; do not edit, a file that differs fails the tests"
Case = dict[str, object]


def keys_cases() -> list[Case]:
    good = [LOG, MIRROR, SECOND, ROOT, key_of("guard.example/link", keys.ED25519, 4), QUANTUM_SAFE_KEY]
    good.append(note.VerifierKey("guard.example", keys.ML_DSA_44, QUANTUM_SAFE_KEY.public_key))
    vkey = ROOT.to_string()
    name, key_id, encoded = vkey.split("+", 2)
    bad = {
        "empty": "",
        "no id": f"{name}+{encoded}",
        "another id": f"{name}+0ff58114+{encoded}",
        "id in capitals": f"{name}+{key_id.upper()}+{encoded}",
        "name with a space": f"guard example+{key_id}+{encoded}",
        "no name": f"+{key_id}+{encoded}",
        "padding too much": f"{vkey}=",
        "line feed behind": f"{vkey}\n",
        "unknown type": spelled(name, b"\x02" + ROOT.public_key),
        "31 bytes": spelled(name, b"\x01" + ROOT.public_key[:31]),
        "small order, y = 1": spelled(name, b"\x01\x01" + bytes(31)),
        "small order, x = 0 with its sign": spelled(name, b"\x01\x01" + bytes(30) + b"\x80"),
        "non-canonical, y = p + 3": spelled(name, b"\x01" + (2**255 - 16).to_bytes(32, "little")),
    }
    found: list[Case] = [
        {"name": f"key of {key.name}, kind {key.kind:#04x}", "vkey": key.to_string(), "expect": "good",
         "key_name": key.name, "kind": key.kind, "key_id": key.key_id.hex(), "public_key": key.public_key.hex()}
        for key in good
    ]  # fmt: skip
    return found + [{"name": why, "vkey": text, "expect": "bad"} for why, text in bad.items()]


def spelled(name: str, typed_key: bytes) -> str:
    """A vkey whose id is that of its bytes, whatever they are."""
    key_id = hashlib.sha256(name.encode() + b"\n" + typed_key).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(typed_key).decode()}"


def notes_cases() -> list[Case]:
    text = "Xin chào\n\nhai dòng\n"
    good = note.sign_text(text, ROOT, private(3).sign)
    line = good.signatures[0].to_line()
    forged = note.NoteSignature(ROOT.name, ROOT.key_id, private(1).sign(text.encode()))
    unknown = note.NoteSignature(ROOT.name, b"\x00\x00\x00\x00", b"whatever")
    whole = good.to_bytes().decode()
    judged = {
        "one signature": ("good", good.to_bytes()),
        "beside an unknown key of the same name": ("good", good.with_signatures([unknown]).to_bytes()),
        "the same line twice": ("good", f"{whole}{line}".encode()),
        "text that looks like a note": ("good", raw_note(f"first\n\n{line}", ROOT, 3)),
        "no known key": ("refused", note.Note(text, (unknown,)).to_bytes()),
        "known key that fails": ("refused", good.with_signatures([forged]).to_bytes()),
        "changed text": ("refused", whole.replace("hai", "ba").encode()),
        "empty": ("malformed", b""),
        "no signature": ("malformed", f"{text}\n".encode()),
        "no blank line": ("malformed", f"{text.rstrip()}\n{line}".replace("\n\n", "\n").encode()),
        "no line feed at the end": ("malformed", whole.encode()[:-1]),
        "hyphen for dash": ("malformed", whole.replace("— ", "- ").encode()),
        "carriage return": ("malformed", whole.replace("Xin", "Xin\r").encode()),
        "tab": ("malformed", whole.replace("Xin", "Xin\t").encode()),
        "not UTF-8": ("malformed", whole.encode().replace(b"Xin", b"Xin\xff")),
        "space behind a line": ("malformed", (whole[:-1] + " \n").encode()),
        "em space in a name": ("malformed", whole.replace("guard.example", "guard\u2003example").encode()),
        "plus in a name": ("malformed", whole.replace("guard.example", "guard+example").encode()),
        "padding missing": ("malformed", f"{text}\n— a AAAAAAAAAA\n".encode()),
        "stray bits": ("malformed", f"{text}\n— a AAAAAAAAAAB=\n".encode()),
        "id without a signature": ("malformed", f"{text}\n— a AAAAAA==\n".encode()),
        "129 lines": ("malformed", (f"{text}\n" + "— a AAAAAAA=\n" * 129).encode()),
    }
    return [
        {"name": name, "note": octets(data), "known": [ROOT.to_string()], "expect": expect}
        for name, (expect, data) in judged.items()
    ]


def octets(data: bytes) -> Case:
    """The bytes as text where they are UTF-8, else as hex."""
    try:
        return {"utf8": data.decode()}
    except UnicodeDecodeError:
        return {"hex": data.hex()}


def checkpoints_cases() -> list[Case]:
    found: list[Case] = [
        {"name": f"size {size}", "expect": "good", "checkpoint": signed(size).to_bytes().decode(),
         "known": [LOG.to_string()], "origin": ORIGIN, "size": size, "root": checkpoint_of(size).root.hex()}
        for size in (0, 1, 7)
    ]  # fmt: skip
    root = checkpoint_of(1).text().split("\n")[2]
    bad = {
        "extension line": f"{ORIGIN}\n1\n{root}\nmore\n",
        "two lines": f"{ORIGIN}\n1\n",
        "no origin": f"\n1\n{root}\n",
        "origin with a space": f"two words\n1\n{root}\n",
        "origin of 256 bytes": f"{'a' * 256}\n1\n{root}\n",
        "size with a leading zero": f"{ORIGIN}\n01\n{root}\n",
        "size with a sign": f"{ORIGIN}\n+1\n{root}\n",
        "size 2^53": f"{ORIGIN}\n{2**53}\n{root}\n",
        "size in other digits": f"{ORIGIN}\n١\n{root}\n",
        "root without padding": f"{ORIGIN}\n1\n{root[:-1]}\n",
        "root with stray bits": f"{ORIGIN}\n1\n{root[:-2]}d=\n",
        "root of 31 bytes": f"{ORIGIN}\n1\n{base64.b64encode(bytes(31)).decode()}\n",
        "size 0 with a root": f"{ORIGIN}\n0\n{root}\n",
    }
    other = key_of("other.example/x/1", keys.ED25519, 1)
    refused = {
        "signed under another name": note.sign_text(checkpoint_of(1).text(), other, private(1).sign).to_bytes(),
        "signed by another key": raw_note(checkpoint_of(1).text(), key_of(ORIGIN, keys.ED25519, 2), 2),
        "changed size": signed(1).to_bytes().replace(b"\n1\n", b"\n2\n"),
    }
    found += [
        {"name": name, "expect": "malformed", "checkpoint": raw_note(text, LOG, 1).decode(), "known": [LOG.to_string()]}
        for name, text in bad.items()
    ]
    return found + [
        {"name": name, "expect": "refused", "checkpoint": data.decode(), "known": [LOG.to_string(), other.to_string()]}
        for name, data in refused.items()
    ]


def cosignatures_cases() -> list[Case]:
    line = cosignature.cosign(checkpoint_of(7), MIRROR, TIME, private(2).sign)
    second = cosignature.cosign(checkpoint_of(7), SECOND, TIME + 1, private(6).sign)
    moved = note.NoteSignature(line.name, line.key_id, (TIME + 1).to_bytes(8, "big") + line.signature[8:])
    zero = note.NoteSignature(line.name, line.key_id, bytes(8) + private(2).sign(message(0)))
    late = note.NoteSignature(line.name, line.key_id, (2**63).to_bytes(8, "big") + private(2).sign(message(2**63)))
    plain = note.NoteSignature(line.name, line.key_id, private(2).sign(checkpoint_of(7).text().encode()))
    elsewhere = cosignature.cosign(checkpoint_of(6), MIRROR, TIME, private(2).sign)
    judged: dict[str, tuple[str, list[note.NoteSignature]]] = {
        "one mirror": ("good", [line]),
        "two mirrors": ("good", [second, line]),
        "nobody": ("good", []),
        "another time": ("refused", [moved]),
        "time 0": ("refused", [zero]),
        "time 2^63": ("refused", [late]),
        "no time": ("refused", [plain]),
        "another size": ("refused", [elsewhere]),
        "cut": ("refused", [note.NoteSignature(line.name, line.key_id, line.signature[:-1])]),
        "one good, one bad": ("refused", [second, moved]),
    }
    return [
        {"name": name, "expect": expect, "checkpoint": signed(7).with_signatures(lines).to_bytes().decode(),
         "known": [MIRROR.to_string(), SECOND.to_string()], "signed_message": message(TIME).hex(),
         "verified": {found.name: int.from_bytes(found.signature[:8], "big") for found in lines if expect == "good"}}
        for name, (expect, lines) in judged.items()
    ]  # fmt: skip


def message(time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{checkpoint_of(7).text()}".encode()


def proofs_cases() -> list[Case]:
    node = node_source(leaf_hashes(21))
    sizes: list[Case] = [
        {"name": f"root of size {size}", "size": size, "root": checkpoint_of(size).root.hex()} for size in range(22)
    ]
    for index, size in [(0, 1), (0, 2), (1, 2), (2, 3), (4, 5), (6, 7), (0, 8), (7, 8), (15, 21), (16, 21), (20, 21)]:
        hashes = [value.hex() for value in proof.make_inclusion(index, size, node)]
        sizes.append({"name": f"leaf {index} of {size}", "index": index, "size": size, "hashes": hashes})
    for old, new in [(1, 1), (1, 2), (2, 3), (3, 4), (4, 7), (5, 8), (6, 8), (8, 9), (7, 21), (16, 21), (21, 21)]:
        hashes = [value.hex() for value in proof.make_consistency(old, new, node)]
        sizes.append({"name": f"size {old} within {new}", "old_size": old, "new_size": new, "hashes": hashes})
    leaves: Case = {"name": "leaves", "leaves": [octets(header) for header in headers(21)]}
    return [leaves, *sizes, {"name": "hash of leaf 0", "leaf_hash": merkle.leaf_hash(HEADER).hex()}]


def proof_files_cases() -> list[Case]:
    made = receipt.make(0, HEADER, cosigned(7), node_source(leaf_hashes(7))).decode()
    parsed = proof_file.parse(made.encode())
    strict = policy.for_log(LOG, {"city.example": MIRROR, "army.example": SECOND}, "all").to_bytes().decode()
    loose = POLICY.to_bytes().decode()
    other = policy.for_log(key_of(ORIGIN, keys.ED25519, 3), {}, "all").to_bytes().decode()
    swapped = proof_file.ProofFile(1, parsed.hashes, parsed.checkpoint, HEADER).to_bytes().decode()
    first_hash = made.split("\n")[3]
    judged = {
        "good": ("good", made, loose),
        "quorum not met": ("incomplete", made, strict),
        "nobody cosigned": (
            "incomplete",
            receipt.make(0, HEADER, signed(7), node_source(leaf_hashes(7))).decode(),
            loose,
        ),
        "another index": ("refused", swapped, loose),
        "another header": ("refused", made.replace("extra e", "extra f"), loose),
        "another log key": ("refused", made, other),
        "hash missing": ("refused", made.replace(f"{first_hash}\n", ""), loose),
        "hash twice": ("refused", made.replace(f"{first_hash}\n", f"{first_hash}\n" * 2), loose),
        "no header": ("refused", proof_file.ProofFile(0, parsed.hashes, parsed.checkpoint).to_bytes().decode(), loose),
        "another first line": ("malformed", made.replace("@v1", "@v2"), loose),
        "index with a leading zero": ("malformed", made.replace("index 0", "index 00"), loose),
        "index not below the size": ("malformed", made.replace("index 0", "index 7"), loose),
        "no index": ("malformed", made.replace("index 0\n", ""), loose),
        "hash of 31 bytes": ("malformed", made.replace(first_hash, base64.b64encode(bytes(31)).decode()), loose),
        "carriage returns": ("malformed", made.replace("\n", "\r\n"), loose),
        "64 hashes": ("malformed", made.replace(f"{first_hash}\n", f"{first_hash}\n" * 62), loose),
        "cut": ("malformed", made[:-1], loose),
    }
    body = {"salt": SALT.hex(), "body": octets(BODY)}
    return [
        {"name": name, "expect": expect, "file": text, "policy": rules, **({"content": body} if name == "good" else {})}
        for name, (expect, text, rules) in judged.items()
    ]


def policies_cases() -> list[Case]:
    mirror, second = f"witness m {MIRROR.to_string()}\n", f"witness s {SECOND.to_string()}\n"
    good: dict[str, tuple[str, dict[str, bool]]] = {
        "of a circle": (POLICY.to_bytes().decode(), {"": False, "city.example": True, "army.example": True}),
        "nobody needed": ("quorum none\n", {"": True}),
        "one witness": (f"{mirror}quorum m\n", {"": False, "m": True}),
        "all of two": (f"{mirror}{second}group g all m s\nquorum g\n", {"m": False, "m s": True}),
        "two levels": (f"{mirror}group x any m\n{second}group g 2 x s\nquorum g\n", {"m": False, "m s": True}),
        "comments and blanks": (f"# why\n\n \t{mirror}  # more\nquorum\tm \n", {"m": True}),
        "addresses": (f"log {LOG.to_string()} https://guard.example\nquorum none\n", {"": True}),
    }
    bad = {
        "no quorum": mirror,
        "two quorums": "quorum none\nquorum none\n",
        "unknown quorum": "quorum nobody\n",
        "quorum before its witness": f"quorum m\n{mirror}",
        "no line feed at the end": "quorum none",
        "same key twice": f"{mirror}witness n {MIRROR.to_string()}\nquorum m\n",
        "same name twice": f"{mirror}witness m {SECOND.to_string()}\nquorum m\n",
        "name none": f"witness none {MIRROR.to_string()}\nquorum none\n",
        "member of two groups": f"{mirror}group g any m\ngroup h any m\nquorum h\n",
        "member twice": f"{mirror}group g any m m\nquorum g\n",
        "three of two": f"{mirror}{second}group g 3 m s\nquorum g\n",
        "threshold 0": f"{mirror}group g 0 m\nquorum g\n",
        "empty group": f"{mirror}group g any\nquorum g\n",
        "log key as witness": f"witness m {LOG.to_string()}\nquorum m\n",
        "cosigning key as log": f"log {MIRROR.to_string()}\nquorum none\n",
        "unknown line": "quota none\nquorum none\n",
    }
    found: list[Case] = [
        {"name": name, "expect": "good", "policy": text, "satisfied": counts} for name, (text, counts) in good.items()
    ]
    return found + [{"name": name, "expect": "bad", "policy": text} for name, text in bad.items()]


def tiles_cases() -> list[Case]:
    good = [tiles.Tile(0, 0), tiles.Tile(1, 1_234_067), tiles.Tile(0, 273, 112), tiles.Tile(None, 12_345, 1)]
    found: list[Case] = [
        {"name": tile.path(), "path": tile.path(), "expect": "good",
         "level": "entries" if tile.level is None else tile.level, "number": tile.number, "width": tile.width}
        for tile in good
    ]  # fmt: skip
    bad = ["tile/0/0", "tile/00/000", "tile/64/000", "tile/0/x000/001", "tile/0/001/000", "tile/0/000.p/256", "tile/0/"]
    found += [{"name": path, "path": path, "expect": "bad"} for path in bad]
    bundle = tiles.encode_bundle([b"", b"a", HEADER])
    found += [{"name": "bundle of three", "bundle": bundle.hex(), "expect": "good", "lengths": [0, 1, len(HEADER)]}]
    broken = {"empty bundle": b"", "cut bundle": bundle[:-1], "257 entries": bytes(2 * 257)}
    return found + [{"name": name, "bundle": data.hex(), "expect": "bad"} for name, data in broken.items()]


FILES: dict[str, tuple[str, Callable[[], list[Case]]]] = {
    "keys.json": ("Verifier keys: name+id+base64(type and public key)", keys_cases),
    "notes.json": ("Signed notes: malformed = no note; refused = no good signature of a known key", notes_cases),
    "checkpoints.json": ("Checkpoints signed by the log key 32 x 01", checkpoints_cases),
    "cosignatures.json": ("Cosignatures of kind 0x04; times in seconds", cosignatures_cases),
    "proofs.json": ("Roots and proofs over the leaves given first; hashes in hex", proofs_cases),
    "proof_files.json": ("Receipts: incomplete = all good but the policy's quorum", proof_files_cases),
    "policies.json": ("Policies: which sets of cosigning witnesses satisfy them", policies_cases),
    "tiles.json": ("Paths of tiles; entry bundles in hex", tiles_cases),
}


def files() -> dict[str, str]:
    """The text of each vector file by its name."""
    return {
        name: json.dumps({"generated": GENERATED, "about": about, "cases": make()}, ensure_ascii=False, indent=1) + "\n"
        for name, (about, make) in FILES.items()
    }


def write() -> None:
    """Writes all files into docs/spec/vectors/tlog."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    write()
