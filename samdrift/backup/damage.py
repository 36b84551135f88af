"""Damage: what restic's check says in words, as objects by name (backup.md B14, F4-F6, F18)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

HEX = r"([0-9a-f]{8,64})"
PACK_BAD = re.compile(rf"Pack ID does not match, want {HEX}|[Pp]ack {HEX}(?::| contains| does not| is)(?! not referenced)|(?:load|data)/? ?<data/{HEX}>|<data/{HEX}>")
PACK_GONE = re.compile(rf"pack {HEX}: does not exist")
LEFT = re.compile(rf"pack {HEX}: not referenced in any index")
INDEX_BAD = re.compile(rf"(?:loading index |<index/){HEX}")
SNAPSHOT_BAD = re.compile(rf"(?:load snapshot |<snapshot/){HEX}")
LACKING = re.compile(r"not found in (?:index|repository)")
FILE_LACKS = re.compile(r"tree ([0-9a-f]{64}): file \"(.*)\" blob [0-9a-f]{64} not found in index")
FOLDER_LACKS = re.compile(r"\bid ([0-9a-f]{64}) not found in repository")
INDEX_LACKS = "index"
"""What is named when packs are there that no index file tells of, and files need them."""
STRUCTURE = "structure"
"""What is named when files need what no pack holds: the packs are gone, and so is what told of them."""


@dataclass(frozen=True, slots=True)
class CheckWords:
    """Names by path below the repository: damaged objects (gone ones too), and packs that no index names, which harm nobody.

    `lacking`: files need what no index knows; `lacks` are the ids of folders that are not there (name empty), or in which the named file lacks content.
    """

    damaged: tuple[str, ...]
    gone: tuple[str, ...]
    leftover: tuple[str, ...]
    lacking: bool
    lacks: tuple[tuple[str, str], ...] = ()


def read_check(text: str, held: Mapping[str, Mapping[str, int]]) -> CheckWords:
    """What a check of restic 0.14 says, `held` being folder → name → bytes of what lies there.

    >>> read_check("pack 5f1cab00: not referenced in any index", {"data": {"5f1cab00ee": 9}}).leftover
    ('data/5f1cab00ee',)
    """
    damaged: set[str] = set()
    gone: set[str] = set()
    left: set[str] = set()
    for line in text.splitlines():
        for pattern, folder, into in ((LEFT, "data", left), (PACK_GONE, "data", gone), (PACK_BAD, "data", damaged), (INDEX_BAD, "index", damaged), (SNAPSHOT_BAD, "snapshots", damaged)):
            found = pattern.search(line)
            if found:
                into.add(_full(next(one for one in found.groups() if one), folder, held))
                break
    lacks = {*FILE_LACKS.findall(text), *((folder, "") for folder in FOLDER_LACKS.findall(text))}
    return CheckWords(tuple(sorted(damaged)), tuple(sorted(gone)), tuple(sorted(left - damaged)), LACKING.search(text) is not None, tuple(sorted(lacks)))


def _full(name: str, folder: str, held: Mapping[str, Mapping[str, int]]) -> str:
    """`folder/name`, the name completed from what lies there."""
    return f"{folder}/{next((one for one in held.get(folder, {}) if one.startswith(name)), name)}"


def object_of(path: str) -> str:
    """`data/NAME` of a file's path `data/xx/NAME`: as the check names it.

    >>> object_of("data/5f/5f1c"), object_of("snapshots/ab12")
    ('data/5f1c', 'snapshots/ab12')
    """
    folder, _, rest = path.partition("/")
    return f"{folder}/{rest.rpartition('/')[2]}" if rest else folder
