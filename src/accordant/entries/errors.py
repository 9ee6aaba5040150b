"""The error family that people meet: what was not done, why, and what to do (style paper 11).

`tlog` and `seal` lie below and raise their own `ValueError`s; the ledger and the exchange turn those into this family.
Sentences are English message ids with named places; `pages` translates them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sentence:
    """A translatable sentence: an English message id with named places, and the values for them."""

    text: str
    places: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.places) if self.places else self.text


@dataclass(frozen=True)
class Refusal:
    """One rule that stands against an act.

    `code` is stable and names the rule; `message` says what was not done, `reason` the rule, article, hop or person,
    `repair` what to do and who can; `refs` are positions ("origin index") that settle it.
    """

    code: str
    message: Sentence
    reason: Sentence
    repair: Sentence
    refs: tuple[str, ...] = ()


class AccordantError(Exception):
    """Base of the family. `refusals` is never empty; `status` is the HTTP status of the answer."""

    status = 500

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(f"{r.message} {r.reason} {r.repair}" for r in refusals))
        self.refusals = tuple(refusals)

    @property
    def code(self) -> str:
        """The stable code of the first refusal."""
        return self.refusals[0].code


class Refused(AccordantError):
    """An act that a rule forbids; all refusals are listed."""

    status = 409


class NotVisible(AccordantError):
    """The thing is not there for this person; nothing more is said."""

    status = 404


class Malformed(AccordantError):
    """Input that breaks a format or a limit."""

    status = 400


class Untrusted(AccordantError):
    """A signature, key or sender that is not accepted."""

    status = 403


class Unavailable(AccordantError):
    """Something needed is not there at the moment; trying again may help."""

    status = 503


class Misconfigured(AccordantError):
    """A setting, file mode or key with which the node does not start."""

    status = 500


def refusal(
    code: str, message: str, reason: str, repair: str, *, refs: Sequence[str] = (), **places: object
) -> Refusal:
    """One `Refusal` whose three sentences share the given places."""
    return Refusal(
        code=code,
        message=Sentence(message, places),
        reason=Sentence(reason, places),
        repair=Sentence(repair, places),
        refs=tuple(refs),
    )


def refuse_if(refusals: Sequence[Refusal]) -> None:
    """Raise `Refused` with all of them; do nothing when the list is empty."""
    if refusals:
        raise Refused(refusals)
