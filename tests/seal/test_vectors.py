"""The published vectors of `docs/spec/vectors/seal`: up to date, and judged as they say."""

import base64
import json
from typing import Any

import pytest

from accordant.seal.errors import BadParcel, BadRecipient
from accordant.seal.padding import padded_size, size_class
from accordant.seal.parcel import read_groups
from accordant.seal.recipients import parse_identity, parse_recipient
from tests.seal import make_vectors
from tests.seal.samples import shown


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((make_vectors.FOLDER / name).read_text())["cases"]
    return found


@pytest.mark.parametrize("name", make_vectors.FILES)
def test_vectors_are_what_the_generator_makes(name: str) -> None:
    assert len({case["name"] for case in cases(name)}) == len(cases(name)) > 0
    if name != make_vectors.HYBRID_FILE:
        text = (make_vectors.FOLDER / name).read_text()
        assert text == make_vectors.text_of(name), "run: python -m tests.seal.make_vectors"


def test_keys_are_judged_as_published() -> None:
    for case in cases("keys.json"):
        if case["expect"] == "good":
            assert str(parse_identity(case["identity"]).recipient()) == case["recipient"], case["name"]
            assert str(parse_recipient(case["recipient"])) == case["recipient"]
        else:
            with pytest.raises(BadRecipient):
                parse_recipient(case["recipient"])


def test_sizes_are_padded_as_published() -> None:
    for case in cases("padding.json"):
        assert (size_class(case["size"]), padded_size(case["size"])) == (case["class"], case["padded"])


def test_records_are_judged_as_published() -> None:
    for case in cases("records.json"):
        given: list[object] = []
        expect = "good"
        try:
            given.extend(shown(group) for group in read_groups(iter([base64.b64decode(case["records"])])))
        except BadParcel as refusal:
            expect = refusal.code
        assert (expect, given) == (case["expect"], case["groups"]), case["name"]


@pytest.mark.parametrize("name", ["parcels.json", make_vectors.HYBRID_FILE])
def test_parcels_are_judged_as_published(name: str) -> None:
    for case in cases(name):
        judged = make_vectors.judged(base64.b64decode(case["parcel"]), parse_identity(case["identity"]))
        assert judged == (case["expect"], case["groups"]), case["name"]


def test_bad_records_and_bad_parcels_are_among_the_published_ones() -> None:
    codes = {case["expect"] for name in ("records.json", "parcels.json") for case in cases(name)}
    assert codes == {"good", "order", "type", "record", "count", "limit", "cut", "header", "no-match", "mac"}
