"""Keys and signatures of the lab's zones, with dates as a test wants them, by BIND's offline tools."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from tests.lab.labkit.part import program

DAY_S = 86_400
ALGORITHM = "ECDSAP256SHA256"
ds_lines = SimpleNamespace(wrong=("4711 13 2 " + "DEADBEEF" * 8,))


class Signer:
    """One key-signing and one zone-signing key a zone, kept in `folder` for the life of the tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keys(self, zone: str) -> tuple[Path, Path]:
        """Key files without their ending (key-signing, zone-signing); made when they are not there."""
        home = self.folder / (zone.rstrip(".") or "root")
        names = home / "names"
        if not names.exists():
            home.mkdir(parents=True, exist_ok=True)
            made = [self._keygen(home, zone, *flags) for flags in (("-f", "KSK"), ())]
            names.write_text("\n".join(made))
        ksk, zsk = names.read_text().split()
        return home / ksk, home / zsk

    def ds(self, zone: str) -> Sequence[str]:
        """Right-hand sides of the zone's DS records (SHA-256)."""
        text = _run("dnssec-dsfromkey", "-2", f"{self.keys(zone)[0]}.key")
        return [line.split(" DS ", 1)[1] for line in text.splitlines() if " DS " in line]

    def sign(self, zone: str, source: Path, start: int, end: int) -> Path:
        """Write SOURCE.signed with signatures valid from `start` to `end` (seconds since 1970)."""
        ksk, zsk = self.keys(zone)
        lines = [line for key in (ksk, zsk) for line in Path(f"{key}.key").read_text().splitlines() if not line.startswith(";")]
        source.write_text(source.read_text() + "\n".join(lines) + "\n")
        done = Path(f"{source}.signed")
        made = Path(f"{source}.made")
        _run(
            "dnssec-signzone", "-P", "-x", "-o", zone, "-s", _stamp(start), "-e", _stamp(end), "-k", str(ksk), "-f", str(made),
            "-d", str(self.folder), str(source), str(zsk),
        )  # fmt: skip
        made.replace(done)
        return done

    def _keygen(self, home: Path, zone: str, *flags: str) -> str:
        return _run("dnssec-keygen", "-q", "-K", str(home), "-a", ALGORITHM, *flags, zone).strip()


def _stamp(seconds: int) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds))


def _run(name: str, *arguments: str) -> str:
    command = [program(name, "bind9-utils"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{name} {arguments[-1]}: {done.stderr.strip()}")
    return done.stdout
