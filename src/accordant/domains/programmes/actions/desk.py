"""What one write knows of the circle it goes to: parties, programmes, codes taken; and how it examines new facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from accordant.domains.programmes import rules
from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.entries.envelope import EntryRef, Officer, Reference
from accordant.entries.errors import Refusal, refuse_if
from accordant.entries.kinds import Fact
from accordant.entries.limits import GROUP_ENTRIES
from accordant.ledger.models import Member

New = rules.NewProgramme | rules.NewActivity | rules.NewDelegation
Examined = tuple[list[Refusal], Fact]
TABLES = {rules.NewProgramme: Programme, rules.NewActivity: Activity, rules.NewDelegation: Delegation}


def _nothing_taken() -> dict[type[New], set[str]]:
    """No codes of any sort."""
    return {sort: set() for sort in TABLES}


@dataclass
class Desk:
    """Facts of one append do not see each other, so that codes given in it are kept here.

    What stands in the circle is read once, at the first fact: inside the append, thus after every earlier write.
    """

    circle: str
    by: Officer
    now: datetime
    new: Sequence[New]
    taken: dict[type[New], set[str]] = field(default_factory=_nothing_taken)
    parties: frozenset[str] | None = None
    programmes: dict[EntryRef, rules.HeldProgramme | None] = field(default_factory=dict)
    years: dict[str, EntryRef | None] = field(default_factory=dict)

    def anew(self) -> "Desk":
        """The same desk before its first look at the circle."""
        return replace(self, taken=_nothing_taken(), parties=None)

    def writes(self) -> "list[Desk]":
        """The writes that these facts take, in order: first the standing programmes that are not open yet."""
        runs = [self.new[start : start + GROUP_ENTRIES] for start in range(0, len(self.new), GROUP_ENTRIES)]
        return [Desk(self.circle, self.by, self.now, run) for run in (self._missing_standing(), *runs) if run]

    def builders(self) -> list[Callable[[], Fact]]:
        """One builder for each new fact; inside the append it gives the fact, or raises what its rule says."""
        return [self._builder(new) for new in self.new]

    def examined(self, new: New) -> Examined:
        """What stands against one of the facts, and the fact."""
        if self.parties is None:
            self._look()
        new = self._coded(new)
        taken = new.code in self.taken[type(new)]
        self.taken[type(new)].add(new.code)
        if isinstance(new, rules.NewProgramme):
            return self._programme(new, taken)
        return self._activity(new, taken) if isinstance(new, rules.NewActivity) else self._delegation(new, taken)

    def _missing_standing(self) -> list[rules.NewProgramme]:
        """The years of daily work to open: at the time of the first act in them, where acts bear an earlier one."""
        first: dict[str, list[int]] = {}
        for new in self.new:
            if isinstance(new, rules.NewActivity) and new.programme is None:
                first.setdefault(new.day[:4], []).extend([] if new.at is None else [new.at])
        wanted = [replace(rules.standing_programme(year), at=min(at, default=None)) for year, at in first.items()]
        codes = {programme.code for programme in wanted}
        held = Programme.objects.known(agency=self.by.agency, circle=self.circle, codes=codes)
        return [programme for programme in sorted(wanted, key=lambda p: p.code) if programme.code not in held]

    def _builder(self, new: New) -> Callable[[], Fact]:
        def fact() -> Fact:
            refusals, built = self.examined(new)
            refuse_if(refusals)
            return built

        return fact

    def _look(self) -> None:
        """Read parties, and which of the codes are taken."""
        rows = Member.objects.filter(circle=self.circle, role="party")
        self.parties = frozenset(rows.values_list("agency", flat=True))
        for sort, table in TABLES.items():
            codes = {new.code for new in self.new if isinstance(new, sort) and new.code}
            self.taken[sort] |= table.objects.claimed(agency=self.by.agency, circle=self.circle, codes=codes)

    def _coded(self, new: New) -> New:
        """The fact with its own code, or the next free one of its year."""
        if new.code:
            return new
        code = TABLES[type(new)].objects.next_code(
            agency=self.by.agency, circle=self.circle, year=new.day[:4], beside=self.taken[type(new)]
        )
        return replace(new, code=code)

    def _programme(self, new: rules.NewProgramme, taken: bool) -> Examined:
        record, body = new.record, new.body
        refusals = rules.refusals_to_open_programme(
            record, author=self.by.agency, taken=taken, body=body, by=self.by, parties=self.parties
        )
        return refusals, Fact(record, body, at=new.at)

    def _activity(self, new: rules.NewActivity, taken: bool) -> Examined:
        record, body = new.record, new.body
        programme = new.programme or self._standing(new.day[:4])
        held = self._held(programme)
        if programme is None:
            year = rules.standing_programme(new.day[:4])
            held = rules.HeldProgramme(self.by.agency, year.sort, year.day, year.day_end)
        refusals = rules.refusals_to_record_activity(
            record,
            author=self.by.agency,
            taken=taken,
            programme=held,
            body=body,
            by=self.by,
            parties=self.parties,
        )
        return refusals, Fact(record, body, refs=_about(programme), at=new.at)

    def _delegation(self, new: rules.NewDelegation, taken: bool) -> Examined:
        record, body = new.record, new.body
        refusals = rules.refusals_to_record_delegation(
            record,
            author=self.by.agency,
            taken=taken,
            named=new.programme is not None,
            programme=self._held(new.programme),
            body=body,
            by=self.by,
            parties=self.parties,
        )
        return refusals, Fact(record, body, refs=_about(new.programme), at=new.at)

    def _standing(self, year: str) -> EntryRef | None:
        """Where this agency's standing programme of the year stands; None before it is opened."""
        if year not in self.years:
            code = rules.standing_programme(year).code
            self.years[year] = Programme.ref_of(agency=self.by.agency, circle=self.circle, code=code)
        return self.years[year]

    def _held(self, ref: EntryRef | None) -> rules.HeldProgramme | None:
        if ref is None:
            return None
        if ref not in self.programmes:
            row = Programme.at_position(ref)
            regular = row is not None and row.circle == self.circle and not row.irregular
            self.programmes[ref] = row.held if row is not None and regular else None
        return self.programmes[ref]


def _about(programme: EntryRef | None) -> tuple[Reference, ...]:
    return () if programme is None else (programme.as_reference("programme"),)
