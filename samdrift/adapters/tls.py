"""TLS: one handshake that takes any certificate and any version, and says what was shown; judging is done elsewhere."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from functools import cache
from operator import attrgetter
from typing import Any

from samdrift.adapters.limits import NETWORK
from samdrift.model.finding import Reason
from samdrift.model.presence.talks import TlsTalk

HANDSHAKE_S = NETWORK["http"].total_s
"""A handshake is given up after it."""
_LEGACY_SERVER_CONNECT = 0x4
_DER = 2
"""OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT, and _ssl.ENCODING_DER: Python 3.11 names neither in public."""
_SHOWN = attrgetter("_sslobj.get_unverified_chain")
"""The chain as shown; public as SSLObject.get_unverified_chain from Python 3.13 on, then this may go."""
OURS = ("NO_CIPHERS_AVAILABLE", "NO_PROTOCOLS_AVAILABLE", "LIBRARY_", "INTERNAL_ERROR", "MALLOC", "UNSUPPORTED_ALGORITHM", "LEGACY_SIGALG", "WRONG_SIGNATURE_TYPE")
"""Beginnings of OpenSSL's reasons that tell of our side: they never mean that the other side did not offer (dns.md 7)."""


@cache
def any_version() -> ssl.SSLContext:
    """Offers 1.0 to 1.3."""
    return _lenient(ssl.TLSVersion.TLSv1, ssl.TLSVersion.MAXIMUM_SUPPORTED)


@cache
def old_versions() -> ssl.SSLContext:
    """Offers 1.0 and 1.1 alone."""
    return _lenient(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)


def _lenient(lowest: ssl.TLSVersion, highest: ssl.TLSVersion) -> ssl.SSLContext:
    """OpenSSL 3 offers 1.0 and 1.1 at security level 0 alone."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.set_ciphers("ALL:!eNULL:!aNULL:@SECLEVEL=0")
    made.options |= _LEGACY_SERVER_CONNECT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # we look for them, we do not speak them
        made.minimum_version = lowest
        made.maximum_version = highest
    return made


def shown(writer: asyncio.StreamWriter) -> TlsTalk:
    """What a session that stands has shown."""
    session: Any = writer.get_extra_info("ssl_object")
    chain = tuple(one.public_bytes(_DER) for one in _SHOWN(session)() or ())
    return TlsTalk(version=session.version(), chain=chain)


def why(error: BaseException) -> tuple[str, Reason]:
    """OpenSSL's (or the system's) word for a handshake that came to nothing, and ours."""
    if isinstance(error, TimeoutError):
        return "TIMEOUT", Reason.STALLED
    if isinstance(error, ssl.SSLError):
        word = error.reason or type(error).__name__
        return word, Reason.ALGORITHM_UNSUPPORTED if word.startswith(OURS) else Reason.MALFORMED
    return "CLOSED", Reason.REFUSED


def old_taken(error: BaseException | None, version: str | None) -> tuple[bool | None, str | None, str | None]:
    """Of a handshake that offered 1.0 and 1.1 alone: whether it was taken (None: cannot tell), the version, and OpenSSL's word."""
    if error is None:
        return True, version, None
    word, reason = why(error)
    return (None if reason in {Reason.ALGORITHM_UNSUPPORTED, Reason.STALLED} else False), None, word
