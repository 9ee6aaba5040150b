"""One entry of any kind as its page shows it: headline, fields in words, content, state, deliveries, proof, related."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from accordant.entries.envelope import EntryRef, Header
from accordant.entries.errors import NotVisible, Refusal, refusal
from accordant.entries.kinds import gettext_noop
from accordant.ledger import read
from accordant.ledger.models import Guarded, Hold, Member, MissingBody, State
from accordant.ledger.read.entries import StoredEntry
from accordant.pages import formats, headlines, panels, proofs, reading, words
from accordant.pages.acting import ActingRequest
from accordant.pages.ladder import Ladder, Rung

LAMPS: Final = {State.PROJECTED: "met", State.HELD: "held", State.IRREGULAR: "irregular"}


@dataclass(frozen=True)
class Row:
    """A line of a summary: a title, its text, perhaps where it leads."""

    title: str
    text: str
    href: str = ""
    lamp: str = ""


@dataclass(frozen=True)
class EntryShown:
    """What the page of an entry needs. `stub`: only that it exists is for this officer, no words of it.

    `content` is the body's fields; `content_text` says what became of the body where there are none to show. `homes`
    are the pages of domains that show this entry in its own way.
    """

    ref: EntryRef
    title: str
    stub: bool
    marking: int
    lamp: str
    state: str
    waits: Sequence[Row]
    facts: Sequence[Row]
    content: Sequence[Row]
    content_text: str
    homes: Sequence[panels.Act]
    ladders: Sequence[Ladder]
    proof: proofs.Proof
    related: Sequence[proofs.RelatedEntry]


def found(origin: str, index: int) -> StoredEntry:
    """The entry at a position; raises `NotVisible` when there is none."""
    entry = read.entries.find(origin, index)
    if entry is None:
        raise NotVisible([_not_found()])
    return entry


def readable(request: ActingRequest, origin: str, index: int) -> StoredEntry:
    """The entry at a position, which the officer may read; raises `NotVisible`."""
    entry = found(origin, index)
    if not reading.readable([entry], request.subject, request.now):
        raise NotVisible([_not_found()])
    return entry


def shown(request: ActingRequest, origin: str, index: int) -> EntryShown:
    """The entry as the officer may see it; reading its content is recorded first. Raises `NotVisible`."""
    entry = found(origin, index)
    stub = not reading.readable([entry], request.subject, request.now)
    if stub and not reading.seen(entry, request.subject, request.now):
        raise NotVisible([_not_found()])
    header, ref, us = entry.header, entry.ref, request.officer.agency
    homes = () if stub else tuple(panels.at("entry.home", request, ref))
    content, content_text = _content(request, entry, show=not stub and not homes)
    return EntryShown(
        ref=ref,
        title=header.kind if stub else headlines.headline(header),
        stub=stub,
        marking=header.mk,
        lamp="not-addressed" if stub and entry.state == State.PROJECTED else LAMPS[entry.state],
        state=_state(entry),
        waits=_waits(entry),
        facts=_facts(header, us) if stub else [*_facts(header, us), *_fields(header.kind, header.d)],
        content=content,
        content_text=content_text,
        homes=homes,
        ladders=_ladders(entry, us),
        proof=proofs.proof_of(entry),
        related=[] if stub else proofs.related(request, ref),
    )


def _facts(header: Header, us: str) -> list[Row]:
    parties = [formats.agency_name(agency) for agency in header.to]
    rows = [
        Row(_("Kind"), f"{header.kind} {header.kv}"),
        Row(_("Written by"), formats.agency_name(header.agency)),
        Row(_("Author"), _author(header, us)),
        Row(_("Written at"), formats.instant_text(header.at)),
        Row(_("Addressed to"), ", ".join(parties) or _("all parties")),
        Row(_("Circle"), header.circle),
    ]
    if header.due is not None:
        rows.append(Row(_("Due"), formats.instant_text(header.due)))
    return rows


def _author(header: Header, us: str) -> str:
    """The office as this agency calls it, with the signed code; of another agency the signed code alone."""
    title = formats.office_title(header.by, header.agency, us=us)
    return f"{title} ({header.by})" if title else header.by


def _fields(kind: str, facts: Mapping[str, Any]) -> list[Row]:
    """Facts as rows; a record within a record gives its own rows after it."""
    rows: list[Row] = []
    for name, value in facts.items():
        if isinstance(value, Mapping):
            rows += _fields(kind, value)
        elif value not in ("", [], None):
            said = headlines.in_words(kind, name, value) if isinstance(value, str) else ""
            rows.append(Row(words.field(name), _said(said or value)))
    return rows


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return formats.number_text(value)
    if isinstance(value, str):
        return formats.day_text(value) if len(value) == headlines.ISO_DAY else value
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _content(request: ActingRequest, entry: StoredEntry, *, show: bool) -> tuple[list[Row], str]:
    header, us = entry.header, request.officer.agency
    if header.b is None:
        return [], _("The entry has no content beside its header.")
    if header.to and us not in (*header.to, header.agency):
        return [], _("The content is not addressed to this agency.")
    if not show:
        return [], ""
    row = reading.guarded_row(entry)
    body = None if row is None else _body(request, row)
    if body is not None:
        return _fields(header.kind, body), ""
    if row is None:
        unlisted = _("The content is not shown: no list of this node has the entry.")
        return [], words.held(entry.code) if entry.state == State.HELD else unlisted
    why: int | None = MissingBody.objects.filter(entry_id=entry.entry_id).values_list("why", flat=True).first()
    return [], words.missing(why)


def _body(request: ActingRequest, row: Guarded) -> dict[str, Any] | None:
    return read.body(row, subject=request.subject, officer=request.officer, at=request.now)


def _state(entry: StoredEntry) -> str:
    if entry.state == State.HELD:
        return words.held(entry.code)
    if entry.state == State.IRREGULAR:
        return words.irregular(entry.code)
    return _("In force: it was taken in here at {instant}.").format(instant=formats.instant_text(entry.stored_at))


def _waits(entry: StoredEntry) -> list[Row]:
    """The positions a held entry waits for, by agency and number."""
    if entry.state != State.HELD:
        return []
    rows = Hold.objects.filter(entry_id=entry.entry_id).order_by("origin", "index").values_list("origin", "index")
    return [
        Row(
            _("Waits for"),
            _("entry {number} of {agency}").format(
                number=formats.number_text(index), agency=formats.agency_name(origin.partition("/")[0])
            ),
            proofs.entry_href(EntryRef(origin, index, "")),
        )
        for origin, index in rows
    ]


def _ladders(entry: StoredEntry, us: str) -> list[Ladder]:
    """How far an entry of ours got at each other party; entries of others have no ladder here."""
    header = entry.header
    if header.agency != us:
        return []
    members = Member.objects.filter(circle=header.circle, role="party").order_by("agency")
    parties = [agency for agency in members.values_list("agency", flat=True) if agency != us]
    return [_ladder(entry, delivery) for delivery in read.delivery(entry, parties).values()]


def _ladder(entry: StoredEntry, delivery: read.Delivery) -> Ladder:
    received = None if delivery.received_at is None else delivery.received_at * 1000
    proof = proofs.receipt_href(entry.ref) if received is not None else ""
    rungs = (
        Rung(_("signed"), "met", delivery.signed_at),
        Rung(_("sent"), "claimed" if delivery.sent_at else "waiting", delivery.sent_at, _("our own observation")),
        Rung(_("received"), "waiting" if received is None else "met", received, proof=proof),
    )
    return Ladder(delivery.agency, rungs, delivery.reason)


def _not_found() -> Refusal:
    return refusal(
        "entry-not-found",
        gettext_noop("Nothing is shown."),
        gettext_noop("There is no such entry, or it is not for this office."),
        gettext_noop("Check the address, or ask whoever gave it."),
    )
