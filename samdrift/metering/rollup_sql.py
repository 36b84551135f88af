"""Roll-up: pure builders of SQL (DuckDB) over declared columns; the store runs them on raw readings (common.md 1, costs.md M2-M6).

Tables that the SQL reads, of one meter each:
`readings(resource VARCHAR, at_us BIGINT, quantity HUGEINT, quality VARCHAR, end_us BIGINT)` in any order, with doubles; quantity in base
units (millionths of one for interval and event); `end_us` for an interval alone. At least the last reading before and the first after the
period, where there are such; every interval that touches it;
`days(day DATE, start_us BIGINT, end_us BIGINT)` the local days of the period, without holes.
All results are integers; quantity_base is base units × milliseconds for a gauge, base units for a counter, millionths of one for the rest.
"""

from __future__ import annotations

from samdrift.model.reading import Meter

DAILY_COLUMNS = ("resource", "day", "quality", "quantity_base", "milliseconds")
COUNT_COLUMNS = ("resource", "samples", "duplicates", "conflicts", "resets", "decreases", "implausible")
GAP_COLUMNS = ("resource", "start_us", "end_us", "treated")
WRAP = {"wrap-32": 2**32, "wrap-64": 2**64}


def daily_sql(meter: Meter) -> str:
    """Rows of DAILY_COLUMNS; quality `unmeasured` has milliseconds and no quantity."""
    return {"gauge": _gauge_daily, "counter": _counter_daily, "interval": _interval_daily, "event": _event_daily}[meter.kind](meter)


def counts_sql(meter: Meter) -> str:
    """Rows of COUNT_COLUMNS, one a resource: what was seen in the period and what was odd with it."""
    pairs = _pairs(meter) if meter.kind == "counter" else None
    within = "r.at_us < p.end_us AND r.end_us > p.start_us" if meter.kind == "interval" else "r.at_us >= p.start_us AND r.at_us < p.end_us"
    odd = (
        f"SELECT resource, count(*) FILTER (WHERE decreased) AS decreases, count(*) FILTER (WHERE implausible) AS implausible FROM ({pairs}) GROUP BY resource"
        if pairs
        else "SELECT resource, 0 AS decreases, 0 AS implausible FROM readings GROUP BY resource"
    )
    return f"""
WITH period AS (SELECT min(start_us) AS start_us, max(end_us) AS end_us FROM days),
instants AS (
  SELECT r.resource, r.at_us, count(*) AS n, count(DISTINCT (r.quantity, r.quality)) AS kinds, count(DISTINCT r.quantity) AS quantities
  FROM readings r, period p WHERE {within} GROUP BY r.resource, r.at_us, r.end_us
),
seen AS (
  SELECT resource, count(*) AS samples, sum(n - kinds) AS duplicates, count(*) FILTER (WHERE quantities > 1) AS conflicts
  FROM instants GROUP BY resource
),
odd AS ({odd})
SELECT r.resource, coalesce(s.samples, 0)::BIGINT, coalesce(s.duplicates, 0)::BIGINT, coalesce(s.conflicts, 0)::BIGINT,
       {"coalesce(o.decreases, 0)::BIGINT" if meter.on_decrease != "block" else "0::BIGINT"},
       {"coalesce(o.decreases, 0)::BIGINT" if meter.on_decrease == "block" else "0::BIGINT"}, coalesce(o.implausible, 0)::BIGINT
FROM (SELECT DISTINCT resource FROM readings) r LEFT JOIN seen s USING (resource) LEFT JOIN odd o USING (resource)
ORDER BY r.resource
"""


def gaps_sql(meter: Meter) -> str:
    """Rows of GAP_COLUMNS: silences longer than max_gap that touch the period, cut to it."""
    if meter.max_gap_seconds is None or meter.kind in {"interval", "event"}:
        return "SELECT resource, at_us, at_us, 'none' FROM readings WHERE false"
    treated = {"carry": "estimated", "stop": "unmeasured", "fail": "blocks"}[meter.gap]
    begin = f"h.at_us + {_max_gap_us(meter)}" if meter.gap == "stop" else "h.at_us"
    if meter.kind == "counter":
        treated = "estimated"
    return f"""
WITH {_picked(meter)}, {_spans()}
SELECT h.resource, greatest({begin}, p.start_us), least(h.until_us, p.end_us),
       CASE WHEN {"h.next_us IS NULL" if meter.kind == "counter" else "false"} THEN 'unmeasured' ELSE '{treated}' END
FROM spans h, period p
WHERE h.quality <> 'end' AND h.until_us - h.at_us > {_max_gap_us(meter)} AND h.until_us > p.start_us AND {begin} < p.end_us
ORDER BY h.resource, h.at_us
"""


def _interval_daily(meter: Meter) -> str:
    """A quantity over [from, to) is spread evenly over it and floored at each border, so that the parts sum to it (M5)."""

    def until(instant: str) -> str:
        return f"((k.quantity * ({instant} - k.at_us)::HUGEINT) // (k.end_us - k.at_us))"

    return f"""
WITH {_picked(meter)}
SELECT k.resource, d.day, k.quality,
       sum({until("least(k.end_us, d.end_us)")} - {until("greatest(k.at_us, d.start_us)")})::VARCHAR,
       sum((least(k.end_us, d.end_us) - greatest(k.at_us, d.start_us)) // 1000)::BIGINT
FROM picked k JOIN days d ON k.at_us < d.end_us AND k.end_us > d.start_us
WHERE k.quality <> 'end' AND k.end_us > k.at_us
GROUP BY k.resource, d.day, k.quality ORDER BY k.resource, d.day, k.quality
"""


def _event_daily(meter: Meter) -> str:
    """An event counts at its instant and takes no time (M5)."""
    return f"""
WITH {_picked(meter)}
SELECT k.resource, d.day, k.quality, sum(k.quantity)::VARCHAR, 0::BIGINT
FROM picked k JOIN days d ON k.at_us >= d.start_us AND k.at_us < d.end_us
WHERE k.quality <> 'end'
GROUP BY k.resource, d.day, k.quality ORDER BY k.resource, d.day, k.quality
"""


def overlaps_sql(meter: Meter) -> str:
    """Rows (resource, start_us, end_us) of intervals that begin before an earlier one of the same resource has ended: two quantities for one time (M5)."""
    return f"""
WITH {_picked(meter)},
ordered AS (SELECT *, max(end_us) OVER (PARTITION BY resource ORDER BY at_us, end_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_us FROM picked)
SELECT resource, at_us, end_us FROM ordered WHERE before_us > at_us ORDER BY resource, at_us
"""


def _max_gap_us(meter: Meter) -> int:
    return (meter.max_gap_seconds or 0) * 1_000_000


def _picked(meter: Meter) -> str:
    """One value an instant: measured beats estimated beats simulated, then the conflict policy's side (M6)."""
    side = "DESC" if meter.conflict == "highest" else "ASC"
    rank = "CASE quality WHEN 'measured' THEN 0 WHEN 'end' THEN 1 WHEN 'estimated' THEN 2 ELSE 3 END"
    return f"""period AS (SELECT min(start_us) AS start_us, max(end_us) AS end_us FROM days),
picked AS (
  SELECT resource, at_us, quantity, quality, end_us FROM readings
  QUALIFY row_number() OVER (PARTITION BY resource, at_us, end_us ORDER BY {rank}, quantity {side}) = 1
)"""


def _spans() -> str:
    return """spans AS (
  SELECT k.*, lead(k.at_us) OVER (PARTITION BY k.resource ORDER BY k.at_us) AS next_us,
         coalesce(lead(k.at_us) OVER (PARTITION BY k.resource ORDER BY k.at_us), greatest(p.end_us, k.at_us)) AS until_us
  FROM picked k, period p
)"""


def _gauge_daily(meter: Meter) -> str:
    gap = "false" if meter.max_gap_seconds is None else f"(until_us - at_us > {_max_gap_us(meter)})"
    if meter.gap == "stop" and meter.max_gap_seconds is not None:
        held = f"least(until_us, at_us + {_max_gap_us(meter)})"
        quality = "quality"
    else:
        held = "until_us"
        quality = f"CASE WHEN {gap} AND quality <> 'simulated' THEN 'estimated' ELSE quality END"
    return f"""
WITH {_picked(meter)}, {_spans()},
pieces AS (
  SELECT resource, {quality} AS quality, quantity, at_us AS from_us, {held} AS to_us FROM spans WHERE quality <> 'end'
  UNION ALL
  SELECT resource, 'unmeasured', NULL, {held}, until_us FROM spans WHERE quality <> 'end' AND {held} < until_us
)
SELECT s.resource, d.day, s.quality,
       sum(coalesce(s.quantity, 0) * ((least(s.to_us, d.end_us) - greatest(s.from_us, d.start_us)) // 1000)::HUGEINT)::VARCHAR,
       sum((least(s.to_us, d.end_us) - greatest(s.from_us, d.start_us)) // 1000)::BIGINT
FROM pieces s JOIN days d ON s.from_us < d.end_us AND s.to_us > d.start_us
GROUP BY s.resource, d.day, s.quality ORDER BY s.resource, d.day, s.quality
"""


def _pairs(meter: Meter) -> str:
    """Neighbouring samples of a counter with the increase between them by the meter's policy, touching the period."""
    if meter.on_decrease in WRAP:
        fallen = f"next_quantity - quantity + {WRAP[meter.on_decrease]}::HUGEINT"
    else:
        fallen = "next_quantity" if meter.on_decrease == "reset" else "0"
    rate = meter.max_rate
    limit = (
        f"(increase * {rate.denominator}::HUGEINT * 1000000 > (next_us - at_us)::HUGEINT * {rate.numerator})"
        if rate is not None
        else "false"
    )
    return f"""
WITH {_picked(meter)},
ordered AS (
  SELECT resource, at_us, quantity, quality,
         lead(at_us) OVER w AS next_us, lead(quantity) OVER w AS next_quantity, lead(quality) OVER w AS next_quality
  FROM picked WHERE quality <> 'end' WINDOW w AS (PARTITION BY resource ORDER BY at_us)
),
increases AS (
  SELECT *, next_quantity < quantity AS decreased, CASE WHEN next_quantity < quantity THEN {fallen} ELSE next_quantity - quantity END AS increase
  FROM ordered WHERE next_us IS NOT NULL
)
SELECT i.*, {limit} AS implausible FROM increases i, period p WHERE i.next_us > p.start_us AND i.at_us < p.end_us
"""


def _counter_daily(meter: Meter) -> str:
    far = (
        "false"
        if meter.max_gap_seconds is None
        else f"(n.next_us - n.at_us > {_max_gap_us(meter)} AND NOT (n.at_us >= d.start_us AND n.next_us <= d.end_us))"
    )

    def value_at(instant: str) -> str:
        """Increase since the earlier neighbour at an instant: linear, floored to the base unit (M4)."""
        return f"((n.increase * ({instant} - n.at_us)::HUGEINT) // (n.next_us - n.at_us))"

    return f"""
WITH pairs AS ({_pairs(meter)}),
parts AS (
  SELECT n.resource, d.day,
         CASE WHEN n.quality = 'simulated' OR n.next_quality = 'simulated' THEN 'simulated'
              WHEN {far} OR n.quality = 'estimated' OR n.next_quality = 'estimated' THEN 'estimated' ELSE 'measured' END AS quality,
         {value_at("least(n.next_us, d.end_us)")} - {value_at("greatest(n.at_us, d.start_us)")} AS part,
         (least(n.next_us, d.end_us) - greatest(n.at_us, d.start_us)) // 1000 AS ms
  FROM pairs n JOIN days d ON n.at_us < d.end_us AND n.next_us > d.start_us
),
{_picked(meter)},
tails AS (
  SELECT k.resource, max(k.at_us) AS at_us FROM picked k WHERE k.quality <> 'end'
  GROUP BY k.resource HAVING arg_max(k.quality, k.at_us) <> 'end'
),
unmeasured AS (
  SELECT t.resource, d.day, 'unmeasured' AS quality, 0::HUGEINT AS part, (d.end_us - greatest(t.at_us, d.start_us)) // 1000 AS ms
  FROM tails t JOIN days d ON t.at_us < d.end_us
  WHERE NOT EXISTS (SELECT 1 FROM picked e WHERE e.resource = t.resource AND e.quality = 'end' AND e.at_us >= t.at_us)
)
SELECT resource, day, quality, sum(part)::VARCHAR, sum(ms)::BIGINT
FROM (SELECT * FROM parts UNION ALL SELECT * FROM unmeasured) GROUP BY resource, day, quality ORDER BY resource, day, quality
"""
