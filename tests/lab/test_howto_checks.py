"""The how-to pages of the checks are true: their `yard` blocks run, in their order, against name servers of the test's own, and print what they say.

Key tags, digests, instants and counts of queries differ from day to day; each is written as `…`.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, start_dns

pytestmark = pytest.mark.level("user")

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = tuple(REPOSITORY / "docs" / "howto" / f"{name}.md" for name in ("check-what-members-publish", "try-a-change"))
PROPOSED = '$TTL 300\n@ IN SOA ns1.jamtnet.example. hostmaster.jamtnet.example. 2026112901 14400 3600 86400 300\n@ IN NS ns1.jamtnet.example.\n@ IN MX 0 .\n@ IN TXT "v=spf1 -all"\n'
BLOCK = re.compile(r"^```yard\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAMDRIFT = str(Path(sys.executable).parent / "samdrift")
ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
FIRST = NameServer("ns1.jamtnet.example.", "10.20.128.53", "2001:db8:22::53")
SECOND = NameServer("ns2.jamtnet.example.", "10.20.144.53", "2001:db8:23::53")
TREE = [Zone(".", (ROOT,)), Zone("example.", (ROOT,)), Zone("jamtnet.example.", (FIRST, SECOND)), Zone("are.example.", (FIRST, SECOND)), Zone("krokom.example.", (FIRST, SECOND))]
MENDED = "# the DS is mended"


def plain(text: str) -> str:
    """Without what no two runs have alike."""
    text = re.sub(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d[^\t\n]*", "…", text)
    text = re.sub(r"\b[0-9A-F]{32,}\b", "…", text)
    text = re.sub(r"(?<=/ds-)\d+", "…", text)
    text = re.sub(r"\bDS \d+|\bkey \d+|(?<=IN )DS …", "DS …", text)
    return re.sub(r"\d+(?= queries)|(?<=queries=)\d+", "…", text)


def test_the_pages_print_what_their_commands_print(tmp_path):
    with Yard(tmp_path / "yard") as yard, start_dns(TREE, tmp_path / "dns", yard.place) as dns:
        work = tmp_path / "work"
        work.mkdir()
        for name, source in (("inventory", REPOSITORY / "inventory"), ("root.hints", dns.hints), ("root.anchor", dns.trust_anchor)):
            (work / name).symlink_to(source)
        (work / "names.txt").write_text("krokom.example\nare.example\n")
        (work / "krokom.example.zone").write_text(PROPOSED)
        dns.wrong_ds("krokom.example")

        def run(line: str) -> str:
            program, *words = line.split()
            assert program == "samdrift", line
            command = ["env", "NO_COLOR=1", f"SAMDRIFT_STORE={tmp_path / 'state'}", "sh", "-c", 'cd "$1"; shift; exec "$@"', "sh", str(work), SAMDRIFT, *words]
            done = yard.run(command)
            code = f"exit {done.returncode}\n" if done.returncode else ""
            return f"$ {line}\n" + plain(done.stdout.replace("\t", "  ") + done.stderr) + code

        made = []
        for page in PAGES:
            for block in BLOCK.findall(page.read_text()):
                said = ""
                for line in block.splitlines():
                    if line == MENDED:
                        dns.heal()
                        said += MENDED + "\n"
                    elif line.startswith("$ "):
                        said += run(line[2:])
                made.append((page, block, said))
    if os.environ.get("SAMDRIFT_WRITE_GOLDEN"):
        for page, old, new in made:
            page.write_text(page.read_text().replace(f"```yard\n{old}```", f"```yard\n{new}```", 1))
    assert {page for page, _, _ in made} == set(PAGES)
    assert [old for _, old, _ in made] == [new for _, _, new in made]
