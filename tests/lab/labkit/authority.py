"""The lab's own certificate authority, made with openssl for one run and trusted by nobody else."""

from __future__ import annotations

import ipaddress
import subprocess
from collections.abc import Sequence
from pathlib import Path

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


class Authority:
    """Certificates below one folder: ca.pem, and NAME.pem with NAME.key for each server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def certificate(self) -> Path:
        """The authority's own certificate."""
        return self.folder / "ca.pem"

    def make(self) -> None:
        """Make the authority unless it is there."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        if not self.certificate.exists():
            _openssl(
                "req", "-x509", *CURVE, "-days", "100", "-subj", "/CN=samdrift lab authority",
                "-keyout", f"{self.folder}/ca.key", "-out", str(self.certificate),
            )  # fmt: skip

    def issue(
        self, name: str, hosts: Sequence[str], *, days: int = 30, again: bool = False, digest: str = "sha256", by: str = "ca"
    ) -> tuple[Path, Path]:
        """Certificate and key of a server for these names and addresses; negative `days` makes an expired one."""
        self.make()
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        if again or not certificate.exists():
            request = self.folder / f"{name}.csr"
            _openssl("req", *CURVE, "-subj", f"/CN={hosts[0]}", "-keyout", str(key), "-out", str(request))
            extensions = self.folder / f"{name}.ext"
            extensions.write_text("subjectAltName=" + ",".join(_alternative(h) for h in hosts) + "\n")
            _openssl(
                "x509", "-req", "-in", str(request), "-CA", f"{self.folder}/{by}.pem", "-CAkey", f"{self.folder}/{by}.key", f"-{digest}",
                "-CAcreateserial", "-days", str(days), "-extfile", str(extensions), "-out", str(certificate),
            )  # fmt: skip
            key.chmod(0o600)
        return certificate, key

    def issue_below(self, name: str, hosts: Sequence[str], *, shows_chain: bool) -> None:
        """A certificate of an authority below; with or without that one's own after it."""
        self.make()
        middle = self.folder / "middle.pem"
        if not middle.exists():
            _openssl("req", *CURVE, "-subj", "/CN=samdrift lab middle", "-keyout", f"{self.folder}/middle.key", "-out", f"{self.folder}/middle.csr")
            (self.folder / "middle.ext").write_text("basicConstraints=critical,CA:TRUE\n")
            _openssl(
                "x509", "-req", "-in", f"{self.folder}/middle.csr", "-CA", str(self.certificate), "-CAkey", f"{self.folder}/ca.key",
                "-CAcreateserial", "-days", "90", "-extfile", f"{self.folder}/middle.ext", "-out", str(middle),
            )  # fmt: skip
        certificate, _ = self.issue(name, hosts, days=80, again=True, by="middle")
        if shows_chain:
            certificate.write_text(certificate.read_text() + middle.read_text())

    def self_signed(self, name: str) -> None:
        """A certificate that nobody else vouches for."""
        _openssl(
            "req", "-x509", *CURVE, "-days", "90", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
            "-keyout", f"{self.folder}/{name}.key", "-out", f"{self.folder}/{name}.pem",
        )  # fmt: skip


def _alternative(host: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(host)}"
    except ValueError:
        return f"DNS:{host}"


def _openssl(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")
