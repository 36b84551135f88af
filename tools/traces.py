"""No trace of one's own machine, of a package registry's address or of a secret in any text of the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRACES = {
    "a path of one's own machine": re.compile(r"/(?:w[o]rk/main|w[o]rk/shared|h[o]me/(?!drift/)[a-z]+/|t[m]p/sd)"),
    "an address of a package registry": re.compile(
        r"index-[u]rl[ =]+http|https?://[^\s\"']*(?:pypi\.[o]rg|pythonh[o]sted|npmj[s]\.|deb\.debian\.[o]rg)"
    ),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE K[E]Y-----"),
    "a switched-off host key check": re.compile(r"StrictHostKeyChecking[ =](?:n[o]|accept-n[e]w)|AutoAddP[o]licy"),
}
GENERATED = {"requirements.lock", "package-lock.json", "LICENSE"}


def main() -> int:
    """Prints each trace as file:line; exit 1 when there is one."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = 0
    for name in sorted(filter(None, listed.split("\0"))):
        path = ROOT / name
        if name in GENERATED or not path.is_file():
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            for words, pattern in TRACES.items():
                if pattern.search(line):
                    print(f"{name}:{number}: {words}")
                    found += 1
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
