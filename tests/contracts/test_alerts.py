"""Every alert is three files: rules, a test that fires and one that stays silent, and a runbook."""

from __future__ import annotations

import re

from tests.contracts.folders import ROOT, read_yaml, shown

ALERTS = ROOT / "monitors" / "alerts"
ENDINGS = (".rules.yml", ".test.yml", ".md")


def names():
    return (
        sorted(
            {path.name[: -len(ending)] for path in ALERTS.glob("*") for ending in ENDINGS if path.name.endswith(ending)}
        )
        if ALERTS.is_dir()
        else []
    )


def rules(name):
    return [
        rule
        for group in read_yaml(ALERTS / f"{name}.rules.yml")["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]


def test_every_alert_has_rules_test_and_runbook():
    missing = [
        f"monitors/alerts/{name}{ending} is missing"
        for name in names()
        for ending in ENDINGS
        if not (ALERTS / f"{name}{ending}").is_file()
    ]
    assert not missing, "\n".join(missing)


def test_nothing_else_lies_among_the_alerts():
    strange = [shown(path) for path in ALERTS.glob("*") if not path.name.endswith(ENDINGS)] if ALERTS.is_dir() else []
    assert not strange, "\n".join(strange)


def test_every_alert_bears_its_file_s_name_a_severity_and_its_runbook():
    wrong = []
    for name in names():
        for rule in rules(name):
            if rule["alert"] != name:
                wrong.append(f"monitors/alerts/{name}.rules.yml: alert {rule['alert']}, wanted {name}")
            if rule.get("labels", {}).get("severity") not in {"page", "ticket", "heartbeat"}:
                wrong.append(f"monitors/alerts/{name}.rules.yml: severity is none of page, ticket, heartbeat")
            if not any(name in str(value) for key, value in rule.get("annotations", {}).items() if "runbook" in key):
                wrong.append(f"monitors/alerts/{name}.rules.yml: no annotation with runbook {name}")
    assert not wrong, "\n".join(wrong)


def test_every_alert_has_a_case_that_fires_and_one_that_is_silent():
    missing = []
    for name in names():
        tests = read_yaml(ALERTS / f"{name}.test.yml")["tests"]
        seen = [
            bool(expected.get("exp_alerts"))
            for test in tests
            for expected in test.get("alert_rule_test", [])
            if expected["alertname"] == name
        ]
        missing += [
            f"monitors/alerts/{name}.test.yml: no {word} case"
            for word, wanted in (("firing", True), ("silent", False))
            if wanted not in seen
        ]
    assert not missing, "\n".join(missing)


def test_every_runbook_says_what_to_do():
    empty = [
        f"monitors/alerts/{name}.md: no heading or fewer than 30 words"
        for name in names()
        if not re.search(r"^# ", text := (ALERTS / f"{name}.md").read_text(encoding="utf-8"), re.MULTILINE)
        or len(text.split()) < 30
    ]
    assert not empty, "\n".join(empty)
