"""The metrics of costs; never an invoice (costs.md 6)."""

from __future__ import annotations

from samdrift.model.metric import MetricSpec

HEAD = "samdrift_cost_"
ESTIMATE = MetricSpec(f"{HEAD}estimate_ore", "Öre of the open month so far, per pool and member; never an invoice.", "gauge", ("pool", "member"))
UNALLOCATED = MetricSpec(f"{HEAD}unallocated_ore", "Öre of the open month that no key could split.", "gauge", ("pool",))
BUDGET_SPENT = MetricSpec(f"{HEAD}budget_spent_ratio", "The year's cost so far over the pool's budget.", "gauge", ("pool",))
LAST_CLOSED = MetricSpec(
    f"{HEAD}last_closed_month_timestamp_seconds", "The end of the newest closed month.", "gauge", ("agreement",), dates_itself=True
)
VERIFIED = MetricSpec(f"{HEAD}verify_success", "1 when the newest closed month, computed anew, gave the same bytes.", "gauge", ("agreement",))
PENDING = MetricSpec(f"{HEAD}correction_pending_ore", "Öre that a correction of closed months would book, added up without sign.", "gauge", ("member",))
ENDS = MetricSpec(
    f"{HEAD}agreement_end_timestamp_seconds", "When the agreement's last version ends; absent when it has no end.", "gauge", ("agreement",), dates_itself=True
)
METRICS = (ESTIMATE, UNALLOCATED, BUDGET_SPENT, LAST_CLOSED, VERIFIED, PENDING, ENDS)
BY_NAME = {spec.name: spec for spec in METRICS}
