"""Completeness: a device's text is whole, or it is refused with the reason (playbooks.md N2)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from samdrift.model.network_backup import DeviceSaid, NetworkReason
from samdrift.network.platform import Platform

PAGER = re.compile(r"\s*(?:-{2,}\s*\(?more\b|<-+ ?more ?-+>|\(END\)\s*$|press any key|lines \d+-\d+)", re.IGNORECASE)
SMALLEST_PERCENT = 70
"""A text smaller than this share of the last kept one needs a second session that gives the same."""


class NotWhole(Exception):
    """Why a text is refused: `reason`, and `message` for people."""

    def __init__(self, reason: NetworkReason, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


def prompt_pattern(prompt: str) -> re.Pattern[str]:
    """What ends a reply: the prompt of the login alone on its line, without a mode of configuration."""
    return re.compile(rf"(?:^|\n){re.escape(prompt.strip())}[ \t]*$")


def whole(platform: Platform, said: DeviceSaid, names: Iterable[str]) -> str:
    r"""The configuration with LF line ends, from its first line to the end mark; NotWhole says why it is refused.

    `names` are those that the device may bear.

    >>> from samdrift.network.platforms.frr import PLATFORM
    >>> whole(PLATFORM, DeviceSaid("r1#", "show running-config\r\n!\r\nhostname r1\r\nend\r\nr1# "), ["r1"])
    '!\nhostname r1\nend\n'
    """
    text = said.text.replace("\r\n", "\n").replace("\r", "")
    if said.reason is not None:
        raise NotWhole(said.reason, said.message)
    found = prompt_pattern(said.prompt).search(text) if said.prompt.strip() else None
    if found is None and PAGER.match(text.rpartition("\n")[2]):
        raise NotWhole(NetworkReason.PAGER, "the device waits for a key at a page's end")
    if found is None:
        raise NotWhole(NetworkReason.PROMPT_MISSING, f"the prompt did not come back after {len(text.encode())} bytes")
    lines = _without_echo(text[: found.start()].split("\n"), platform.command)
    _refuse_foreign(platform, lines)
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines or lines[-1].strip() != platform.end_mark:
        raise NotWhole(NetworkReason.END_MISSING, f"the text does not end with {platform.end_mark!r}")
    _refuse_other_name(said.prompt, lines, names)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _without_echo(lines: list[str], command: str) -> list[str]:
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    return lines[first + 1 :] if lines[first].strip().endswith(command) else lines


def _refuse_foreign(platform: Platform, lines: Iterable[str]) -> None:
    for line in lines:
        if PAGER.match(line):
            raise NotWhole(NetworkReason.PAGER, "text of a pager stands in it")
        if line.startswith(platform.errors):
            raise NotWhole(NetworkReason.ERROR_TEXT, f"the device says: {line.strip()[:100]}")


def _refuse_other_name(prompt: str, lines: Iterable[str], names: Iterable[str]) -> None:
    """A device that answers with another device's name is not the one that was asked (playbooks.md 8)."""
    told = next((line.split()[1] for line in lines if re.match(r"hostname \S", line)), prompt.strip().rstrip("#>"))
    if told.lower() not in {form.lower() for name in names for form in (name, name.partition(".")[0])}:
        raise NotWhole(NetworkReason.OTHER_NAME, f"the device calls itself {told!r}")


def too_small(size_bytes: int, last_bytes: int | None) -> bool:
    """Whether a text needs a second session to be believed."""
    return last_bytes is not None and size_bytes * 100 < last_bytes * SMALLEST_PERCENT
