"""Every check of what members publish is taught, and what to do about it is said in both languages; nothing is taught of a check that can never be."""

from __future__ import annotations

import re

from samdrift.compliance.lessons import LESSONS
from samdrift.model.text import catalogue
from samdrift.operations.explain_check import explain_check
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.registered_checks import registered_checks

CHECKS = {check.id: check for check in registered_checks().values() if check.needs[0] in NEEDS}


def test_every_check_has_a_lesson_and_a_remedy_in_both_languages():
    missing = [f"samdrift/compliance/lessons: nothing of {check}" for check in CHECKS if check not in LESSONS]
    missing += [f"samdrift/model/text/remedy.py: nothing of {check}" for check in CHECKS if f"remedy.{check}" not in catalogue()]
    assert not missing, "\n".join(missing)


def test_a_lesson_is_whole():
    thin = [name for name, lesson in LESSONS.items() if min(len(lesson.why), len(lesson.measured)) < 25 or len(lesson.example) < 8]
    assert not thin, "\n".join(thin)


def test_ids_of_lessons_are_those_of_checks():
    assert not [name for name in LESSONS if not re.fullmatch(r"(delegation|dnssec|ipv6|mail|tls|dns|contract)-[a-z0-9-]+", name)]


def test_an_explanation_has_every_part():
    pages = {check: explain_check(check) for check in CHECKS}
    parts = ("Demands:", "Why it matters:", "What is measured:", "Codes", "What to do:", "For example:", "Sources:", "Try it:")
    assert not [f"{check}: no {part}" for check, page in pages.items() for part in parts if part not in page]
