"""Sections of the costs room from ledgers made by hand: a member's month, the board's, and the exported ledger."""

from __future__ import annotations

from dataclasses import replace

from samdrift.costs.board_report import budget_section, exceptions_section, shares_section
from samdrift.costs.invoices import invoices
from samdrift.costs.ledger_report import ledger_sections
from samdrift.costs.report import corrections_section, everybody_section, member_section
from samdrift.costs.savings import savings
from samdrift.costs.savings_report import savings_section
from samdrift.costs.year_report import year_section
from samdrift.model.cost import Blocking
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.member import Member
from samdrift.model.nouns.stand_alone import StandAlone
from samdrift.model.period import Month
from samdrift.model.text import Text
from tests.unit.costs.ledgers import AGREEMENT, OCTOBER, ledger, line

NAMES = {"are": "Åre kommun", "krokom": "Krokoms kommun", "ostersund": "Östersunds kommun", "region-jh": "Region Jämtland Härjedalen"}


def member(member_id, name):
    contact = {"role": "economist", "name": "Ekonom", "email": f"ekonom@{member_id}.example"}
    kind = "region" if member_id == "region-jh" else "municipality"
    return Member.model_validate({"id": member_id, "name": name, "kind": kind, "since": "2016-01-01", "contacts": (contact,)})


MEMBERS = {each: member(each, name) for each, name in NAMES.items()}


def agreement(kind="arrears", decision="nämndens beslut 2018-05-14"):
    return Agreement.model_validate(
        {
            "agreement": {"id": AGREEMENT, "version": "2026-1", "from": "2026-01-01", "host": "region-jh", "decision": decision},
            "payment": {"kind": kind},
            "participants": tuple(NAMES),
            "keys": {
                "even-parts": {"kind": "even"},
                "mixed": {"kind": "composite", "parts": ({"share": "1/2", "member": "region-jh"}, {"share": "1/2", "key": {"kind": "population", "table": "scb-2015"}})},
                "energy": {"kind": "usage", "meter": "energy-it"},
            },
            "pools": {
                "administration": {"key": "mixed"},
                "backup": {"key": "even-parts", "prices": ("backup-gib",), "rest": "settle"},
                "joint-hall": {"key": "energy", "minimum": "800.00", "cap": "90000.00"},
            },
        }
    )


def month(number=10, *extra):
    """A month of four members and three pools; the amounts differ by month."""
    when = Month(2026, number)
    lines = [
        line(each, 1_000_000 * number + 77 * place, month=when, pool=pool, vat=vat, service=service)
        for place, each in enumerate(NAMES)
        for pool, vat, service in (("administration", ("E", 0), None), ("joint-hall", ("S", 25), "hall"))
    ]
    return ledger(*lines, *extra, month=when)


def corrected():
    return month(10, line("are", -123_456, component="correction", corrects="2026-09/joint-hall/are/key"))


def months():
    return {Month(2026, number): month(number) for number in (5, 6, 8, 9)} | {OCTOBER: corrected()}


BUDGET = {"administration": 48_000_000, "joint-hall": 40_000_000, "backup": 1_000_000}


FIGURES = (
    StandAlone.model_validate(
        {"id": "hall-are", "service": "hall", "member": "are", "year": 2026, "kronor": "1200000.00", "source": "offert", "date": "2026-02-01", "author": "ekonom"}
    ),
)


def member_sections(text: Text, cost=None, *, in_advance=False, decision="nämndens beslut 2018-05-14"):
    cost = cost or corrected()
    version = agreement("advance" if in_advance else "arrears", decision)
    return (
        member_section(cost, "are", {"2026-1": version}, invoices(cost, (version,)), text),
        year_section(months() | {OCTOBER: cost}, OCTOBER, "are", BUDGET, (), text, in_advance=in_advance),
        corrections_section(cost, "are", text),
        savings_section([each for each in savings(months().values(), FIGURES) if each.member == "are"], 2026, text),
        everybody_section(cost, "are", MEMBERS, text),
    )


def board_sections(text: Text, *, trouble=""):
    cost = corrected()
    if trouble:
        cost = replace(cost, blocking=(Blocking("zero-usage", trouble, pool="backup"),), notes=(trouble,))
    return (
        budget_section(months(), OCTOBER, BUDGET, text),
        shares_section(cost, MEMBERS, text),
        exceptions_section(cost, {"estimated": trouble or "mätaren byttes den 3 oktober"}, MEMBERS, text),
    )


def ledger_of(text: Text):
    cost = corrected()
    return ledger_sections(cost, invoices(cost, (agreement(),)), MEMBERS, text)
