"""Statements and manifests: signed notes of a type line and one CJ object."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.entries import cards, codec, limits, manifest, statements
from accordant.tlog import note
from tests.entries.builders import CIRCLE, ORIGIN, agency_key

LINK = note.VerifierKey.make(
    "guard.example/link", cards.ED25519, agency_key("guard.example", "link").public_key().public_bytes_raw()
)
OTHER = note.VerifierKey.make(
    "police.example/link", cards.ED25519, agency_key("police.example", "link").public_key().public_bytes_raw()
)


def _manifest(**changes: Any) -> manifest.Manifest:
    values: dict[str, Any] = {
        "v": 1,
        "id": "ab" * 16,
        "sender": "guard.example",
        "to": ("police.example",),
        "circles": (CIRCLE,),
        "cipher": "age",
        "at": 1,
    }
    values.update(changes)
    return manifest.Manifest(**values)


def _written(built: manifest.Manifest) -> bytes:
    return manifest.write(built, key=LINK, sign=agency_key("guard.example", "link").sign)


def test_a_manifest_comes_back_as_it_was_signed() -> None:
    built = _manifest(
        re="cd" * 16,
        sections=(manifest.SectionMark(ORIGIN, 0, 5, 5),),
        have=(manifest.Head(ORIGIN, 5, "ab" * 32),),
        want=(manifest.Want(ORIGIN, 3, ((0, 2),)),),
        more=True,
        refused=(manifest.RefusedSection("gap", ORIGIN, 2),),
    )
    assert manifest.read(_written(built)).verify(LINK) == built
    assert b'"from":"guard.example"' in _written(_manifest())
    assert b'"re"' not in _written(_manifest())


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"cipher": "none"},
        {"sender": "guard"},
        {"to": ()},
        {"to": ("a.example",) * 5},
        {"to": ("a",)},
        {"circles": ("x",)},
        {"id": "ab"},
        {"have": (manifest.Head(ORIGIN, 5, "ab" * 32),) * 1201},
        {"have": (manifest.Head(ORIGIN, -1, "ab" * 32),)},
        {"want": (manifest.Want(ORIGIN, -5),)},
        {"want": (manifest.Want(ORIGIN, 9, ((-1, 2),)),)},
        {"want": (manifest.Want(ORIGIN, 9, ((2, 2),)),)},
        {"want": (manifest.Want(ORIGIN, 9, ((0, 3), (2, 5))),)},
        {"want": (manifest.Want(ORIGIN, 9, ((4, 5), (0, 1))),)},
        {"want": (manifest.Want(ORIGIN, 999, tuple((i, i + 1) for i in range(0, 130, 2))),)},
    ],
)
def test_a_manifest_that_breaks_a_rule_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(manifest.BadManifest):
        manifest.read(_written(_manifest(**changes)))


def test_as_many_runs_as_a_manifest_may_hold_are_read() -> None:
    built = _manifest(want=(manifest.Want(ORIGIN, 999, tuple((i, i + 1) for i in range(limits.WANT_RUNS))),))
    assert manifest.read(_written(built)).manifest == built


def test_a_manifest_of_another_signer_is_refused() -> None:
    unverified = manifest.read(_written(_manifest()))
    with pytest.raises(manifest.BadManifest):
        unverified.verify(OTHER)
    with pytest.raises(manifest.BadManifest, match="at most"):
        manifest.read(b"x" * 300_000)


@given(st.binary(max_size=200))
def test_only_bad_manifest_escapes(data: bytes) -> None:
    with pytest.raises(manifest.BadManifest):
        manifest.read(data)


def test_a_statement_has_two_lines_of_its_own_type() -> None:
    sign = agency_key("guard.example", "link").sign
    good = statements.write("parcel", {"a": 1}, key=LINK, sign=sign)
    plain, parsed = statements.read_unverified("parcel", good, codec.MANIFEST)
    assert plain == {"a": 1}
    statements.verify(parsed, [LINK])
    with pytest.raises(statements.BadStatement):
        statements.verify(parsed, [LINK, OTHER])
    for text in (
        "accordant/parcel/v1\n",
        "accordant/parcel/v1\n{}\n{}\n",
        "accordant/card/v1\n{}\n",
        "accordant/parcel/v1\n{} \n",
    ):
        data = note.sign_text(text, LINK, sign).to_bytes()
        with pytest.raises(statements.BadStatement):
            statements.read_unverified("parcel", data, codec.MANIFEST)
