"""What tests of a cut line look at, and the time they let pass."""

from accordant.entries.envelope import EntryRef
from accordant.ledger.models import Body, Entry, Log
from accordant.ledger.verify import verify
from tests.cast import GUARD, PROVINCE
from tests.exchange.conftest import Pair
from tests.simulator.world import SimulatedNode

LINE = frozenset((GUARD, PROVINCE))
"""The line that is cut."""


def passing(pair: Pair, seconds: int = 130) -> None:
    """Time in which the loops talk now and then."""
    for _part in range(seconds // 65):
        pair.world.settle()
        pair.world.clock.forward(seconds=65)
    pair.world.settle()


def held(node: SimulatedNode, ref: EntryRef) -> tuple[bool, bool]:
    """Whether a node holds an entry, and its body."""
    with node.at():
        entry = Entry.objects.filter(log__origin=ref.origin, index=ref.index).first()
        return entry is not None, entry is not None and Body.objects.filter(entry_id=entry.pk).exists()


def cosigned(node: SimulatedNode, origin: str) -> tuple[int, int]:
    """How much of a log a node holds and cosigned."""
    with node.at():
        log = Log.objects.get(origin=origin)
        return log.size, log.signed_size


def notices(node: SimulatedNode) -> int:
    """How many entries say that a body was missed."""
    with node.at():
        return Entry.objects.filter(kind__name="regulations.body-missed").count()


def assert_sound(pair: Pair) -> None:
    """Each node verifies, and its tables are those its entries give."""
    for node in pair.world.nodes.values():
        with node.at():
            report = verify(node.ring)
            assert report.ok, report.problems
        node.assert_rebuilds()
