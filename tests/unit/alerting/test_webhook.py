"""A post of Alertmanager is read alert by alert; what is none is refused in a sentence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.alerting.webhook import read_post


def told(**changed):
    return {
        "status": "firing",
        "labels": {"alertname": "UpsOnBattery", "site": "hall-are", "member": "shared"},
        "annotations": {"summary": "UPS på batteri"},
        "startsAt": "2026-11-23T02:14:05.123456789Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": "9f3a1b2c3d4e5f60",
        "generatorURL": "http://prometheus.example/graph",
        **changed,
    }


def post(*alerts):
    return json.dumps({"version": "4", "groupKey": "x", "status": "firing", "alerts": list(alerts)}).encode()


def test_a_firing_alert_has_no_end_and_its_start_to_the_microsecond():
    (alert,) = read_post(post(told())).alerts
    assert alert.ends_at is None
    assert alert.starts_at.isoformat() == "2026-11-23T02:14:05.123456+00:00"
    assert alert.labels["alertname"] == "UpsOnBattery"


def test_a_resolved_alert_has_its_end():
    (alert,) = read_post(post(told(status="resolved", endsAt="2026-11-23T03:14:05+01:00"))).alerts
    assert alert.ends_at.isoformat() == "2026-11-23T02:14:05+00:00"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fingerprint": "../../x"}, "has no fingerprint"),
        ({"status": "maybe"}, "neither firing nor resolved"),
        ({"labels": {"site": "x"}}, "has no alertname"),
        ({"labels": {"alertname": 7}}, "labels that are none"),
        ({"labels": {"alertname": "x" * 5000}}, "labels that are none"),
        ({"labels": {f"l{n}": "x" for n in range(100)}}, "more than 64"),
        ({"startsAt": "yesterday"}, "no time"),
        ({"startsAt": "0001-01-01T00:00:00Z"}, "has no time"),
    ],
)
def test_a_bad_alert_is_refused_and_the_rest_is_taken(changed, said):
    read = read_post(post(told(), told(**changed), told(fingerprint="ab")))
    assert [alert.fingerprint for alert in read.alerts] == ["9f3a1b2c3d4e5f60", "ab"]
    assert len(read.refused) == 1
    assert said in read.refused[0]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"alerts": 3}', b"\xff\xfe", b"[" * 100_000, b'"x"'])
def test_what_is_no_post_is_refused_whole(body):
    with pytest.raises(ValueError, match="the body"):
        read_post(body)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30))
def test_any_alert_is_taken_or_refused_never_a_fault(anything):
    read = read_post(post(anything, told(labels=anything), told(startsAt=anything)))
    assert len(read.alerts) + len(read.refused) == 3
