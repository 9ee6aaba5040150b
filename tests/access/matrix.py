"""Every address of the pages with its methods and who may see what it names (style paper 5, access paper A7).

A route without a row fails the build. What a row leaves out is denied: whoever is not named in `seen_by` gets the same
answer as for a thing that does not exist.
"""

from dataclasses import dataclass
from typing import Final

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAFE: Final = frozenset(("GET", "HEAD"))
FORM: Final = frozenset(("GET", "POST"))
ACT: Final = frozenset(("POST",))

LIAISON, COMMANDER, UNADDRESSED, ADMINISTRATOR = "liaison", "commander", "unaddressed", "administrator"
NOBODY, SECURITY, ELSEWHERE, OUTSIDER = "nobody", "security", "elsewhere", "outsider"
PRINCIPALS: Final = (LIAISON, COMMANDER, UNADDRESSED, ADMINISTRATOR, NOBODY, SECURITY, ELSEWHERE, OUTSIDER)
OFFICERS: Final = frozenset((LIAISON, COMMANDER))
PARTIES: Final = OFFICERS | {UNADDRESSED}


@dataclass(frozen=True)
class Row:
    """A route: its methods; the thing its address names ("" = none); who sees that thing; other places of its address.

    `office` is false for pages of one's own account, which need no office.
    """

    methods: frozenset[str]
    thing: str = ""
    seen_by: frozenset[str] = PARTIES
    office: bool = True
    places: tuple[tuple[str, str], ...] = ()


ROWS: Final = {
    "accounts:sign-in": Row(FORM, office=False),
    "accounts:sign-out": Row(ACT, office=False),
    "accounts:step-up": Row(FORM, office=False),
    "accounts:profile": Row(FORM, office=False),
    "accounts:password": Row(FORM, office=False),
    "accounts:act-as": Row(ACT, office=False),
    "accounts:preferences": Row(ACT, office=False),
    "pages:desk": Row(SAFE),
    "pages:status": Row(SAFE),
    "pages:links": Row(SAFE),
    "pages:entry": Row(SAFE, "item"),
    "pages:receipt": Row(SAFE, "item", OFFICERS),
    "regulations:list": Row(SAFE),
    "regulations:import": Row(FORM),
    "regulations:circles": Row(SAFE),
    "regulations:circle-open": Row(FORM),
    "regulations:circle-join": Row(ACT, "circle"),
    "regulations:circle-decline": Row(FORM, "circle"),
    "regulations:circle-close": Row(FORM, "circle"),
    "regulations:peers": Row(SAFE),
    "regulations:card-import": Row(ACT),
    "regulations:peer": Row(FORM, "agency", frozenset((ADMINISTRATOR,))),
    "regulations:card": Row(SAFE, "agency", frozenset((ADMINISTRATOR,))),
    "regulations:fingerprint": Row(SAFE, "agency", frozenset((ADMINISTRATOR,))),
    "regulations:confirm": Row(FORM, "regulation"),
    "regulations:sign": Row(FORM, "regulation"),
    "regulations:provisions": Row(SAFE, "regulation"),
    "regulations:regulation": Row(SAFE, "regulation"),
    "information:items": Row(SAFE),
    "information:send": Row(FORM),
    "information:acknowledge-items": Row(ACT),
    "information:item": Row(SAFE, "item"),
    "information:acknowledge": Row(FORM, "item", OFFICERS),
    "information:return": Row(FORM, "item", OFFICERS),
    "information:answer": Row(FORM, "item", OFFICERS),
    "programmes:activities": Row(SAFE),
    "programmes:activity-record": Row(FORM),
    "programmes:calendar": Row(SAFE),
    "programmes:import": Row(FORM),
    "programmes:delegations": Row(SAFE),
    "programmes:delegation-record": Row(FORM),
    "programmes:delegation": Row(SAFE, "delegation"),
    "programmes:programmes": Row(SAFE),
    "programmes:programme-open": Row(FORM),
    "programmes:programme": Row(SAFE, "programme"),
    "programmes:activity": Row(SAFE, "activity"),
    "reviews:reviews": Row(SAFE),
    "reviews:open": Row(FORM),
    "reviews:propose": Row(ACT, "review"),
    "reviews:agree": Row(ACT, "review"),
    "reviews:state": Row(ACT, "review"),
    "reviews:figure": Row(SAFE, "review", places=(("name", "information.items_exchanged"),)),
    "reviews:report": Row(SAFE, "review"),
    "reviews:report-pdf": Row(SAFE, "review"),
    "reviews:report-docx": Row(SAFE, "review"),
    "reviews:review": Row(SAFE, "review"),
}
