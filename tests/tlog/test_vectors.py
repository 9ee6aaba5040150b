"""The published vectors of `docs/spec/vectors/tlog`: up to date, and judged as they say."""

import json
from typing import Any

import pytest

from accordant.tlog import checkpoint, cosignature, keys, merkle, note, policy, proof, proof_file, receipt, tiles
from tests.tlog import make_vectors
from tests.tlog.fixed import BODY, HEADER, QUANTUM_SAFE_KEY, SALT, checkpoint_of, commitment


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((make_vectors.FOLDER / name).read_text())["cases"]
    return found


def octets(value: dict[str, str]) -> bytes:
    return value["utf8"].encode() if "utf8" in value else bytes.fromhex(value["hex"])


@pytest.mark.parametrize("name", make_vectors.FILES)
def test_vectors_are_what_the_generator_makes(name: str) -> None:
    _, make = make_vectors.FILES[name]
    assert cases(name) == json.loads(json.dumps(make())), "run: python -m tests.tlog.make_vectors"
    assert len({case["name"] for case in cases(name)}) == len(cases(name))


def test_keys_are_judged_as_published() -> None:
    for case in cases("keys.json"):
        try:
            key = keys.VerifierKey.parse(case["vkey"])
        except keys.BadKey:
            assert case["expect"] == "bad", case["name"]
            continue
        assert case["expect"] == "good", case["name"]
        assert (key.name, key.kind) == (case["key_name"], case["kind"])
        assert (key.key_id.hex(), key.public_key.hex()) == (case["key_id"], case["public_key"])


def judged_note(case: dict[str, Any]) -> str:
    try:
        parsed = note.parse(octets(case["note"]))
    except note.BadNote:
        return "malformed"
    try:
        note.verify(parsed, [keys.VerifierKey.parse(vkey) for vkey in case["known"]])
    except note.BadNote:
        return "refused"
    return "good"


def test_notes_are_judged_as_published() -> None:
    for case in cases("notes.json"):
        assert judged_note(case) == case["expect"], case["name"]


def judged_checkpoint(case: dict[str, Any]) -> str:
    try:
        parsed, signed = checkpoint.parse(case["checkpoint"].encode())
    except checkpoint.BadCheckpoint:
        return "malformed"
    try:
        checkpoint.verify(signed, [keys.VerifierKey.parse(vkey) for vkey in case["known"]])
    except checkpoint.BadCheckpoint:
        return "refused"
    assert (parsed.origin, parsed.size, parsed.root.hex()) == (case["origin"], case["size"], case["root"])
    return "good"


def test_checkpoints_are_judged_as_published() -> None:
    for case in cases("checkpoints.json"):
        assert judged_checkpoint(case) == case["expect"], case["name"]


def test_cosignatures_are_judged_as_published() -> None:
    for case in cases("cosignatures.json"):
        known = [keys.VerifierKey.parse(vkey) for vkey in case["known"]]
        try:
            found = cosignature.verify(note.parse(case["checkpoint"].encode()), known)
        except cosignature.BadCosignature:
            assert case["expect"] == "refused", case["name"]
            continue
        assert case["expect"] == "good", case["name"]
        assert {cosigned.key.name: cosigned.time for cosigned in found} == case["verified"]


def test_post_quantum_cosignature_is_good() -> None:
    """Made once and kept, as ML-DSA signatures differ each time."""
    case = cases("ml_dsa_44.json")[0]
    key = keys.VerifierKey.parse(case["vkey"])
    assert key == QUANTUM_SAFE_KEY
    assert cosignature.signed_message(checkpoint_of(1), key, case["time"]).hex() == case["signed_message"]
    found = cosignature.verify(note.parse(case["checkpoint"].encode()), [key])
    assert [(cosigned.key, cosigned.time) for cosigned in found] == [(key, case["time"])]


def test_proofs_are_judged_as_published() -> None:
    found = cases("proofs.json")
    leaves = [merkle.leaf_hash(octets(leaf)) for leaf in found[0]["leaves"]]
    roots = {case["size"]: bytes.fromhex(case["root"]) for case in found if "root" in case}
    assert {size: merkle.root_of(leaves[:size]) for size in range(22)} == roots
    for case in found:
        hashes = [bytes.fromhex(value) for value in case.get("hashes", [])]
        if "index" in case:
            proof.verify_inclusion(leaves[case["index"]], case["index"], case["size"], hashes, roots[case["size"]])
        if "old_size" in case:
            old, new = case["old_size"], case["new_size"]
            proof.verify_consistency(old, new, hashes, roots[old], roots[new])


def judged_proof_file(case: dict[str, Any]) -> str:
    data, rules = case["file"].encode(), policy.parse(case["policy"].encode())
    try:
        proof_file.parse(data)
    except proof_file.BadProofFile:
        return "malformed"
    try:
        found = receipt.examine(data, rules)
    except receipt.BadReceipt:
        return "refused"
    assert found.header == HEADER
    return "good" if found.complete else "incomplete"


def test_proof_files_are_judged_as_published() -> None:
    for case in cases("proof_files.json"):
        assert judged_proof_file(case) == case["expect"], case["name"]
        if "content" in case:
            assert (octets(case["content"]["body"]), bytes.fromhex(case["content"]["salt"])) == (BODY, SALT)
            assert json.loads(HEADER)["b"]["c"] == commitment(SALT, BODY)


def test_policies_are_judged_as_published() -> None:
    for case in cases("policies.json"):
        try:
            parsed = policy.parse(case["policy"].encode())
        except policy.BadPolicy:
            assert case["expect"] == "bad", case["name"]
            continue
        assert case["expect"] == "good", case["name"]
        assert {names: parsed.satisfied(names.split()) for names in case["satisfied"]} == case["satisfied"]


def judged_tile(case: dict[str, Any]) -> str:
    try:
        if "path" in case:
            tile = tiles.parse_path(case["path"])
            assert (tile.number, tile.width) == (case["number"], case["width"])
        else:
            assert [len(entry) for entry in tiles.decode_bundle(bytes.fromhex(case["bundle"]))] == case["lengths"]
    except tiles.BadTile:
        return "bad"
    return "good"


def test_tiles_are_judged_as_published() -> None:
    for case in cases("tiles.json"):
        assert judged_tile(case) == case["expect"], case["name"]
