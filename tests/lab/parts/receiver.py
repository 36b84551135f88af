"""Receiver of mail and webhooks: keeps each notification with its time; can answer 500, be slow, or be dead."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.labkit.part import Part, write
from tests.lab.labkit.place import bracketed
from tests.lab.labkit.process import Process
from tests.lab.labkit.waiting import wait_for

PROGRAM = Path(__file__).parent.parent / "programs" / "receiver.py"
MODES = ("ok", "500", "slow", "refuse")


@dataclass(frozen=True)
class Notification:
    """One thing received: when (seconds since 1970, UTC), by which way (webhook, mail), where to, and what."""

    at: float
    way: str
    to: str
    answered: int
    body: Any


class Receiver(Part):
    """`url` takes any POST; `smtp` is a host and port; `received()` lists what came, refused ones too."""

    name = "receiver"

    @property
    def url(self) -> str:
        """Base address of the webhook over IPv4."""
        return f"http://{self.place.ipv4}:{self.port('http', 8080)}"

    @property
    def url6(self) -> str:
        """Base address of the webhook over IPv6."""
        return f"http://{bracketed(self.place.ipv6)}:{self.port('http', 8080)}"

    @property
    def smtp(self) -> tuple[str, int]:
        """Host and port of the mail server (no TLS, no login)."""
        return self.place.ipv4, self.port("smtp", 25)

    def prepare(self) -> None:
        """Begin with good manners; what was received stays."""
        if not (self.folder / "behaviour").exists():
            self.behave("ok")

    def programs(self) -> Sequence[Process]:
        """One process serves both ways on both families."""
        ports = [str(self.port("http", 8080)), str(self.port("smtp", 25))]
        return [self.process("receiver", [sys.executable, PROGRAM, self.folder, *ports, self.place.ipv4, self.place.ipv6])]

    def ready(self) -> bool:
        """Both ports accept, on both families."""
        return all(self.place.answers(self.port(*p), address) for p in (("http", 8080), ("smtp", 25)) for address in (self.place.ipv4, self.place.ipv6))

    def behave(self, mode: str, seconds: float = 0) -> None:
        """From now on answer so: ok, 500, slow (after `seconds`), refuse (close without an answer)."""
        if mode not in MODES:
            raise ValueError(f"mode {mode!r}: one of {', '.join(MODES)}")
        scratch = write(self.folder / "behaviour.new", json.dumps({"mode": mode, "seconds": seconds}))
        scratch.replace(self.folder / "behaviour")

    def received(self, way: str | None = None) -> list[Notification]:
        """What came so far, in order; `way` webhook or mail narrows it."""
        kept = self.folder / "received.jsonl"
        lines = kept.read_text().splitlines() if kept.exists() else []
        found = [Notification(**json.loads(line)) for line in lines if line.endswith("}")]
        return [n for n in found if way in (None, n.way)]

    def wait_for(self, count: int = 1, limit_s: float = 60, way: str | None = None) -> list[Notification]:
        """Wait until at least `count` notifications were answered well."""

        def enough() -> list[Notification]:
            good = [n for n in self.received(way) if n.answered < 300]
            return good if len(good) >= count else []

        return wait_for(f"{count} notifications", enough, limit_s)
