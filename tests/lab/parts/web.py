"""Web and mail endpoints: TLS servers of an own authority, with good or faulty certificates and odd behaviours, on any address."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.labkit.addresses import add_address
from tests.lab.labkit.authority import Authority
from tests.lab.labkit.part import Part, write
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process

PROGRAM = Path(__file__).parent.parent / "programs" / "web.py"
CERTIFICATES = ("good", "expired", "mismatched", "below", "incomplete", "sha1", "self-signed")


@dataclass(frozen=True)
class Endpoint:
    """One served name: its addresses, port and protocol (https, http or smtp), and the place in which it is served.

    `certificate` is one of CERTIFICATES, None for none; `behaviour` a word of programs/web.py.
    """

    host: str
    addresses: tuple[str, ...]
    port: int = 443
    protocol: str = "https"
    place: Place | None = None
    behaviour: str = ""
    certificate: str | None = "good"


class Web(Part):
    """Serves endpoints; one process a place. Addresses that the place lacks are added to its loopback."""

    name = "web"

    def __init__(self, folder: Path, place: Place = LOOPBACK, *, endpoints: Sequence[Endpoint], tied: bool = True) -> None:
        super().__init__(folder, place, tied=tied)
        self.endpoints = list(endpoints)
        self.authority = Authority(self.folder / "tls")

    @property
    def ca(self) -> Path:
        """Certificate of the lab's own authority."""
        return self.authority.certificate

    def certificate(self, host: str, kind: str = "good") -> None:
        """Give a host another certificate from now on; one of CERTIFICATES."""
        if kind not in CERTIFICATES:
            raise ValueError(f"certificate {kind!r}: one of {', '.join(CERTIFICATES)}")
        if kind in {"below", "incomplete"}:
            self.authority.issue_below(host, [host], shows_chain=kind == "below")
        elif kind == "self-signed":
            self.authority.self_signed(host)
        else:
            named = f"other.{host}" if kind == "mismatched" else host
            self.authority.issue(host, [named], days=-1 if kind == "expired" else 90, digest="sha1" if kind == "sha1" else "sha256", again=True)

    def prepare(self) -> None:
        """Certificates, addresses, and what each process serves."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for endpoint in self.endpoints:
            if endpoint.protocol in {"https", "smtp"} and endpoint.certificate and not (self.authority.folder / f"{endpoint.host}.pem").exists():
                self.authority.make()
                self.certificate(endpoint.host, endpoint.certificate)
            for address in endpoint.addresses:
                if self._at(endpoint).namespace:
                    add_address(self._at(endpoint), address)
        for label, served in self._by_place().items():
            told = [{"host": e.host, "addresses": e.addresses, "port": e.port, "protocol": e.protocol, "behaviour": e.behaviour} for e in served]
            write(self.folder / f"{label}.json", json.dumps(told, indent=1))

    def programs(self) -> Sequence[Process]:
        """One process a place."""
        return [
            self.process(f"web-{label}", [sys.executable, PROGRAM, self.folder / f"{label}.json", self.authority.folder], place=self._at(served[0]))
            for label, served in self._by_place().items()
        ]  # fmt: skip

    def ready(self) -> bool:
        """Every address of every endpoint accepts."""
        return all(self._at(e).answers(e.port, a) for e in self.endpoints for a in e.addresses)

    def _at(self, endpoint: Endpoint) -> Place:
        return endpoint.place or self.place

    def _by_place(self) -> dict[str, list[Endpoint]]:
        found: dict[str, list[Endpoint]] = {}
        for endpoint in self.endpoints:
            found.setdefault(Path(self._at(endpoint).namespace or "here").name, []).append(endpoint)
        return found
