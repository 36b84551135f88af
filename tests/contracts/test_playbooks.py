"""Every playbook says in its head: purpose, risk, way back, hosts, needs a window, needs two persons (playbooks.md C4)."""

from __future__ import annotations

import re

from tests.contracts.folders import ROOT, read_yaml, shown

KEYS = ("purpose", "risk", "way back", "hosts", "window", "persons")


def playbooks():
    return sorted((ROOT / "playbooks").glob("*.yml"))


def head(path):
    """The comment lines before the first play."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            lines.append(line.lstrip("# ").lower().replace("-", " ").replace("_", " "))
        elif line.strip() not in {"", "---"}:
            break
    return lines


def test_every_playbook_has_the_head_that_the_list_reads():
    missing = [
        f"{shown(path)}: no line for {key!r} in its head"
        for path in playbooks()
        for key in KEYS
        if not any(re.match(rf"(needs )?(a |two )?{key}\b.*:", line) for line in head(path))
    ]
    assert not missing, "\n".join(missing)


def test_every_playbook_is_named_by_verb_and_object():
    wrong = [
        shown(path)
        for path in playbooks()
        if path.stem != "site" and not re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", path.stem)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_play_has_a_name():
    wrong = [
        f"{shown(path)}: a play without name" for path in playbooks() for play in read_yaml(path) if "name" not in play
    ]
    assert not wrong, "\n".join(wrong)
