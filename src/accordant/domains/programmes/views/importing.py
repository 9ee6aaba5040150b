"""Importing a table: a look at what it would do first, then the import."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accordant.domains.programmes import actions, forms, rules
from accordant.domains.programmes.forms import ACTIVITIES, DELEGATIONS, EVENTS
from accordant.domains.programmes.views import lists
from accordant.domains.programmes.views.facts import FactRow, fact
from accordant.entries.errors import AccordantError, refuse_if
from accordant.pages import formats
from accordant.pages.acting import ActingRequest, in_office
from accordant.regulations.models import importable_circles

READ: Final[dict[str, Callable[..., Any]]] = {
    ACTIVITIES: rules.read_activities,
    DELEGATIONS: rules.read_delegations,
    EVENTS: rules.read_events,
}
WRITE: Final[dict[str, Callable[..., Any]]] = {
    ACTIVITIES: actions.import_activities,
    DELEGATIONS: actions.import_delegations,
    EVENTS: actions.import_events,
}
LISTS: Final = {
    ACTIVITIES: "programmes:activities",
    DELEGATIONS: "programmes:delegations",
    EVENTS: "programmes:programmes",
}
TEMPLATE: Final = "programmes/table_import.html"
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of the file, as the preview shows it."""

    code: str
    day: str
    text: str


@require_http_methods(["GET", "POST"])
@in_office
def import_table(request: ActingRequest) -> HttpResponse:
    """Choose a file, see what its import would write or which lines are wrong, import it."""
    circles = importable_circles(request.subject, request.now)
    form = forms.Table(request.POST or None, request.FILES or None, circles=circles)
    columns = [(title, ", ".join(rules.COLUMNS[table])) for table, title in forms.TABLES.items()]
    context: dict[str, Any] = {"form": form, "columns": columns, "may_write": lists.may_write(request)}
    if not form.is_valid():
        return render(request, TEMPLATE, context)
    chosen = form.cleaned_data
    common = {"by": request.officer, "now": request.now, "circle": chosen["circle"]}
    try:
        file = READ[chosen["table"]](chosen["data"], zone=timezone.get_default_timezone(), days=chosen["days"])
        if "import" in request.POST:
            WRITE[chosen["table"]](file=file, **common)
            return redirect(LISTS[chosen["table"]])
        seen = actions.Incoming.of(file, **common)
        refuse_if(seen.refusals)
    except AccordantError as error:
        return render(request, TEMPLATE, {**context, "refusals": error.refusals}, status=error.status)
    context = {"rows": _facts(form, seen), "first": _first(seen), "carried": form.carried()}
    return render(request, "programmes/table_preview.html", context)


def _facts(form: forms.Table, seen: actions.Incoming) -> list[FactRow]:
    return [
        fact(_("The file holds"), str(forms.TABLES[form.cleaned_data["table"]])),
        fact(_("New rows"), formats.number_text(len(seen.desk.new))),
        fact(_("Rows imported before, left alone"), formats.number_text(seen.known)),
    ]


def _first(seen: actions.Incoming) -> list[RowShown]:
    return [RowShown(new.code, new.day, _text(new)) for new in seen.desk.new[:SHOWN]]


def _text(new: actions.New) -> str:
    if isinstance(new, rules.NewActivity):
        return new.what
    return new.name if isinstance(new, rules.NewDelegation) else new.title
