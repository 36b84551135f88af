"""3: site.yml on the hosts, the second run changes nothing, and the guard refuses who names nobody."""

from __future__ import annotations

import re

from tests.lab.day.day import Day, Seen, Step, expect

NAMED = ("-e", "samdrift_members=are,ostersund,krokom", "--limit", "ost-lib-1,are-srv-1")


def recap(said: str) -> dict[str, int]:
    """host → tasks that changed it."""
    return {match[1]: int(match[2]) for match in re.finditer(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", said, re.MULTILINE)}


def run(day: Day) -> Seen:
    day.play("site.yml", code=4)
    first = recap(day.play("site.yml", *NAMED))
    expect(len(first) == 2 and all(first.values()), f"the first run changed {first}")
    second = recap(day.play("site.yml", *NAMED))
    expect(second == dict.fromkeys(first, 0), f"the second run changed {second}")
    return Seen(
        f"{len(first)} hosts prepared and hardened, again: changed=0; without members named: refused; `play plan` is not there yet",
        {"hosts": f"{len(first)} hosts hardened, second run changed=0"},
    )


STEP = Step(
    3,
    "Run site.yml twice",
    "refused without members; then hosts hardened; the second run changed=0",
    run,
    level="plain",
    needs=(2,),
)
