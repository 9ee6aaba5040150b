#!/usr/bin/env python3
"""Checks a receipt of Accordant and says in words what it proves.

    python3 verify_receipt.py letter.tlog-proof circle.policy
    python3 verify_receipt.py letter.tlog-proof guard.card city.card --body letter.body

It takes a receipt (.tlog-proof) or the text of a paper receipt (ACCORDANT1:...), and beside it what you trust: a policy
file, or agencies' cards whose fingerprints you compared. A card's own signature is checked here; that it is the right
agency's card is for you to know. A file of the receipt's name ending in .body is checked too.

Independent of Accordant: Python's standard library and Ed25519 of the package `cryptography`. Written from the
published format, so that two programs have to agree. Exit 0: proved; 1: not proved, with the reason; 2: wrong use.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LIMIT = 256 * 1024
BIGGEST = 2**53
FIELD = 2**255 - 19
SMALL_ORDER = {0, 1, FIELD - 1}  # and the two of order 8:
SMALL_ORDER.add(0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826)
SMALL_ORDER.add(0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7)
HEADER_TEXT = re.compile("[\u0020-\u007e\u00c0-\u024f\u1e00-\u1eff]*")
NAME = re.compile("[^\x00-\x20+\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


class Refused(Exception):
    """Why something is not proved, in words."""


def require(holds: object, why: str) -> None:
    if not holds:
        raise Refused(why)


def text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refused("a text is not UTF-8") from error


def octets(text: str, length: int | None = None) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    require(data and base64.b64encode(data).decode() == text, "a value is not canonical base64")
    require(length is None or len(data) == length, "a value has another length than it must have")
    return data


def number(text: str) -> int:
    require(re.fullmatch("0|[1-9][0-9]{0,15}", text, re.ASCII) and int(text) < BIGGEST, "not a plain decimal number")
    return int(text)


def canonical(data: bytes, *, header: bool) -> Any:
    """The object in `data`, which must be in the closed JSON profile: one spelling for each value."""
    try:
        value = json.loads(data)
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        require(isinstance(value, dict) and again == data, "the JSON is not in its canonical form")
        check_value(value, 1, header=header)
    except (ValueError, RecursionError) as error:
        raise Refused("the JSON cannot be read") from error
    return value


def check_value(value: object, depth: int, *, header: bool) -> None:
    require(depth <= (6 if header else 16) or not isinstance(value, dict | list), "the JSON is nested too deep")
    if isinstance(value, dict | list):
        require(value or not header or depth == 1, "an empty list or object should be left out")
        keys = value if isinstance(value, dict) else ()
        require(len(keys) <= 64 or not header, "too many keys")
        require(all(re.fullmatch("[a-z0-9_]{1,24}", key) for key in keys), "a key is not spelled as it must be")
        for item in value.values() if isinstance(value, dict) else value:
            check_value(item, depth + 1, header=header)
    elif isinstance(value, str):
        require(not header or HEADER_TEXT.fullmatch(value), "a character that a header must not have")
    else:
        require(isinstance(value, int) and abs(value) < BIGGEST, "a number that is no integer below 2^53, or a null")


@dataclass(frozen=True)
class Key:
    """A public Ed25519 key under a name: kind 1 signs a text, kind 4 cosigns a checkpoint with a time."""

    name: str
    kind: int
    raw: bytes

    def __post_init__(self) -> None:
        y = int.from_bytes(self.raw, "little") % 2**255
        require(NAME.fullmatch(self.name) and len(self.name.encode()) <= 255, "a key has no usable name")
        require(self.kind in (1, 4), "a key is of a kind that this program cannot check")
        require(len(self.raw) == 32 and y < FIELD and y not in SMALL_ORDER, "a public key must not be used")

    @property
    def id(self) -> bytes:
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.raw).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.raw).decode()}"

    def signed(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def key_of(vkey: str) -> Key:
    name, _, rest = vkey.partition("+")
    data = octets(rest.partition("+")[2])
    key = Key(name, data[0], data[1:])
    require(key.vkey == vkey, f"the key of {name} does not fit its id")
    return key


class Note(NamedTuple):
    """A text and its signature lines: name, key id, signature."""

    text: str
    lines: list[tuple[str, bytes, bytes]]

    def by(self, keys: Iterable[Key]) -> list[tuple[Key, bytes]]:
        """The signatures that bear the name and id of one of these keys."""
        known = {(key.name, key.id): key for key in keys}
        return [(known[name, key_id], rest) for name, key_id, rest in self.lines if (name, key_id) in known]


def note_in(data: bytes) -> Note:
    whole = text_of(data)
    require(len(data) <= LIMIT and not re.search("[\x00-\x09\x0b-\x1f]", whole), "a note is too long or no text")
    text, blank, rest = whole.rpartition("\n\n")
    *lines, end = rest.split("\n")
    require(blank and not end and 1 <= len(lines) <= 128, "a note has no signature lines, or more than 128")
    return Note(text + "\n", [signature_line(line) for line in lines])


def signature_line(line: str) -> tuple[str, bytes, bytes]:
    found = re.fullmatch("— ([^ ]+) ([^ ]+)", line)
    name, data = (found[1], octets(found[2])) if found else ("", b"")
    require(NAME.fullmatch(name) and len(name.encode()) <= 255 and len(data) > 4, "a signature line is not one")
    return name, data[:4], data[4:]


class Checkpoint(NamedTuple):
    """A log at a size: its origin, that size, the root of its tree."""

    origin: str
    size: int
    root: bytes


def checkpoint_of(note: Note) -> Checkpoint:
    lines = note.text.split("\n")
    require(len(lines) == 4 and not lines[3], "the checkpoint does not have three lines")
    require(re.fullmatch("[a-z0-9./-]{1,255}", lines[0]), "the checkpoint names no log of Accordant")
    found = Checkpoint(lines[0], number(lines[1]), octets(lines[2], 32))
    require(found.size or found.root == hashlib.sha256(b"").digest(), "an empty log with a root")
    return found


class Trust(NamedTuple):
    """The keys of logs, those of each party that may cosign, and the rule that says whose cosignatures are enough."""

    log_keys: Callable[[str], list[Key]]
    parties: dict[str, list[Key]]
    enough: Callable[[set[str], str], bool]
    remarks: tuple[str, ...] = ()


def trust_in_policy(data: bytes) -> Trust:
    require(re.fullmatch(rb"[^\x00-\x08\x0b-\x1f\x7f]*\n", data), "the policy is cut or no text")
    lines = [re.findall("[^ \t]+", line) for line in text_of(data).split("\n")]
    logs: list[Key] = []
    parties: dict[str, list[Key]] = {}
    groups: dict[str, tuple[int, list[str]]] = {}
    free: set[str] = set()
    quorums: list[str] = []
    for word, *items in (line for line in lines if line and not line[0].startswith("#")):
        new = word not in ("witness", "group") or not {*items[:1]} & {"none", *parties, *groups}
        require(new, f"the policy defines {items[:1]} twice")
        if word == "log" and 1 <= len(items) <= 2:
            logs.append(key_of(items[0]))
        elif word == "witness" and 2 <= len(items) <= 3:
            parties[items[0]] = [key_of(items[1])]
        elif word == "group" and len(items) >= 3:
            groups[items[0]] = group_of(items[1], items[2:], free)
        elif word == "quorum" and len(items) == 1:
            require(items[0] in {"none", *parties, *groups}, "the policy's quorum is not defined before it")
            quorums.append(items[0])
        else:
            raise Refused(f"the policy has a line that is none: {word[:40]!r}")
        free.update(items[:1] if word in ("witness", "group") else ())
    for kind, keys in ((1, logs), (4, [keys[0] for keys in parties.values()])):
        require(all(key.kind == kind for key in keys), "the policy has a key of a kind that does not belong there")
        require(len({key.raw for key in keys}) == len(keys), "the policy has the same key twice")
    require(len(quorums) == 1, "a policy has exactly one quorum")
    by_origin = {key.name: [other for other in logs if other.name == key.name] for key in logs}
    return Trust(lambda origin: by_origin.get(origin, []), parties, lambda some, _: quorums[0] in held(some, groups))


def group_of(threshold: str, members: list[str], free: set[str]) -> tuple[int, list[str]]:
    needed = {"all": len(members), "any": 1}.get(threshold) or number(threshold)
    require(1 <= needed <= len(members), "the policy asks for more than a group has, or for nobody")
    require(len(set(members)) == len(members) and free.issuperset(members), "a group has a member that it cannot have")
    free.difference_update(members)
    return needed, members


def held(cosigned: set[str], groups: dict[str, tuple[int, list[str]]]) -> set[str]:
    names = {"none", *cosigned}
    for name, (needed, members) in groups.items():
        names |= {name} if len(names.intersection(members)) >= needed else set()
    return names


def card_in(data: bytes) -> Any:
    """The content of a card, once the root key in it is seen to have signed it."""
    note = note_in(data)
    kind, _, rest = note.text.partition("\n")
    require(kind == "accordant/card/v1" and rest.count("\n") == 1 and len(data) <= 16384, "a card is of another form")
    card = canonical(rest[:-1].encode(), header=False)
    roots = [key_of(vkey) for vkey in card["root"]]
    require({(root.name, root.kind) for root in roots} == {(card["agency"], 1)}, "a card's root has another name")
    found = [(key, key.signed(note.text.encode(), rest)) for key, rest in note.by(roots)]
    require({key for key, _ in found} == set(roots) and all(ok for _, ok in found), "a card is not signed by its root")
    return card


def keys_for(card: Any, use: str, name: str, kind: int) -> list[Key]:
    gone = {end["key"] for end in card.get("revoked", ())}
    listed = [key["key"] for key in card["keys"] if (key["use"], key["alg"]) == (use, "ed25519")]
    found = [Key(name, kind, octets(key, 32)) for key in listed]
    return [key for key in found if not gone & {key.vkey, base64.b64encode(key.raw).decode()}]


def fingerprint(card: Any) -> str:
    digest = hashlib.sha256("\n".join(["accordant/root/v1", *sorted(card["root"]), ""]).encode()).digest()
    return " ".join(f"{digest[i] << 8 | digest[i + 1]:05d}" for i in range(0, 16, 2))


def trust_in_cards(cards: list[Any]) -> Trust:
    by_agency = {card["agency"]: card for card in cards}
    require(len(by_agency) == len(cards), "two cards are of one agency")

    def log_keys(origin: str) -> list[Key]:
        author = origin.partition("/")[0]
        require(author in by_agency, f"no card of {author}, which keeps the log, was given")
        return keys_for(by_agency[author], "log", origin, 1)

    parties = {agency: keys_for(card, "m", f"{agency}/m", 4) for agency, card in by_agency.items()}
    remarks = tuple(
        f"The card of {agency} has the fingerprint {fingerprint(card)}." for agency, card in by_agency.items()
    )
    return Trust(log_keys, parties, lambda cosigned, author: cosigned | {author} >= set(parties), remarks)


def times_in(note: Note, trust: Trust) -> dict[str, int]:
    """When each party that cosigned had the log so far, in seconds; the earliest if it did so twice."""
    times: dict[str, int] = {}
    for party, keys in trust.parties.items():
        for key, rest in note.by(keys):
            time = int.from_bytes(rest[:8], "big")
            message = f"cosignature/v1\ntime {time}\n{note.text}".encode()
            require(0 < time < 2**63 and key.signed(message, rest[8:]), f"the cosignature of {party} is wrong")
            times[party] = min(time, times.get(party, time))
    return times


def proof_in(data: bytes, trust: Trust) -> tuple[bytes, int, Checkpoint, Note]:
    """The header, index and checkpoint of a receipt, once the proof is seen to lead from the one to the other."""
    head, _, rest = data.partition(b"\n\n")
    require(len(data) <= LIMIT and head.isascii(), "the receipt is too long, or no text")
    first, *lines = head.decode().split("\n")
    named = len(lines) > 1 and lines[0].startswith("extra ") and lines[1].startswith("index ")
    require(first == "c2sp.org/tlog-proof@v1" and named, "the receipt is of another form, or has no header")
    header, index = octets(lines[0][6:]), number(lines[1][6:])
    note = note_in(rest)
    seen = checkpoint_of(note)
    found = [key.signed(note.text.encode(), rest) for key, rest in note.by(trust.log_keys(seen.origin))]
    require(found and all(found), f"no key you trust signed for the log {seen.origin}, or its signature is wrong")
    require(len(header) <= 16384 and index < seen.size and len(lines) <= 65, "the receipt breaks a limit")
    root = root_over(header, index, seen.size, [octets(line, 32) for line in lines[2:]])
    require(root == seen.root, "the entry is not the one at this place of the signed log")
    return header, index, seen, note


def root_over(header: bytes, index: int, size: int, hashes: list[bytes]) -> bytes:
    value, last = hashlib.sha256(b"\x00" + header).digest(), size - 1
    for sibling in hashes:
        require(last, "the receipt has more hashes than it should")
        while not index & 1 and index == last:
            index, last = index >> 1, last >> 1
        pair = sibling + value if index & 1 else value + sibling
        value, index, last = hashlib.sha256(b"\x01" + pair).digest(), index >> 1, last >> 1
    require(not last, "the receipt has fewer hashes than it should")
    return value


def check_receipt(data: bytes, trust: Trust, body: bytes | None) -> list[str]:
    """What a receipt proves, a sentence each."""
    raw, index, seen, note = proof_in(data, trust)
    header = canonical(raw, header=True)
    # As JSON, because in Python true equals 1.
    named = json.dumps([header.get("v"), header.get("log"), header.get("seq")])
    require(named == json.dumps([1, seen.origin, index]), "the entry's header names another place than its own")
    author = seen.origin.split("/")[0]
    readers = json.dumps(header.get("to", "all parties"), ensure_ascii=False)
    proved = [
        f"Entry {index} of the log {seen.origin} is {header.get('kind')!r}, for {readers}.",
        f"{author} signed that its first {seen.size} entries hold exactly this entry at this place.",
    ]
    times = times_in(note, trust)
    proved += [held_by(party, seen.size, time) for party, time in times.items()]
    others = [party for party in trust.parties if party not in times and party != author]
    proved += [f"Of {party} nothing is proved: it has not signed for this." for party in others]
    proved.append(content(header, body))
    missing = "That is not everybody who has to sign for it."
    require(trust.enough(set(times), author), "\n- ".join([missing, *proved]))
    return proved


def held_by(party: str, size: int, time: int) -> str:
    when = datetime.fromtimestamp(time, UTC) if time < 2**37 else f"second {time}"
    what = f"all headers below {size} and the content addressed to it, but for what its log names as missing"
    return f"{party} durably held, by {when} of its clock, {what}."


def content(header: Any, body: bytes | None) -> str:
    if body is None:
        return "The content was not given, so nothing is proved about it."
    bound = header.get("b")
    commitment = hashlib.sha256(b"accordant/body/v1\n" + body).hexdigest()
    named = json.dumps([bound.get("c"), bound.get("n")] if isinstance(bound, dict) else bound)
    size = len(body) - 32
    require(size > 0 and named == json.dumps([commitment, size]), "the content is not the one the entry commits to")
    return f"The content given ({size} bytes after its salt) is the one that the entry commits to."


def check_paper(data: bytes, trust: Trust) -> list[str]:
    """What a paper receipt proves: who had how much of a log, and when."""
    note = note_in(octets(text_of(data).strip().removeprefix("ACCORDANT1:")))
    seen, times = checkpoint_of(note), times_in(note, trust)
    require(times, "nobody you trust signed this receipt")
    return [f"Log {seen.origin}: " + held_by(party, seen.size, time) for party, time in times.items()]


def check(data: bytes, trust_files: list[bytes], body: bytes | None) -> list[str]:
    """The sentences that hold; raises `Refused`."""
    with_cards = [file.startswith(b"accordant/card/v1\n") for file in trust_files]
    require(all(with_cards) or len(with_cards) == 1, "beside the receipt stand one policy, or cards alone")
    try:
        trust = trust_in_cards(list(map(card_in, trust_files))) if all(with_cards) else trust_in_policy(trust_files[0])
        paper = data.startswith(b"ACCORDANT1:")
        return [*trust.remarks, *(check_paper(data, trust) if paper else check_receipt(data, trust, body))]
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused("a card lacks a field, or has one of another form") from error


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt", type=Path, help="the receipt, or the text of a paper receipt")
    parser.add_argument("trust", type=Path, nargs="+", help="a policy, or the cards of the agencies concerned")
    parser.add_argument("--body", type=Path, help="the content, if it does not stand beside the receipt")
    given = parser.parse_args()
    beside = given.receipt.with_suffix(".body")
    path = given.body or (beside if beside.is_file() else None)
    try:
        body = path.read_bytes() if path else None
        sentences = check(given.receipt.read_bytes(), [file.read_bytes() for file in given.trust], body)
    except OSError as error:
        parser.error(f"{error.filename} cannot be read: {error.strerror}")
    except Refused as error:
        sys.stdout.write(f"NOT PROVED: {error}\n")
        return 1
    sys.stdout.write("PROVED\n" + "".join(f"- {sentence}\n" for sentence in sentences))
    return 0


if __name__ == "__main__":
    sys.exit(main())
