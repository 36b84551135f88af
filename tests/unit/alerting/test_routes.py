"""Inhibition and bounds hold by construction, whatever the inventory says."""

from __future__ import annotations

import pytest

from samdrift.alerting.alertmanager_config import config, inhibitions
from samdrift.alerting.timing import AlertRule, bound_s, prometheus_seconds


def test_only_a_page_with_a_site_mutes_and_only_at_that_site():
    for rule in inhibitions():
        assert 'site!=""' in rule["source_matchers"]
        assert 'site!=""' in rule["target_matchers"]
        assert "site" in rule["equal"]
        assert 'severity="page"' in rule["source_matchers"] or rule["source_matchers"][0] in {'alertname="UpsLowBattery"', 'alertname="BackupTargetUnreachable"'}


def test_a_hall_without_power_is_not_believed_when_it_sees_no_other():
    """By its own vantage alone: what the other hall sees of it still goes out."""
    extra = inhibitions(("hall-are", "hall-ostersund"))[len(inhibitions()) :]
    assert [(rule["source_matchers"][2], rule["target_matchers"]) for rule in extra] == [
        ('site="hall-are"', ['alertname="SiteUnreachable"', 'vantage="hall-are"']),
        ('site="hall-ostersund"', ['alertname="SiteUnreachable"', 'vantage="hall-ostersund"']),
    ]
    assert all(rule["source_matchers"][:2] == ['severity="page"', 'layer="power"'] for rule in extra)


def test_no_circle_of_muting():
    """Each rule mutes layers above its own alone, and one alert of a layer another by name in one direction."""
    layers = ["power", "network", "host", "service", "slo"]
    for rule in inhibitions():
        for matcher in rule["source_matchers"]:
            if matcher.startswith('layer="'):
                source = matcher.split('"')[1]
                (target,) = [one for one in rule["target_matchers"] if one.startswith("layer=~")]
                muted = target.split('"')[1].split("|")
                assert all(layers.index(layer) > layers.index(source) for layer in muted)
    names = [(rule["source_matchers"][0], rule["target_matchers"][0]) for rule in inhibitions() if rule["source_matchers"][0].startswith("alertname")]
    assert not {(b, a) for a, b in names} & set(names)


def test_a_dead_backup_target_mutes_its_sites_tickets_and_no_page():
    (dead,) = [rule for rule in inhibitions() if 'alertname="BackupTargetUnreachable"' in rule["source_matchers"]]
    assert dead["equal"] == ["site"]
    assert {'severity="ticket"', 'alertname!="BackupTargetUnreachable"', 'alertname=~"Backup.*"'} <= set(dead["target_matchers"])


def test_every_receiver_tells_our_own_and_each_webhook_once():
    found = config(("http://b.example/x", "http://a.example/x"))
    for receiver in found["receivers"]:
        assert [one["url"] for one in receiver["webhook_configs"]] == ["http://127.0.0.1:9817/webhook/alertmanager", "http://a.example/x", "http://b.example/x"]
    assert config() == config()


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60), ("5m", 300), ("1h30m", 5400), ("2d", 172_800), ("0s", 0)])
def test_durations_of_prometheus_are_read(text, seconds):
    assert prometheus_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "60", "1 h", "x", "1s1h"])
def test_what_is_no_duration_of_prometheus_is_refused(text):
    with pytest.raises(ValueError, match="is no duration"):
        prometheus_seconds(text)


def test_hall_power_is_told_within_50_seconds():
    assert bound_s(AlertRule("HallFeedLost", "page", "power", 0, 10)) == 50
    assert bound_s(AlertRule("BackupRpoBreached", "ticket", "data", 0)) == 10 + 5 + 30 + 0 + 30 + 15
