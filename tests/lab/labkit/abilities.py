"""What this machine allows, each ability tried for real and nothing changed by it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.labkit import base
from tests.lab.labkit.cgroups import hierarchies
from tests.lab.labkit.settings import REPOSITORY

LEVELS = ("bare", "user", "plain", "full")
PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
PROGRAMS = {
    "knotd": "knot", "dnssec-signzone": "bind9-utils", "kdig": "knot-dnsutils", "unbound": "unbound", "restic": "restic",
    "rclone": "rclone", "prometheus": "prometheus", "prometheus-alertmanager": "prometheus-alertmanager", "openssl": "openssl",
    "/lib/nut/upsd": "nut-server", "/lib/nut/dummy-ups": "nut-server", "/usr/lib/frr/bgpd": "frr", "sshd": "openssh-server",
    "/usr/lib/postgresql/15/bin/postgres": "postgresql-15",
}  # fmt: skip


@dataclass(frozen=True)
class Ability:
    """One thing a level needs: the lowest level that does, whether it is there, and the cure if not."""

    name: str
    level: str
    there: bool
    cure: str


def abilities() -> list[Ability]:
    """All abilities, tried now (under a second)."""
    found = [
        Ability("python", "bare", sys.version_info >= (3, 11), "Python 3.11 or later"),
        Ability("user namespaces", "user", _runs(["unshare", *_map_root(), "--net", "--mount", "true"]), "allow user namespaces, or be root"),
        Ability("root", "plain", os.geteuid() == 0 and _runs(["unshare", "--net", "--mount", "true"]), "run as root, with CAP_SYS_ADMIN"),
    ]
    if not found[-1].there:
        return found
    for name, level, tried, cure in _root_abilities():
        found.append(Ability(name, level, tried(), cure))
    return found


def level() -> str:
    """The highest level whose abilities are all there."""
    missing = [LEVELS.index(a.level) for a in abilities() if not a.there]
    return LEVELS[max(min(missing, default=len(LEVELS)) - 1, 0)]


def missing_programs() -> dict[str, str]:
    """Programs of the parts that are not on this machine, with the Debian packages that bring them."""
    return {name: package for name, package in PROGRAMS.items() if shutil.which(name, path=PATH) is None}


def packages() -> list[str]:
    """Packages of apt-packages.txt's group lab-full."""
    names: list[str] = []
    group = ""
    for line in (REPOSITORY / "apt-packages.txt").read_text().splitlines():
        word = line.split("#")[0].strip()
        if word.startswith("["):
            group = word.strip("[]")
        elif word and group == "lab-full":
            names.append(word)
    return names


def _root_abilities() -> Sequence[tuple[str, str, Callable[[], bool], str]]:
    return (
        ("veth pairs", "plain", lambda: _runs(["unshare", "--net", "ip", "link", "add", "lab0", "type", "veth", "peer", "name", "lab1"]), "apt-get install iproute2; a kernel with VETH"),
        ("nft in a namespace", "plain", lambda: _runs(["unshare", "--net", "nft", "add", "table", "inet", "x"]), "apt-get install nftables; a kernel with NF_TABLES"),
        ("overlayfs", "plain", overlay_works, "a kernel with OVERLAY_FS; LAB_DIR on a disk or tmpfs, not on an overlay"),
        ("Debian root", "plain", lambda: base.current() is not None or base.can_build(), f"apt-get update && apt-get install mmdebstrap, with a mirror of {base.SUITE} in the machine's apt sources"),
        ("systemd-nspawn", "full", lambda: shutil.which("systemd-nspawn", path=PATH) is not None, "apt-get install systemd-container"),
        ("cgroups", "full", _cgroup_works, "a cgroup hierarchy (v2, or v1 with name=systemd) that root may write"),
    )


def overlay_works() -> bool:
    """True when an overlay mounts with its upper layer on a tmpfs, as hosts of the lab have it."""
    script = 'mount -t tmpfs t "$0" && mkdir "$0/l" "$0/u" "$0/w" "$0/m" && mount -t overlay o -o lowerdir="$0/l",upperdir="$0/u",workdir="$0/w" "$0/m"'
    with tempfile.TemporaryDirectory() as folder:
        return _runs(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, folder])


def _cgroup_works() -> bool:
    tried = [h / f"samdrift-lab-doctor-{os.getpid()}" for h in hierarchies()]
    try:
        for folder in tried:
            folder.mkdir()
    except OSError:
        return False
    finally:
        for folder in tried:
            if folder.exists():
                folder.rmdir()
    return bool(tried)


def _map_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["--user", "--map-root-user"]


def _runs(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False, env={"PATH": PATH}, cwd=Path("/"))
    except OSError:
        return False
    return done.returncode == 0
