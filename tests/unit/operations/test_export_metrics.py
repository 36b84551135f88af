"""The exporter's page is what its collectors gave, no older than it may be, and no collector's failure hides the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from samdrift.model.metric import MetricSpec, Sample
from samdrift.operations import export_metrics
from samdrift.operations.export_metrics import Collector, collect, current, make_page

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LOAD = MetricSpec("samdrift_test_load_watts", "Load.", "gauge", ("member", "element"))
SEEN = MetricSpec("samdrift_test_seen_timestamp_seconds", "When.", "gauge", ("member",), dates_itself=True)
RUNS = MetricSpec("samdrift_test_runs_total", "Runs.", "counter", ("member",))


def good(_, __, *, at):
    yield Sample(LOAD.name, {"member": "are", "element": "ups-1"}, 8400)
    yield Sample(SEEN.name, {"member": "are"}, int(at.timestamp()))
    yield Sample(RUNS.name, {}, Fraction(5, 2))


def bad(_, __, *, at):
    yield Sample(LOAD.name, {"member": "are", "element": "x"}, 1)
    raise OSError("the store hangs")


@pytest.fixture
def collectors(monkeypatch):
    def use(**samples):
        found = tuple(Collector(name, (LOAD, SEEN, RUNS) if name == "good" else (LOAD,), sample) for name, sample in samples.items())
        monkeypatch.setattr(export_metrics, "collectors", lambda: found)
        export_metrics.specs.cache_clear()

    yield use
    export_metrics.specs.cache_clear()


def names(samples):
    return sorted({sample.metric for sample in samples})


def test_one_collector_s_failure_is_its_own(collectors):
    collectors(good=good, bad=bad)
    found = collect(None, None, at=AT)
    assert (found["good"].success, found["bad"].success) == (True, False)
    assert found["bad"].samples == ()
    page = make_page(current(found, at=AT, period_seconds=15), at=AT).text.decode()
    assert 'samdrift_collector_success{collector="bad",member="shared"} 0.0' in page
    assert 'samdrift_test_load_watts{element="ups-1",member="are"} 8400.0' in page
    assert 'samdrift_test_runs_total{member="shared"} 2.5' in page


def test_after_three_missed_periods_only_what_dates_itself_is_left(collectors):
    collectors(good=good)
    before = collect(None, None, at=AT)
    collectors(good=bad)
    after = collect(None, None, at=AT + timedelta(seconds=15), before=before)
    assert LOAD.name in names(current(after, at=AT + timedelta(seconds=45), period_seconds=15))
    left = names(current(after, at=AT + timedelta(seconds=46), period_seconds=15))
    assert LOAD.name not in left
    assert SEEN.name in left


@pytest.mark.parametrize("labels", [{"member": "are"}, {"member": "are", "element": "x", "path": "/etc"}, {"element": "x", "text": "y"}])
def test_labels_that_are_not_declared_fail_the_collector(collectors, labels):
    collectors(good=lambda *_, at: [Sample(LOAD.name, labels, 1)])
    found = collect(None, None, at=AT)["good"]
    assert not found.success
    assert "is not declared so by good" in found.error


def test_a_page_of_one_member_has_its_series_alone(collectors):
    collectors(good=good)
    page = make_page(current(collect(None, None, at=AT), at=AT, period_seconds=15), at=AT)
    assert b'member="shared"' not in page.of("are").text
    assert b'member="are"' not in page.of("shared").text


def test_a_hostile_label_value_stays_one_value(collectors):
    collectors(good=lambda *_, at: [Sample(LOAD.name, {"member": "are", "element": 'x"} 1\nevil{a="\\'}, 1)])
    text = make_page(current(collect(None, None, at=AT), at=AT, period_seconds=15), at=AT).text.decode()
    assert [line for line in text.splitlines() if line.startswith("evil")] == []


def test_the_real_collectors_declare_every_metric_once_by_the_house_s_names():
    assert "samdrift_ups_state" in export_metrics.specs()
    for name, spec in export_metrics.specs().items():
        assert name.startswith("samdrift_")
        assert (spec.kind == "counter") == name.endswith("_total"), name
        assert spec.help.endswith("."), name
