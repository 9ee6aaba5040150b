"""The only door to what is guarded: filters, decisions, bodies, positions, delivery."""

from accordant.ledger.read import entries as entries
from accordant.ledger.read import fold as fold
from accordant.ledger.read import rows as rows
from accordant.ledger.read.delivery import Delivery as Delivery
from accordant.ledger.read.delivery import Observed as Observed
from accordant.ledger.read.delivery import cosigned as cosigned
from accordant.ledger.read.delivery import delivery as delivery
from accordant.ledger.read.delivery import observed as observed
from accordant.ledger.read.doors import ForPeer as ForPeer
from accordant.ledger.read.doors import body as body
from accordant.ledger.read.doors import for_peer as for_peer
from accordant.ledger.read.doors import may as may
from accordant.ledger.read.doors import may_read as may_read
from accordant.ledger.read.doors import why as why
from accordant.ledger.read.labels import one_view as one_view
from accordant.ledger.read.page import visible as visible
from accordant.ledger.read.page import visible_with_stubs as visible_with_stubs
