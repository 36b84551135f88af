"""A report as the rooms give it: every kind of cell and state; with nothing in it; old; with hostile and missing data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from samdrift.model.finding import Status
from samdrift.model.section import Column, Report, Section, Table
from samdrift.reports.html import render_html

MADE = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> \x1b[31m \u202egnitarepo "=cmd()" & <img src=x onerror=y>'
COLUMNS = (
    Column("service", "Tjänst", "id"),
    Column("state", "Läge", "state"),
    Column("words", "Upplysning"),
    Column("cost_ore", "Kostnad", "money", "kr"),
    Column("volume", "Volym", "quantity", "GiB-dygn"),
    Column("share_percent", "Andel", "percent", "%"),
    Column("count", "Antal", "integer"),
    Column("ends_date", "Slutar", "date"),
    Column("seen_at", "Sedd", "instant"),
    Column("left_seconds", "Kvar", "duration"),
    Column("size_bytes", "Storlek", "bytes"),
)


def row(state: Status, words: str | None):
    return (
        "asynja-bracke",
        state,
        words,
        123_456_789,
        Fraction(12_345, 7),
        Fraction(1, 3),
        42,
        date(2027, 6, 30),
        MADE,
        93_784,
        12_884_901_888,
    )


def table(identity: str, rows, totals=None) -> Table:
    return Table(identity, "Tjänsternas läge", COLUMNS, tuple(rows), totals)


def report(language, sections, **changes) -> Report:
    whole = Report(
        id="member", title="Månadsrapport för Bräcke, oktober 2026" if language == "sv" else "Monthly report of Bräcke, October 2026", language=language,
        says="Allt är i drift.", audience="Bräcke", period="2026-10", data_until=MADE, made_at=MADE, method="exakt fördelning", version="0.1.0",
        sections=tuple(sections), contact="drift@samdrift.example",
    )  # fmt: skip
    return replace(whole, **changes)


def variants(language):
    states = table(
        "states", [row(status, "läget i ord") for status in Status], totals=("Summa", *[None] * (len(COLUMNS) - 1))
    )
    full = [
        Section("checks", "Kontroller", ("Två fel.",), (states,)),
        Section(
            "cost",
            "Kostnad",
            ("Summan stämmer på öret.",),
            (table("cost-table", [row(Status.OK, "1")]),),
            ("elmätaren i hall-are",),
        ),
    ]
    unknown = ("asynja-bracke", Status.UNDETERMINED, None, *[None] * (len(COLUMNS) - 3))
    hostile = [
        Section(
            "hostile",
            "Namn utifrån",
            (HOSTILE,),
            (table("hostile-table", [row(Status.FAILURE, HOSTILE), row(Status.FAILURE, "å" * 253), unknown]),),
            (HOSTILE,),
        )
    ]
    return {
        "full": render_html(report(language, full)),
        "empty": render_html(
            report(language, [Section("checks", "Kontroller", (), (table("nothing", []),))], data_until=None)
        ),
        "stale": render_html(report(language, full, data_until=MADE - timedelta(days=40))),
        "faulty": render_html(report(language, hostile)),
    }
