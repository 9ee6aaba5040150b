"""Texts, confirmations and signatures to rows.

Each is judged by its header alone, so that a body kept from one party changes nobody's judgement; what the body of a
text lacks is a column beside it (`fault`).
"""

from collections.abc import Sequence
from typing import Any

from accordant.entries.errors import Refusal
from accordant.ledger.projector import Entry, handles
from accordant.ledger.tables import Tables
from accordant.regulations import entries as facts
from accordant.regulations.models import Confirmation, Party, Provision, Regulation, Signature, Text, held_text
from accordant.regulations.projections.positions import Row, named, place_of, position_of, row_named
from accordant.regulations.rules import circles, faults, places, signing, texts


@handles(facts.TextImported)
def on_text_imported(entry: Entry[facts.TextImported], tables: Tables) -> Sequence[Refusal]:
    place = place_of(entry, tables)
    original = _text(entry, "translation-of", tables)
    translates = bool(named(entry, "translation-of"))
    refusals = [
        *places.refusals_outside_shared_circle(place, author=entry.header.agency),
        *texts.refusals_to_import_text(
            entry.record,
            main=place.sort in texts.SORTS,
            original=None if original is None else held_text(original),
            translates=translates,
            to_all=not entry.header.to and entry.header.b is not None,
        ),
    ]
    if refusals:
        return refusals
    original_id = 0 if original is None else original["entry_id"]
    fault = faults.text_fault(entry.record, entry.body)
    body = None if fault else entry.body
    _keep_text(entry, body, fault, original_id, tables)
    if original is None:
        _keep_regulation(entry, body, fault, tables)
    else:
        _keep_translation(entry, body, original_id, tables)
    return ()


@handles(facts.TextConfirmed)
def on_text_confirmed(entry: Entry[facts.TextConfirmed], tables: Tables) -> Sequence[Refusal]:
    header = entry.header
    text = _text(entry, "text", tables)
    refusals = texts.refusals_to_confirm_text(
        None if text is None else held_text(text),
        author=header.agency,
        root=entry.record.root,
    )
    if refusals or text is None:
        return refusals
    guard = tables.guard(entry.entry_id, header)
    tables.insert(Confirmation, **guard, **position_of(entry), text_id=text["entry_id"], root=entry.record.root)
    regulation = tables.get(Regulation, text["entry_id"])
    if regulation is not None and regulation["state"] == signing.IMPORTED:
        tables.update(Regulation, text["entry_id"], state=signing.CONFIRMED)
    return ()


@handles(facts.RegulationSigned)
def on_regulation_signed(entry: Entry[facts.RegulationSigned], tables: Tables) -> Sequence[Refusal]:
    header = entry.header
    text = _text(entry, "text", tables)
    text_id = 0 if text is None else text["entry_id"]
    confirmation = row_named(entry, "confirmation", Confirmation, tables)
    confirmed = confirmation is not None and confirmation["text_id"] == text_id
    roles = {row["agency"]: row["role"] for row in tables.find(Party, circle=header.circle)}
    refusals = signing.refusals_to_sign_regulation(
        None if text is None else held_text(text),
        author=header.agency,
        root=entry.record.root,
        confirmed_root=confirmation["root"] if confirmation is not None and confirmed else None,
        role=roles.get(header.agency),
    )
    if refusals:
        return refusals
    guard = tables.guard(entry.entry_id, header)
    tables.insert(Signature, **guard, **position_of(entry), text_id=text_id, root=entry.record.root)
    parties = [agency for agency, role in roles.items() if role == circles.PARTY]
    rows = sorted(tables.find(Signature, text_id=text_id), key=lambda row: row["index"], reverse=True)
    at = signing.in_force_at(parties, {row["origin"].partition("/")[0]: row["at"] for row in rows})
    if at is not None:
        tables.update(Regulation, text_id, state=signing.IN_FORCE, in_force_at=at)
    return ()


def _text(entry: Entry[Any], role: str, tables: Tables) -> Row | None:
    text = row_named(entry, role, Text, tables)
    return text if text is not None and text["circle"] == entry.header.circle else None


def _keep_text(
    entry: Entry[facts.TextImported],
    body: facts.TextImportedBody | None,
    fault: str,
    original_id: int,
    tables: Tables,
) -> None:
    components = () if body is None else body.components
    tables.insert(
        Text,
        **tables.guard(entry.entry_id, entry.header),
        **position_of(entry),
        **_text_columns(entry),
        parts=entry.record.parts,
        source="" if body is None else body.source,
        title="" if body is None else body.title,
        fault=fault,
        original_id=original_id,
        components=[
            {"name": part.name, "title": part.title, "text": part.text, "conclusions": part.conclusions}
            for part in components
        ],
        doubts=[
            {"line": doubt.line, "code": doubt.code, "found": doubt.found, "expected": doubt.expected}
            for doubt in (() if body is None else body.doubts)
        ],
    )
    units = ((part.name, unit) for part in components for unit in part.provisions)
    for position, (component, unit) in enumerate(units):
        tables.insert(
            Provision,
            entry_id=entry.entry_id,
            position=position,
            component=component,
            wid=unit.wid,
            eid=unit.eid or unit.wid,
            level=unit.level,
            num=unit.num,
            heading=unit.heading,
            text=unit.text,
            depth=unit.depth,
        )


def _text_columns(entry: Entry[facts.TextImported]) -> dict[str, object]:
    record = entry.record
    return {
        "circle": entry.header.circle,
        "number": record.number,
        "day": record.day,
        "language": record.language,
        "root": record.root,
        "articles": record.articles,
    }


def _keep_regulation(
    entry: Entry[facts.TextImported], body: facts.TextImportedBody | None, fault: str, tables: Tables
) -> None:
    titles = {"title_vi": "", "title_en": ""}
    if body is not None:
        titles[f"title_{entry.record.language}"] = body.title
    guard = tables.guard(entry.entry_id, entry.header)
    tables.insert(Regulation, **guard, **position_of(entry), **_text_columns(entry), **titles, fault=fault)


def _keep_translation(
    entry: Entry[facts.TextImported], body: facts.TextImportedBody | None, original_id: int, tables: Tables
) -> None:
    """Of several translations the one with the greatest (time, origin, index) is shown, in whatever order they come.

    One without a sound body is not shown at all.
    """
    regulation = tables.get(Regulation, original_id)
    if regulation is None or body is None:
        return
    held = tables.get(Text, regulation["translation_id"]) if regulation["translation_id"] else None
    newest = (entry.header.at, entry.ref.origin, entry.ref.index)
    if held is None or newest > (held["at"], held["origin"], held["index"]):
        titles = {f"title_{entry.record.language}": body.title}
        tables.update(Regulation, original_id, translation_id=entry.entry_id, **titles)
