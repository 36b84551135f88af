"""Every meter has its base unit and cases; every allocation key has cases."""

from __future__ import annotations

from tests.contracts.folders import PACKAGE, cases_of, modules, shown


def registered(folder: str):
    """(file, id, object) of each registering file; a file that registers nothing gives None."""
    if not (PACKAGE / folder).is_dir():
        return
    for path, module in modules(folder):
        wanted = path.stem.replace("_", "-")
        found = [value for value in vars(module).values() if getattr(value, "id", None) == wanted]
        yield path, wanted, found[0] if found else None


def test_every_meter_and_key_registers_the_id_of_its_file():
    missing = [
        f"{shown(path)}: registers nothing with id {wanted}"
        for folder in ("metering/meters", "costs/keys")
        for path, wanted, found in registered(folder)
        if found is None
    ]
    assert not missing, "\n".join(missing)


def test_every_meter_has_a_base_unit():
    missing = [
        f"{shown(path)}: no unit"
        for path, _, meter in registered("metering/meters")
        if not any(getattr(meter, name, None) for name in ("unit", "base", "base_unit"))
    ]
    assert not missing, "\n".join(missing)


def test_every_meter_and_key_has_cases():
    missing = [
        f"{shown(path)}: no tests/cases/*/{wanted}.yml"
        for folder in ("metering/meters", "costs/keys")
        for path, wanted, _ in registered(folder)
        if cases_of(wanted) is None
    ]
    assert not missing, "\n".join(missing)
