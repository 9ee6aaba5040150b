"""The carrier of tests and the simulator: hands the request to a function in the same process."""

from collections.abc import Callable

from accordant.exchange.transports import NotReached, Request, Response

Node = Callable[[Request], Response]


class MemoryTransport:
    """Nodes by address; a cut address does not answer."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.cut: set[str] = set()

    def carry(self, request: Request) -> Response:
        """The answer of the node at the address; raises `NotReached` when it is cut or unknown."""
        node = self.nodes.get(request.url)
        if node is None or request.url in self.cut:
            raise NotReached("unreachable", f"{request.url} does not answer")
        return node(request)
