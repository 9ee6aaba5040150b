"""Carriers: they move sealed bytes between addresses and know nothing of what is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class NotReached(Exception):
    """The peer did not answer: refused, timed out, wrong certificate. The text says which hop and why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class Request:
    """One request to a node: its base address, the hashes of keys its certificate may have, method, path, body."""

    url: str
    pins: tuple[str, ...]
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Carries one request and gives the answer; raises `NotReached`."""

    def carry(self, request: Request) -> Response:
        """The peer's answer."""
