"""Policies (C2SP tlog-policy): whose checkpoints count, and which cosignatures make one count.

Rules kept here: lines `log`, `witness`, `group`, `quorum` of items between spaces or tabs; names and keys once each; a
group names only what stands before it, each name in one group at most; exactly one quorum. Narrower than the
specification: UTF-8 only, log keys of kinds 0x01 and 0x06, witness keys of 0x04 and 0x06, at most 1 MiB and 2,048
lines. Left to others: which keys are in force for a size.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from accordant.tlog import cosignature, keys, note
from accordant.tlog.checkpoint import BadCheckpoint, Checkpoint
from accordant.tlog.spelling import decode_decimal

MAX_BYTES: Final = 1024 * 1024
MAX_LINES: Final = 2048
NONE: Final = "none"
_BAD_CHARACTER: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NO_ITEM: Final = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")
_BLANKS: Final = re.compile(r"[ \t]+")
_LOG_KINDS: Final = (keys.ED25519, keys.COSIGNATURE_ML_DSA_44)
_WITNESS_KINDS: Final = (keys.COSIGNATURE_ED25519, keys.COSIGNATURE_ML_DSA_44)


class BadPolicy(ValueError):
    """A text that is no policy, or a checkpoint that a policy cannot judge as good."""


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose checkpoints count; the key bears the origin as its name."""

    key: note.VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A cosigner under the name by which groups and the quorum call it."""

    name: str
    key: note.VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Members (witnesses or groups) of which `threshold` must have cosigned: `all`, `any` or a decimal."""

    name: str
    threshold: str
    members: tuple[str, ...]

    @property
    def needed(self) -> int:
        """How many members must have cosigned; raises `BadPolicy` unless that is 1 to all of them."""
        words = {"all": len(self.members), "any": 1}
        count = words.get(self.threshold, decode_decimal(self.threshold))
        if not count or count > len(self.members):
            raise BadPolicy(f"group {self.name}: {self.threshold} of {len(self.members)} members")
        return count


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses, groups and the name of the quorum; raises `BadPolicy` when they do not fit together."""

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    def __post_init__(self) -> None:
        _check_keys([log.key for log in self.logs], _LOG_KINDS)
        _check_keys([witness.key for witness in self.witnesses], _WITNESS_KINDS)
        _check_names(self)

    def satisfied(self, cosigned: Collection[str]) -> bool:
        """Whether cosignatures by the witnesses of these names make the quorum."""
        held = {NONE, *(witness.name for witness in self.witnesses if witness.name in cosigned)}
        for group in self.groups:
            if sum(member in held for member in group.members) >= group.needed:
                held.add(group.name)
        return self.quorum in held

    def to_bytes(self) -> bytes:
        """The policy as text, a line each for logs, witnesses, groups and the quorum."""
        lines = [["log", log.key.to_string(), log.url] for log in self.logs]
        lines += [["witness", witness.name, witness.key.to_string(), witness.url] for witness in self.witnesses]
        lines += [["group", group.name, group.threshold, *group.members] for group in self.groups]
        lines += [["quorum", self.quorum]]
        return "".join(" ".join(filter(None, line)) + "\n" for line in lines).encode()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy found on a checkpoint: the log's key that signed, when which witness had seen it, enough or not.

    `times` are seconds since 1970 UTC by witness name, the earliest if one cosigned twice.
    """

    checkpoint: Checkpoint
    log: note.VerifierKey
    times: Mapping[str, int]
    complete: bool


def for_log(log: note.VerifierKey, others: Mapping[str, note.VerifierKey], threshold: str) -> Policy:
    """The policy of a circle for one of its logs: the cosigning keys of the other parties by agency id, sorted.

    `threshold` (`all` or a decimal) says how many of them make "received by all"; without others the quorum is `none`.
    Raises `BadPolicy`.
    """
    if not others:
        return Policy((Log(log),), (), (), NONE)
    names = tuple(sorted(others))
    witnesses = tuple(Witness(name, others[name]) for name in names)
    return Policy((Log(log),), witnesses, (Group("others", threshold, names),), "others")


def judge(policy: Policy, signed: note.Note) -> Verdict:
    """What `policy` says of a cosigned checkpoint, complete or not.

    Raises `BadPolicy` when the note is no checkpoint, when no listed log signed it, or when any known signature fails.
    """
    try:
        checkpoint = Checkpoint.parse_text(signed.text)
        log = _signing_log(policy, checkpoint, signed)
        cosigned = cosignature.verify(signed, [witness.key for witness in policy.witnesses])
    except (BadCheckpoint, cosignature.BadCosignature) as error:
        raise BadPolicy(str(error)) from error
    names = {witness.key: witness.name for witness in policy.witnesses}
    times: dict[str, int] = {}
    for key, time in cosigned:
        times[names[key]] = min(time, times.get(names[key], time))
    return Verdict(checkpoint, log, times, policy.satisfied(times))


def parse(data: bytes) -> Policy:
    """The policy in `data`; raises `BadPolicy`."""
    if len(data) > MAX_BYTES or data.count(b"\n") > MAX_LINES:
        raise BadPolicy(f"{len(data)} bytes, at most {MAX_BYTES} and {MAX_LINES} lines")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadPolicy("not UTF-8") from error
    if not text.endswith("\n") or _BAD_CHARACTER.search(text):
        raise BadPolicy("each line ends in a line feed, and tabs are the only other control characters")
    reader = _Reader()
    for line in text.split("\n"):
        items = _BLANKS.split(line.strip(" \t"))
        if items != [""] and not items[0].startswith("#"):
            reader.read(items)
    return reader.policy()


class _Reader:
    """The lines read so far; a group and the quorum may name only what stands before them."""

    def __init__(self) -> None:
        self._logs: list[Log] = []
        self._witnesses: list[Witness] = []
        self._groups: list[Group] = []
        self._quorum: list[str] = []
        self._defined = {NONE}

    def read(self, items: list[str]) -> None:
        match items:
            case ["log", vkey] | ["log", vkey, _]:
                self._logs.append(Log(_parse_key(vkey), *items[2:]))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._witnesses.append(Witness(name, _parse_key(vkey), *items[3:]))
                self._defined.add(name)
            case ["group", name, threshold, _, *_]:
                self._groups.append(Group(name, threshold, self._known(items[3:])))
                self._defined.add(name)
            case ["quorum", _]:
                self._quorum += self._known(items[1:])
            case _:
                raise BadPolicy(f"not a line of a policy: {items[0][:40]!r}")

    def policy(self) -> Policy:
        if len(self._quorum) != 1:
            raise BadPolicy(f"{len(self._quorum)} quorum lines, exactly one must be there")
        return Policy(tuple(self._logs), tuple(self._witnesses), tuple(self._groups), self._quorum[0])

    def _known(self, names: list[str]) -> tuple[str, ...]:
        for name in names:
            if name not in self._defined:
                raise BadPolicy(f"{name[:40]!r} is not defined on an earlier line")
        return tuple(names)


def _parse_key(vkey: str) -> note.VerifierKey:
    try:
        return note.VerifierKey.parse(vkey)
    except note.BadKey as error:
        raise BadPolicy(str(error)) from error


def _signing_log(policy: Policy, checkpoint: Checkpoint, signed: note.Note) -> note.VerifierKey:
    found = note.match(signed, [log.key for log in policy.logs if log.key.name == checkpoint.origin])
    for key, line in found:
        if key.kind == keys.COSIGNATURE_ML_DSA_44:
            cosignature.verify_line(checkpoint, key, line)
        elif not key.verifies(signed.text.encode(), line.signature):
            raise BadPolicy(f"the signature of {key.name} does not verify")
    if not found:
        raise BadPolicy(f"no listed log signed the checkpoint of {checkpoint.origin}")
    return found[0][0]


def _check_keys(found: Collection[note.VerifierKey], kinds: Collection[int]) -> None:
    if any(key.kind not in kinds for key in found):
        raise BadPolicy("a key of a kind that does not belong on its line")
    if len({key.public_key for key in found}) < len(found):
        raise BadPolicy("the same public key on two lines")


def _check_names(policy: Policy) -> None:
    defined = {NONE}
    free: set[str] = set()
    parts: tuple[Witness | Group, ...] = (*policy.witnesses, *policy.groups)
    for part in parts:
        if part.name in defined or not part.name or _NO_ITEM.search(part.name):
            raise BadPolicy(f"{part.name[:40]!r} is defined twice or is no name")
        if isinstance(part, Group):
            _take(part, free)
        defined.add(part.name)
        free.add(part.name)
    urls = [log.url for log in policy.logs] + [witness.url for witness in policy.witnesses]
    if any(map(_NO_ITEM.search, urls)):
        raise BadPolicy("an address with spaces or control characters")
    if policy.quorum not in defined:
        raise BadPolicy(f"the quorum {policy.quorum[:40]!r} is not defined")


def _take(group: Group, free: set[str]) -> None:
    if group.needed < 1 or not free.issuperset(group.members) or len(set(group.members)) < len(group.members):
        raise BadPolicy(f"group {group.name}: a member is unknown, or a member of some group already")
    free.difference_update(group.members)
