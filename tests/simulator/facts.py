"""A kind of the tests' own: something to write that needs no domain."""

from accordant.entries import kinds

REGISTERED = "simulator.note-made"


class NoteBody(kinds.Record, frozen=True):
    """What only the addressees read."""

    text: str


@kinds.kind(REGISTERED, headline="Note {no}", body=NoteBody, refs={"after": ()})
class NoteMade(kinds.Record, frozen=True):
    """A numbered note."""

    no: int
