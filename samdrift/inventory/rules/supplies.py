"""A power supply hangs on one outlet that is there and free (halls.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`outlet-unknown`, `outlet-taken` with both places, `supply-twice`, `needs-over-supplies`."""
    outlets = {
        placed.id: sum(placed.thing.outlets.values()) for placed in loaded.all("devices") if placed.thing.outlets
    }
    devices = loaded.ids("devices")
    taken: dict[str, tuple[Placed, str]] = {}
    for placed in loaded.all("devices"):
        device = placed.thing
        if device.state == "retired":
            continue
        if device.supplies and device.needs_supplies > len(device.supplies) and placed.whole:
            message = f"{placed.id} needs {device.needs_supplies} supplies and has {len(device.supplies)}"
            yield placed.problem("needs-over-supplies", message, "needs_supplies")
        own: dict[str, str] = {}
        for name, outlet in device.supplies.items():
            yield from _there(loaded, placed, name, outlet, outlets, devices)
            twice = own.setdefault(outlet, name)
            other, other_name = taken.setdefault(outlet, (placed, name))
            if twice != name:
                yield placed.problem(
                    "supply-twice",
                    f"{name} and {twice} of {placed.id} hang on {outlet}",
                    "supplies",
                    name,
                    related=(placed.place("supplies", twice),),
                )
            elif other is not placed:
                message = f"{outlet} feeds {other.id} already"
                yield placed.problem(
                    "outlet-taken",
                    message,
                    "supplies",
                    name,
                    help="plug one of them elsewhere",
                    related=(other.place("supplies", other_name),),
                )


def _there(
    loaded: Loaded, placed: Placed, name: str, outlet: str, outlets: dict[str, int], devices: frozenset[str]
) -> Iterator[Problem]:
    pdu, slash, number = outlet.partition("/")
    if pdu not in outlets:
        known = loaded.by_id("devices").get(pdu)
        if pdu in devices and (known is None or not known.whole):
            return
        if not loaded.may_be_elsewhere(pdu) and not (pdu in devices and not slash):
            near = nearest(pdu, outlets)
            help = f"did you mean {near}/{number or 1}?" if near else "pdu/outlet, for example pdu-a1-a/7"
            message = f"{pdu} has no outlets" if pdu in devices else f"there is no PDU {pdu!r}"
            yield placed.problem("outlet-unknown", message, "supplies", name, help=help)
    elif not (number.isdecimal() and 1 <= int(number) <= outlets[pdu]):
        yield placed.problem(
            "outlet-unknown", f"{pdu} has outlets 1 to {outlets[pdu]}, not {number or 'none'}", "supplies", name
        )


RULE = Rule("supplies", ("outlet-unknown", "outlet-taken", "supply-twice", "needs-over-supplies"), judge)
