"""Monitoring is rendered from the inventory, the same bytes twice, proved by promtool and amtool."""

from __future__ import annotations

import subprocess

import pytest
import yaml

from .conftest import ROOT


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def rendered(call, tmp_path, program):
    program("promtool", "prometheus")
    program("amtool", "prometheus-alertmanager")
    out = tmp_path / "monitors"
    said = call("monitor", "render", "--out", str(out))
    assert said.code == 0, said.err
    return out


def test_what_is_committed_is_what_the_inventory_gives(call):
    said = call("monitor", "render", "--check", "--output", "csv")
    stale = [line for line in said.out.decode().splitlines()[1:] if ",same," not in line]
    assert not stale, f"samdrift monitor render: {stale}"


def test_rendered_twice_gives_the_same_bytes(rendered, call):
    before = files(rendered)
    said = call("monitor", "render", "--out", str(rendered), "--output", "json")
    assert files(rendered) == before
    assert {item["state"] for item in said.json()["items"]} == {"same"}


def test_drift_is_one_and_named_and_mended(rendered, call):
    config = rendered / "prometheus" / "hall-are.yml"
    config.write_text(config.read_text() + "# touched\n")
    (rendered / "prometheus" / "targets" / "node" / "gone.yml").write_text("[]\n")
    (rendered / "alertmanager" / "alertmanager.yml").unlink()
    said = call("monitor", "render", "--out", str(rendered), "--check", "--output", "json")
    assert said.code == 1
    assert {(item["path"], item["state"]) for item in said.json()["items"] if item["state"] != "same"} == {
        ("prometheus/hall-are.yml", "changed"),
        ("prometheus/targets/node/gone.yml", "extra"),
        ("alertmanager/alertmanager.yml", "missing"),
    }
    assert call("monitor", "render", "--out", str(rendered)).code == 0
    assert call("monitor", "render", "--out", str(rendered), "--check").code == 0


def test_no_member_s_words_and_only_federation_and_replica_as_external_labels(rendered):
    for path in (rendered / "prometheus").glob("*.yml"):
        config = yaml.safe_load(path.read_text())
        assert set(config["global"]["external_labels"]) == {"federation", "replica"}
        *own, vantage, last = config["alerting"]["alert_relabel_configs"]
        assert last == {"action": "labeldrop", "regex": "replica"}
        assert [(one["source_labels"], one["regex"], one["target_label"], one["replacement"]) for one in own] == [(["job"], "samdrift", "instance", ""), (["job"], "samdrift", "job", "")]
        assert (vantage["regex"], vantage["target_label"]) == ("SiteUnreachable;(.+)", "vantage")
        for job in config["scrape_configs"]:
            assert job["honor_labels"] is False
            assert {"sample_limit", "label_limit", "target_limit"} <= set(job)


def test_every_living_host_is_a_target_with_member_and_site(rendered):
    from samdrift.operations.load_inventory import load_inventory

    hosts = {device.id for device in load_inventory(ROOT / "inventory").devices.values() if device.living and device.kind in {"host", "virtual", "hypervisor"}}
    seen = {}
    for path in (rendered / "prometheus" / "targets" / "node").glob("*.yml"):
        for group in yaml.safe_load(path.read_text()):
            assert group["labels"]["member"] == path.stem
            assert group["labels"]["site"]
            seen[group["labels"]["instance"]] = group["targets"]
    assert set(seen) == hosts


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["severity=page", "layer=power", "member=shared", "site=hall-are"], "page"),
        (["severity=page", "layer=host", "member=are"], "page"),
        (["severity=ticket", "layer=data", "member=bracke"], "ticket"),
        (["member=are"], "unrouted"),
    ],
)
def test_routes_are_those_of_amtool(rendered, program, labels, receiver):
    amtool = program("amtool", "prometheus-alertmanager")
    done = subprocess.run([amtool, "config", "routes", "test", f"--config.file={rendered}/alertmanager/alertmanager.yml", f"--verify.receivers={receiver}", *labels], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_bound_of_each_alert_is_told(call):
    bounds = {one["alertname"]: one["within_seconds"] for one in call("monitor", "render", "--check", "--output", "json").json()["bounds"]}
    assert bounds["UpsLowBattery"] == 50
    assert bounds["UpsOnBattery"] == 110
