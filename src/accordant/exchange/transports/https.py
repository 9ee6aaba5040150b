"""HTTPS between nodes: TLS 1.3 to a pinned key, one kept connection per peer; plain HTTP on loopback alone.

Rules kept here: the name is resolved once and that address is used; the certificate's key must be one of the pins
before a byte of the request is sent; no redirect is followed; answers are bounded in size and time.
"""

import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accordant.exchange.transports import NotReached, Request, Response

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 30.0
ANSWER_BYTES: Final = 32 * 1024 * 1024 + 65536


def key_hash(certificate: bytes) -> str:
    """Hex hash of the SubjectPublicKeyInfo in a DER certificate: what cards pin."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


class HttpsTransport:
    """Connections by address, one at a time each."""

    def __init__(self, *, loopback_allowed: bool) -> None:
        self.loopback_allowed = loopback_allowed
        self._kept: dict[str, http.client.HTTPConnection] = {}
        self._lock = threading.Lock()

    def carry(self, request: Request) -> Response:
        """The peer's answer; a kept connection that the peer closed is opened anew once."""
        with self._lock:
            kept = self._kept.pop(request.url, None)
        if kept is not None:
            try:
                return self._ask(kept, request)
            except (OSError, http.client.HTTPException):
                kept.close()
        try:
            return self._ask(self._connect(request), request)
        except (OSError, http.client.HTTPException) as error:
            raise NotReached("broken", f"{request.url}: {error}") from error

    def carry_unpinned(self, request: Request) -> Response:
        """The answer of a node whose key is not known yet: for fetching a card, which a person then confirms."""
        connection = self._connect(request, pinned=False)
        try:
            return self._ask(connection, request, keep=False)
        except (OSError, http.client.HTTPException) as error:
            raise NotReached("broken", f"{request.url}: {error}") from error
        finally:
            connection.close()

    def close(self) -> None:
        """Close all kept connections."""
        with self._lock:
            for connection in self._kept.values():
                connection.close()
            self._kept.clear()

    def _ask(self, connection: http.client.HTTPConnection, request: Request, *, keep: bool = True) -> Response:
        connection.request(request.method, request.path, body=request.body or None, headers=dict(request.headers))
        answer = connection.getresponse()
        body = answer.read(ANSWER_BYTES + 1)
        if len(body) > ANSWER_BYTES:
            connection.close()
            raise NotReached("answer-too-large", f"{request.url} answered with more than {ANSWER_BYTES} bytes")
        if keep and not answer.will_close:
            with self._lock:
                self._kept[request.url] = connection
        return Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)

    def _connect(self, request: Request, *, pinned: bool = True) -> http.client.HTTPConnection:
        parts = urlsplit(request.url)
        host, port = parts.hostname or "", parts.port or 443
        try:
            address = self._resolve(host, port)
            plain = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise NotReached("unreachable", f"{request.url}: {error.strerror or error}") from error
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
        connection.sock = plain if parts.scheme == "http" else self._secure(plain, request, pinned)
        connection.sock.settimeout(ANSWER_SECONDS)
        return connection

    def _resolve(self, host: str, port: int) -> str:
        address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
        if ipaddress.ip_address(address).is_loopback and not self.loopback_allowed:
            raise NotReached("forbidden-address", f"{host} leads to this machine itself")
        return address

    def _secure(self, plain: socket.socket, request: Request, pinned: bool) -> ssl.SSLSocket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # The pin decides, not names, dates or authorities: it is compared below before anything is sent.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            secured = context.wrap_socket(plain, server_hostname=urlsplit(request.url).hostname)
        except (ssl.SSLError, OSError) as error:
            plain.close()
            raise NotReached("tls", f"{request.url}: {error}") from error
        certificate = secured.getpeercert(binary_form=True)
        if pinned and (certificate is None or key_hash(certificate) not in request.pins):
            secured.close()
            raise NotReached("wrong-certificate", f"{request.url} shows a key that is not on its card")
        return secured
