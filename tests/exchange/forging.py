"""Requests and parcels as an agency's node would send them, or not quite."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from accordant.accounts import keys
from accordant.entries import manifest
from accordant.exchange import partners, push
from accordant.exchange.sync import BASE, PARCEL_TYPE
from accordant.exchange.transports import Request
from accordant.ledger import sections
from accordant.seal import parcel, payloads
from tests.exchange.conftest import Pair
from tests.simulator.world import SimulatedNode

PATH = f"{BASE}/parcel"


def request(
    pair: Pair,
    body: bytes,
    *,
    sender: SimulatedNode | None = None,
    at: int | None = None,
    host: str = "",
    method: str = "POST",
    path: str = PATH,
) -> Request:
    """A signed request by the guard, or by another node, to the province, signed for it or for another host."""
    node = sender or pair.guard
    url = pair.province.url
    host = host or urlsplit(url).netloc
    with node.at():
        when = pair.world.clock.milliseconds() if at is None else at
        authorization = push.authorize(method=method, host=host, path=path, at=when, body=body)
    headers = {"Host": host, "Content-Type": PARCEL_TYPE, "Authorization": authorization}
    return Request(url, pair.province.pins, method, path, headers, body)


def built(pair: Pair) -> bytes:
    """The parcel that the guard's node has for the province."""
    with pair.guard.at():
        return push.build(pair.province.agency, now=pair.world.clock.milliseconds(), ceiling=0).data


Bend = Callable[[parcel.Section], parcel.Section]


def bent(pair: Pair, bend: Bend, *, start: int | None = None) -> bytes:
    """A parcel whose one section, the guard's newest entries (or those from `start`), is bent before it is sealed."""
    with pair.guard.at():
        (log,) = [log for log in sections.logs_of(pair.circle) if log.ours]
        draft = push._Draft()
        begin = sections.cosigned_size(log, pair.province.agency) if start is None else start
        push._add_sections(draft, log, pair.province.agency, begin, 0)
        return sealed(pair, [bend(draft.sections[0])])


def sealed(pair: Pair, parts: Sequence[parcel.Section], *, cosigned: Sequence[bytes] = ()) -> bytes:
    """The guard's parcel to the province with these sections and notes; call it at the guard's node."""
    ring = keys.keyring()
    card = partners.confirmed_card(pair.province.agency)
    assert card is not None
    (own,) = [log for log in sections.logs_of(pair.circle) if log.ours]
    statement = manifest.Manifest(
        v=1,
        id="ab" * 16,
        sender=ring.agency,
        to=(pair.province.agency,),
        circles=(pair.circle,),
        cipher="age",
        at=pair.world.clock.milliseconds(),
        sections=tuple(_mark(part, own.size) for part in parts),
        have=(sections.head(own),),
    )
    return push.seal(statement, card.card.recipient, cosigned=cosigned, parts=parts)


def _mark(part: parcel.Section, size: int) -> manifest.SectionMark:
    origin, _rest = part.checkpoint.note.decode().split("\n", 1)
    return manifest.SectionMark(log=origin, start=part.checkpoint.start, stop=part.checkpoint.end, size=size)


def refusals(pair: Pair, answer: bytes) -> list[tuple[str, int]]:
    """The sections that an answer to the guard says were refused: code and size."""
    with pair.guard.at():
        preface = next(keys.keyring().open_parcel(answer))
    assert isinstance(preface, parcel.Preface)
    return [(section.code, section.size) for section in manifest.read(preface.manifest).manifest.refused]


def replaced(section: parcel.Section, change: Callable[[bytes], bytes]) -> parcel.Section:
    """The section with its first header changed."""
    first = section.runs[0]
    run = parcel.Run(first.first, (change(first.headers[0]), *first.headers[1:]), first.beside)
    return parcel.Section(section.checkpoint, (run, *section.runs[1:]), section.consistency)


def under(section: parcel.Section, note: bytes) -> parcel.Section:
    """The section under another note."""
    mark = payloads.Checkpoint(section.checkpoint.start, section.checkpoint.end, note)
    return parcel.Section(mark, section.runs, section.consistency)
