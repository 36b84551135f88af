"""Signatures: verifies RRSIGs over RRsets by their keys, the dates left aside (RFC 4034 3.1.8, 4035 5.3)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from samdrift.model.dns.message import Record
from samdrift.model.dns.names import count_labels, parent
from samdrift.model.dns.records import Dnskey, Rrsig

SMALLEST_RSA_BITS, LARGEST_RSA_BITS = 512, 4096
"""RFC 3110 stops there; others are never computed with, and dnssec-key-size says so."""


class Proof(StrEnum):
    """What verifying gave; `unsupported` is our own inability, never the zone's fault."""

    GOOD = "good"
    BAD = "bad"
    UNSUPPORTED = "unsupported"


def verify(rrset: tuple[Record, ...], signature: Rrsig, key: Dnskey) -> Proof:
    """Whether the key made the signature over the RRset; same octets are computed once."""
    octets = signed_octets(rrset, signature)
    return Proof.BAD if octets is None else _verify(key.algorithm, key.key, signature.signature, octets)


def signed_octets(rrset: tuple[Record, ...], signature: Rrsig) -> bytes | None:
    """What was signed: the RRSIG's head and the RRset in canonical form; None when the label count cannot be (RFC 4035 5.3.2)."""
    owner = rrset[0].owner
    count = count_labels(owner) - (owner[:2] == b"\1*")
    if signature.labels > count:
        return None
    if signature.labels < count:
        for _ in range(count - signature.labels):
            owner = parent(owner)
        owner = b"\1*" + owner
    head = owner + struct.pack(">HHI", rrset[0].type, rrset[0].cls, signature.original_ttl)
    data = sorted({record.data for record in rrset})
    return signature.head + b"".join(head + struct.pack(">H", len(one)) + one for one in data)


@lru_cache(maxsize=16_384)
def _verify(algorithm: int, key: bytes, signature: bytes, octets: bytes) -> Proof:
    verifier = _VERIFIERS.get(algorithm)
    if verifier is None:
        return Proof.UNSUPPORTED
    try:
        verifier(key, signature, octets)
    except UnsupportedAlgorithm:
        return Proof.UNSUPPORTED
    except (InvalidSignature, ValueError, IndexError, struct.error):
        return Proof.BAD
    return Proof.GOOD


def rsa_numbers(key: bytes) -> tuple[int, int]:
    """Exponent and modulus of an RSA key (RFC 3110 2); ValueError or IndexError when it is none."""
    length, at = (key[0], 1) if key[0] else (struct.unpack_from(">H", key, 1)[0], 3)
    return int.from_bytes(key[at : at + length], "big"), int.from_bytes(key[at + length :], "big")


def rsa_bits(key: bytes) -> int:
    """The bits of an RSA key's modulus; 0 when it cannot be read."""
    try:
        return rsa_numbers(key)[1].bit_length()
    except (ValueError, IndexError, struct.error):
        return 0


def _rsa(digest: hashes.HashAlgorithm) -> Callable[[bytes, bytes, bytes], None]:
    def run(key: bytes, signature: bytes, octets: bytes) -> None:
        exponent, modulus = rsa_numbers(key)
        if not SMALLEST_RSA_BITS <= modulus.bit_length() <= LARGEST_RSA_BITS:
            raise UnsupportedAlgorithm("size")
        rsa.RSAPublicNumbers(exponent, modulus).public_key().verify(signature, octets, padding.PKCS1v15(), digest)

    return run


def _ecdsa(curve: ec.EllipticCurve, digest: hashes.HashAlgorithm) -> Callable[[bytes, bytes, bytes], None]:
    def run(key: bytes, signature: bytes, octets: bytes) -> None:
        half = len(signature) // 2
        if len(signature) != 2 * ((curve.key_size + 7) // 8):
            raise ValueError("size")
        pair = encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
        ec.EllipticCurvePublicKey.from_encoded_point(curve, b"\4" + key).verify(pair, octets, ec.ECDSA(digest))

    return run


def _ed25519(key: bytes, signature: bytes, octets: bytes) -> None:
    ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, octets)


def _ed448(key: bytes, signature: bytes, octets: bytes) -> None:
    ed448.Ed448PublicKey.from_public_bytes(key).verify(signature, octets)


_VERIFIERS: Mapping[int, Callable[[bytes, bytes, bytes], None]] = MappingProxyType(
    {
        5: _rsa(hashes.SHA1()), 7: _rsa(hashes.SHA1()), 8: _rsa(hashes.SHA256()), 10: _rsa(hashes.SHA512()),  # noqa: S303 (to judge what others signed)
        13: _ecdsa(ec.SECP256R1(), hashes.SHA256()), 14: _ecdsa(ec.SECP384R1(), hashes.SHA384()), 15: _ed25519, 16: _ed448,
    }
)  # fmt: skip
