"""The gallery: every component in every state, with invented data; only where no node is configured (tests)."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accordant.entries.errors import Refusal, Sentence
from accordant.pages.entry import Row
from accordant.pages.ladder import Ladder, Rung
from accordant.pages.listing import Cell, Column
from accordant.pages.listing.table import Choice, Empty, FilterShown, Head, Pager, Table, filled
from accordant.pages.panels import Act, DeskRow
from accordant.pages.proofs import Proof, Receipt, RelatedEntry
from accordant.pages.timeline import Event

LAMPS: Final = (
    "met", "claimed", "waiting", "due-soon", "overdue", "refused", "waived", "held", "irregular", "not-reached",
    "not-addressed",
)  # fmt: skip
COLOURS: Final = ("grey", "green", "turquoise", "blue", "purple", "pink", "red", "orange", "yellow")
MARKINGS: Final = (0, 1, 2, 3)
PEER: Final = "city.example"
ORIGIN: Final = "guard.example/qc-12-2026-d7d7d7d7/1"
AT: Final = 1_765_000_000_000
DAY: Final = 86_400_000
LEAF: Final = "ab" * 32


class SampleForm(forms.Form):
    """One field of each sort."""

    number = forms.CharField(max_length=20, label="Number", help_text="As it stands on the paper.")
    day = forms.DateField(label="Day", widget=forms.DateInput({"type": "date"}))
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    marking = forms.ChoiceField(label="Marking", choices=[("0", "None"), ("1", "Confidential")])
    precedence = forms.ChoiceField(
        label="Precedence", choices=[("routine", "Routine"), ("urgent", "Urgent")], widget=forms.RadioSelect
    )
    parties = forms.MultipleChoiceField(
        label="Addressed to",
        choices=[(PEER, "City security"), ("military.example", "City military command")],
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(label="File", required=False)
    agreed = forms.BooleanField(label="I compared every article")


@require_safe
def show_gallery(request: HttpRequest) -> HttpResponse:
    """All components, or with `?refused` a page that was refused with a form in error."""
    if "refused" in request.GET:
        context = {"refusals": _refusals(), "form_wrong": SampleForm({"number": "x" * 30})}
        return render(request, "pages/gallery_refusals.html", context)
    return render(request, "pages/gallery.html", _components(request.now))  # type: ignore[attr-defined]  # clock middleware


def _components(now: datetime) -> dict[str, Any]:
    return {
        "marking": 1,
        "lamps": LAMPS,
        "markings": MARKINGS,
        "colours": COLOURS,
        "table": _table(_rows()),
        "table_empty": _table([]),
        "waiting": _waiting(int(now.timestamp() * 1000)),
        "ladders": _ladders(),
        "events": _events(),
        "summary": [Row("Number", "12/QD"), Row("State", "held", lamp="held"), Row("Circle", "qc-12-2026", href="/")],
        "form": SampleForm(),
        "proof": _proof(size=413),
        "proof_waiting": _proof(size=0),
        "related": [
            RelatedEntry("to", "answers", "Item 11/QD from the city", "/", PEER, AT, f"{PEER} 7"),
            RelatedEntry("from", "item", "The city acknowledged an item", "/", PEER, AT + DAY, f"{PEER} 9"),
        ],
    }


def _table(rows: list[tuple[str, str, int]]) -> Table:
    columns = (
        Column("number", "Number", lambda row: Cell(row[0], href="/"), sort="number"),
        Column("state", "State", lambda row: Cell(row[1], lamp=row[1]), sort="state"),
        Column("count", "Persons", lambda row: row[2], align="right"),
    )
    choices = [Choice("met", "met", True), Choice("held", "held", False)]
    return Table(
        name="samples",
        heads=[
            Head("number", "Number", "", "?sort=-number", "ascending"),
            Head("state", "State", "", "?sort=state", ""),
            Head("count", "Persons", "right", "", ""),
        ],
        rows=filled(columns, rows)[1],
        filters=[
            FilterShown("state", "State", "choice", "met", "met", choices, "", "?"),
            FilterShown("q", "Words", "text", "", "", [], "", "?"),
            FilterShown("from", "From", "from", "2025-13-01", "2025-13-01", [], "Enter a day as 2025-12-31.", "?"),
        ],
        kept=[("sort", "number")],
        narrowed=True,
        reset="?",
        count=10_001,
        count_text="more than 10,000 rows",
        pager=Pager(2, "rows 51 to 100", "?", "?", "?page=3", [Choice("50", "50", True), Choice("100", "100", False)]),
        about="?export=about",
        export="?export=csv",
        empty=Empty("Nothing fits the filters", "Take a filter off, or choose other values.", "?", "Take all off"),
    )


def _rows() -> list[tuple[str, str, int]]:
    return [(f"{number}/QD", lamp, number * 1000) for number, lamp in enumerate(LAMPS, start=1)]


def _waiting(now: int) -> list[DeskRow]:
    acts = (Act("Acknowledge", "#forms", "post"), Act("Open", "#forms"))
    return [
        DeskRow("Item 12/QD", "/", PEER, now - DAY, now + DAY, "due-soon", "due soon", acts),
        DeskRow("Item 11/QD", "/", PEER, now - 3 * DAY, now - DAY, "overdue", "", acts[:1]),
        DeskRow("Circle qc-12-2026", "/", PEER, now),
    ]


def _ladders() -> list[Ladder]:
    done = (
        Rung("signed", "met", AT),
        Rung("sent", "claimed", AT + 1000, "our own observation"),
        Rung("received", "met", AT + 2000, proof="/"),
        Rung("acknowledged", "met", AT + DAY),
    )
    ahead = (Rung("signed", "met", AT), Rung("sent", "waiting", None), Rung("received", "waiting", None))
    return [Ladder(PEER, done), Ladder("military.example", ahead, "unreachable: the node does not answer")]


def _events() -> list[Event]:
    return [
        Event(AT + DAY, "Acknowledged", PEER, "duty officer", href="/", lamp="met"),
        Event(AT, "Sent", "guard.example", "liaison officer", "With two annexes."),
    ]


def _proof(*, size: int) -> Proof:
    return Proof(
        position=f"{ORIGIN} 412",
        origin=ORIGIN,
        index=412,
        leaf=LEAF,
        size=size,
        root="cd" * 32 if size else "",
        receipts=[Receipt(PEER, AT // 1000, size)] if size else [],
        href="/",
        file="/" if size else "",
    )


def _refusals() -> list[Refusal]:
    return [
        Refusal(
            "sample-rule",
            Sentence("The item was not sent."),
            Sentence("Part {part} is empty.", {"part": 3}),
            Sentence("Fill it, then send again."),
            (f"{ORIGIN} 412",),
        )
    ]
