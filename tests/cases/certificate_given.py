"""Certificates of a case's few words, made for real: who signed, for whom, how long, with which key and digest."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.cases.zone_given import AT, span

SHA256_WITH_RSA, SHA1_WITH_RSA = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")


@cache
def key(kind: str, label: str = ""):
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key({"ec256": ec.SECP256R1(), "ec192": ec.SECP192R1()}[kind])


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _made(subject: str, issuer: str, public, signer, *, begins, ends, ca: bool = False, names=(), digest="sha256") -> bytes:
    builder = x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(issuer)).public_key(public).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(begins).not_valid_after(ends).add_extension(x509.BasicConstraints(ca, None), critical=True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
    made = builder.sign(signer, hashes.SHA256())
    return _with_sha1(made, signer) if digest == "sha1" else made.public_bytes(Encoding.DER)


def _with_sha1(made: x509.Certificate, signer: rsa.RSAPrivateKey) -> bytes:
    """The library signs with SHA-1 no more: the algorithm's number is changed and the signature made by hand."""
    body = made.tbs_certificate_bytes.replace(SHA256_WITH_RSA, SHA1_WITH_RSA)
    signature = signer.sign(body, padding.PKCS1v15(), hashes.SHA1())
    return made.public_bytes(Encoding.DER).replace(SHA256_WITH_RSA, SHA1_WITH_RSA).replace(made.signature, signature)


def authority_key(label: str):
    """RSA for those that sign with SHA-1, else EC."""
    return key("rsa2048" if label.startswith("rsa") else "ec256", label)


@cache
def authority(label: str, by: str | None = None, digest: str = "sha256") -> bytes:
    """A root, or an authority below another."""
    return _made(f"{label} authority", f"{by or label} authority", authority_key(label).public_key(), authority_key(by or label), begins=AT - timedelta(days=900), ends=AT + timedelta(days=900), ca=True, digest=digest)


def chain(spec: dict, host: str) -> tuple[bytes, ...]:
    """The chain as shown: `by` root, rsa-root, other, middle (`below` one of them) or self; `shows` leaf, chain or all; `from`/`until` around the case's instant."""
    by, private = spec.get("by", "root"), key(spec.get("key", "ec256"), "leaf")
    signer = private if by == "self" else authority_key(by)
    issuer = host if by == "self" else f"{by} authority"
    leaf = _made(
        host, issuer, private.public_key(), signer, begins=AT + span(spec.get("from", "-10 d")), ends=AT + span(spec.get("until", "80 d")),
        names=spec.get("names", [host]), digest=spec.get("digest", "sha256"),
    )  # fmt: skip
    shows, above = spec.get("shows", "chain"), spec.get("below", "root")
    middle = (authority("middle", above, spec.get("middle_digest", "sha256")),) if by == "middle" and shows != "leaf" else ()
    root = (authority(above if by == "middle" else by),) if shows == "all" and by != "self" else ()
    return (leaf, *middle, *root)


def anchors(spec: dict) -> tuple[bytes, ...]:
    """What the view trusts that could stand above."""
    by = spec.get("below", "root") if spec.get("by") == "middle" else spec.get("by", "root")
    return (authority(by),) if by in {"root", "rsa-root"} else ()
