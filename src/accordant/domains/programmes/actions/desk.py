"""What one call knows of the circle it writes to: parties, programmes, codes taken; and how it examines new facts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from accordant.domains.programmes import rules
from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import Refusal, refuse_if
from accordant.entries.kinds import Fact
from accordant.ledger.models import Member

New = rules.NewProgramme | rules.NewActivity | rules.NewDelegation
Examined = tuple[list[Refusal], Fact]
_TABLES = {rules.NewProgramme: Programme, rules.NewActivity: Activity, rules.NewDelegation: Delegation}


@dataclass
class Desk:
    """Facts of one append do not see each other, so that codes given in it are kept here."""

    circle: str
    by: Officer
    now: datetime
    given: set[tuple[type, str]] = field(default_factory=set)
    parties: frozenset[str] | None = None

    def coded(self, new: New) -> New:
        """The fact with its own code, or the next free one of its year."""
        if new.code:
            return new
        table = _TABLES[type(new)]
        code = table.objects.next_code(agency=self.by.agency, circle=self.circle, year=new.day[:4])
        while (type(new), code) in self.given:
            code = f"{code[:5]}{int(code[5:]) + 1:04d}"
        return replace(new, code=code)

    def examined(self, new: New) -> Examined:
        """What stands against the fact, and the fact."""
        new = self.coded(new)
        taken = (type(new), new.code) in self.given or _TABLES[type(new)].objects.regular(
            agency=self.by.agency, circle=self.circle
        ).filter(code=new.code).exists()
        self.given.add((type(new), new.code))
        if isinstance(new, rules.NewProgramme):
            return self._programme(new, taken)
        return self._activity(new, taken) if isinstance(new, rules.NewActivity) else self._delegation(new, taken)

    def builder(self, new: New) -> Callable[[], Fact]:
        """Builds the fact inside the append; raises what the rule says."""

        def fact() -> Fact:
            refusals, built = self.examined(new)
            refuse_if(refusals)
            return built

        return fact

    def missing_standing(self, new: Iterable[New]) -> list[rules.NewProgramme]:
        """The standing programmes that these activities need and this agency has not opened here."""
        years = {n.day[:4] for n in new if isinstance(n, rules.NewActivity) and n.programme is None}
        wanted = [rules.standing_programme(year) for year in sorted(years)]
        held = Programme.objects.known(agency=self.by.agency, circle=self.circle, codes=[w.code for w in wanted])
        return [programme for programme in wanted if programme.code not in held]

    def standing(self, day: str) -> EntryRef | None:
        """Where this agency's standing programme of the day's year stands."""
        code = rules.standing_programme(day[:4]).code
        return Programme.ref_of(agency=self.by.agency, circle=self.circle, code=code)

    def _parties(self) -> frozenset[str]:
        if self.parties is None:
            rows = Member.objects.filter(circle=self.circle, role="party")
            self.parties = frozenset(rows.values_list("agency", flat=True))
        return self.parties

    def _programme(self, new: rules.NewProgramme, taken: bool) -> Examined:
        record, body = new.record, new.body
        refusals = rules.refusals_to_open_programme(
            record, author=self.by.agency, taken=taken, body=body, by=self.by, parties=self._parties()
        )
        return refusals, Fact(record, body, at=new.at)

    def _activity(self, new: rules.NewActivity, taken: bool) -> Examined:
        record, body = new.record, new.body
        programme = new.programme or self.standing(new.day)
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
            parties=self._parties(),
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
            parties=self._parties(),
        )
        return refusals, Fact(record, body, refs=_about(new.programme), at=new.at)

    def _held(self, ref: EntryRef | None) -> rules.HeldProgramme | None:
        row = None if ref is None else Programme.at_position(ref)
        return row.held if row is not None and row.circle == self.circle and not row.irregular else None


def _about(programme: EntryRef | None) -> Sequence[object]:
    return () if programme is None else (programme.as_reference("programme"),)
