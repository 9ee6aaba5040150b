"""Headers, bodies, commitments (wire paper 3), with the values published in wire paper 12."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.entries import codec, envelope, limits, names
from tests.entries.builders import AT, CIRCLE, ORIGIN, header, header_bytes

REFERENCE = {"as": "item", "h": "ab" * 32, "o": ORIGIN, "s": 3}


def test_the_published_first_values_come_out() -> None:
    assert names.circle_id("qc-12-2026", b'{"label":"qc-12-2026","v":1}') == CIRCLE
    assert len(ORIGIN) == 59
    body = '{"d":{"text":"Xin chào"}}'.encode()
    committed = envelope.commitment(bytes(range(32)), body)
    assert committed == "a673e4d3323c8b96e2078252043816e0a3a022ab41c0057bce11d1f274c0cf41"
    data = header_bytes(b={"c": committed, "n": 26}, d={"no": "12/QĐ-CAT"})
    assert len(data) == 290
    assert envelope.leaf_hash(data).hex() == "fe1b0c4563b80cb1fc418fa4191bd7dcfe471498eb635ebbaf24b1b7e685c147"
    decoded = envelope.decode_header(data)
    envelope.check_body(decoded, bytes(range(32)), body)
    assert (decoded.agency, decoded.circle, decoded.seq, decoded.to) == ("guard.example", CIRCLE, 0, ("city.example",))


def test_a_header_comes_back_as_it_was_written() -> None:
    written = header(
        to=("city.example", "town.example"),
        mk=2,
        re=(envelope.Reference(as_="item", o=ORIGIN, s=3, h="ab" * 32),),
        due=AT + 5,
        b=envelope.BodyCommitment("cd" * 32, 10),
        a=(envelope.AttachmentMark(n=10, p=5, t="ef" * 32),),
        d={"no": "1", "list": [1, "a", True]},
    )
    data = envelope.encode_header(written)
    assert envelope.decode_header(data) == written
    assert envelope.EntryRef.of(written.re[0]) == envelope.EntryRef(ORIGIN, 3, "ab" * 32)
    assert envelope.EntryRef(ORIGIN, 3, "ab" * 32).as_reference("item") == written.re[0]
    assert str(envelope.EntryRef(ORIGIN, 3, "ab" * 32)) == f"{ORIGIN} 3"


@given(
    st.dictionaries(
        st.from_regex(r"x[a-z0-9_]{0,20}", fullmatch=True), st.integers(0, 9) | st.text("abc", min_size=1), max_size=3
    )
)
def test_unknown_fields_survive_byte_for_byte(extra: dict[str, Any]) -> None:
    data = header_bytes(**extra)
    decoded = envelope.decode_header(data)
    assert envelope.encode_header(decoded, extra=extra) == data


BAD: dict[str, dict[str, Any]] = {
    "other format": {"v": 2},
    "no format": {"v": None},
    "format as text": {"v": "1"},
    "no log": {"log": None},
    "log without number": {"log": f"guard.example/{CIRCLE}"},
    "log number 0": {"log": f"guard.example/{CIRCLE}/0"},
    "log number with zero": {"log": f"guard.example/{CIRCLE}/01"},
    "agency in capitals": {"log": f"Guard.example/{CIRCLE}/1"},
    "agency of one label": {"log": f"guard/{CIRCLE}/1"},
    "agency ends in hyphen": {"log": f"guard-.example/{CIRCLE}/1"},
    "agency too long": {"log": f"{'a' * 63}.{'b' * 63}/{CIRCLE}/1"},
    "circle without hash": {"log": "guard.example/qc-12/1"},
    "circle hash in capitals": {"log": f"guard.example/{CIRCLE.upper()}/1"},
    "negative index": {"seq": -1},
    "index as text": {"seq": "0"},
    "index as boolean": {"seq": True},
    "no index": {"seq": None},
    "no time": {"at": None},
    "time as text": {"at": "1"},
    "time beyond 2^53": {"at": 2**53},
    "kind without domain": {"kind": "item-sent"},
    "kind of one word": {"kind": "information.sent"},
    "kind in capitals": {"kind": "information.Item-sent"},
    "kind too long": {"kind": f"information.{'a' * 50}-sent"},
    "kind with too many words": {"kind": "information.a-b-c-d-e-f-g"},
    "no kind": {"kind": None},
    "version 0": {"kv": 0},
    "version 1000": {"kv": 1000},
    "no version": {"kv": None},
    "no author": {"by": None},
    "author with blank": {"by": "duty officer"},
    "author too long": {"by": "a" * 41},
    "pseudonym too short": {"by": "duty~0123"},
    "pseudonym in capitals": {"by": "duty~0123456789ABCDEF"},
    "addressees unsorted": {"to": ["town.example", "city.example"]},
    "addressee twice": {"to": ["city.example", "city.example"]},
    "author beside others": {"to": ["city.example", "guard.example"]},
    "addressee no agency": {"to": ["city"]},
    "addressees empty": {"to": []},
    "addressees as text": {"to": "city.example"},
    "too many addressees": {"to": [f"a{i:03}.example" for i in range(257)]},
    "marking 0 written": {"mk": 0},
    "marking 4": {"mk": 4},
    "marking negative": {"mk": -1},
    "marking as text": {"mk": "1"},
    "due as text": {"due": "1"},
    "references empty": {"re": []},
    "reference without role": {"re": [{"h": "ab" * 32, "o": ORIGIN, "s": 3}]},
    "reference with bad role": {"re": [{**REFERENCE, "as": "Item"}]},
    "reference with long role": {"re": [{**REFERENCE, "as": "a" * 25}]},
    "reference with short hash": {"re": [{**REFERENCE, "h": "ab"}]},
    "reference with hash in capitals": {"re": [{**REFERENCE, "h": "AB" * 32}]},
    "reference to no log": {"re": [{**REFERENCE, "o": "guard.example"}]},
    "reference below 0": {"re": [{**REFERENCE, "s": -1}]},
    "reference twice": {"re": [REFERENCE, REFERENCE]},
    "references unsorted": {"re": [{**REFERENCE, "s": 4}, REFERENCE]},
    "too many references": {"re": [{**REFERENCE, "s": i} for i in range(65)]},
    "commitment too short": {"b": {"c": "ab", "n": 5}},
    "commitment without length": {"b": {"c": "ab" * 32}},
    "body of 0 bytes": {"b": {"c": "ab" * 32, "n": 0}},
    "body over 1 MiB": {"b": {"c": "ab" * 32, "n": limits.BODY_BYTES + 1}},
    "attachment without root": {"a": [{"n": 1, "p": 1}]},
    "attachment with bad root": {"a": [{"n": 1, "p": 1, "t": "zz" * 32}]},
    "attachment of 0 bytes": {"a": [{"n": 0, "p": 1, "t": "ab" * 32}]},
    "too many attachments": {"a": [{"n": 1, "p": 1, "t": "ab" * 32}] * 257},
    "facts empty": {"d": {}},
    "fact too long": {"d": {"no": "x" * 65}},
    "fact item too long": {"d": {"no": ["x" * 65]}},
    "too many items in a fact": {"d": {"no": [1] * 65}},
    "too many facts": {"d": {f"k{i}": 1 for i in range(33)}},
    "object as a fact": {"d": {"no": {"a": 1}}},
    "list in a list": {"d": {"no": [[1]]}},
    "facts as list": {"d": [1]},
    "Chinese letters": {"d": {"no": "中文"}},
    "tab in a fact": {"d": {"no": "a\tb"}},
    "combining mark": {"d": {"no": "e\u0301"}},
}


@pytest.mark.parametrize("case", BAD, ids=list(BAD))
def test_a_header_that_breaks_a_rule_is_refused(case: str) -> None:
    with pytest.raises(envelope.BadHeader):
        envelope.decode_header(header_bytes(**BAD[case]))


def test_there_are_at_least_sixty_bad_headers() -> None:
    assert len(BAD) >= 60


@given(st.binary(max_size=200))
def test_only_bad_header_and_bad_body_escape(data: bytes) -> None:
    try:
        envelope.decode_header(data)
    except envelope.BadHeader:
        pass
    try:
        envelope.decode_body(data)
    except envelope.BadBody:
        pass


def test_position_and_body_must_be_the_ones_named() -> None:
    decoded = header()
    envelope.check_position(decoded, origin=ORIGIN, index=0)
    with pytest.raises(envelope.BadHeader, match="names the log"):
        envelope.check_position(decoded, origin=ORIGIN[:-1] + "2", index=0)
    with pytest.raises(envelope.BadHeader, match="names index"):
        envelope.check_position(decoded, origin=ORIGIN, index=1)
    with pytest.raises(envelope.BadBody, match="no body"):
        envelope.check_body(decoded, bytes(32), b"{}")
    body = b'{"d":{}}'
    bound = header(b=envelope.BodyCommitment(envelope.commitment(bytes(32), body), len(body)))
    envelope.check_body(bound, bytes(32), body)
    for salt, text in ((bytes(31), body), (bytes([1]) * 32, body), (bytes(32), body + b" "), (bytes(32), b'{"e":{}}')):
        with pytest.raises(envelope.BadBody):
            envelope.check_body(bound, salt, text)


def test_a_body_is_an_object_with_a_record() -> None:
    assert envelope.decode_body(b'{"d":{"a":1}}') == {"d": {"a": 1}}
    for data in (b"{}", b'{"d":1}', b"[]", b'{"d": {}}'):
        with pytest.raises(envelope.BadBody):
            envelope.decode_body(data)


def test_our_own_header_is_checked_before_it_is_written() -> None:
    with pytest.raises(envelope.BadHeader):
        header(seq=-1)
    assert envelope.automatic("guard.example") == envelope.Officer("", "node", "guard.example")
    assert codec.decode(envelope.encode_header(header()), codec.HEADER)["v"] == 1


def test_a_header_of_ours_that_is_too_long_is_not_written() -> None:
    with pytest.raises(envelope.BadHeader, match="at most"):
        header(d={f"k{i}": "x" * 64 for i in range(32)}, to=tuple(f"a{i:03}.{'b' * 60}.example" for i in range(256)))


def test_what_was_checked_before_is_read_as_it_was_taken() -> None:
    data = header_bytes(mk=2, b={"c": "ab" * 32, "n": 5}, x_later=1)
    taken = envelope.decode_header(data)
    assert envelope.stored_header(data) == taken
    addressing = envelope.stored_addressing(data)
    assert (addressing.to, addressing.mk, addressing.b) == (taken.to, taken.mk, taken.b)
