"""What is generated is up to date: nothing was written by hand, nothing forgotten (habit 16)."""

import json
from pathlib import Path

import pytest

from accordant.entries import envelope, kinds
from tests.architecture.tree import ROOT, none_of
from tools import generated

DOCUMENTS = generated.documents()


def test_documents_are_up_to_date() -> None:
    problems = [
        f"{path.relative_to(ROOT)} is {'stale' if path.is_file() else 'missing'}; run `make generated`"
        for path, text in DOCUMENTS.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    problems += [
        f"{path.relative_to(ROOT)} belongs to no kind; run `make generated`" for path in generated.stale(DOCUMENTS)
    ]
    none_of(problems)


def test_generated_documents_say_so_first() -> None:
    none_of(
        [
            f"{path}: says nothing of being generated"
            for path, text in DOCUMENTS.items()
            if generated.NOTE not in text[:80]
        ]
    )


@pytest.mark.parametrize(
    "path",
    [path for path in DOCUMENTS if path.parent.name == "kinds" and "vectors" in path.parts],
    ids=lambda path: path.stem,
)
def test_vector_reads_back_as_its_kind(path: Path) -> None:
    held = json.loads(DOCUMENTS[path])
    data = held["header"].encode()
    header = envelope.decode_header(data)
    assert envelope.leaf_hash(data).hex() == held["leaf"]
    body: dict[str, object] | None = None
    if "body" in held:
        envelope.check_body(header, bytes.fromhex(held["salt"]), held["body"].encode())
        facts = envelope.decode_body(held["body"].encode())["d"]
        assert isinstance(facts, dict)
        body = facts
    spec, record, read = kinds.understand(header, body)
    assert (spec.name, spec.version >= held["kv"]) == (held["kind"], True)
    assert isinstance(record, spec.record)
    assert (read is None) == (body is None)
