"""Addresses of a namespace: added to its loopback, or silenced by nft so that nobody answers there."""

from __future__ import annotations

import subprocess

from tests.lab.labkit.place import Place


def add_address(place: Place, address: str) -> None:
    """Put an address on the loopback of a place unless it stands there on any interface."""
    held = subprocess.run([*place.prefix, "ip", "-brief", "address"], capture_output=True, text=True, timeout=10, check=True)
    if not any(word.split("/")[0] == address for word in held.stdout.split()):
        width, doubt = ("128", ["nodad"]) if ":" in address else ("32", [])
        ip(place, "address", "add", f"{address}/{width}", "dev", "lo", *doubt)


def silence(place: Place, address: str, *, on: bool) -> None:
    """Drop (or no longer drop) every packet to an address inside a place: nobody answers, as with a dead host."""
    if place.path is None:
        raise ValueError("refused: silence is for namespaces of the lab, never for the machine's own")
    family = "ip6" if ":" in address else "ip"
    rules = "add table inet silence\nflush table inet silence\ndelete table inet silence\n"
    kept = [*_silenced(place) - {(family, address)}, *([(family, address)] if on else [])]
    if kept:
        drops = "".join(f"  {f} daddr {a} drop\n" for f, a in sorted(kept))
        rules += f"table inet silence {{ chain input {{ type filter hook input priority -5; policy accept;\n{drops} }}\n}}\n"
    done = subprocess.run([*place.prefix, "nft", "-f", "-"], input=rules, capture_output=True, text=True, timeout=10, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"nft in {place.namespace}: {done.stderr.strip()}")


def _silenced(place: Place) -> set[tuple[str, str]]:
    listed = subprocess.run([*place.prefix, "nft", "list", "table", "inet", "silence"], capture_output=True, text=True, timeout=10, check=False)
    words = [line.split() for line in listed.stdout.splitlines() if line.strip().endswith("drop")]
    return {(w[0], w[2]) for w in words}


def ip(place: Place, *arguments: str) -> None:
    """Run `ip` in a place; raise RuntimeError with its words."""
    done = subprocess.run([*place.prefix, "ip", *arguments], capture_output=True, text=True, timeout=10, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
