"""Explain a check: what it demands, why, what each code means, and what to do; and list the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samdrift.compliance.lessons import LESSONS
from samdrift.model.check import Check, Code
from samdrift.model.errors import UnknownId
from samdrift.model.finding import SEVERITY_STATUS
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.registered_checks import find_check, registered_checks

LINKS = {
    "rfc": "https://www.rfc-editor.org/rfc/rfc{id}",
    "zonemaster": "https://doc.zonemaster.net/latest/specifications/tests/ (test case {id})",
    "internetnl": "https://internet.nl/ (subtest {id})",
    "law": "Svensk författningssamling {id}",
    "samdrift": "the joint operation's own rule ({id})",
}
COMMON = ("ok", "looked, and well"), ("undetermined", "could not look or decide; `reason` says why, and it is never counted as well"), ("not-applicable", "there is nothing to judge")


def list_checks() -> tuple[Mapping[str, Any], ...]:
    """Every check of the program, sorted by category and id."""
    return tuple(check_item(check) for check in sorted(registered_checks().values(), key=lambda one: (one.category, one.id)))


def check_item(check: Check) -> Mapping[str, Any]:
    """A check as JSON has it; `why`, `measured` and `example` are null where nothing is taught of it yet."""
    lesson = LESSONS.get(check.id)
    return {
        "id": check.id, "category": check.category, "title": check.title, "requirement": check.requirement, "remedy": check.remedy,
        "codes": [{"id": code.id, "severity": str(code.severity), "status": str(SEVERITY_STATUS[code.severity]), "text": code.text, "equivalent": list(code.equivalent)} for code in check.codes],
        "references": list(check.references), "why": lesson.why if lesson else None, "measured": lesson.measured if lesson else None, "example": lesson.example if lesson else None,
    }  # fmt: skip


def explain_check(wanted: str) -> str:
    """A page of text about CHECK or CHECK/CODE; UnknownId names the nearest."""
    check_id, _, code_id = wanted.partition("/")
    check = find_check(check_id)
    if code_id and code_id not in {code.id for code in check.codes}:
        error = UnknownId("code", code_id, [code.id for code in check.codes])
        error.help = error.help if error.near else f"samdrift check explain {check.id}"
        raise error
    codes = [code for code in check.codes if code_id in {"", code.id}]
    lesson = LESSONS.get(check.id)
    lines = [f"{check.id}: {check.title}", "", f"Demands: {check.requirement}"]
    if lesson is not None:
        lines += ["", f"Why it matters: {lesson.why}", "", f"What is measured: {lesson.measured}"]
    lines += ["", "Codes (with severity; failure and warning are open findings, notice and info are ok):"]
    lines += [line for code in codes for line in _code_lines(code)]
    if not code_id:
        lines += [f"  {name}: {text}" for name, text in COMMON]
    lines += ["", f"What to do: {check.remedy}"]
    if lesson is not None:
        lines += ["For example:", *(f"  {line}" for line in lesson.example.split("\n"))]
    lines += ["", "Sources:"]
    lines += [f"  {source}: {_link(source)}" for source in check.references]
    if check.needs[0] in NEEDS:
        lines += ["", "Try it:", f"  samdrift check run --check {check.id}"]
    lines += ["Accept it for a time, in inventory/waivers.yml (with subject, reason, owner and until):"]
    lines += [f"  check: {check.id}{f'/{code_id}' if code_id else ''}"]
    return "\n".join(lines) + "\n"


def _code_lines(code: Code) -> list[str]:
    same = f" (also known as {', '.join(code.equivalent)})" if code.equivalent else ""
    return [f"  {code.id} [{code.severity}]: {code.text}{same}"]


def _link(source: str) -> str:
    kind, _, name = source.partition(":")
    return LINKS.get(kind, "{id}").format(id=name)
