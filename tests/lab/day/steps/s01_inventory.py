"""1: the inventory of eleven members is valid; an error drawn by the seed is shown at its place."""

from __future__ import annotations

from pathlib import Path

from tests.lab.day.day import Day, Seen, Step, expect

ERRORS = (
    ("devices/are.yml", "    state: active\n", "    state: actve\n", "unknown-value"),
    ("members.yml", "kind: municipality", "kind: municipal", "unknown-value"),
    ("agreements/joint-operations-2016.yml", "4.16", "4.17", "key-sum"),
    ("services", "  rpo: ", "  rpoo: ", "unknown-key"),
)


def run(day: Day) -> Seen:
    valid = day.json("inventory", "validate", "--strict")
    expect(valid["items"] == [], f"{len(valid['items'])} problems in the example inventory")
    members = day.json("inventory", "list", "members")["items"]
    expect(len(members) == 11, f"{len(members)} members")
    file, before, after, code = day.random.choice(ERRORS)
    folder = day.copy_of_inventory("seeded")
    path = folder / file
    if path.is_dir():
        path = next(each for each in sorted(path.glob("*.yml")) if before in each.read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8")
    expect(before in text, f"{file} has no {before!r} to seed an error in")
    line = text[: text.index(before)].count("\n") + 1
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    found = day.json("inventory", "validate", code=2, env={"SAMDRIFT_INVENTORY": str(folder)})["items"]
    mine = [each for each in found if each["code"] == code and Path(each["file"]).name == path.name]
    expect(mine, f"the seeded {code} in {path.name} was not found, but {[each['code'] for each in found]}")
    expect(code == "key-sum" or mine[0]["line"] == line, f"found at line {mine[0]['line']}, it stands at {line}")
    place = f"{path.relative_to(folder)}:{mine[0]['line']}:{mine[0]['column']}"
    return Seen(f"11 members, 0 problems; seeded {code} found at {place}", {"inventory": "11 members, valid"})


STEP = Step(1, "Inventory of eleven members; a seeded error", "valid; the error at its file, line and column", run)
