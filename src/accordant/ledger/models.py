"""Tables of the ledger: the precious ones (logs, entries, bodies, nodes, checkpoints) and its own projected ones.

Instants are milliseconds since 1970 UTC. Hashes are 32 raw bytes. Rows of projections name an entry by `entry_id`, the
local id of (origin, index), which no rebuild changes.
"""

from typing import ClassVar

from django.db import models

OPEN_END = 2**53 - 1


class State(models.IntegerChoices):
    """What became of an entry here."""

    HELD = 0
    PROJECTED = 1
    IRREGULAR = 2


class Log(models.Model):
    """One log held here, ours or a replica. Written under a row lock by `append` and `replica` alone."""

    origin = models.CharField(max_length=255, unique=True)
    agency = models.CharField(max_length=100)
    circle = models.CharField(max_length=80, db_index=True)
    number = models.IntegerField()
    ours = models.BooleanField()
    size = models.BigIntegerField(default=0)
    tree = models.BinaryField(default=b"")  # compact range of `size`: hashes of its complete subtrees
    signed_size = models.BigIntegerField(default=0)  # ours: signed; a replica: size of the newest checkpoint reached
    signed_tree = models.BinaryField(default=b"")  # compact range of `signed_size`
    pending_note = models.BinaryField(default=b"")  # replica: a verified checkpoint beyond `size`
    frozen = models.CharField(max_length=40, default="")  # why nothing more is taken, or empty


class Kind(models.Model):
    """Names of kinds seen here, so that an entry row holds a number."""

    name = models.CharField(max_length=64, unique=True)


class Entry(models.Model):
    """One entry: header bytes as received and what became of it. `id` is the local id of (origin, index)."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    index = models.BigIntegerField()
    leaf = models.BinaryField()
    header = models.BinaryField()
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, db_index=False)
    state = models.SmallIntegerField(choices=State.choices)
    code = models.CharField(max_length=64, default="")  # held: why; irregular: the rule
    stored_at = models.BigIntegerField()  # our clock when it was stored: shown, never used by rules

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["log", "index"], name="entry_position")]


class Body(models.Model):
    """The plaintext and salt of a body that is here; no row = not here."""

    entry_id = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField()
    plaintext = models.BinaryField()


class MissingBody(models.Model):
    """A body addressed to us that is not here: why, as in MISSING records; 3 is waited for."""

    entry_id = models.BigIntegerField(primary_key=True)
    why = models.SmallIntegerField()


class Node(models.Model):
    """Hash of a complete subtree of level 8, 16 or 24 (tiles); lower levels are recomputed from leaves."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["log", "level", "index"], name="node_place")]


class Checkpoint(models.Model):
    """A signed checkpoint with the log's own signature line."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    size = models.BigIntegerField()
    note = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["log", "size"], name="checkpoint_size")]


class Cosignature(models.Model):
    """A party's timestamped line over a checkpoint of a log. `at` is its own time, in seconds."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    agency = models.CharField(max_length=100)
    size = models.BigIntegerField()
    at = models.BigIntegerField()
    line = models.CharField(max_length=400)
    stored_at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["log", "agency", "size"], name="cosignature_size")]


class Hold(models.Model):
    """An entry that waits for the position it refers to."""

    entry_id = models.BigIntegerField(db_index=True)
    origin = models.CharField(max_length=255)
    index = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["origin", "index"], name="hold_missing")]


class Circle(models.Model):
    """A circle whose genesis is held here (projected from `regulations.circle-*`).

    `closed`: by agency the index in its log of the entry that closed it, behind which nothing of it counts.
    """

    id = models.CharField(max_length=80, primary_key=True)
    entry_id = models.BigIntegerField()
    sort = models.CharField(max_length=10)
    label = models.CharField(max_length=40)
    regulation = models.CharField(max_length=200)
    ceiling = models.SmallIntegerField()
    parent = models.CharField(max_length=80)
    closed = models.JSONField(default=dict)


class Claim(models.Model):
    """What an entry claims in its log, kept by `claims` when the entry is first offered; the first claim stands."""

    pk = models.CompositePrimaryKey("log_id", "key")
    log_id = models.BigIntegerField()
    key = models.BinaryField()  # domain, blank, what is claimed; compared by bytes
    entry_id = models.BigIntegerField()


class Member(models.Model):
    """An agency in a circle; `joined` once its own entry 0 is held (projected)."""

    circle = models.CharField(max_length=80)
    agency = models.CharField(max_length=100)
    role = models.CharField(max_length=10)
    joined = models.BooleanField(default=False)
    from_at = models.BigIntegerField()
    to_at = models.BigIntegerField(default=OPEN_END)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["circle", "agency"], name="member_once")]


class Label(models.Model):
    """A combination of attributes that rights depend on (access paper A2), interned at projection."""

    circle = models.CharField(max_length=80)
    owner = models.CharField(max_length=100)
    addressees = models.TextField()  # agency ids, sorted, one blank between; empty = all parties
    marking = models.SmallIntegerField()
    compartments = models.CharField(max_length=400)  # sorted, one blank between
    kind = models.CharField(max_length=64)
    unit = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["circle", "owner", "addressees", "marking", "compartments", "kind", "unit"], name="label_once"
            )
        ]


class TeamMember(models.Model):
    """An officer in the team of an activity (projected)."""

    officer_id = models.CharField(max_length=40)
    activity_id = models.BigIntegerField()
    from_at = models.BigIntegerField()
    to_at = models.BigIntegerField(default=OPEN_END)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["officer_id", "activity_id"], name="team_officer")]


class NamedReader(models.Model):
    """An officer named as reader of one entry (projected)."""

    officer_id = models.CharField(max_length=40)
    entry_id = models.BigIntegerField()
    from_at = models.BigIntegerField()
    to_at = models.BigIntegerField(default=OPEN_END)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["officer_id", "entry_id"], name="named_officer")]


class Exclusion(models.Model):
    """An officer kept out of an activity or an entry (projected). The other one of the two is 0."""

    officer_id = models.CharField(max_length=40)
    activity_id = models.BigIntegerField(default=0)
    entry_id = models.BigIntegerField(default=0)
    from_at = models.BigIntegerField()
    to_at = models.BigIntegerField(default=OPEN_END)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["officer_id"], name="exclusion_officer")]


class View(models.Model):
    """The labels one officer may read, evaluated for one state of its facts; a new state gets a new view."""

    officer_id = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # of the subject's facts
    labels_up_to = models.BigIntegerField()  # the newest label looked at
    valid_until = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["officer_id", "-id"], name="view_officer")]


class VisibleLabel(models.Model):
    """A label in a view: `reads` when clauses 1 to 4 hold, `supervised` when clause 5 is met for teams by supervision,
    `sees` when SEE holds, which gives a stub of what is not for the reader.
    """

    view_id = models.BigIntegerField()
    label_id = models.BigIntegerField()
    reads = models.BooleanField()
    supervised = models.BooleanField()
    sees = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["view_id", "label_id"], name="visible_label_once")]


class Built(models.Model):
    """Which `VERSION` of a domain's handlers its tables were built with."""

    domain = models.CharField(max_length=40, primary_key=True)
    version = models.IntegerField()


class Guarded(models.Model):
    """Base of each projected row that can be listed, opened or counted: one row shows entries of one label.

    `reach`: 0 unit, 1 team, 2 named. `activity_id` is the entry id of the activity, or None. `at` is the author's time.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    label_id = models.BigIntegerField()
    reach = models.SmallIntegerField(default=0)
    activity_id = models.BigIntegerField(null=True, default=None)
    at = models.BigIntegerField()

    class Meta:
        abstract = True

    @staticmethod
    def guarded_indexes(name: str) -> list[models.Index]:
        """The two indexes each guarded table needs, in the exact order of its lists (access paper A6)."""
        return [
            models.Index(fields=["-at", "-entry_id"], name=f"{name}_at"),
            models.Index(fields=["label_id", "-at", "-entry_id"], name=f"{name}_label"),
        ]

    @staticmethod
    def guarded_constraint(name: str) -> models.CheckConstraint:
        """A row of reach team names its activity."""
        return models.CheckConstraint(
            condition=~models.Q(reach=1) | models.Q(activity_id__isnull=False), name=f"{name}_team_has_activity"
        )
