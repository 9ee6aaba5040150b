"""A hint between processes of one node: "our log grew". A datagram on a Unix socket in the data directory.

Losing a hint costs a second at most: the sync loop looks for what lags anyway.
"""

import contextlib
import socket
from functools import cache
from pathlib import Path
from threading import Event


def _path(directory: Path) -> str:
    return str(directory / "wake")


def send(directory: Path) -> None:
    """Wake whoever listens; nobody listening is no fault."""
    with contextlib.suppress(OSError):
        _hints().sendto(b"1", _path(directory))


@cache
def _hints() -> socket.socket:
    """The socket that this process sends from: every append sends one hint."""
    return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)


class Listener:
    """Sets an event for each hint until closed."""

    def __init__(self, directory: Path, wake: Event) -> None:
        self.path = _path(directory)
        self.wake = wake
        with contextlib.suppress(FileNotFoundError):
            Path(self.path).unlink()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)

    def run(self) -> None:
        """Wait for hints; ends when the socket is closed."""
        while True:
            try:
                if not self.socket.recv(16):
                    return
            except OSError:
                return
            self.wake.set()

    def close(self) -> None:
        """Stop listening."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        with contextlib.suppress(FileNotFoundError):
            Path(self.path).unlink()
