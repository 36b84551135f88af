"""How numbers, times and names are written for people, in Swedish or English (interface.md U12, U13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

from samdrift.model.period import STOCKHOLM
from samdrift.model.text import Language

NBSP = "\u00a0"
DAY_S = 86_400
_SWEDISH_ORDER = str.maketrans("åäö", "{|}")
"""The three signs that follow z in ASCII."""


def decimal(value: Fraction | int, places: int, language: Language = "sv") -> str:
    r"""The value rounded half away from zero to `places`, thousands parted by a no-break space (sv) or comma (en).

    >>> decimal(Fraction(123450, 100), 2).replace("\u00a0", " ")
    '1 234,50'
    >>> decimal(-1234, 0, "en")
    '-1,234'
    """
    scaled = abs(Fraction(value)) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    whole, part = divmod(units, 10**places)
    grouped = f"{whole:,}"
    if language == "sv":
        grouped = grouped.replace(",", NBSP)
    tail = f"{',' if language == 'sv' else '.'}{part:0{places}d}" if places else ""
    return ("-" if value < 0 and units else "") + grouped + tail


def shown(value: Fraction | int, language: Language = "sv", *, places: int = 3) -> str:
    """A quantity with as many decimals as it has, at most `places`: `12`, `0,25`, `3,142`."""
    text = decimal(value, places, language)
    return text.rstrip("0").rstrip(",.") if places else text


def kronor(ore: int, language: Language = "sv") -> str:
    """Öre as kronor: `1 234,50 kr`; English `SEK 1,234.50`."""
    amount = decimal(Fraction(ore, 100), 2, language)
    return f"{amount}{NBSP}kr" if language == "sv" else f"SEK{NBSP}{amount}"


def percent(value: Fraction | int, language: Language = "sv", *, places: int = 2) -> str:
    """A number of per cent: `99,95 %`; English `99.95%`."""
    return decimal(value, places, language) + (f"{NBSP}%" if language == "sv" else "%")


def gibibytes(count: int, language: Language = "sv") -> str:
    """Bytes in GiB to three figures: `1,23 GiB`, `12,3 GiB`, `123 GiB`; under a hundredth, in MiB, KiB or bytes."""
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if abs(count) * 100 >= size and (unit == "GiB" or abs(count) >= size):
            value = Fraction(count, size)
            places = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
            return f"{decimal(value, places, language)}{NBSP}{unit}"
    return f"{decimal(count, 0, language)}{NBSP}B"


def duration(seconds: int) -> str:
    r"""The two greatest units: `2 d 3 h`, `3 min 20 s`, `0 s`; the same in both languages.

    >>> duration(200).replace("\u00a0", " ")
    '3 min 20 s'
    """
    rest = abs(seconds)
    parts: list[tuple[int, str]] = []
    for unit, size in (("d", DAY_S), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count or parts or unit == "s":
            parts.append((count, unit))
    words = " ".join(f"{count}{NBSP}{unit}" for count, unit in parts[:2] if count) or f"0{NBSP}s"
    return f"-{words}" if seconds < 0 else words


def instant(at: datetime, language: Language = "sv", *, now: datetime | None = None) -> str:
    """Stockholm time with zone and week: `2026-11-23 08:00 CET (v. 48)`; under a day old also as age."""
    local = at.astimezone(STOCKHOLM)
    week = f"{'v.' if language == 'sv' else 'w.'}{NBSP}{local.isocalendar().week}"
    text = f"{local:%Y-%m-%d %H:%M} {local.tzname()} ({week})"
    if now is None or not timedelta(0) <= now - at < timedelta(days=1):
        return text
    age = duration(int((now - at).total_seconds()))
    return f"{text}, {age} sedan" if language == "sv" else f"{text}, {age} ago"


def day(value: date) -> str:
    """An ISO date."""
    return value.isoformat()


def swedish_order(name: str) -> tuple[str, str]:
    """A sort key that puts å ä ö last in any case, whatever the machine's locale.

    >>> sorted(["Östersund", "Åre", "Berg", "Ärla"], key=swedish_order)
    ['Berg', 'Åre', 'Ärla', 'Östersund']
    """
    return (name.casefold().translate(_SWEDISH_ORDER), name)
