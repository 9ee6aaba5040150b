"""Answers for a list: the page, its table alone for htmx, the whole query as a file."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accordant.accounts import audit
from accordant.accounts.roles import ROLES
from accordant.entries.errors import Refusal, refusal, refuse_if
from accordant.entries.kinds import gettext_noop as _
from accordant.pages import frame, live
from accordant.pages.acting import ActingRequest, reads
from accordant.pages.listing import about, csv_file
from accordant.pages.listing import asked as state
from accordant.pages.listing.asked import Asked
from accordant.pages.listing.columns import Listing
from accordant.pages.listing.table import table

FRAGMENT: Final = "pages/components/data_table.html"
ROWS: Final = "pages/components/data_rows.html"
SANDBOX: Final = "sandbox; default-src 'none'"
EXPORTS_AN_HOUR: Final = 10
HOUR: Final = 3_600_000


def answer(
    request: ActingRequest,
    queryset: "QuerySet[Any]",
    listing: Listing,
    *,
    template: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The list as the address asks for it: `template` with `table` in its context, the table alone for an HX-Request,
    a CSV file for `?export=csv`, what to know of it for `?export=about`.

    Raises `Refused` for an export without a role that exports, or the 11th in an hour.
    """
    asked = state.read(listing, request.GET)
    if request.GET.get("export") == "csv":
        return _export(request, asked, queryset)
    if request.GET.get("export") == "about":
        return _about(request, asked, queryset)
    kinds = listing.kinds or f"{queryset.model._meta.app_label}."
    may = {"may_export": _exports(request), "may_read": reads(request, kinds)}
    if listing.live and live.asked(request):
        return _again(request, asked, queryset, may)
    filled = {**(context or {}), "table": table(asked, queryset, **may)}
    if listing.live:
        filled["table_part"] = _part(request, asked, frame.newest_entry() or 0)
    response = render(request, FRAGMENT if _fragment(request) else template, filled)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _again(request: ActingRequest, asked: Asked, queryset: "QuerySet[Any]", may: Mapping[str, bool]) -> HttpResponse:
    """For a page that asks by itself: the rows it knew, as they are now, and how many came since."""
    known = live.known(request, frame.newest_entry() or 0)
    shown = table(asked, queryset.filter(pk__lte=known), **may)
    news = asked.applied(queryset).filter(pk__gt=known).count()
    return live.answer(request, _part(request, asked, known), {"table": shown, "news": news})


def _part(request: ActingRequest, asked: Asked, known: int) -> live.Part:
    """The rows, which ask again at the address of their page, with the newest entry it shows."""
    query = request.GET.copy()
    query.pop("after", None)
    query["known"] = str(known)
    return live.Part(f"rows-{asked.listing.name}", ROWS, href=f"{request.path}?{query.urlencode()}")


def _fragment(request: ActingRequest) -> bool:
    headers = request.headers
    return headers.get("HX-Request") == "true" and not {"HX-Boosted", "HX-History-Restore-Request"} & headers.keys()


def _exports(request: ActingRequest) -> bool:
    return any(ROLES[role].exports for role in request.officer.roles if role in ROLES)


def _export(request: ActingRequest, asked: Asked, queryset: "QuerySet[Any]") -> HttpResponse:
    officer, now = request.officer, request.now
    instant = int(now.timestamp() * 1000)
    with transaction.atomic():
        recent = audit.count(who=officer.id, act="export", since=instant - HOUR)
        refuse_if(_refusals_to_export(may=_exports(request), recent=recent))
        audit.record(
            at=now,
            who=officer.id,
            office=officer.office,
            act="export",
            thing=f"{asked.listing.name} csv",
            decision="allowed",
        )
    pieces = csv_file.blocks(asked, queryset)
    return _file(request, pieces, name=f"{about.file_name(asked, now)}.csv")


def _about(request: ActingRequest, asked: Asked, queryset: "QuerySet[Any]") -> HttpResponse:
    refuse_if(_refusals_to_export(may=_exports(request), recent=0))
    response = HttpResponse(about.text(request, asked, queryset), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{about.file_name(asked, request.now)}.txt"'
    response["Content-Security-Policy"] = SANDBOX
    return response


def _file(request: ActingRequest, pieces: Iterator[bytes], *, name: str) -> HttpResponse:
    first = next(pieces)  # in the language of this request
    body = _joined(first, pieces)
    streamed = StreamingHttpResponse(
        csv_file.awaited(body) if isinstance(request, ASGIRequest) else body, content_type="text/csv; charset=utf-8"
    )
    streamed["Content-Disposition"] = f'attachment; filename="{name}"'
    streamed["Content-Security-Policy"] = SANDBOX
    return cast(HttpResponse, streamed)  # views say HttpResponse; every middleware takes both


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _refusals_to_export(*, may: bool, recent: int) -> list[Refusal]:
    found = []
    if not may:
        found.append(
            refusal(
                "export-role",
                _("The list was not exported."),
                _("No role of the acting office exports lists."),
                _("Choose another acting office, or ask an officer who holds such a role."),
            )
        )
    if recent >= EXPORTS_AN_HOUR:
        found.append(
            refusal(
                "export-rate",
                _("The list was not exported."),
                _("There were {number} exports within an hour, which is the most allowed."),
                _("Try again later."),
                number=EXPORTS_AN_HOUR,
            )
        )
    return found
