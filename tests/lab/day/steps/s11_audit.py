"""11: the audit chain of all that was done today is whole."""

from __future__ import annotations

from tests.lab.day.day import Day, Seen, Step, expect


def run(day: Day) -> Seen:
    verdict = day.json("audit", "verify")
    item = verdict["items"][0]
    expect(item["whole"], f"broken at {item['first_bad']}: {item['damage']}")
    entries = day.json("audit", "export")["items"]
    (day.folder / "audit.json").write_text(day.samdrift("audit", "export", "--output", "json").stdout, encoding="utf-8")
    verbs = sorted({entry["verb"] for entry in entries})
    expect(entries, "nothing is in the chain")
    return Seen(
        f"{item['entries']} entries whole: {', '.join(verbs)}", {"audit": f"{item['entries']} entries, chain whole"}
    )


STEP = Step(11, "Verify the audit chain", "whole", run, needs=(10,))
