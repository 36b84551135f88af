"""10: the month is closed from committed readings, each member's report written, shares sum to the total."""

from __future__ import annotations

from tests.lab.day.day import MONTH, READINGS, Day, Seen, Step, expect


def run(day: Day) -> Seen:
    imported = day.json("usage", "import", str(READINGS), "--source", f"replayed-{MONTH}")["items"][0]
    day.samdrift("cost", "close", "--month", MONTH, "--yes")
    day.samdrift("cost", "close", "--month", MONTH, "--yes", code=1)
    verified = day.json("cost", "verify", "--month", MONTH)
    expect(verified["whole"], "the closed month computed anew differs")
    preview = day.json("cost", "preview", "--month", MONTH, "--readings", str(READINGS))
    totals = preview["totals"]
    pools = sum(each["amount_ore"] for each in totals["pools"])
    members = sum(each["net_ore"] for each in totals["members"])
    settled = sum(each["to_settlement_ore"] + each["unallocated_ore"] for each in totals["pools"])
    lines = sum(each["amount_ore"] for each in preview["items"])
    expect(pools == members + settled and lines == members, f"pools {pools}, members {members}, lines {lines} öre")
    reports = day.folder / "reports"
    for form in ("html", "csv"):
        day.samdrift("report", "member", "--month", MONTH, "--format", form, "--out", str(reports), "--lang", "sv")
    pages = sorted(reports.glob("*.html"))
    expect(len(pages) == 11, f"{len(pages)} reports")
    again = day.folder / "work" / "again"
    day.samdrift("report", "member", "--month", MONTH, "--out", str(again), "--lang", "sv")
    expect(
        all((again / page.name).read_bytes() == page.read_bytes() for page in pages),
        "a report made again has other bytes",
    )
    gaps = day.json("usage", "show", "--month", MONTH)["items"]
    silent = sum(each["gap_count"] for each in gaps)
    payers = ", ".join(
        f"{each['member']} {kronor(each['net_ore'])}"
        for each in sorted(totals["members"], key=lambda each: -each["net_ore"])[:3]
    )
    return Seen(
        f"{kronor(pools)} split, sum exact; {len(pages)} reports, again the same bytes; {silent} gap marked",
        {
            "costs": f"{kronor(pools)} of {MONTH} split to the öre among {len(totals['members'])} members (most: {payers})"
        },
        replayed=imported["accepted"] + imported["duplicates"],
    )


def kronor(ore: int) -> str:
    """`486 780.82 kr`."""
    return f"{ore // 100:,}.{ore % 100:02d} kr".replace(",", " ")


STEP = Step(10, "Close the month and report it", "each member's report; shares sum to the total", run)
