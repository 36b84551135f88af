"""Own certificate: whether a client would take a certificate that we are about to put into force; a handshake in memory, no network."""

from __future__ import annotations

import ssl
from pathlib import Path

from samdrift.adapters.limits import SIZES

TURNS = 8
"""More than a handshake takes: each side speaks at most twice."""


def refusal(certificate: Path, key: Path, ca: str, host: str) -> str | None:
    """Why a client that trusts `ca` (PEM text) would refuse the pair at a name or address; None when it would not.

    OpenSSL judges as it will in earnest: pair, time, name and chain.
    """
    if len(ca) > SIZES["trust-store"]:
        return "the authority's certificate is far too long"
    shown, asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        shown.load_cert_chain(certificate, key, password=_no_password)
    except (ssl.SSLError, ValueError, OSError) as error:
        return f"certificate and key are no pair: {_word(error)}"
    try:
        asking.load_verify_locations(cadata=ca)
    except (ssl.SSLError, ValueError) as error:
        return f"the authority's certificate cannot be read: {_word(error)}"
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = shown.wrap_bio(to_server, to_client, server_side=True)
    client = asking.wrap_bio(to_client, to_server, server_hostname=host)
    for _ in range(TURNS):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
            except ssl.SSLError as error:
                return _word(error)
            if side is client:
                return None
    return "the handshake did not end"


def _no_password() -> str:
    return ""


def _word(error: Exception) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
