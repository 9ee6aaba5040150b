"""This agency's private keys: made once, opened here alone, used through few verbs (security paper 3.5).

Verbs: `sign_head`, `cosign_head`, `witness_head`, `sign_link`, `sign_root`, `open_parcel`, `pseudonym`. Those for heads
keep a *floor* per log: the newest (size, root) ever signed, on disk before the signature is given; a head that does not
follow from it is refused, so no program fault can make two histories. One file lock serves all processes of the node.
"""

import base64
import errno
import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accordant.accounts import floors
from accordant.entries import names
from accordant.entries.cards import COSIGNATURE, ED25519
from accordant.entries.errors import Misconfigured, Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.seal import parcel, recipients
from accordant.tlog import checkpoint, cosignature, merkle, note, proof
from accordant.tlog.keys import Signer

USES: Final = ("root", "log", "m", "w", "link")
Head = floors.Head
NOT_FLUSHED: Final[list[Callable[[], None]]] = []
"""Called when the disk failed under a floor: read back it may look whole, so nothing may be signed after it."""


class Keyring:
    """The keys in one directory. `agency` is the agency they belong to."""

    def __init__(self, directory: Path, agency: str) -> None:
        self.directory = directory
        self.agency = agency
        self._threads = threading.Lock()
        self._verifiers: dict[str, note.VerifierKey] = {}
        self._floors: dict[tuple[str, str], int] = {}  # open descriptors: opening costs more than reading

    @staticmethod
    def create(directory: Path, agency: str, *, random: bytes | None = None) -> "Keyring":
        """Make all keys of a new node with modes 0700/0600; `random` (tests only) seeds them."""
        directory.mkdir(mode=0o700)
        (directory / "floor").mkdir(mode=0o700)
        for use in (*USES, "secret"):
            _write_secret(directory / use, _seed(random, use))
        identity = recipients.X25519Identity(_seed(random, "seal"))
        _write_secret(directory / "seal", identity.reveal().encode())
        _write_secret(directory / "lock", b"")
        _sync_directory(directory)
        return Keyring(directory, agency)

    def _key(self, use: str) -> Ed25519PrivateKey:
        return self._opened[use]

    @cached_property
    def _opened(self) -> dict[str, Ed25519PrivateKey]:
        return {use: Ed25519PrivateKey.from_private_bytes(_read_secret(self.directory / use)) for use in USES}

    @cached_property
    def _secret(self) -> bytes:
        return _read_secret(self.directory / "secret")

    @cached_property
    def identity(self) -> recipients.X25519Identity | recipients.HybridIdentity:
        """The age identity that opens parcels sealed to this node."""
        return recipients.parse_identity(_read_secret(self.directory / "seal").decode())

    def public_key(self, use: str) -> bytes:
        """The 32 bytes of the public key for a use."""
        return self._key(use).public_key().public_bytes_raw()

    def public_key_text(self, use: str) -> str:
        """The same in base64, as a card holds it."""
        return base64.b64encode(self.public_key(use)).decode()

    @cached_property
    def root_verifier(self) -> note.VerifierKey:
        """The root's verifier key, named by the agency."""
        return note.VerifierKey.make(self.agency, ED25519, self.public_key("root"))

    @cached_property
    def link_verifier(self) -> note.VerifierKey:
        """The link key's verifier key."""
        return note.VerifierKey.make(f"{self.agency}/link", ED25519, self.public_key("link"))

    @cached_property
    def cosigner(self) -> note.VerifierKey:
        """The receipt key's verifier key."""
        return note.VerifierKey.make(f"{self.agency}/m", COSIGNATURE, self.public_key("m"))

    @cached_property
    def witness(self) -> note.VerifierKey:
        """The witness key's verifier key."""
        return note.VerifierKey.make(f"{self.agency}/w", COSIGNATURE, self.public_key("w"))

    def log_verifier(self, origin: str) -> note.VerifierKey:
        """The log key's verifier key, named by the origin."""
        held = self._verifiers.get(origin)
        if held is None:
            held = self._verifiers[origin] = note.VerifierKey.make(origin, ED25519, self.public_key("log"))
        return held

    def sign_root(self, message: bytes) -> bytes:
        """The root's signature over a card's note text."""
        return self._key("root").sign(message)

    @cached_property
    def sign_link(self) -> Signer:
        """Signs a manifest's note text or a request with the link key."""
        return Signer(self.link_verifier, self._key("link").sign)

    @cached_property
    def _sign_log(self) -> Signer:
        # Which log the name says does not matter to the key.
        return Signer(self.log_verifier(self.agency), self._key("log").sign)

    @cached_property
    def _sign_receipt(self) -> Signer:
        return Signer(self.cosigner, self._key("m").sign)

    @cached_property
    def _sign_witness(self) -> Signer:
        return Signer(self.witness, self._key("w").sign)

    def pseudonym(self, circle: str, officer_id: str) -> str:
        """The officer's pseudonym in a circle."""
        return names.pseudonym(self._secret, circle, officer_id)

    def sign_head(self, origin: str, head: Head, *, floor: Head, consistency: Sequence[bytes]) -> bytes:
        """The signed checkpoint of our log at `head`, once it is shown to follow from the floor.

        `floor` is the caller's idea of the floor and `consistency` the proof from it; raises `Refused` when either does
        not hold. The new floor is on disk before the signature is made.
        """
        with self._floor("head", origin, head, floor, consistency):
            head_signed = checkpoint.Checkpoint(origin, head.size, head.root)
            return checkpoint.sign(head_signed, self.log_verifier(origin), self._sign_log).to_bytes()

    def cosign_head(
        self, origin: str, head: Head, *, floor: Head, consistency: Sequence[bytes], seconds: int
    ) -> note.NoteSignature:
        """Our timestamped line over another party's checkpoint, under the same rule with a floor of its own."""
        with self._floor("cosigned", origin, head, floor, consistency):
            seen = checkpoint.Checkpoint(origin, head.size, head.root)
            return cosignature.cosign(seen, self.cosigner, seconds, self._sign_receipt)

    def witness_head(
        self, origin: str, head: Head, *, floor: Head, consistency: Sequence[bytes], seconds: int
    ) -> note.NoteSignature:
        """Our witness's timestamped line, for logs whose entries need not be here, under the same rule once more."""
        with self._floor("witnessed", origin, head, floor, consistency):
            seen = checkpoint.Checkpoint(origin, head.size, head.root)
            return cosignature.cosign(seen, self.witness, seconds, self._sign_witness)

    def floor_of(self, verb: str, origin: str) -> Head:
        """The newest head signed (`head`), cosigned (`cosigned`) or `witnessed` for a log; size 0 when none was."""
        handle = self._floor_handle(verb, origin, create=False)
        if handle is None:
            return Head(0, merkle.EMPTY_ROOT)
        return floors.newest(os.pread(handle, 2 * floors.SLOT, 0), self._mark(verb, origin))

    def floor_name(self, verb: str, origin: str) -> str:
        """The name under which the newest head signed or cosigned for a log is kept."""
        return f"{verb}-{hashlib.sha256(origin.encode()).hexdigest()[:32]}"

    def floor_names(self) -> frozenset[str]:
        """The names under which heads are kept of logs that must be here: not those that were only witnessed."""
        names_kept = (path.name for path in (self.directory / "floor").iterdir())
        return frozenset(name for name in names_kept if not name.startswith("witnessed-"))

    def open_parcel(self, data: bytes) -> Iterator[parcel.Group]:
        """The groups of a parcel sealed to this node; raises as `seal.parcel.open_parcel`."""
        return parcel.open_parcel(data, [self.identity])

    @contextmanager
    def _floor(self, verb: str, origin: str, head: Head, floor: Head, consistency: Sequence[bytes]) -> Iterator[None]:
        with self._locked():
            held = self.floor_of(verb, origin)
            if head != held:
                if held != floor:
                    raise Refused([_floor_refusal(origin, held.size, head.size)])
                self._check_follows(origin, held, head, consistency)
                self._keep(verb, origin, head)
            yield

    def _check_follows(self, origin: str, held: Head, head: Head, consistency: Sequence[bytes]) -> None:
        if head.size <= held.size:
            raise Refused([_floor_refusal(origin, held.size, head.size)])
        if held.size == 0:
            return
        try:
            proof.verify_consistency(held.size, head.size, consistency, held.root, head.root)
        except proof.BadProof as error:
            raise Refused([_floor_refusal(origin, held.size, head.size)]) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One signer at a time: among threads by the thread lock, among processes by the file's."""
        with self._threads:
            fcntl.flock(self._lock_handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._lock_handle, fcntl.LOCK_UN)

    @cached_property
    def _lock_handle(self) -> int:
        return os.open(self.directory / "lock", os.O_RDONLY)

    def _keep(self, verb: str, origin: str, head: Head) -> None:
        mark = self._mark(verb, origin)
        handle = self._floor_handle(verb, origin, create=True)
        if handle is None:
            raise FileNotFoundError(self._floor_path(verb, origin))
        data = os.pread(handle, 2 * floors.SLOT, 0)
        with _flushed():
            self._write(handle, data, floors.record(head, mark), mark)

    def _write(self, handle: int, data: bytes, record: bytes, mark: bytes) -> None:
        if not data:
            # The first head: the file's length and its name in the folder must last as well.
            os.pwrite(handle, record + bytes(floors.SLOT), 0)
            os.fsync(handle)
            _sync_directory(self.directory / "floor")
            return
        os.pwrite(handle, record, floors.older_slot(data, mark) * floors.SLOT)
        os.fdatasync(handle)

    def _floor_handle(self, verb: str, origin: str, *, create: bool) -> int | None:
        held = self._floors.get((verb, origin))
        if held is None:
            try:
                held = os.open(self._floor_path(verb, origin), os.O_RDWR | (os.O_CREAT if create else 0), 0o600)
            except FileNotFoundError:
                return None
            self._floors[verb, origin] = held
        return held

    def _floor_path(self, verb: str, origin: str) -> Path:
        return self.directory / "floor" / self.floor_name(verb, origin)

    def _mark(self, verb: str, origin: str) -> bytes:
        return f"{verb}\n{origin}\n".encode()


def fresh_nonce() -> bytes:
    """16 bytes from the system's randomness."""
    return os.urandom(16)


_current: list[Keyring] = []


def keyring() -> Keyring:
    """The keys of the node this process is; raises `Misconfigured` when it is none."""
    if not _current:
        raise Misconfigured(
            [
                refusal(
                    "no-keys",
                    _("Nothing was signed."),
                    _("No node's keys are open in this process."),
                    _("Run the command with the node's directory."),
                )
            ]
        )
    return _current[-1]


def open_keyring(ring: Keyring) -> None:
    """Make these the keys of this process, for good."""
    _current[:] = [ring]


@contextmanager
def using(ring: Keyring) -> Iterator[Keyring]:
    """Make these the keys of this process for a while: the simulator and commands that touch several nodes."""
    _current.append(ring)
    try:
        yield ring
    finally:
        _current.pop()


@contextmanager
def _flushed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.EIO:
            for tell in NOT_FLUSHED:
                tell()
        raise


def _seed(random: bytes | None, use: str) -> bytes:
    return os.urandom(32) if random is None else hashlib.sha256(random + use.encode()).digest()


def _write_secret(path: Path, value: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def _read_secret(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if mode & 0o077:
            raise Misconfigured([_bad_mode(path, oct(mode & 0o777))])
        return path.read_bytes()
    except FileNotFoundError:
        raise Misconfigured([_no_key(path)]) from None


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _floor_refusal(origin: str, held: int, asked: int) -> Refusal:
    return refusal(
        "floor",
        _("The log {origin} was not signed at size {asked}."),
        _("This node has already signed size {held}, and the new head does not follow from it."),
        _("Stop here and run accordant verify; a restored or copied directory must not go on signing."),
        origin=origin,
        held=held,
        asked=asked,
    )


def _bad_mode(path: Path, mode: str) -> Refusal:
    return refusal(
        "key-mode",
        _("The node was not started."),
        _("The key file {path} can be read by others (mode {mode})."),
        _("Run: chmod 600 {path}"),
        path=str(path),
        mode=mode,
    )


def _no_key(path: Path) -> Refusal:
    return refusal(
        "key-missing",
        _("The node was not started."),
        _("The key file {path} is missing."),
        _("Restore the keys folder from the backup."),
        path=str(path),
    )
