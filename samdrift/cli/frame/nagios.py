"""One line for Checkmk, Icinga or Zabbix, with the codes that Nagios gives them (interface.md U2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from samdrift.model.finding import Status
from samdrift.model.outside_text import harmless

if TYPE_CHECKING:
    from samdrift.cli.context import Context

nagios_option = click.option("--nagios", is_flag=True, help="One line and exit codes for Nagios.")
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


def end_for_nagios(context: Context, judged: Sequence[tuple[Status, str]], counts: Mapping[str, int]) -> NoReturn:
    """Write the line of what was judged (status and what to say of it, the worst is said) and end with Nagios' code.

    `counts` are the figures beside those of the statuses, by English names; the first one is what the text counts.
    """
    code = nagios_code(status for status, _ in judged)
    what, number = next(iter(counts.items()))
    worst = min(judged, key=lambda one: one[0].rank, default=None)
    numbers = {str(status).replace("-", "_"): sum(one is status for one, _ in judged) for status in Status if status is not Status.OK}
    open_ones = sum(numbers[str(status)] for status in (Status.FAILURE, Status.WARNING, Status.UNDETERMINED))
    said = f"; {worst[1]}" if worst is not None and code else ""
    context.put(nagios_line(code, f"{number} {what}, {open_ones} not well{said}", {**counts, **numbers}))
    context.exit(code)
