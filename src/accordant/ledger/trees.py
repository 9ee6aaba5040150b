"""The trees of the logs held here: compact range of a log row, stored nodes, where proofs take their hashes from."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from accordant.ledger import sql
from accordant.tlog import merkle, proof

_LEAVES: Final = (
    'SELECT "leaf" FROM "ledger_entry" WHERE "log_id" = %s AND "index" >= %s AND "index" < %s ORDER BY "index"'
)
_NODES: Final = (
    'SELECT "hash" FROM "ledger_node" WHERE "log_id" = %s AND "level" = %s AND "index" >= %s AND "index" < %s '
    'ORDER BY "index"'
)
_NEW_NODE: Final = 'INSERT INTO "ledger_node" ("log_id", "level", "index", "hash") VALUES (%s, %s, %s, %s)'


class StoredTree:
    """Leaf hashes and nodes of one log as the database holds them."""

    def __init__(self, connection: BaseDatabaseWrapper, log_id: int) -> None:
        self.connection = connection
        self.log_id = log_id

    def leaves(self, start: int, stop: int) -> Sequence[bytes]:
        """Leaf hashes with start <= index < stop, as far as they are held."""
        with sql.cursor(self.connection) as cursor:
            cursor.execute(_LEAVES, [self.log_id, start, stop])
            return [bytes(leaf) for (leaf,) in cursor.fetchall()]

    def nodes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Stored nodes of a level with start <= index < stop, as far as they are complete."""
        with sql.cursor(self.connection) as cursor:
            cursor.execute(_NODES, [self.log_id, level, start, stop])
            return [bytes(value) for (value,) in cursor.fetchall()]

    def source(self) -> proof.NodeSource:
        """Any complete subtree's hash, for inclusion and consistency proofs."""
        return proof.nodes_from_tiles(self.leaves, self.nodes)

    def store_completed(self, old_size: int, new_leaves: Sequence[bytes]) -> None:
        """Keep the nodes that become complete when these leaves are appended."""
        completed = merkle.completed_nodes(old_size, new_leaves, leaves=self.leaves, stored=self.nodes)
        if completed:
            with sql.cursor(self.connection) as cursor:
                cursor.executemany(_NEW_NODE, [(self.log_id, n.level, n.index, n.hash) for n in completed])


def growth(tree: merkle.CompactRange, new_leaves: Sequence[bytes]) -> tuple[merkle.CompactRange, list[bytes]]:
    """The tree grown by the leaves, and the consistency proof from its old size; empty when it was empty.

    All hashes come from the compact range and the new leaves: a proof of growth needs no others.
    """
    grown = tree.extend(new_leaves)
    if tree.size == 0 or not new_leaves:
        return grown, []
    known = dict(range_nodes(tree))

    def node(level: int, index: int) -> bytes:
        held = known.get((level, index))
        if held is not None:
            return held
        start = (index << level) - tree.size
        if start < 0:
            raise proof.BadProof("a node from before the compact range")
        return merkle.subtree_hash(new_leaves[start : start + (1 << level)])

    return grown, proof.make_consistency(tree.size, grown.size, node)


def range_nodes(tree: merkle.CompactRange) -> Mapping[tuple[int, int], bytes]:
    """The subtrees of a compact range by (level, index)."""
    nodes: dict[tuple[int, int], bytes] = {}
    start = 0
    hashes = iter(tree.hashes)
    for level in range(tree.size.bit_length() - 1, -1, -1):
        if tree.size >> level & 1:
            nodes[level, start >> level] = next(hashes)
            start += 1 << level
    return nodes
