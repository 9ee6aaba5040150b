"""Other programs open what we seal, and we open what they seal."""

import re
import shutil
import subprocess
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # pyrage ships no types
import pytest

from accordant.seal.age import open_sealed, seal
from accordant.seal.header import LOCAL_FILE
from accordant.seal.recipients import HybridIdentity, ScryptIdentity, ScryptRecipient, X25519Identity

PLAINTEXT = b"xin chao" * 20_000
FIRST_HYBRID_RELEASE = (1, 3)


def test_pyrage_opens_ours_and_we_open_its_when_sealed_to_x25519() -> None:
    theirs = pyrage.x25519.Identity.generate()
    assert pyrage.decrypt(seal(PLAINTEXT, [str(theirs.to_public())]), [theirs]) == PLAINTEXT
    ours = X25519Identity.generate()
    recipient = pyrage.x25519.Recipient.from_str(str(ours.recipient()))
    assert open_sealed(pyrage.encrypt(PLAINTEXT, [recipient]), [ours]) == PLAINTEXT


def test_pyrage_opens_ours_when_sealed_by_a_passphrase() -> None:
    assert pyrage.passphrase.decrypt(seal(b"key", [ScryptRecipient("mật khẩu", work=4)]), "mật khẩu") == b"key"
    # pyrage chooses a work factor of about a second: its files are read by the published vectors instead.
    assert open_sealed(seal(b"key", [ScryptRecipient("x", work=4)]), [ScryptIdentity("x")], LOCAL_FILE) == b"key"


def test_the_age_program_opens_ours_and_we_open_its_when_it_is_installed(tmp_path: Path) -> None:
    program = shutil.which("age")
    if program is None:
        pytest.skip("skipped: the program age is not installed (apt install age)")
    identities: list[X25519Identity | HybridIdentity] = [X25519Identity.generate()]
    if _version(program) >= FIRST_HYBRID_RELEASE:
        identities.append(HybridIdentity.generate())
    key_file = tmp_path / "key.txt"
    for identity in identities:
        key_file.write_text(identity.reveal() + "\n")
        recipient = str(identity.recipient())
        assert _run(program, "-d", "-i", str(key_file), given=seal(PLAINTEXT, [recipient])) == PLAINTEXT
        assert open_sealed(_run(program, "-r", recipient, given=PLAINTEXT), [identity]) == PLAINTEXT
        assert open_sealed(_run(program, "-a", "-r", recipient, given=b"x"), [identity], LOCAL_FILE) == b"x"


def _version(program: str) -> tuple[int, ...]:
    numbers = re.search(r"(\d+)\.(\d+)", _run(program, "--version").decode())
    assert numbers is not None
    return int(numbers[1]), int(numbers[2])


def _run(program: str, *arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run([program, *arguments], input=given, capture_output=True, check=True, timeout=20).stdout
