"""What this node observed of its peers: contact, tries, what they say they hold. Proofs of receipt are in the ledger.

Instants are milliseconds since 1970 UTC of this node's clock.
"""

from typing import ClassVar

from django.db import models


class Peer(models.Model):
    """Delivery state of one agency's node. Its card and keys are facts of `regulations`."""

    agency = models.CharField(max_length=100, primary_key=True)
    stopped = models.BooleanField(default=False)
    contact_at = models.BigIntegerField(default=0)  # last answer from it, or request by it
    tried_at = models.BigIntegerField(default=0)
    tries = models.IntegerField(default=0)  # failures in a row
    next_try_at = models.BigIntegerField(default=0)
    code = models.CharField(max_length=40, default="")  # why the last try failed
    reason = models.CharField(max_length=400, default="")
    skew = models.BigIntegerField(default=0)  # its clock minus ours


class PeerLog(models.Model):
    """One log at one peer: what it said it holds, which of our receipts it was told, why it last refused it."""

    agency = models.CharField(max_length=100)
    origin = models.CharField(max_length=255)
    have = models.BigIntegerField(default=0)
    told = models.BigIntegerField(default=0)  # size of our newest cosignature of this log that it has seen
    refused = models.CharField(max_length=40, default="")  # code of its last refusal, empty once it took a section
    tries = models.IntegerField(default=0)  # refusals in a row
    next_try_at = models.BigIntegerField(default=0)  # until then other logs go on without this one

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "origin"], name="peer_log_once")]


class Sent(models.Model):
    """That a log was handed to a peer's node up to a size, and when: our own observation, no proof."""

    agency = models.CharField(max_length=100)
    origin = models.CharField(max_length=255)
    size = models.BigIntegerField()
    at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "origin", "size"], name="sent_once")]


class Nonce(models.Model):
    """A nonce that a peer used, kept for as long as the clock window lasts."""

    agency = models.CharField(max_length=100)
    nonce = models.CharField(max_length=24)
    at = models.BigIntegerField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "nonce"], name="nonce_once")]


class Witnessed(models.Model):
    """The newest checkpoint of a log that our witness key cosigned, with the log's line and ours."""

    origin = models.CharField(max_length=255, primary_key=True)
    size = models.BigIntegerField()
    note = models.BinaryField()
