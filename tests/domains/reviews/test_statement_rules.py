"""Statements as plain values: digests, positions, differences, states. No database."""

from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.domains.reviews import rules
from accordant.domains.reviews.entries import CutoffHead, StatedFigure, StatedLine
from accordant.entries.heads import heads_digest
from accordant.entries.indicators import Figure, Indicator, Line

ORIGINS = ("city.example/c/1", "guard.example/c/1")
POSITIONS = st.lists(st.tuples(st.sampled_from(ORIGINS), st.integers(0, 200)), unique=True, max_size=12)
ITEM = Indicator("d.items", "Items", "item", ("d.item-sent",), lambda entry: None)
PERIOD = rules.Period("2019-12-01", "2024-07-01")
HEADS = (CutoffHead("city.example/c/1", 7, "ab"), CutoffHead("guard.example/c/1", 9, "cd"))


def stated(positions: list[tuple[str, int]], *, version: int = 1) -> tuple[StatedFigure, ...]:
    """A statement of one figure that counted these positions, each in its owner's line."""
    figure = Figure(ITEM.name)
    for origin, index in positions:
        line = figure.lines.setdefault(origin.partition("/")[0], Line())
        line.value += 1
        line.refs.append((origin, index))
    found = rules.stated_figures([figure], {ITEM.name: ITEM})
    return tuple(StatedFigure(f.indicator, version, f.lines, f.joint) for f in found)


@given(POSITIONS)
@settings(max_examples=10, deadline=None)
def test_positions_come_back_from_their_runs(positions: list[tuple[str, int]]) -> None:
    assert sorted(rules.positions(rules.runs(positions))) == sorted(positions)


@given(POSITIONS)
@settings(max_examples=10, deadline=None)
def test_equal_logs_give_equal_digests_in_any_order(positions: list[tuple[str, int]]) -> None:
    shuffled = list(reversed(positions))
    digests = {rules.figures_digest(PERIOD, "c" * 64, stated(places)) for places in (positions, shuffled)}
    assert len(digests) == 1
    assert rules.differences(stated(positions), stated(shuffled)) == []


@given(POSITIONS, POSITIONS)
@settings(max_examples=10, deadline=None)
def test_each_missing_and_each_extra_entry_is_named(ours: list[tuple[str, int]], theirs: list[tuple[str, int]]) -> None:
    found = rules.differences(stated(ours), stated(theirs))
    assert bool(found) == (set(ours) != set(theirs))
    for one in found:
        assert set(one.only_ours) == set(ours) - set(theirs)
        assert set(one.only_theirs) == set(theirs) - set(ours)
        assert (one.ours, one.theirs) == (len(ours), len(theirs))


def test_digest_binds_period_cutoff_and_rule_version() -> None:
    figures = stated([(ORIGINS[0], 1)])
    digests = {
        rules.figures_digest(PERIOD, "a" * 64, figures),
        rules.figures_digest(rules.Period("2019-12-01", "2024-07-02"), "a" * 64, figures),
        rules.figures_digest(PERIOD, "b" * 64, figures),
        rules.figures_digest(PERIOD, "a" * 64, stated([(ORIGINS[0], 1)], version=2)),
    }
    assert len(digests) == 4


def test_another_rule_version_is_a_difference_without_entries() -> None:
    found = rules.differences(stated([(ORIGINS[0], 1)]), stated([(ORIGINS[0], 1)], version=2))
    assert [(one.rules, one.only_ours, one.only_theirs) for one in found] == [((1, 2), (), ())]


def test_figure_that_only_one_states_is_a_difference() -> None:
    found = rules.differences(stated([(ORIGINS[0], 1)]), ())
    assert [(one.ours, one.theirs, one.only_ours) for one in found] == [(1, None, ((ORIGINS[0], 1),))]


def test_entry_counted_for_another_agency_stands_on_both_sides() -> None:
    place = (ORIGINS[0], 1)
    ours = (StatedFigure(ITEM.name, 1, (StatedLine("city.example", 1, entries=(f"{ORIGINS[0]} 1",)),)),)
    theirs = (StatedFigure(ITEM.name, 1, (StatedLine("guard.example", 1, entries=(f"{ORIGINS[0]} 1",)),)),)
    found = rules.differences(ours, theirs)
    assert [(one.only_ours, one.only_theirs) for one in found] == [((place,), (place,))]


def test_long_runs_are_cut_and_malformed_ones_give_nothing() -> None:
    places = [(ORIGINS[0], index) for index in range(10_000, 24_000, 2)]
    texts = rules.runs(places)
    assert len(texts) > 1
    assert rules.positions(texts) == places
    assert rules.positions(["", "x", f"{ORIGINS[0]} a,5-b,-3,²", f"{ORIGINS[0]} 4"]) == [(ORIGINS[0], 4)]


def test_lacks_name_logs_below_the_cutoff() -> None:
    found = rules.lacks(HEADS, {"guard.example/c/1": 8})
    assert [(lack.agency, lack.start, lack.stop, lack.count) for lack in found] == [
        ("city.example", 0, 7, 7),
        ("guard.example", 8, 9, 1),
    ]
    assert rules.lacks(HEADS, {"city.example/c/1": 7, "guard.example/c/1": 12}) == []


def test_states_of_parties_and_reviews() -> None:
    assert rules.party_state(cutoff=False, agreed=False, stated=False) == rules.NO_CUTOFF
    assert rules.party_state(cutoff=True, agreed=False, stated=False) == rules.INCOMPLETE
    assert rules.party_state(cutoff=True, agreed=True, stated=False) == rules.AGREED
    assert rules.party_state(cutoff=True, agreed=True, stated=True) == rules.STATED
    parties = ["a", "b"]
    assert rules.review_state(cutoff=False, parties=parties, digests={}) == rules.OPEN
    assert rules.review_state(cutoff=True, parties=parties, digests={"a": "1"}) == rules.WAITING
    assert rules.review_state(cutoff=True, parties=parties, digests={"a": "1", "b": "1"}) == rules.EQUAL
    assert rules.review_state(cutoff=True, parties=parties, digests={"a": "1", "b": "2"}) == rules.DIFFERENT


def test_cutoff_digest_does_not_depend_on_the_order_of_logs() -> None:
    assert heads_digest(HEADS) == heads_digest(tuple(reversed(HEADS)))
