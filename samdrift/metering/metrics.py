"""The metrics of usage: how fresh and how whole the open month's readings are (costs.md 6)."""

from __future__ import annotations

from samdrift.model.metric import MetricSpec

LAST = MetricSpec("samdrift_usage_last_reading_timestamp_seconds", "The newest reading of a meter.", "gauge", ("meter", "member"), dates_itself=True)
MAX_GAP = MetricSpec("samdrift_usage_max_gap_seconds", "The longest silence of a meter that is none; absent where any may be.", "gauge", ("meter", "member"))
ESTIMATED = MetricSpec("samdrift_usage_estimated_ratio", "Estimated share of the open month's quantity.", "gauge", ("meter", "member"))
UNMEASURED = MetricSpec("samdrift_usage_unmeasured_seconds", "Unmeasured time of the open month, over resources.", "gauge", ("meter", "member"))
SAMPLES = MetricSpec("samdrift_usage_samples_total", "Readings of the open month by what became of them.", "counter", ("meter", "member", "outcome"))
UNTIL = MetricSpec("samdrift_usage_collected_until_timestamp_seconds", "How far a source is collected.", "gauge", ("member", "source"), dates_itself=True)
METRICS = (LAST, MAX_GAP, ESTIMATED, UNMEASURED, SAMPLES, UNTIL)
