"""The published vectors of `docs/spec/vectors/entries`: up to date, and judged as they say."""

import json
from typing import Any

import pytest

from accordant.entries import cards, circles, envelope, manifest
from accordant.tlog import note
from tests.entries import make_vectors


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((make_vectors.FOLDER / name).read_text())["cases"]
    return found


def octets(value: dict[str, str]) -> bytes:
    return value["utf8"].encode() if "utf8" in value else bytes.fromhex(value["hex"])


@pytest.mark.parametrize("name", make_vectors.FILES)
def test_vectors_are_what_the_generator_makes(name: str) -> None:
    _, make = make_vectors.FILES[name]
    assert cases(name) == json.loads(json.dumps(make())), "run: python -m tests.entries.make_vectors"
    assert len({case["name"] for case in cases(name)}) == len(cases(name))


def test_headers_are_judged_as_published() -> None:
    judged = cases("headers.json")
    for case in judged:
        data = octets(case["header"])
        try:
            envelope.decode_header(data)
        except envelope.BadHeader:
            assert case["expect"] == "bad", case["name"]
            continue
        assert case["expect"] == "good", case["name"]
        assert envelope.leaf_hash(data).hex() == case["leaf"]
    assert sum(case["expect"] == "bad" for case in judged) >= 60


def test_bodies_are_judged_as_published() -> None:
    for case in cases("bodies.json"):
        body = octets(case["body"])
        try:
            envelope.decode_body(body)
            if "header" in case:
                header = envelope.decode_header(octets(case["header"]))
                envelope.check_body(header, bytes.fromhex(case["salt"]), body)
        except envelope.BadBody:
            assert case["expect"] != "good", case["name"]
            continue
        assert case["expect"] == "good", case["name"]


def test_cards_are_judged_as_published() -> None:
    for case in cases("cards.json"):
        try:
            signed = cards.read(octets(case["card"]))
        except cards.BadCard:
            assert case["expect"] == "bad", case["name"]
            continue
        assert case["expect"] == "good", case["name"]
        mark = cards.fingerprint(signed.card.root)
        assert (cards.fingerprint_digits(mark), cards.fingerprint_words(mark)) == (case["fingerprint"], case["words"])


def test_geneses_are_judged_as_published() -> None:
    for case in cases("geneses.json"):
        try:
            circle = circles.circle_of(case["genesis"])
        except circles.BadGenesis:
            assert case["expect"] == "bad", case["name"]
            continue
        assert (case["expect"], case["circle"]) == ("good", circle.id), case["name"]


def test_manifests_are_judged_as_published() -> None:
    for case in cases("manifests.json"):
        try:
            manifest.read(octets(case["manifest"])).verify(note.VerifierKey.parse(case["key"]))
        except manifest.BadManifest:
            assert case["expect"] == "bad", case["name"]
            continue
        assert case["expect"] == "good", case["name"]
