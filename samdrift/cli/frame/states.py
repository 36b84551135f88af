"""A state is word, symbol and colour; colour alone says nothing (interface.md U11)."""

from __future__ import annotations

from collections.abc import Iterable

from samdrift.cli.frame.terminal import Terminal
from samdrift.model.text import Text

BLUE, YELLOW, RED_BOLD, MAGENTA, CYAN, DIM, PLAIN = "34", "33", "31;1", "35", "36", "2", ""

LOOKS = {
    "failure": ("✗", "x", RED_BOLD),
    "failed": ("✗", "x", RED_BOLD),
    "firing": ("✗", "x", RED_BOLD),
    "warning": ("▲", "!", YELLOW),
    "partial": ("▲", "!", YELLOW),
    "undetermined": ("?", "?", MAGENTA),
    "interrupted": ("?", "?", MAGENTA),
    "no-data": ("?", "?", MAGENTA),
    "acknowledged": ("►", ">", CYAN),
    "running": ("►", ">", CYAN),
    "waived": ("○", "o", PLAIN),
    "silenced": ("○", "o", PLAIN),
    "planned": ("○", "o", PLAIN),
    "changed": ("►", ">", CYAN),
    "resolved": ("✓", "+", BLUE),
    "unchanged": ("✓", "+", BLUE),
    "ok": ("✓", "+", BLUE),
    "nothing-to-do": ("–", "-", DIM),
    "not-applicable": ("–", "-", DIM),
}
"""State id → symbol, its ASCII form, colour; the worst first."""


def words(state: str, text: Text, terminal: Terminal) -> str:
    """Symbol and word of a state, without colour."""
    look = LOOKS.get(state)
    if look is None:
        return state
    return f"{look[0] if terminal.symbols else look[1]} {text(f'state.{state}')}"


def colour_of(state: str) -> str:
    """The SGR number of a state's colour; empty for the terminal's own."""
    look = LOOKS.get(state)
    return look[2] if look else PLAIN


def worst_of(states: Iterable[str]) -> str | None:
    """The worst of some states, or None when there is none."""
    order = list(LOOKS)
    known = [state for state in states if state in LOOKS]
    return min(known, key=order.index) if known else None
