"""The published age vectors: every good file opens, every bad one fails where the vector says."""

import hashlib
import io
import zlib
from pathlib import Path
from typing import NamedTuple

import pytest

from accordant.seal import armor, errors
from accordant.seal.age import open_stream
from accordant.seal.header import LOCAL_FILE
from accordant.seal.recipients import Identity, ScryptIdentity, parse_identity

EXPECTED_COUNT = 143
FAILURES: dict[str, type[errors.BadSealed]] = {
    "header failure": errors.BadHeader,
    "no match": errors.NoMatch,
    "HMAC failure": errors.BadMac,
    "payload failure": errors.BadPayload,
    "armor failure": errors.BadArmor,
}


class Vector(NamedTuple):
    """One file of the collection: what it promises about itself, and the sealed bytes."""

    expect: str
    payload: str | None
    identities: list[Identity]
    armored: bool
    sealed: bytes


def read_vector(path: Path) -> Vector:
    head, _, sealed = path.read_bytes().partition(b"\n\n")
    fields = [line.split(": ", 1) for line in head.decode().splitlines()]
    identities: list[Identity] = [parse_identity(value) for name, value in fields if name == "identity"]
    identities += [ScryptIdentity(value) for name, value in fields if name == "passphrase"]
    single = dict(fields)
    if "compressed" in single:
        sealed = zlib.decompress(sealed)
    return Vector(single["expect"], single.get("payload"), identities, "armored" in single, sealed)


def open_vector(vector: Vector, plaintext: "hashlib._Hash") -> None:
    data = armor.dearmor(vector.sealed) if vector.armored else vector.sealed
    for chunk in open_stream(io.BytesIO(data).read, vector.identities, LOCAL_FILE):
        plaintext.update(chunk)


def check(path: Path) -> None:
    vector = read_vector(path)
    plaintext = hashlib.sha256()
    if vector.expect == "success":
        open_vector(vector, plaintext)
    else:
        with pytest.raises(FAILURES[vector.expect]) as caught:
            open_vector(vector, plaintext)
        assert type(caught.value) is FAILURES[vector.expect], path.name
    if vector.payload is not None:
        assert plaintext.hexdigest() == vector.payload, path.name


# The longest prefix that fits a file's name takes it: the three files of 16 MiB run by themselves.
SORTS = ["", "armor", "hybrid", "scrypt", "stanza", "stream", "x25519"]
SORTS += ["stream_257_chunks", "stream_257_chunks_full", "stream_258_chunks"]


@pytest.mark.parametrize("sort", SORTS)
def test_published_vectors_open_or_fail_as_they_say_when_read(shared: Path, sort: str) -> None:
    paths = sorted((shared / "vectors" / "age").iterdir())
    assert len(paths) == EXPECTED_COUNT
    for path in paths:
        if sort == max((each for each in SORTS if path.name.startswith(each)), key=len):
            check(path)
