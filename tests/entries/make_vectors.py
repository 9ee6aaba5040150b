"""Writes docs/spec/vectors/entries: good and bad headers, bodies, cards, geneses and manifests, for other programs.

`python -m tests.entries.make_vectors` writes the files; `test_vectors` makes them again and judges each case.
Private keys of an agency: Ed25519 from H(`<agency> <use>`), its recipient X25519 from H(`<agency> seal`).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from accordant.entries import cards, circles, envelope, statements
from accordant.tlog import note
from tests.entries import test_cards_and_circles as circle_cases
from tests.entries.builders import AT, ORIGIN, agency_key, card, card_content, genesis, header_bytes, root_verifier
from tests.entries.test_envelope import BAD as BAD_HEADERS
from tests.entries.test_envelope import REFERENCE

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors" / "entries"
GENERATED = "by python -m tests.entries.make_vectors; do not edit, a file that differs fails the tests"
SALT = bytes(range(32))
BODY = '{"d":{"text":"Xin chào"}}'.encode()
LINK = note.VerifierKey.make(
    "guard.example/link", cards.ED25519, agency_key("guard.example", "link").public_key().public_bytes_raw()
)
Case = dict[str, object]

GOOD_HEADERS: dict[str, dict[str, Any]] = {
    "smallest": {"d": None, "to": None},
    "addressed": {},
    "officer by pseudonym": {"by": "duty-officer~0123456789abcdef"},
    "marked": {"mk": 3},
    "with a reference": {"re": [REFERENCE]},
    "with a limit": {"due": AT + 1},
    "with a body": {"b": {"c": envelope.commitment(SALT, BODY), "n": len(BODY)}},
    "with an attachment": {"a": [{"n": 100, "p": 64, "t": "ab" * 32}]},
    "author alone": {"to": ["guard.example"]},
    "Vietnamese letters": {"d": {"no": "12/QĐ-CAT"}},
    "all kinds of facts": {"d": {"list": [1, "a", True], "no": 1, "yes": False}},
    "a field not known": {"x_later": [{"deep": "kept"}]},
    "numbers at the limit": {"at": 2**53 - 1, "kv": 999, "seq": 2**53 - 1},
}
BAD_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "a blank": lambda data: data.replace(b":", b": ", 1),
    "keys out of order": lambda data: b'{"v":1,' + data[1:].replace(b',"v":1}', b"}"),
    "a key twice": lambda data: data[:-1] + b',"v":1}',
    "a float": lambda data: data.replace(b'"seq":0', b'"seq":0.0'),
    "minus zero": lambda data: data.replace(b'"seq":0', b'"seq":-0'),
    "null": lambda data: data.replace(b'"v":1}', b'"v":1,"x":null}'),
    "an escape that is not needed": lambda data: data.replace(b"12/QD", b"12\\/QD"),
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "a line feed behind": lambda data: data + b"\n",
    "not UTF-8": lambda data: data.replace(b"QD", b"Q\xff"),
    "cut": lambda data: data[:-1],
    "a key in capitals": lambda data: data.replace(b'"v":1}', b'"v":1,"X":1}'),
    "an array": lambda data: b"[" + data + b"]",
    "nothing": lambda data: b"",
}


def octets(data: bytes) -> Case:
    """The bytes as text where they are UTF-8, else as hex."""
    try:
        return {"utf8": data.decode()}
    except UnicodeDecodeError:
        return {"hex": data.hex()}


def headers() -> list[Case]:
    good = [(name, header_bytes(**changes)) for name, changes in GOOD_HEADERS.items()]
    found: list[Case] = [
        {"name": f"good: {name}", "header": octets(data), "expect": "good", "leaf": envelope.leaf_hash(data).hex()}
        for name, data in good
    ]
    bad = [(name, header_bytes(**changes)) for name, changes in BAD_HEADERS.items()]
    bad += [(name, bend(header_bytes())) for name, bend in BAD_BYTES.items()]
    return found + [{"name": name, "header": octets(data), "expect": "bad"} for name, data in bad]


def bodies() -> list[Case]:
    committed = envelope.commitment(SALT, BODY)
    bound = header_bytes(b={"c": committed, "n": len(BODY)})
    judged = {
        "the one committed to": ("good", SALT, BODY),
        "another salt": ("bad", bytes(32), BODY),
        "a salt of 31 bytes": ("bad", SALT[:31], BODY),
        "other text": ("bad", SALT, BODY.replace(b"Xin", b"Xon")),
        "a byte more": ("bad", SALT, BODY + b" "),
    }
    found: list[Case] = [
        {"name": name, "header": octets(bound), "salt": salt.hex(), "body": octets(text), "expect": expect}
        for name, (expect, salt, text) in judged.items()
    ]
    unreadable = {"no record": b"{}", "record no object": b'{"d":1}', "a blank": b'{"d": {}}', "array": b"[]"}
    return found + [{"name": name, "body": octets(text), "expect": "unreadable"} for name, text in unreadable.items()]


def card_cases() -> list[Case]:
    signed = card()
    mark = cards.fingerprint(signed.card.root)
    found: list[Case] = [
        {"name": "good", "card": octets(signed.data), "expect": "good", "root": list(signed.card.root),
         "fingerprint": cards.fingerprint_digits(mark), "words": cards.fingerprint_words(mark)}
    ]  # fmt: skip
    for name, changes in circle_cases.BAD_CARDS.items():
        content = card_content(**changes())
        signer = agency_key("guard.example", "root").sign
        data = statements.write("card", content, key=root_verifier("guard.example"), sign=signer)
        found.append({"name": name, "card": octets(data), "expect": "bad"})
    altered = {
        "altered after signing": signed.data.replace(b'"serial":1', b'"serial":2'),
        "another type": signed.data.replace(b"accordant/card/v1", b"accordant/parcel/v1"),
        "cut": signed.data[:-1],
    }
    return found + [{"name": name, "card": octets(data), "expect": "bad"} for name, data in altered.items()]


def genesis_cases() -> list[Case]:
    good = {"private": genesis("guard.example"), "of two": genesis("guard.example", "police.example")}
    found: list[Case] = [
        {"name": name, "genesis": plain, "expect": "good", "circle": circles.circle_of(plain).id}
        for name, plain in good.items()
    ]
    bad = ((name, make()) for name, make in circle_cases.BAD_GENESIS.items())
    return found + [{"name": name, "genesis": plain, "expect": "bad"} for name, plain in bad]


def statement_cases() -> list[Case]:
    plain: dict[str, Any] = {
        "v": 1, "id": "ab" * 16, "from": "guard.example", "to": ["police.example"], "circles": [],
        "cipher": "age", "at": AT, "have": [{"log": ORIGIN, "root": "ab" * 32, "size": 5}],
    }  # fmt: skip
    sign = agency_key("guard.example", "link").sign
    changes: dict[str, dict[str, Any]] = {
        "another version": {"v": 2},
        "another cipher": {"cipher": "none"},
        "sender no agency": {"from": "guard"},
        "nobody": {"to": []},
        "five receivers": {"to": ["a.example"] * 5},
        "short id": {"id": "ab"},
        "circle no id": {"circles": ["qc"]},
        "a number as text": {"at": "1"},
    }
    good = statements.write("parcel", plain, key=LINK, sign=sign)
    found: list[Case] = [{"name": "good", "manifest": octets(good), "key": LINK.to_string(), "expect": "good"}]
    bad = {
        name: statements.write("parcel", {**plain, **change}, key=LINK, sign=sign) for name, change in changes.items()
    }
    bad["altered after signing"] = good.replace(b'"size":5', b'"size":6')
    bad["another type"] = statements.write("card", plain, key=LINK, sign=sign)
    bad["a third line"] = good.replace(b"accordant/parcel/v1\n", b"accordant/parcel/v1\n\n")
    return found + [
        {"name": name, "manifest": octets(data), "key": LINK.to_string(), "expect": "bad"} for name, data in bad.items()
    ]


FILES: dict[str, tuple[str, Callable[[], list[Case]]]] = {
    "headers.json": ("Headers of entries and their leaf hashes; bad = the section that holds one is refused", headers),
    "bodies.json": ("Bodies: bad = not the one its header commits to; unreadable = stored, shown as such", bodies),
    "cards.json": ("Cards, with the fingerprint of their root as digits and words", card_cases),
    "geneses.json": ("Geneses and the id of the circle each founds", genesis_cases),
    "manifests.json": ("Manifests of parcels: statements signed by a link key", statement_cases),
}


def files() -> dict[str, str]:
    """The text of each vector file by its name."""
    return {
        name: json.dumps({"generated": GENERATED, "about": about, "cases": make()}, ensure_ascii=False, indent=1) + "\n"
        for name, (about, make) in FILES.items()
    }


def write() -> None:
    """Writes all files into docs/spec/vectors/entries."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    write()
