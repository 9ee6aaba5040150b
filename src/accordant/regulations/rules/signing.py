"""Signing a regulation and its entry into force.

Rules kept here (regulations paper 1): each party signs once, over the root hash of the original, confirmed text; the
regulation enters into force when the last party's signature over that root is projected; the day is that of the latest
of these signatures, so that it does not depend on the order of arrival; whose is missing is always named. Of a party
whose program signs twice the first signature in its log counts: which one is projected first is not alike everywhere.
Left to others: who may act (`writers`), the step-up of the person who signs (`views`).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.rules.circles import PARTY
from accordant.regulations.rules.texts import HeldText
from accordant.regulations.rules.writers import refusals_to_write

IMPORTED, CONFIRMED, IN_FORCE = "imported", "confirmed", "in-force"
_NOT_SIGNED: Final = _("The regulation was not signed.")


def refusals_to_sign_regulation(
    text: HeldText | None,
    *,
    author: str,
    root: str,
    confirmed_root: str | None,
    role: str | None,
    signed: Sequence[str] = (),
    by: Officer | None = None,
) -> list[Refusal]:
    """Empty when this party may sign; `confirmed_root` is what the confirmation it names was given for.

    `role` is the author's in the circle; `signed`, the agencies that have signed this text, stops our own act alone.
    """
    refusals = list(refusals_to_write("regulations.regulation-signed", by))
    if text is None or not text.original:
        return [*refusals, _no_original()]
    if role != PARTY:
        refusals.append(_no_party(author))
    if root != text.root:
        refusals.append(_other_root())
    if confirmed_root != text.root:
        refusals.append(_unconfirmed(text.owner))
    if author in signed:
        refusals.append(_signed_already(author))
    return refusals


def missing_signatures(parties: Sequence[str], signed: Sequence[str]) -> list[str]:
    """The parties that have not signed, sorted."""
    return sorted(set(parties) - set(signed))


def in_force_at(parties: Sequence[str], signed_at: Mapping[str, int]) -> int | None:
    """Milliseconds of the latest signature once every party has signed, else None."""
    if not parties or missing_signatures(parties, list(signed_at)):
        return None
    return max(signed_at[agency] for agency in parties)


def _no_original() -> Refusal:
    return refusal(
        "sign-no-original",
        _NOT_SIGNED,
        _("What was named is no original text of a regulation held here."),
        _("Open the regulation and sign it there; translations are not signed."),
    )


def _no_party(agency: str) -> Refusal:
    return refusal(
        "sign-no-party",
        _NOT_SIGNED,
        _("{agency} is no party of this regulation."),
        _("Only its parties sign it."),
        agency=agency,
    )


def _other_root() -> Refusal:
    return refusal(
        "sign-other-root",
        _NOT_SIGNED,
        _("The root hash that was confirmed on the page is not that of the text."),
        _("Open the regulation again, compare the hash and sign what is shown."),
    )


def _unconfirmed(owner: str) -> Refusal:
    return refusal(
        "sign-unconfirmed",
        _NOT_SIGNED,
        _("{owner} has not confirmed the text article by article."),
        _("Ask {owner} to read and confirm its text, then sign."),
        owner=owner,
    )


def _signed_already(agency: str) -> Refusal:
    return refusal(
        "signed-already",
        _NOT_SIGNED,
        _("{agency} has signed this text already."),
        _("Nothing needs to be done; the page names whose signature is missing."),
        agency=agency,
    )
