#!/usr/bin/python3
"""Debian packages by group: prints the one apt line and, as root, runs it with all services held off."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POLICY = Path("/usr/sbin/policy-rc.d")
UNITS = Path("/etc/systemd/system")


def groups(text: str) -> dict[str, list[str]]:
    """Package names by group of apt-packages.txt, comments left out."""
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for raw in text.splitlines():
        line = raw.split("#", 1)[0].strip()
        if line.startswith("["):
            names = found.setdefault(line.strip("[]"), [])
        elif line:
            names.append(line)
    return found


def missing(names: list[str]) -> list[str]:
    """Those names that dpkg does not know as installed."""
    told = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${db:Status-Status}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    there = {line.split("\t")[0] for line in told.splitlines() if line.endswith("\tinstalled")}
    return [name for name in names if name not in there]


def apt(arguments: list[str]) -> bool:
    """Whether apt-get went through; its own output goes to stderr."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    line = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", *arguments]
    return subprocess.run(line, env=environment, stdout=sys.stderr, check=False).returncode == 0


def wanted_units() -> dict[str, Path]:
    """Unit name to unit file of what the machine would start by itself."""
    return {link.name: link.resolve() for link in UNITS.glob("*.wants/*")}


def brought_by(names: list[str], units: dict[str, Path]) -> list[str]:
    """Those units whose file belongs to one of the packages; what the system itself brought along is left as it is."""
    files = subprocess.run(["dpkg-query", "-L", *names], capture_output=True, text=True, check=False).stdout.splitlines()
    ours = {Path(line).resolve() for line in files if "/systemd/system/" in line}
    return sorted(name for name, path in units.items() if path in ours)


def install(names: list[str]) -> None:
    """Installs the names; what they bring is neither started now nor at the next boot."""
    own_policy = not POLICY.exists()
    before = wanted_units()
    if own_policy:
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        POLICY.chmod(0o755)
    try:
        line = ["install", "-y", "--no-install-recommends", *names]
        known = subprocess.run(["apt-get", "-s", *line], capture_output=True, check=False).returncode == 0
        if not (known and apt(line)):
            apt(["update"])
            apt(line)
    finally:
        if own_policy:
            POLICY.unlink(missing_ok=True)
    new = brought_by(names, {name: path for name, path in wanted_units().items() if name not in before})
    if new and shutil.which("systemctl"):
        subprocess.run(["systemctl", "disable", "--quiet", *new], stderr=subprocess.DEVNULL, check=False)
        print(f"system: left switched off: {' '.join(new)}", file=sys.stderr)


def main(arguments: list[str]) -> int:
    """Exit 0 when the machine has what was asked for or nobody may change it, 3 when a required part is missing."""
    table = groups((ROOT / "apt-packages.txt").read_text(encoding="utf-8"))
    unknown = [name for name in arguments if name not in table]
    if unknown:
        print(f"system: no group {unknown[0]} in apt-packages.txt; there are {', '.join(table)}", file=sys.stderr)
        return 2
    if not shutil.which("dpkg-query"):
        print("system: this is no Debian; the lab takes the highest level that it finds", file=sys.stderr)
        return 0
    names = [name for group in arguments or table for name in table[group]]
    lacking = missing(names)
    if lacking:
        print(f"apt-get install --no-install-recommends {' '.join(lacking)}", flush=True)
        if os.geteuid() == 0:
            install(lacking)
        else:
            print("system: run the line above as root for all parts; going on without them", file=sys.stderr)
    still = missing(names)
    if still and os.environ.get("SAMDRIFT_LAB_REQUIRE") == "full":
        print(f"system: required, and not there: {' '.join(still)}", file=sys.stderr)
        return 3
    if still and os.geteuid() == 0:
        print(f"system: not there: {' '.join(still)}; what needs them says so", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
