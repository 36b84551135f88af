"""Every alert's own test is run by promtool, one case an alert; its runbook has what the person on call looks for."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
ALERTS = ROOT / "monitors" / "alerts"
NAMES = sorted(path.name.removesuffix(".rules.yml") for path in ALERTS.glob("*.rules.yml"))
HEADINGS = ["Betydelse", "Påverkan", "Diagnos", "Åtgärd", "Eskalering"]
LAYERS = {"power", "network", "host", "service", "slo", "watch", "data"}


def rules(name):
    """One rule, or one a severity."""
    (group,) = yaml.safe_load((ALERTS / f"{name}.rules.yml").read_text(encoding="utf-8"))["groups"]
    severities = [found["labels"]["severity"] for found in group["rules"]]
    assert severities
    assert len(severities) == len(set(severities)), f"{name}: two rules of one severity"
    return group["rules"]


@pytest.mark.parametrize("name", NAMES)
def test_promtool_finds_the_rule_and_its_test_good(name, program):
    promtool = program("promtool", "prometheus")
    for arguments in (["check", "rules", f"{name}.rules.yml"], ["test", "rules", f"{name}.test.yml"]):
        done = subprocess.run([promtool, *arguments], cwd=ALERTS, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_that_cannot_fire_is_noticed_by_its_test(name, program, tmp_path):
    """The test proves something: with the alert gone, and with `for` tripled or the comparison turned, promtool objects."""
    promtool = program("promtool", "prometheus")
    text = (ALERTS / f"{name}.rules.yml").read_text(encoding="utf-8")
    turned = re.sub(r"(==|>=|>)(?= |$)", lambda found: {"==": "!=", ">=": "<", ">": "<"}[found[0]], text, count=1)
    tripled = re.sub(r"for: (\d+)(s|m)", lambda found: f"for: {max(int(found[1]) * 3, 60)}{found[2]}", text)
    mutants = {"gone": text.replace(f"alert: {name}", "alert: Other"), "turned": turned, "tripled": tripled}
    (tmp_path / f"{name}.test.yml").write_bytes((ALERTS / f"{name}.test.yml").read_bytes())
    for kind, mutant in mutants.items():
        if mutant == text:
            continue
        (tmp_path / f"{name}.rules.yml").write_text(mutant, encoding="utf-8")
        done = subprocess.run([promtool, "test", "rules", f"{name}.test.yml"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode != 0, f"{name}: nobody notices that the rule is {kind}"


@pytest.mark.parametrize("name", NAMES)
def test_labels_and_links_are_those_of_the_house(name):
    for found in rules(name):
        assert found["labels"]["layer"] in LAYERS
        assert found["annotations"]["summary"].endswith(".")
        file, _, heading = found["annotations"]["runbook_url"].partition("#")
        headings = [line.removeprefix("## ").lower() for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
        assert heading in headings, f"{file} has no heading {heading}"
        assert found["annotations"]["dashboard_url"]


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_of_the_rule_is_emitted_by_us(name):
    from samdrift.operations.export_metrics import specs

    missing = {metric for found in rules(name) for metric in re.findall(r"samdrift_[a-z_]+", found["expr"]) if metric not in specs()}
    assert not missing, f"nobody emits {sorted(missing)}"


@pytest.mark.parametrize("name", NAMES)
def test_the_runbook_has_its_headings_and_its_commands_are_there(name):
    text = (ALERTS / f"{name}.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS
    from click import Context, Group

    from samdrift.cli.frame.tree import root

    for line in re.findall(r"`samdrift ([^`]*)`", text):
        command, context = root(), None
        for word in shlex.split(line):
            if not isinstance(command, Group) or word.startswith("-"):
                break
            context = Context(command, parent=context)
            command = command.get_command(context, word)
            assert command is not None, f"{name}.md: samdrift {line}: no command {word}"
