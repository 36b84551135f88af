"""Roll-up: pure builders of SQL (DuckDB) over declared columns; the store runs them on raw readings (common.md 1, costs.md M2-M6).

Tables that the SQL reads, of one meter each:
`names(resource VARCHAR, r INTEGER)` the resources and a number for each;
`readings(r INTEGER, at_us BIGINT, quantity BIGINT or HUGEINT, quality VARCHAR, end_us BIGINT)` in any order, with doubles; quantity
in base units (millionths of one for interval and event); `end_us` for an interval alone. At least the last reading before and the first after
the period, where there are such; every interval that touches it;
`days(day DATE, start_us BIGINT, end_us BIGINT)` the local days of the period, without holes; their borders are at whole hours, but for an end that is cut.
`prepare_sql` makes the tables that the other statements read, sorted and without doubles, once for all of them.
All results are integers; quantity_base is base units × milliseconds for a gauge, base units for a counter, millionths of one for the rest.
"""

from __future__ import annotations

from samdrift.model.reading import Meter

DAILY_COLUMNS = ("resource", "day", "quality", "quantity_base", "milliseconds")
COUNT_COLUMNS = ("resource", "samples", "duplicates", "conflicts", "resets", "decreases", "implausible")
GAP_COLUMNS = ("resource", "start_us", "end_us", "treated")
WRAP = {"wrap-32": 2**32, "wrap-64": 2**64}
HOUR_US = 3_600_000_000
QUALITIES = "ENUM ('measured', 'end', 'estimated', 'simulated', 'unmeasured')"
"""In the order in which one value beats another at an instant (M6): the type sorts by it, and sorts and copies quicker than text."""


def prepare_sql(meter: Meter) -> tuple[str, ...]:
    """`period`, `hours` (hour → day), `twice` (instants told more than once), `picked` (one value an instant), `spans` (with the next value)."""
    side = "DESC" if meter.conflict == "highest" else "ASC"
    spans = meter.kind == "interval"
    end_us = "end_us" if spans else "NULL::BIGINT AS end_us"
    same = "lag(at_us) OVER w = at_us" + (" AND lag(end_us) OVER w IS NOT DISTINCT FROM end_us" if spans else "")
    return (
        f"CREATE OR REPLACE TYPE reading_quality AS {QUALITIES}",
        "CREATE OR REPLACE TEMP TABLE period AS SELECT min(start_us) AS start_us, max(end_us) AS end_us FROM days",
        f"CREATE OR REPLACE TEMP TABLE hours AS SELECT day, start_us, end_us, unnest(range(start_us // {HOUR_US}, end_us // {HOUR_US})) AS hour FROM days",
        f"""
CREATE OR REPLACE TEMP TABLE marked AS
SELECT r, at_us, {end_us}, quantity, quality, ({same}) IS TRUE AS is_double,
       lead(at_us) OVER w AS next_us, lead(quantity) OVER w AS next_quantity, lead(quality) OVER w AS next_quality
FROM (SELECT r, at_us, end_us, quantity, quality::reading_quality AS quality FROM readings)
WINDOW w AS (PARTITION BY r ORDER BY at_us, {"end_us, " if spans else ""}quality, quantity {side})""",
        "CREATE OR REPLACE TEMP TABLE twice AS SELECT * FROM marked WHERE is_double OR next_us = at_us",
        "CREATE OR REPLACE TEMP VIEW picked AS SELECT r, at_us, end_us, quantity, quality FROM marked WHERE NOT is_double",
        *(_pairs(meter) if meter.kind == "counter" else (_SPANS,) if meter.kind == "gauge" else ()),
    )


_SPANS = """
CREATE OR REPLACE TEMP VIEW spans AS
WITH held AS (
  SELECT r, at_us, quantity, quality, next_us, next_quantity, next_quality FROM marked WHERE NOT is_double AND next_us IS DISTINCT FROM at_us
  UNION ALL
  SELECT f.r, f.at_us, f.quantity, f.quality, l.next_us, l.next_quantity, l.next_quality
  FROM twice f JOIN twice l ON f.r = l.r AND f.at_us = l.at_us WHERE NOT f.is_double AND l.next_us IS DISTINCT FROM l.at_us
)
SELECT held.*, coalesce(next_us, greatest(p.end_us, at_us)) AS until_us FROM held, period p"""
"""Each value with the next instant's, and until when it could hold; where an instant was told twice, the first in order counts and the last knows the next."""


def daily_sql(meter: Meter) -> str:
    """Rows of DAILY_COLUMNS; quality `unmeasured` has milliseconds and no quantity."""
    return {"gauge": _gauge_daily, "counter": _counter_daily, "interval": _interval_daily, "event": _event_daily}[meter.kind](meter)


def counts_sql(meter: Meter) -> str:
    """Rows of COUNT_COLUMNS, one a resource: what was seen in the period and what was odd with it."""
    within = "x.at_us < p.end_us AND x.end_us > p.start_us" if meter.kind == "interval" else "x.at_us >= p.start_us AND x.at_us < p.end_us"
    odd = (
        "SELECT r, count(*) FILTER (WHERE decreased) AS decreases, count(*) FILTER (WHERE implausible) AS implausible FROM pairs GROUP BY r"
        if meter.kind == "counter"
        else "SELECT 0 AS r, 0 AS decreases, 0 AS implausible WHERE false"
    )
    return f"""
WITH seen AS (SELECT r, count(*) AS samples FROM picked x, period p WHERE {within} GROUP BY r),
told AS (
  SELECT r, count(*) - count(DISTINCT (quantity, quality)) AS again, (count(DISTINCT quantity) > 1)::INTEGER AS conflict
  FROM twice x, period p WHERE {within} GROUP BY r, x.at_us, x.end_us
),
same AS (SELECT r, sum(again) AS duplicates, sum(conflict) AS conflicts FROM told GROUP BY r),
odd AS ({odd})
SELECT n.resource, coalesce(s.samples, 0)::BIGINT, coalesce(d.duplicates, 0)::BIGINT, coalesce(d.conflicts, 0)::BIGINT,
       {"coalesce(o.decreases, 0)::BIGINT" if meter.on_decrease != "block" else "0::BIGINT"},
       {"coalesce(o.decreases, 0)::BIGINT" if meter.on_decrease == "block" else "0::BIGINT"}, coalesce(o.implausible, 0)::BIGINT
FROM names n LEFT JOIN seen s USING (r) LEFT JOIN same d USING (r) LEFT JOIN odd o USING (r)
ORDER BY n.resource
"""


def gaps_sql(meter: Meter) -> str:
    """Rows of GAP_COLUMNS: silences longer than max_gap that touch the period, cut to it."""
    if meter.max_gap_seconds is None or meter.kind in {"interval", "event"}:
        return "SELECT resource, 0::BIGINT, 0::BIGINT, 'none' FROM names WHERE false"
    treated = {"carry": "estimated", "stop": "unmeasured", "fail": "blocks"}[meter.gap]
    begin = f"h.at_us + {_max_gap_us(meter)}" if meter.gap == "stop" else "h.at_us"
    if meter.kind == "counter":
        treated = "estimated"
    return f"""
SELECT n.resource, greatest({begin}, p.start_us), least(h.until_us, p.end_us),
       CASE WHEN {"h.next_us IS NULL" if meter.kind == "counter" else "false"} THEN 'unmeasured' ELSE '{treated}' END
FROM spans h JOIN names n USING (r), period p
WHERE h.quality <> 'end' AND h.until_us - h.at_us > {_max_gap_us(meter)} AND h.until_us > p.start_us AND {begin} < p.end_us
ORDER BY n.resource, h.at_us
"""


def _max_gap_us(meter: Meter) -> int:
    return (meter.max_gap_seconds or 0) * 1_000_000


def _pairs(meter: Meter) -> tuple[str, ...]:
    """`spans`, and `pairs`: neighbours of a counter with the increase between them by the meter's policy, touching the period."""
    fallen = f"next_quantity - quantity + {WRAP[meter.on_decrease]}::HUGEINT" if meter.on_decrease in WRAP else "next_quantity" if meter.on_decrease == "reset" else "0"
    rate = meter.max_rate
    limit = f"(increase::HUGEINT * {rate.denominator}::HUGEINT * 1000000 > (next_us - at_us)::HUGEINT * {rate.numerator})" if rate is not None else "false"
    return (
        _SPANS,
        f"""
CREATE OR REPLACE TEMP VIEW pairs AS
WITH counted AS (
  SELECT r, at_us, quantity, quality, next_us, next_quantity, next_quality FROM spans WHERE quality <> 'end' AND next_quality <> 'end'
  UNION ALL BY NAME
  SELECT * FROM ({_over_ends()})
),
increases AS (SELECT *, next_quantity < quantity AS decreased, CASE WHEN next_quantity < quantity THEN {fallen} ELSE next_quantity - quantity END AS increase FROM counted)
SELECT i.*, {limit} AS implausible FROM increases i, period p WHERE i.next_us > p.start_us AND i.at_us < p.end_us""",
    )


def _over_ends() -> str:
    """A counter goes on behind a reading of quality end as if it were not there: those resources alone are paired anew."""
    return """
SELECT r, at_us, quantity, quality, next_us, next_quantity, next_quality FROM (
  SELECT r, at_us, quantity, quality, lead(at_us) OVER w AS next_us, lead(quantity) OVER w AS next_quantity, lead(quality) OVER w AS next_quality,
         lead(number) OVER w - number AS distance
  FROM (SELECT *, row_number() OVER (PARTITION BY r ORDER BY at_us) AS number FROM picked WHERE r IN (SELECT DISTINCT r FROM picked WHERE quality = 'end'))
  WHERE quality <> 'end' WINDOW w AS (PARTITION BY r ORDER BY at_us)
) WHERE next_us IS NOT NULL AND distance > 1"""


def _gauge_daily(meter: Meter) -> str:
    gap = "false" if meter.max_gap_seconds is None else f"(until_us - at_us > {_max_gap_us(meter)})"
    stops = meter.gap == "stop" and meter.max_gap_seconds is not None
    held = f"least(until_us, at_us + {_max_gap_us(meter)})" if stops else "until_us"
    quality = "quality" if stops else f"CASE WHEN {gap} AND quality <> 'simulated' THEN 'estimated' ELSE quality END"
    return f"""
WITH pieces AS (
  SELECT r, {quality} AS quality, quantity, at_us AS from_us, {held} AS to_us FROM spans WHERE quality <> 'end'
  UNION ALL
  SELECT r, 'unmeasured', NULL, {held}, until_us FROM spans WHERE quality <> 'end' AND {held} < until_us
),
parts AS (
  SELECT s.r, h.day, s.quality, s.quantity, (s.to_us - s.from_us) // 1000 AS ms
  FROM pieces s JOIN hours h ON s.from_us // {HOUR_US} = h.hour WHERE s.to_us <= h.end_us AND s.to_us > s.from_us
  UNION ALL
  SELECT s.r, d.day, s.quality, s.quantity, (least(s.to_us, d.end_us) - greatest(s.from_us, d.start_us)) // 1000
  FROM {_crossing("pieces", "from_us", "to_us")} s JOIN days d ON s.from_us < d.end_us AND s.to_us > d.start_us
),
sums AS (SELECT r, day, quality, sum(coalesce(quantity, 0) * ms::HUGEINT) AS base, sum(ms) AS ms FROM parts GROUP BY r, day, quality)
SELECT n.resource, day, quality::VARCHAR, base::VARCHAR, ms::BIGINT FROM sums JOIN names n USING (r) ORDER BY n.resource, day, quality::VARCHAR
"""


def _crossing(table: str, begin: str, end: str) -> str:
    """The rows that do not lie within one day of the period; few, so that joining them with the days by comparison costs little."""
    return f"(SELECT x.* FROM {table} x LEFT JOIN hours h ON x.{begin} // {HOUR_US} = h.hour WHERE h.hour IS NULL OR x.{end} > h.end_us)"


def _counter_daily(meter: Meter) -> str:
    far = "false" if meter.max_gap_seconds is None else f"(n.next_us - n.at_us > {_max_gap_us(meter)})"

    def quality(estimated: str) -> str:
        return f"""CASE WHEN n.quality = 'simulated' OR n.next_quality = 'simulated' THEN 'simulated'
              WHEN {estimated} OR n.quality = 'estimated' OR n.next_quality = 'estimated' THEN 'estimated' ELSE 'measured' END"""

    def value_at(instant: str) -> str:
        """Increase since the earlier neighbour at an instant: linear, floored to the base unit (M4)."""
        return f"((n.increase::HUGEINT * ({instant} - n.at_us)::HUGEINT) // (n.next_us - n.at_us))"

    return f"""
WITH parts AS (
  SELECT n.r, h.day, {quality("false")} AS quality, n.increase AS part, (n.next_us - n.at_us) // 1000 AS ms
  FROM pairs n JOIN hours h ON n.at_us // {HOUR_US} = h.hour WHERE n.next_us <= h.end_us
  UNION ALL
  SELECT n.r, d.day, {quality(far)} AS quality,
         {value_at("least(n.next_us, d.end_us)")} - {value_at("greatest(n.at_us, d.start_us)")} AS part,
         (least(n.next_us, d.end_us) - greatest(n.at_us, d.start_us)) // 1000 AS ms
  FROM {_crossing("pairs", "at_us", "next_us")} n JOIN days d ON n.at_us < d.end_us AND n.next_us > d.start_us
),
tails AS (SELECT r, max(at_us) AS at_us FROM picked WHERE quality <> 'end' GROUP BY r),
ended AS (SELECT r, max(at_us) AS at_us FROM picked WHERE quality = 'end' GROUP BY r),
unmeasured AS (
  SELECT t.r, d.day, 'unmeasured' AS quality, 0 AS part, (d.end_us - greatest(t.at_us, d.start_us)) // 1000 AS ms
  FROM tails t LEFT JOIN ended e USING (r) JOIN days d ON t.at_us < d.end_us WHERE e.at_us IS NULL OR e.at_us < t.at_us
),
sums AS (SELECT r, day, quality, sum(part) AS base, sum(ms) AS ms FROM (SELECT * FROM parts UNION ALL SELECT * FROM unmeasured) GROUP BY r, day, quality)
SELECT n.resource, day, quality::VARCHAR, base::VARCHAR, ms::BIGINT FROM sums JOIN names n USING (r) ORDER BY n.resource, day, quality::VARCHAR
"""


def _interval_daily(_: Meter) -> str:
    """A quantity over [from, to) is spread evenly over it and floored at each border, so that the parts sum to it (M5)."""

    def until(instant: str) -> str:
        return f"((k.quantity::HUGEINT * ({instant} - k.at_us)::HUGEINT) // (k.end_us - k.at_us))"

    return f"""
SELECT n.resource, d.day, k.quality::VARCHAR,
       sum({until("least(k.end_us, d.end_us)")} - {until("greatest(k.at_us, d.start_us)")})::VARCHAR,
       sum((least(k.end_us, d.end_us) - greatest(k.at_us, d.start_us)) // 1000)::BIGINT
FROM picked k JOIN names n USING (r) JOIN days d ON k.at_us < d.end_us AND k.end_us > d.start_us
WHERE k.quality <> 'end' AND k.end_us > k.at_us
GROUP BY n.resource, d.day, k.quality ORDER BY n.resource, d.day, k.quality::VARCHAR
"""


def _event_daily(_: Meter) -> str:
    """An event counts at its instant and takes no time (M5)."""
    return """
SELECT n.resource, d.day, k.quality::VARCHAR, sum(k.quantity)::VARCHAR, 0::BIGINT
FROM picked k JOIN names n USING (r) JOIN days d ON k.at_us >= d.start_us AND k.at_us < d.end_us
WHERE k.quality <> 'end'
GROUP BY n.resource, d.day, k.quality ORDER BY n.resource, d.day, k.quality::VARCHAR
"""
