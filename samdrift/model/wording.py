"""Numbers and times as people read them, in Swedish or English (interface.md U12, U13)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from samdrift.model.money import Ore, half_away_from_zero
from samdrift.model.period import STOCKHOLM
from samdrift.model.text import Language

NBSP = "\u00a0"
MINUS = "\u2212"
SWEDISH_ORDER = {letter: index for index, letter in enumerate("abcdefghijklmnopqrstuvwxyzåäö")}


def number(value: Fraction | int, decimals: int, language: Language) -> str:
    """`1 234,50` or `1,234.50`; rounded half away from zero; never a negative zero."""
    scaled = half_away_from_zero(Fraction(value) * 10**decimals)
    whole, part = divmod(abs(scaled), 10**decimals)
    grouped = f"{whole:,}".replace(",", NBSP if language == "sv" else ",")
    tail = f"{',' if language == 'sv' else '.'}{part:0{decimals}d}" if decimals else ""
    return f"{MINUS if scaled < 0 else ''}{grouped}{tail}"


def money(ore: Ore, language: Language) -> str:
    """`1 234,56 kr` or `SEK 1,234.56`, with no-break spaces."""
    amount = number(Fraction(ore, 100), 2, language)
    return f"{amount}{NBSP}kr" if language == "sv" else f"SEK{NBSP}{amount}"


def percent(ratio: Fraction, decimals: int, language: Language) -> str:
    """`99,95 %`, from a ratio of 1."""
    return f"{number(ratio * 100, decimals, language)}{NBSP}%"


def size(value: int, language: Language) -> str:
    """Bytes to three figures in the largest binary unit that leaves a whole: `1,21 GiB`."""
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
    power = 0
    while abs(value) >= 1024 ** (power + 1) and power < len(units) - 1:
        power += 1
    scaled = Fraction(value, 1024**power)
    decimals = 0 if power == 0 else max(0, 3 - len(str(int(abs(scaled)))))
    return f"{number(scaled, decimals, language)}{NBSP}{units[power]}"


def duration(seconds: int) -> str:
    """`3 min 20 s`; at most two units; `0 s`."""
    sign, rest, found = (MINUS if seconds < 0 else ""), abs(seconds), []
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, length)
        if count:
            found.append(f"{count}{NBSP}{unit}")
    return sign + (" ".join(found[:2]) if found else f"0{NBSP}s")


def instant(at: datetime, language: Language) -> str:
    """Stockholm time with its zone and week: `2026-11-23 08:00 CET (v. 48)`, in English `(w. 48)`."""
    local = at.astimezone(STOCKHOLM)
    week = f"{'v.' if language == 'sv' else 'w.'}{NBSP}{local.isocalendar().week}"
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()} ({week})"


def day(value: date) -> str:
    """ISO date."""
    return value.isoformat()


def age(at: datetime, now: datetime, language: Language) -> str:
    """`för 3 min sedan` or `3 min ago`; never negative."""
    passed = max(0, int((now.astimezone(UTC) - at.astimezone(UTC)).total_seconds()))
    return f"för {duration(passed)} sedan" if language == "sv" else f"{duration(passed)} ago"


def swedish_key(name: str) -> tuple[tuple[int, int], ...]:
    """Sort key of Swedish order: å ä ö last, whatever the machine's locale."""
    return tuple(
        (0, SWEDISH_ORDER[letter]) if letter in SWEDISH_ORDER else (-1, ord(letter)) for letter in name.lower()
    )
