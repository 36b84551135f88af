"""One line for Checkmk, Icinga or Zabbix, with the codes that Nagios gives them (interface.md U2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from samdrift.model.finding import Status
from samdrift.model.outside_text import harmless

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
WORDS = {OK: "OK", WARNING: "WARNING", CRITICAL: "CRITICAL", UNKNOWN: "UNKNOWN"}


def nagios_code(statuses: Iterable[Status]) -> int:
    """2 when the worst is a failure, 1 a warning, 3 when something is undetermined or nothing was judged, else 0.

    >>> nagios_code([Status.OK, Status.WAIVED]), nagios_code([])
    (0, 3)
    """
    found = set(statuses)
    if Status.FAILURE in found:
        return CRITICAL
    if Status.WARNING in found:
        return WARNING
    return UNKNOWN if Status.UNDETERMINED in found or not found else OK


def nagios_line(code: int, text: str, numbers: Mapping[str, int]) -> str:
    """The line: `SAMDRIFT WARNING - text | perfdata`; a bar or a line break in the text would begin the figures.

    >>> nagios_line(1, "2 warnings", {"warnings": 2})
    'SAMDRIFT WARNING - 2 warnings | warnings=2\\n'
    """
    said = harmless(" ".join(text.replace("|", "/").split()))
    return f"SAMDRIFT {WORDS[code]} - {said} | " + " ".join(f"{name}={value}" for name, value in numbers.items()) + "\n"
