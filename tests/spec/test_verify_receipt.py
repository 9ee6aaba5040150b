"""The independent checker `docs/spec/verify_receipt.py`: says the same as the library, in words."""

import ast
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.entries import cards, envelope
from accordant.tlog import checkpoint, cosignature, keys, merkle, note, policy, receipt
from accordant.tlog.spelling import encode_base64
from tests.tlog.fixed import (
    BODY,
    HEADER,
    LOG,
    MIRROR,
    ORIGIN,
    POLICY,
    ROOT,
    SALT,
    SECOND,
    TIME,
    checkpoint_of,
    cosigned,
    key_of,
    leaf_hashes,
    node_source,
    private,
    public,
    signed,
)
from tests.tlog.test_vectors import cases, octets

PROGRAM = Path(__file__).resolve().parents[2] / "docs" / "spec" / "verify_receipt.py"


def load() -> ModuleType:
    specification = importlib.util.spec_from_file_location("verify_receipt", PROGRAM)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


program = load()


def words(data: bytes, trust: list[bytes], body: bytes | None = None) -> str:
    """What the program says: the sentences, or why not."""
    try:
        return "\n".join(program.check(data, trust, body))
    except program.Refused as error:
        return f"NOT PROVED: {error}"


def made(header: bytes = HEADER, index: int = 0, signed_by: note.Note | None = None) -> bytes:
    return receipt.make(index, header, signed_by or cosigned(7), node_source(leaf_hashes(7)))


def card(agency: str, root: int, log: int, mirror: int) -> bytes:
    """A card whose keys are those of these private keys."""
    recipient = cards.SealKey("age1" + "q" * 58, 0)
    listed = [("log", log), ("m", mirror), ("link", root + 100)]
    content = cards.Card(
        v=1,
        agency=agency,
        name=cards.CardName(vi=agency, en=agency),
        serial=1,
        at=1,
        root=(key_of(agency, keys.ED25519, root).to_string(),),
        keys=tuple(cards.CardKey(use, "ed25519", encode_base64(public(number)), 0) for use, number in listed),
        seal=(recipient,),
        urls=("https://node.example:8443",),
    )
    return cards.write(content, sign=private(root).sign).data


GUARD, CITY, ARMY = card("guard.example", 3, 1, 7), card("city.example", 8, 9, 2), card("army.example", 10, 11, 6)


def test_program_needs_nothing_of_ours() -> None:
    tree = ast.parse(PROGRAM.read_text())
    roots = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    roots |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert roots - sys.stdlib_module_names == {"cryptography"}


def test_receipt_with_its_content_is_said_in_words() -> None:
    said = words(made(), [POLICY.to_bytes()], SALT + BODY)
    assert said.split("\n") == [
        f"Entry 0 of the log {ORIGIN} is 'information.item-sent', for [\"city.example\"].",
        "guard.example signed that its first 7 entries hold exactly this entry at this place.",
        (
            "city.example durably held, by 2026-07-02 13:47:40+00:00 of its clock, all headers below 7 and the content "
            "addressed to it, but for what its log names as missing."
        ),
        "Of army.example nothing is proved: it has not signed for this.",
        "The content given (26 bytes after its salt) is the one that the entry commits to.",
    ]


@pytest.mark.parametrize(
    "body", [SALT + BODY + b" ", SALT[1:] + b"\x00" + BODY, BODY, b"", SALT, SALT + BODY.replace(b"ch", b"Ch")]
)
def test_other_content_is_not_proved(body: bytes) -> None:
    assert "NOT PROVED: the content is not" in words(made(), [POLICY.to_bytes()], body)


def test_receipt_is_checked_against_cards() -> None:
    said = words(made(), [GUARD, CITY])
    assert "The card of guard.example has the fingerprint 62623 32819 31218 14198 40164 44324 41489 41759." in said
    assert "city.example durably held" in said
    assert "NOT PROVED: That is not everybody" in words(made(), [GUARD, CITY, ARMY])
    assert "no card of guard.example" in words(made(), [CITY])
    assert "two cards are of one agency" in words(made(), [GUARD, GUARD])
    assert "one policy, or cards alone" in words(made(), [POLICY.to_bytes(), GUARD])
    assert "one policy, or cards alone" in words(made(), [GUARD, POLICY.to_bytes()])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"serial":1', b'"serial":2'),
        (b'"v":1', b'"v": 1'),
        (b'"agency":"guard.example"', b'"agency":"other.example"'),
        (b'"agency":"guard.example"', b'"agency":["other.example"]'),
        (b'"root":[', b'"rood":['),
        (b'"keys":[', b'"kays":['),
        (b'"keys":[', b'"keys":[5,'),
        (b'"keys":[', b'"keys":[{"alg":"ed25519","key":5,"use":"log"},'),
        (b"card/v1", b"card/v2"),
    ],
)
def test_changed_card_is_not_trusted(old: bytes, new: bytes) -> None:
    changed = GUARD.replace(old, new)
    assert words(made(), [changed]).startswith("NOT PROVED")
    # Also when its own root signs the change.
    signed_again = note.sign_text(note.parse(changed).text, ROOT, private(3).sign).to_bytes()
    good_still = old == b'"serial":1'
    assert words(made(), [signed_again]).startswith("NOT PROVED") is not good_still


def test_card_with_a_bad_line_of_its_root_is_not_trusted() -> None:
    parsed = note.parse(GUARD)
    forged = note.NoteSignature(ROOT.name, ROOT.key_id, bytes(64))
    changed = note.Note(parsed.text, (forged, *parsed.signatures)).to_bytes()
    assert "not signed by its root" in words(made(), [changed])


def test_key_that_its_card_revokes_is_not_trusted() -> None:
    content = json.loads(GUARD.split(b"\n")[1])
    content["revoked"] = [{"key": encode_base64(public(1)), "last": []}]
    text = "accordant/card/v1\n" + json.dumps(content, sort_keys=True, separators=(",", ":")) + "\n"
    changed = note.sign_text(text, ROOT, private(3).sign).to_bytes()
    assert "no key you trust signed" in words(made(), [changed])


def test_paper_receipt_says_who_had_how_much() -> None:
    line = cosignature.cosign(checkpoint_of(7), MIRROR, TIME, private(2).sign)
    paper = b"ACCORDANT1:" + encode_base64(note.Note(checkpoint_of(7).text(), (line,)).to_bytes()).encode() + b"\n"
    said = words(paper, [CITY])
    assert f"Log {ORIGIN}: city.example durably held, by 2026-07-02 13:47:40+00:00" in said
    assert "nobody you trust" in words(paper, [ARMY])
    assert words(paper.replace(b"ACCORDANT1:", b"ACCORDANT1:A"), [CITY]).startswith("NOT PROVED")


@pytest.mark.parametrize("case", cases("proof_files.json"), ids=lambda case: str(case["name"]))
def test_published_receipts_are_judged_as_published(case: dict[str, Any]) -> None:
    said = words(case["file"].encode(), [case["policy"].encode()])
    assert said.startswith("NOT PROVED") is (case["expect"] != "good")
    assert ("not everybody" in said) is (case["expect"] == "incomplete")


def refused(attempt: Callable[..., object], *arguments: object) -> bool:
    try:
        attempt(*arguments)
    except program.Refused:
        return True
    return False


def test_published_notes_keys_and_policies_are_judged_as_published() -> None:
    for case in cases("notes.json"):
        assert refused(program.note_in, octets(case["note"])) is (case["expect"] == "malformed"), case["name"]
    for case in cases("keys.json"):
        if case.get("kind") not in (keys.COSIGNATURE_ML_DSA_44, keys.ML_DSA_44):
            assert refused(program.key_of, case["vkey"]) is (case["expect"] == "bad"), case["name"]
    for case in cases("policies.json"):
        data = case["policy"].encode()
        assert refused(program.trust_in_policy, data) is (case["expect"] == "bad"), case["name"]
        for names, enough in case.get("satisfied", {}).items():
            assert program.trust_in_policy(data).enough(set(names.split()), "") is enough, case["name"]


def test_published_checkpoints_and_cosignatures_are_judged_as_published() -> None:
    for case in cases("checkpoints.json"):
        text = note.parse(case["checkpoint"].encode())
        malformed = refused(program.checkpoint_of, program.Note(text.text, []))
        assert malformed is (case["expect"] == "malformed"), case["name"]
    for case in cases("cosignatures.json"):
        parties = {vkey.split("+")[0]: [program.key_of(vkey)] for vkey in case["known"]}
        trust = program.Trust(None, parties, None)
        data = program.note_in(case["checkpoint"].encode())
        assert refused(program.times_in, data, trust) is (case["expect"] == "refused"), case["name"]
        if case["expect"] == "good":
            assert program.times_in(data, trust) == case["verified"]


def library_proves(data: bytes, rules: bytes) -> bool:
    try:
        found = receipt.verify(data, policy.parse(rules))
        header = envelope.decode_header(found.header)
        envelope.check_position(header, origin=found.checkpoint.origin, index=found.index)
    except ValueError:
        return False
    return True


@given(st.integers(0, len(made()) - 1), st.binary(min_size=1, max_size=3), st.integers(0, 3))
def test_changed_receipt_is_judged_as_by_the_library(at: int, new: bytes, cut: int) -> None:
    data = made()
    data = data[:at] + new + data[at + cut :]
    rules = POLICY.to_bytes()
    assert words(data, [rules]).startswith("NOT PROVED") is not library_proves(data, rules)


@pytest.mark.parametrize(
    "header",
    [
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        HEADER.replace(b'"v":1', b'"v":2'),
        HEADER.replace(b'"v":1', b'"v":true'),
        HEADER.replace(b'"seq":0', b'"seq":1'),
        HEADER.replace(b'"seq":0', b'"seq":false'),
        HEADER.replace(b'"seq":0', b'"seq":-0'),
        HEADER.replace(b'"seq":0', b'"seq":0.0'),
        HEADER.replace(b'"log":"guard', b'"log":"other'),
        HEADER.replace(b'"kv":1', b'"kv": 1'),
        HEADER.replace(b'"kv":1', b'"kv":1,"kv":1'),
        HEADER.replace(b'"kv":1', b'"kv":9007199254740992'),
        HEADER.replace(b'"kv":1', b'"kv":null'),
        HEADER.replace(b'"d":{', b'"d":{"a":[],'),
        HEADER.replace(b'"d":{', b'"d":{"A":1,'),
        HEADER.replace(b'"d":{', b'"d":{"a":"\\ud800",'),
        HEADER.replace(b'"d":{', b'"d":{"a":"\\u0007",'),
        HEADER.replace(b'"d":{', '"d":{"a":"\u202e",'.encode()),
        HEADER.replace(b'"d":{', b'"d":{"a":' + b"[" * 9 + b"1" + b"]" * 9 + b","),
        HEADER.replace(b'"d":{', b'"d":{"a":' + b"[" * 3000 + b"1" + b"]" * 3000 + b","),
    ],
)
def test_header_that_is_none_is_not_proved_though_it_is_signed(header: bytes) -> None:
    """The log's owner can sign anything; what is no header of that place proves nothing."""
    leaf = merkle.leaf_hash(header)
    seen = checkpoint.Checkpoint(ORIGIN, 1, leaf)
    note_of_one = checkpoint.sign(seen, LOG, private(1).sign)
    data = receipt.make(0, header, note_of_one, node_source([leaf]))
    rules = policy.for_log(LOG, {}, "all").to_bytes()
    assert words(data, [rules]).startswith("NOT PROVED")
    assert not library_proves(data, rules)


def test_good_header_of_one_is_proved() -> None:
    leaf = merkle.leaf_hash(HEADER)
    note_of_one = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 1, leaf), LOG, private(1).sign)
    data = receipt.make(0, HEADER, note_of_one, node_source([leaf]))
    rules = policy.for_log(LOG, {}, "all").to_bytes()
    assert not words(data, [rules]).startswith("NOT PROVED")
    assert library_proves(data, rules)


def run(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


@pytest.mark.slow  # starts the program five times
def test_command_line_answers_with_its_exit_code(tmp_path: Path) -> None:
    file, rules, body = tmp_path / "letter.tlog-proof", tmp_path / "circle.policy", tmp_path / "letter.body"
    file.write_bytes(made())
    rules.write_bytes(POLICY.to_bytes())
    without = run(file, rules)
    assert (without.returncode, without.stdout.split("\n")[0]) == (0, "PROVED")
    assert "The content was not given" in without.stdout
    body.write_bytes(SALT + BODY)
    assert "26 bytes" in run(file, rules).stdout
    other = tmp_path / "other.body"
    other.write_bytes(SALT + BODY + b"!")
    changed = run(file, rules, "--body", other)
    assert (changed.returncode, changed.stdout[:10]) == (1, "NOT PROVED")
    missing = run(tmp_path / "nothing", rules)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "cannot be read" in missing.stderr
    assert run().returncode == 2


def test_nobody_cosigned_is_said_by_name() -> None:
    said = words(made(signed_by=signed(7)), [policy.for_log(LOG, {"a.example": MIRROR, "b": SECOND}, "all").to_bytes()])
    assert "Of a.example nothing is proved" in said
    assert "Of b nothing is proved" in said
