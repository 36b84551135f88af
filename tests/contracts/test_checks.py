"""Every check has an id equal to its file's name, a requirement, a source, a remedy and cases of each outcome."""

from __future__ import annotations

from samdrift.model.check import Check
from tests.contracts.folders import PACKAGE, ROOMS, cases_of, entries, read_yaml, shown, words


def checks():
    folders = [f"{room}/checks" for room in ROOMS if (PACKAGE / room / "checks").is_dir()]
    return list(entries(Check, *folders))


def test_a_check_s_file_bears_its_id():
    wrong = [
        f"{shown(path)} registers {check.id}" for path, check in checks() if path.stem != check.id.replace("-", "_")
    ]
    assert not wrong, "\n".join(wrong)


def test_ids_are_unique_over_all_rooms():
    ids = [check.id for _, check in checks()]
    assert sorted(set(ids)) == sorted(ids)


def test_every_check_says_what_it_demands_why_and_what_to_do():
    missing = [
        f"{shown(path)}: no {part}"
        for path, check in checks()
        for part in ("title", "requirement", "remedy", "codes", "needs", "references")
        if not getattr(check, part)
    ]
    assert not missing, "\n".join(missing)


def test_every_check_has_cases_of_good_bad_and_unknown():
    missing = []
    for path, check in checks():
        cases = cases_of(check.id)
        if cases is None:
            missing.append(f"{shown(path)}: no tests/cases/checks/{check.id}.yml")
            continue
        said = set(words(read_yaml(cases)))
        wanted = ({"ok"}, {"failure", "warning"}, {"undetermined", "not-applicable"})
        missing += [
            f"{shown(cases)}: no case that ends {' or '.join(sorted(names))}" for names in wanted if not said & names
        ]
    assert not missing, "\n".join(missing)


def test_every_code_of_a_check_stands_in_a_case():
    missing = []
    for _, check in checks():
        cases = cases_of(check.id)
        if cases is not None:
            said = set(words(read_yaml(cases)))
            missing += [
                f"{shown(cases)}: no case for {check.id}/{code.id}" for code in check.codes if code.id not in said
            ]
    assert not missing, "\n".join(missing)
