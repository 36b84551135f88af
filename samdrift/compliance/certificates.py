"""Certificates judged from their octets: the path to a trusted authority, names, keys, signatures, dates (RFC 5280, 9525)."""

from __future__ import annotations

import hashlib
import ipaddress
import warnings
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from samdrift.model.dns.service_records import Tlsa

WEAK_DIGESTS = frozenset({"md5", "sha1"})
LONGEST_PATH = 10


class Unreadable(ValueError):
    """Octets that are no certificate; the message says why."""


@lru_cache(maxsize=4096)
def read(der: bytes) -> x509.Certificate:
    """The certificate in the octets; Unreadable when they are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library's words on odd serial numbers; old roots have them
            found = x509.load_der_x509_certificate(der)
            _ = found.subject, found.issuer, found.extensions, found.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Unreadable(str(error)) from None
    return found


@dataclass(frozen=True, slots=True)
class CertPath:
    """From the leaf upwards: `links` as far as they lead, `trusted` when they end at an anchor, else the `missing` issuer's name.

    `own` are those that the server answers for: all but the anchor.
    """

    links: tuple[x509.Certificate, ...]
    trusted: bool
    missing: str = ""

    @property
    def own(self) -> tuple[x509.Certificate, ...]:
        return self.links[:-1] if self.trusted and len(self.links) > 1 else self.links

    @property
    def broken(self) -> str | None:
        """The code of what is wrong: incomplete-chain when a leaf came without its issuer, untrusted when the chain ends elsewhere."""
        if self.trusted:
            return None
        last = self.links[-1]
        return "incomplete-chain" if len(self.links) == 1 and last.issuer != last.subject else "untrusted"


def path(chain: tuple[bytes, ...], anchors: tuple[bytes, ...], at: datetime) -> CertPath:
    """The path that a client would find among what was shown and what is trusted; those valid at the instant come first."""
    shown, trusted = [read(one) for one in chain], [read(one) for one in anchors]
    links, known = [shown[0]], set(anchors)
    while len(links) < LONGEST_PATH:
        last = links[-1]
        if last.public_bytes(Encoding.DER) in known:
            return CertPath(tuple(links), trusted=True)
        above = [one for one in (*trusted, *shown[1:]) if one.subject == last.issuer and one not in links and _issued(last, one)]
        above.sort(key=lambda one: not one.not_valid_before_utc <= at <= one.not_valid_after_utc)
        if not above:
            return CertPath(tuple(links), trusted=False, missing=last.issuer.rfc4514_string())
        links.append(above[0])
    return CertPath(tuple(links), trusted=False, missing=links[-1].issuer.rfc4514_string())


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        constraints = above.extensions.get_extension_for_class(x509.BasicConstraints).value
        if not constraints.ca:
            return False
    except x509.ExtensionNotFound:
        if above.version is x509.Version.v3 and above.subject != above.issuer:
            return False
    try:
        if weak_digest(below):  # the library verifies these no more; that they are weak is told apart
            return _verifies_weakly(below, above)
        below.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError, TypeError):
        return False
    except UnsupportedAlgorithm:
        return True  # by its name alone: our own inability is not its fault
    return True


def _verifies_weakly(below: x509.Certificate, above: x509.Certificate) -> bool:
    key, digest, how = above.public_key(), below.signature_hash_algorithm, below.signature_algorithm_parameters
    if isinstance(key, rsa.RSAPublicKey) and digest is not None and isinstance(how, padding.PKCS1v15 | padding.PSS):
        key.verify(below.signature, below.tbs_certificate_bytes, how, digest)
    elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(how, ec.ECDSA):
        key.verify(below.signature, below.tbs_certificate_bytes, how)
    else:
        raise UnsupportedAlgorithm("a signature of neither kind")
    return True


def names(leaf: x509.Certificate) -> tuple[str, ...]:
    """The names and addresses that a certificate is for (RFC 9525: the common name does not count)."""
    try:
        held = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(held.get_values_for_type(x509.DNSName)) + tuple(str(one) for one in held.get_values_for_type(x509.IPAddress))


def is_for(leaf: x509.Certificate, host: str) -> bool:
    """Whether a certificate is for a host; `*` stands for one whole label, the first."""
    wanted = host.lower().rstrip(".")
    try:
        return str(ipaddress.ip_address(wanted)) in names(leaf)
    except ValueError:
        pass
    rest = wanted.partition(".")[2]
    return any(one in {wanted, f"*.{rest}" if rest else wanted} for one in (name.lower().rstrip(".") for name in names(leaf)))


def describe(der: bytes) -> str:
    """A certificate in one line: subject, names, issuer, dates, key."""
    try:
        one = read(der)
    except Unreadable as error:
        return f"malformed: {error}"
    kind = key_bits(one)
    key = f"{kind[0]} {kind[1]} bits" if kind else "another kind of key"
    dates = f"{one.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ} to {one.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}"
    return f"{one.subject.rfc4514_string()}; for {', '.join(names(one)) or 'no name'}; issued by {one.issuer.rfc4514_string()}; {dates}; {key}"


def weak_digest(certificate: x509.Certificate) -> str | None:
    """The digest of its signature when it is broken (SHA-1, MD5); None when not, or when it has none of its own."""
    try:
        digest = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    return digest.name.upper() if digest is not None and digest.name.lower() in WEAK_DIGESTS else None


def key_bits(certificate: x509.Certificate) -> tuple[str, int] | None:
    """Kind (`RSA`, `EC`) and bits of its key; None for others."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    return ("EC", key.curve.key_size) if isinstance(key, ec.EllipticCurvePublicKey) else None


def fits(record: Tlsa, chain: tuple[bytes, ...], host: str) -> bool:
    """Whether a TLSA record fits the chain as shown: the leaf by usage 1 and 3, an authority in it by 0 and 2 (RFC 7671, 7672 3)."""
    if record.usage in {1, 3}:
        return bool(chain) and _fits(record, chain[0])
    if not chain or not is_for(read(chain[0]), host):
        return False
    return any(_fits(record, one) for one in chain[1:]) or (len(chain) == 1 and _fits(record, chain[0]))


def _fits(record: Tlsa, der: bytes) -> bool:
    return tlsa_data(der, record.selector, record.matching) == record.data


def tlsa_data(der: bytes, selector: int = 1, matching: int = 1) -> bytes:
    """What a TLSA record of a certificate holds."""
    octets = der if selector == 0 else read(der).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return octets if matching == 0 else (hashlib.sha256 if matching == 1 else hashlib.sha512)(octets).digest()
