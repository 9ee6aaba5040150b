"""The registries of kinds and indicators."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.entries import indicators, kinds
from accordant.entries.envelope import Header
from accordant.entries.errors import Refused, refusal, refuse_if
from tests.entries.builders import header


class First(kinds.Record, frozen=True):
    """Version 1 of a kind."""

    no: str


class Second(kinds.Record, frozen=True, omit_defaults=True):
    """Version 2: the number in two parts."""

    number: int
    suffix: str = ""


class SecondBody(kinds.Record, frozen=True):
    """Its body."""

    text: str


def _upgrade(facts: kinds.Plain, body: kinds.Plain | None) -> tuple[kinds.Plain, kinds.Plain | None]:
    number, _, suffix = str(facts["no"]).partition("/")
    return {"number": int(number), "suffix": suffix}, body


def _registry() -> kinds.Registry:
    registry = kinds.Registry()
    kinds.kind("information.item-sent", headline="x", registry=registry)(First)
    kinds.kind("information.item-sent", headline="x", version=2, upgrade=_upgrade, body=SecondBody, registry=registry)(
        Second
    )
    return registry


def test_an_old_entry_is_read_in_the_newest_shape() -> None:
    spec, record, body = kinds.understand(header(d={"no": "12/QD"}), {"text": "a", "more": 1}, registry=_registry())
    assert (spec.version, record, body) == (2, Second(12, "QD"), SecondBody("a"))


def test_unknown_facts_are_ignored_and_a_missing_body_is_none() -> None:
    first = kinds.Registry()
    kinds.kind("information.item-sent", headline="x", registry=first)(First)
    spec, record, body = kinds.understand(header(d={"no": "1"}), None, registry=first)
    assert spec.upgrade({"no": "1"}, None) == ({"no": "1"}, None)
    assert (record, body) == (First("1"), None)
    _spec, record, body = kinds.understand(header(kv=2, d={"number": 3, "further": "data"}), None, registry=_registry())
    assert (record, body) == (Second(3), None)


@pytest.mark.parametrize(
    ("built", "code"),
    [
        (header(kind="information.item-lost", d={}), "newer-kind"),
        (header(kv=3, d={"number": 1}), "newer-kind"),
        (header(kv=2, d={"number": "one"}), "shape"),
    ],
)
def test_what_is_not_known_is_not_understood(built: Header, code: str) -> None:
    with pytest.raises(kinds.NotUnderstood) as raised:
        kinds.understand(built, None, registry=_registry())
    assert raised.value.code == code


def test_a_kind_is_registered_once_under_a_good_name() -> None:
    registry = _registry()
    kinds.kind("information.item-sent", headline="x", registry=registry)(First)
    with pytest.raises(ValueError, match="registered already"):
        kinds.kind("information.item-sent", headline="x", registry=registry)(Second)
    with pytest.raises(ValueError, match="not a kind"):
        kinds.kind("information", headline="x", registry=registry)
    with pytest.raises(ValueError, match="upgrade"):
        kinds.kind("information.item-sent", headline="x", version=2, registry=registry)
    assert registry.names() == ["information.item-sent"]
    assert registry.newest("a.b-c") is None
    assert kinds.gettext_noop("a sentence") == "a sentence"


def test_refusals_say_what_why_and_what_to_do() -> None:
    refuse_if([])
    one = refusal(
        "code", "Not done.", "Because of {what}.", "Ask {who}.", what="a rule", who="an officer", refs=["x 1"]
    )
    with pytest.raises(Refused) as raised:
        refuse_if([one])
    assert raised.value.code == "code"
    assert str(raised.value) == "Not done. Because of a rule. Ask an officer."


class Done(kinds.Record, frozen=True):
    """A countable fact."""

    day: str
    heads: int
    parties: tuple[str, ...] = ()


def _tick(entry: indicators.Counted) -> indicators.Tick | None:
    record = entry.record
    assert isinstance(record, Done)
    return None if record.heads == 0 else indicators.Tick(1, record.heads, record.day, record.parties)


DONE = indicators.Indicator("x.done", "Done", "piece", ("information.item-sent",), _tick, "person")


def _counted(agency: str, index: int, record: Done, irregular: bool = False) -> indicators.Counted:
    log = f"{agency}/qc-12-2026-{'0' * 32}/1"
    return indicators.Counted(header(log=log, seq=index), record, "ab" * 32, irregular)


def test_a_figure_adds_up_by_agency_and_names_its_entries() -> None:
    entries = [
        _counted("guard.example", 0, Done("2024-01-01", 3, ("guard.example", "police.example"))),
        _counted("guard.example", 1, Done("2024-06-30", 2)),
        _counted("guard.example", 2, Done("2024-07-01", 9)),
        _counted("guard.example", 3, Done("2024-02-01", 0)),
        _counted("police.example", 0, Done("2024-02-01", 1), irregular=True),
    ]
    figure = indicators.fold(
        {"x.done": DONE}, entries, agencies=["guard.example", "police.example"], start="2024-01-01", stop="2024-07-01"
    )["x.done"]
    assert (figure.value, figure.paired) == (2, 5)
    assert figure.lines["police.example"].value == 0
    assert (figure.joint.value, figure.joint.paired) == (1, 3)
    assert figure.irregular.value == 1
    assert [index for _origin, index in figure.lines["guard.example"].refs] == [0, 1]


@given(st.lists(st.tuples(st.sampled_from(["a.example", "b.example"]), st.integers(0, 5), st.booleans()), max_size=30))
def test_the_total_is_the_sum_of_the_agency_lines(rows: list[tuple[str, int, bool]]) -> None:
    entries = [_counted(a, i, Done("2024-01-01", h), bad) for i, (a, h, bad) in enumerate(rows)]
    folded: Any = indicators.fold({"x.done": DONE}, entries, agencies=[], start="2024-01-01", stop="2025-01-01")[
        "x.done"
    ]
    regular = [h for _a, h, bad in rows if not bad and h]
    assert folded.value == len(regular) == sum(line.value for line in folded.lines.values())
    assert folded.paired == sum(regular)
    assert folded.irregular.value == sum(1 for _a, h, bad in rows if bad and h)


def test_an_indicator_is_registered_once() -> None:
    assert indicators.indicator(DONE) is DONE
    with pytest.raises(ValueError, match="registered already"):
        indicators.indicator(indicators.Indicator("x.done", "Other", "piece", (), _tick))
    del indicators.INDICATORS["x.done"]
