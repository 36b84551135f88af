"""At level user, without root: signed name servers, monitoring and backup run in a network of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.labkit.testing import checkout

pytestmark = pytest.mark.level("user")
NOBODY = 65_534
WALK = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.parts.dns import NameServer, Zone, soa_serial, start_dns
from tests.lab.parts.receiver import Receiver
from tests.lab.parts.backup import BackupTarget, restic

folder = Path(sys.argv[1])
place = Place("/proc/self/ns/net")
root = NameServer("a.root.example.", "198.51.100.53", "2001:db8:f0::53")
own = NameServer("ns1.are.example.", "10.20.1.53", "2001:db8:20::53")
with start_dns([Zone(".", (root,)), Zone("are.example.", (own,))], folder / "dns", place) as dns:
    print("dns", soa_serial("2001:db8:20::53", "are.example.") == dns.serial)
with Receiver(folder / "receiver", LOOPBACK) as receiver:
    print("receiver", receiver.ready())
with BackupTarget(folder / "target", users={{"are": "one-secret"}}, readers={{"pull": "other-secret"}}) as target:
    print("backup", restic(target.url("are", "web"), "key", target.ca, "init", folder=folder / "client").returncode)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that a user without rights may write."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o777)
        yield Path(made)


def as_nobody() -> list[str]:
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []


def test_parts_run_without_root_in_a_yard(folder: Path) -> None:
    walk = folder / "walk.py"
    root = checkout(folder)
    walk.write_text(WALK.format(root=str(root)))
    python = "/usr/bin/python3" if os.geteuid() == 0 else sys.executable
    done = subprocess.run(
        [*as_nobody(), str(root / "tests" / "lab" / "lab"), "yard", python, "-B", str(walk), str(folder)],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "HOME": str(folder)}, cwd=folder,
    )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()) == (0, ["dns True", "receiver True", "backup 0"]), done.stderr


def test_a_yard_has_no_way_out_and_gives_the_commands_exit_code(folder: Path) -> None:
    script = "ip route | wc -l; ip -brief link | cut -d' ' -f1; exit 7"
    lab = checkout(folder) / "tests" / "lab" / "lab"
    done = subprocess.run([*as_nobody(), str(lab), "yard", "sh", "-c", script], capture_output=True, text=True, timeout=60, check=False, cwd=folder)
    assert (done.returncode, done.stdout.split()) == (7, ["0", "lo"])
