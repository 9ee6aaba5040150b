"""A server whose key is on no card learns nothing."""

import socket
import ssl
import threading
from pathlib import Path

import pytest

from accordant.exchange.transports import NotReached, Request
from accordant.exchange.transports.https import HttpsTransport, key_hash
from tests.exchange.conftest import certificate


@pytest.mark.carrier
@pytest.mark.parametrize("right", [True, False])
def test_a_server_with_another_key_is_refused_before_a_byte_is_sent(tmp_path: Path, right: bool) -> None:
    shown, files = certificate(tmp_path, "server.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        plain, _address = listening.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as secured:
                heard.append(secured.recv(1000))
        except OSError:
            heard.append(b"")

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    url = f"https://127.0.0.1:{listening.getsockname()[1]}"
    request = Request(url, (key_hash(shown) if right else "0" * 64,), "POST", "/accordant/v1/parcel", {}, b"parcel")
    transport = HttpsTransport(loopback_allowed=True)
    with pytest.raises(NotReached) as refused:
        transport.carry(request)
    thread.join(10)
    transport.close()
    listening.close()
    assert (refused.value.code, bool(heard[0])) == (("broken", True) if right else ("wrong-certificate", False))
