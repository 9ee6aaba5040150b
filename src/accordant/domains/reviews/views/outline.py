"""The report of a review in words: parts, sentences and tables, once for the page and for the official paper.

Each number carries the address of its entries, which the page shows as links and paper leaves out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accordant.domains.reviews import rules
from accordant.domains.reviews.models import FigureShown, PartyShown, ReviewShown
from accordant.domains.reviews.views import words
from accordant.pages import formats, papers

DIGEST_CHARACTERS = 16


@dataclass(frozen=True)
class Cell:
    """A cell of a table with the address of its entries; a number stands on the right."""

    text: str
    href: str = ""
    number: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: caption, columns, rows of cells."""

    caption: str
    columns: tuple[papers.Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def titled(self) -> list[list[tuple[str, Cell]]]:
        """The rows, each cell with the title of its column: narrow screens show a row as a card."""
        titles = [column.title for column in self.columns]
        return [list(zip(titles, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Line:
    """A sentence: `style` as in papers; the address belongs to the number that it says."""

    text: str
    style: str = "plain"
    href: str = ""
    number: str = ""

    @property
    def before(self) -> str:
        """What stands before the number; the whole sentence where it says none."""
        return self.text.partition(self.number)[0] if self.number else self.text

    @property
    def after(self) -> str:
        """What stands after the number."""
        return self.text.partition(self.number)[2] if self.number else ""


@dataclass(frozen=True)
class Part:
    """A titled part of the report with its sentences and tables in order."""

    title: str
    content: Sequence[Line | Grid]


def parts(shown: ReviewShown) -> list[Part]:
    """The report: scope, results, comparison of statements, remarks, and the cutoff as an annex."""
    return [
        Part(_("I. SCOPE AND PERIOD"), _scope(shown)),
        Part(_("II. RESULTS OF COORDINATION"), _results(shown)),
        Part(_("III. COMPARISON OF THE PARTIES' FIGURES"), _comparison(shown)),
        Part(_("IV. HOW THE FIGURES WERE MADE"), _remarks(shown)),
    ]


def basis(shown: ReviewShown) -> list[str]:
    """The lines that say on what the report rests."""
    if shown.regulation_day:
        return [
            _("Pursuant to Coordination Regulation No. {number} of {day}.").format(
                number=shown.regulation, day=formats.day_text(shown.regulation_day)
            )
        ]
    return [_("Pursuant to Coordination Regulation No. {number}.").format(number=shown.regulation)]


def name_of(party: PartyShown) -> str:
    """A party's name as its card in this circle bears it: the same at every party."""
    return party.name_vi if formats.is_vietnamese() else party.name_en


def _scope(shown: ReviewShown) -> list[Line | Grid]:
    review = shown.review
    opener = shown.party(review.agency)
    lines: list[Line | Grid] = [
        Line(
            _("The report covers the period from {first} to the end of {last}.").format(
                first=formats.day_text(review.start), last=formats.day_text(words.last_day(review))
            )
        ),
        Line(_("The parties are: {parties}.").format(parties="; ".join(name_of(party) for party in shown.parties))),
        Line(
            _("The review was opened by {agency} under the code {code}.").format(
                agency=review.agency if opener is None else name_of(opener), code=review.code
            ),
            href=_entry(review.origin, review.index),
            number=review.code,
        ),
    ]
    if shown.cutoff is None:
        lines.append(Line(_("No cutoff of the figures is proposed yet, so that nothing is counted.")))
    return lines


def _results(shown: ReviewShown) -> list[Line | Grid]:
    if not shown.figures:
        return []
    columns = (
        papers.Column(_("Indicator (unit)"), 2.3),
        *(papers.Column(name_of(party), 1.25, "right") for party in shown.parties),
        papers.Column(_("Total"), 0.95, "right"),
        papers.Column(_("Joint"), 0.95, "right"),
    )
    grid = Grid(
        _("Table 1. Results by indicator and party"),
        columns,
        tuple(_result(shown, one) for one in shown.figures),
    )
    return [
        *(_sentence(shown, one) for one in shown.figures),
        grid,
        Line(
            _(
                "The total is the sum of the parties' columns. The column Joint says how many of the total name two or "
                "more parties taking part; it is not added to the total."
            ),
            style="small",
        ),
    ]


def _result(shown: ReviewShown, one: FigureShown) -> tuple[Cell, ...]:
    definition, figure = one.definition, one.figure
    href = _figure(shown, definition.name)
    return (
        Cell(f"{_(definition.title)} ({words.unit_text(definition)})"),
        *(
            Cell(
                words.value_text(definition, figure.lines[party.agency].value, figure.lines[party.agency].paired),
                f"{href}?agency={party.agency}",
                number=True,
            )
            for party in shown.parties
        ),
        Cell(words.value_text(definition, figure.value, figure.paired), href, number=True),
        Cell(words.value_text(definition, figure.joint.value, figure.joint.paired), f"{href}?part=joint", number=True),
    )


def _sentence(shown: ReviewShown, one: FigureShown) -> Line:
    definition, figure = one.definition, one.figure
    places = {
        "title": _(definition.title),
        "value": words.value_text(definition, figure.value, figure.paired),
        "unit": words.unit_text(definition),
        "joint": words.value_text(definition, figure.joint.value, figure.joint.paired),
    }
    if figure.joint.value:
        text = _("{title}: {value}, of which {joint} with two or more parties taking part (unit: {unit}).").format(
            **places
        )
    else:
        text = _("{title}: {value} (unit: {unit}).").format(**places)
    if figure.irregular.value:
        text = f"{text} {_left_out(figure.irregular.value)}"
    return Line(text, style="item", href=_figure(shown, definition.name), number=places["value"])


def _left_out(count: int) -> str:
    return ngettext(
        "{count} irregular entry is not counted.", "{count} irregular entries are not counted.", count
    ).format(count=formats.number_text(count))


def _comparison(shown: ReviewShown) -> list[Line | Grid]:
    if shown.cutoff is None:
        return []
    columns = (
        papers.Column(_("Party"), 2.0),
        papers.Column(_("State"), 1.4),
        papers.Column(_("Time"), 1.2, "centre"),
        papers.Column(_("Digest of the figures"), 1.5, "centre"),
    )
    grid = Grid(_("Table 2. Statements of the parties"), columns, tuple(_statement(party) for party in shown.parties))
    content: list[Line | Grid] = [Line(_verdict(shown)), grid]
    for party in shown.incomplete:
        lacks = "; ".join(words.lack_text(lack) for lack in party.lacks) or _("everything is held, consent is awaited")
        content.append(
            Line(_("Incomplete: {agency} ({lacks}).").format(agency=name_of(party), lacks=lacks), style="item")
        )
    if shown.differences:
        content.append(_differing(shown))
    return content


def _verdict(shown: ReviewShown) -> str:
    if shown.state == rules.EQUAL:
        return _("All parties stated the same figures from their own copies of the entries.")
    if shown.state == rules.DIFFERENT:
        return _("The parties' statements differ; the differences are listed below, entry by entry.")
    return _("Not every party has stated its figures yet. Until then the figures above are provisional.")


def _statement(party: PartyShown) -> tuple[Cell, ...]:
    _lamp, state = words.PARTY_STATES[party.state]
    href = "" if party.ref is None else _entry(party.ref.origin, party.ref.index)
    return (
        Cell(name_of(party)),
        Cell(_(state)),
        Cell(formats.instant_text(party.at), href),
        Cell(party.digest[:DIGEST_CHARACTERS], href if party.digest else ""),
    )


def _differing(shown: ReviewShown) -> Grid:
    names = {party.agency: name_of(party) for party in shown.parties}
    rows = []
    for one in shown.differences:
        found = one.found
        title = found.indicator if one.definition is None else _(one.definition.title)
        href = _figure(shown, found.indicator)
        entries = [f"{origin} {index}" for origin, index in (*found.only_ours, *found.only_theirs)]
        listed = "; ".join(entries[:5]) + ("; …" if len(entries) > 5 else "")
        rows.append(
            (
                Cell(title),
                Cell(f"{names.get(one.against, one.against)}: {_number(found.ours)}", href),
                Cell(f"{names.get(one.agency, one.agency)}: {_number(found.theirs)}", href),
                Cell(listed),
            )
        )
    columns = (
        papers.Column(_("Indicator"), 1.3),
        papers.Column(_("One statement"), 1.2),
        papers.Column(_("The other"), 1.2),
        papers.Column(_("Entries that only one counts"), 2.0),
    )
    return Grid(_("Table 3. Differences by entry"), columns, tuple(rows))


def _remarks(shown: ReviewShown) -> list[Line | Grid]:
    lines: list[Line | Grid] = [
        Line(
            _(
                "Every figure is counted by the machine from entries that the parties signed, up to the cutoff that "
                "all of them hold; nothing is typed in. Each entry counts once, in the line of its owner, on its own "
                "day."
            )
        ),
        Line(
            _(
                "No figure of timeliness is given: facts that were entered afterwards bear their historical times, "
                "while receipts bear the true time at which they were given."
            )
        ),
    ]
    if shown.cutoff is not None:
        lines += [
            Line(
                ngettext(
                    "The cutoff of {at} covers {logs} log with {entries} entries; its digest is {digest}.",
                    "The cutoff of {at} covers {logs} logs with {entries} entries; its digest is {digest}.",
                    len(shown.cutoff.sizes),
                ).format(
                    at=formats.instant_text(shown.cutoff.at),
                    logs=formats.number_text(len(shown.cutoff.sizes)),
                    entries=formats.number_text(shown.entries),
                    digest=shown.cutoff.digest[:DIGEST_CHARACTERS],
                ),
                href=_entry(shown.cutoff.origin, shown.cutoff.index),
                number=shown.cutoff.digest[:DIGEST_CHARACTERS],
            ),
            _cutoff(shown),
        ]
    return lines


def _cutoff(shown: ReviewShown) -> Grid:
    heads = [] if shown.cutoff is None else shown.cutoff.sizes
    names = {party.agency: name_of(party) for party in shown.parties}
    columns = (
        papers.Column(_("Log of"), 2.0),
        papers.Column(_("Entries"), 0.8, "right"),
        papers.Column(_("Root of the log"), 1.6, "centre"),
    )
    rows = []
    for head in heads:
        owner = head.log.partition("/")[0]
        href = _entry(head.log, head.size - 1) if head.size else ""
        rows.append(
            (
                Cell(names.get(owner, owner)),
                Cell(formats.number_text(head.size), href, number=True),
                Cell(head.root[:DIGEST_CHARACTERS]),
            )
        )
    number = 4 if shown.differences else 3
    return Grid(_("Table {number}. Checkpoints of the cutoff").format(number=number), columns, tuple(rows))


def _number(value: int | None) -> str:
    return _("not stated") if value is None else formats.number_text(value)


def _figure(shown: ReviewShown, name: str) -> str:
    return reverse("reviews:figure", args=[shown.review.origin, shown.review.index, name])


def _entry(origin: str, index: int) -> str:
    return reverse("pages:entry", args=[origin, index])
