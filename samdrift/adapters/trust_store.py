"""Trust store: the certificate authorities of a view's file or of the system, found by name."""

from __future__ import annotations

import re
import ssl
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

from samdrift.adapters.files import read_file
from samdrift.adapters.limits import SIZES
from samdrift.model.errors import WrongUse

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Certificates (DER) by their subject's octets."""

    by_subject: Mapping[bytes, tuple[bytes, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pem: bytes) -> TrustStore:
        """From PEM text; what is no certificate is left out."""
        found: dict[bytes, list[bytes]] = {}
        for block in _PEM.findall(pem):
            try:
                der = ssl.PEM_cert_to_DER_cert(block.decode("ascii"))
                found.setdefault(_read(der).subject.public_bytes(), []).append(der)
            except ValueError:
                continue
        return cls({subject: tuple(held) for subject, held in found.items()})

    @classmethod
    def of_system(cls) -> TrustStore:
        """The system's; empty when it has none."""
        path = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
        try:
            return cls.of(read_file(Path(path), limit_bytes=SIZES["trust-store"]))
        except WrongUse:
            return cls()

    def above(self, chain: Iterable[bytes]) -> tuple[bytes, ...]:
        """The authorities that could stand above a chain: by the issuers' and by the certificates' own names."""
        found: dict[bytes, None] = {}
        for der in chain:
            try:
                shown = _read(der)
                names = (shown.issuer.public_bytes(), shown.subject.public_bytes())
            except ValueError:
                continue
            found.update(dict.fromkeys(one for name in names for one in self.by_subject.get(name, ())))
        return tuple(found)


def _read(der: bytes) -> x509.Certificate:
    """The certificate, without the library's words on odd serial numbers: old roots have them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return x509.load_der_x509_certificate(der)
