"""The one family of errors that sealing lets out, below `accordant.entries` and turned into its family above.

Rules: every failed opening reads the same to a person (security.md 3.5), so nobody learns from the sentence which
key or byte was wrong; `code` tells programs apart what must be told apart (the published age vectors do), and
`detail` names the broken rule for diagnostics. Neither ever holds key material or content.
"""


class BadSealed(ValueError):
    """Sealed data, a recipient or a parcel that was refused; `code` says which part, `detail` which rule."""

    code = "sealed"
    sentence = (
        "The sealed data was not opened: it was altered on the way, or no key held here fits it. "
        "Ask the sender to send it again."
    )

    def __init__(self, detail: str) -> None:
        super().__init__(self.sentence)
        self.detail = detail


class BadArmor(BadSealed):
    """The text form around an age file is not the strict one (c2sp.org/age, ASCII armor)."""

    code = "armor"


class BadHeader(BadSealed):
    """The header is malformed, too long, or of a form that is not accepted here."""

    code = "header"


class NoMatch(BadSealed):
    """The header is well formed, but none of the identities opens one of its stanzas."""

    code = "no-match"


class BadMac(BadSealed):
    """A stanza was opened, but the header was altered: its authentication code is another."""

    code = "mac"


class BadPayload(BadSealed):
    """The payload was altered or cut; what was given out before the failure is authentic."""

    code = "payload"


class BadRecipient(BadSealed):
    """A recipient or identity that is not in the canonical form of c2sp.org/age, or cannot be sealed to."""

    code = "recipient"
    sentence = (
        "The recipient or identity was not accepted: it is not a valid age key of a kind used here. "
        "Compare it with the card it came from."
    )


class BadParcel(BadSealed):
    """Records of a parcel that break wire.md 6; `code` is one of record, type, order, limit, count, cut."""

    sentence = "The parcel was refused: its records break the format. The sender must build it again."

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class CutParcel(BadParcel):
    """The parcel cannot be read to its END record; what was given out before stays good (wire.md 6)."""

    sentence = (
        "The parcel is not whole: it was cut or altered on the way. "
        "What came before that place is kept; the rest must be sent again."
    )

    def __init__(self, detail: str) -> None:
        super().__init__("cut", detail)
