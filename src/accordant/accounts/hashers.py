"""Argon2id with 100 MiB and two passes; at most four at once, so that sign-ins cannot use up the memory."""

import threading
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

_AT_ONCE: Final = threading.BoundedSemaphore(4)


class GuardedArgon2Hasher(Argon2PasswordHasher):
    """Django's hasher with the parameters of the security paper 3.9."""

    time_cost = 2
    memory_cost = 102_400
    parallelism = 2

    def encode(self, password: str, salt: str) -> str:
        """The hash of a password."""
        with _AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password has this hash."""
        with _AT_ONCE:
            return super().verify(password, encoded)
