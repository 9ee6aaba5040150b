"""The node's own TLS certificate: self-signed, trusted by its key's hash on the card and by nothing else."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accordant.node import clock


def create(folder: Path, agency: str) -> None:
    """Write `tls` (key, 0600) and `tls-certificate` into the folder of keys."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, agency[:64])])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle = os.open(folder / "tls", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
    (folder / "tls-certificate").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def pin(folder: Path) -> str:
    """Hex hash of the certificate's SubjectPublicKeyInfo, as the card names it."""
    certificate = x509.load_pem_x509_certificate((folder / "tls-certificate").read_bytes())
    public = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(public).hexdigest()
