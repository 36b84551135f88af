"""The house is as its one page says: rooms, names, one sentence a module, no file without a room."""

from __future__ import annotations

import ast
import re

import pytest

from samdrift.inventory.rule import Rule
from samdrift.model.metric import MetricSpec
from tests.contracts.folders import PACKAGE, ROOMS, ROOT, entries, modules, shown

FLOORS = ("model", "adapters", "store", "operations", "daemon", "cli")
EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|handlers?|processors?)(_|$)")
EMPTY_CLASSES = re.compile(r"(Manager|Helper|Util|Utils|Common|Handler|Processor)$")


def sources():
    return sorted(PACKAGE.rglob("*.py"))


def test_architecture_names_every_room_of_the_tree_and_no_other():
    page = ROOT / "docs" / "architecture.md"
    assert page.is_file(), "docs/architecture.md is missing"
    tree = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    named = set(re.findall(r"^\|[^|]*\| `samdrift/([a-z_]+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert not tree - named, f"docs/architecture.md has no row for {sorted(tree - named)}"
    assert not named - tree, f"docs/architecture.md has rows for {sorted(named - tree)}, which are not there"


def test_architecture_says_why_each_library_is_there():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").lower()
    listed = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    names = [re.match(r"[a-z0-9-]+", line)[0] for line in listed if re.match(r"[a-z0-9]", line)]
    missing = [name for name in names if name not in page]
    assert not missing, f"docs/architecture.md does not say why these are there: {missing}"


def test_every_module_says_in_one_sentence_what_it_is():
    missing = [
        shown(path)
        for path in sources()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        and path.read_text(encoding="utf-8").strip()
    ]
    assert not missing, "\n".join(missing)


def test_no_file_or_class_has_an_empty_name():
    wrong = [shown(path) for path in sources() if EMPTY_NAMES.search(path.stem)]
    wrong += [
        f"{shown(path)}:{node.lineno}: class {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and EMPTY_CLASSES.search(node.name)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_package_folder_is_a_package():
    missing = sorted({shown(path.parent) for path in sources() if not (path.parent / "__init__.py").is_file()})
    assert not missing, "no __init__.py in " + ", ".join(missing)


def test_printing_stands_in_the_command_line_alone():
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in sources()
        if "cli" not in path.relative_to(PACKAGE).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not wrong, "\n".join(wrong)


def test_every_code_of_every_cross_rule_stands_in_a_case():
    files = sorted((ROOT / "tests" / "inventory").rglob("*.yml")) + sorted(
        (ROOT / "tests" / "cases" / "rules").glob("*.yml")
    )
    said = "\n".join(path.read_text(encoding="utf-8") for path in files)
    missing = [
        f"{shown(path)}: no case in tests/inventory/cases/ or tests/cases/rules/ shows {code}"
        for path, rule in entries(Rule, "inventory/rules")
        for code in rule.codes
        if not re.search(rf"\b{code}\b", said)
    ]
    assert not missing, "\n".join(missing)


def test_every_metric_bears_our_name_a_unit_and_no_free_text():
    specs = {
        spec.name: (shown(path), spec)
        for path, module in modules(*ROOMS, "model", "operations", "store")
        for value in vars(module).values()
        for spec in (value if isinstance(value, (list, tuple)) else (value,))
        if isinstance(spec, MetricSpec)
    }
    wrong = [
        f"{place}: {name} does not begin with samdrift_"
        for name, (place, _) in specs.items()
        if not name.startswith("samdrift_")
    ]
    wrong += [
        f"{place}: {name} is a counter without _total"
        for name, (place, spec) in specs.items()
        if spec.kind == "counter" and not name.endswith("_total")
    ]
    wrong += [
        f"{place}: {name} has the label {label}, which is free text"
        for name, (place, spec) in specs.items()
        for label in spec.labels
        if label in {"message", "reason_text", "text", "title", "name"}
    ]
    wrong += [f"{place}: {name} has no help" for name, (place, spec) in specs.items() if not spec.help]
    assert not wrong, "\n".join(wrong)


def test_every_noun_of_the_inventory_has_a_class_with_a_schema():
    from samdrift.model.nouns import nouns

    missing = [key for key, noun in nouns().items() if not noun.model.model_json_schema().get("properties")]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "LICENSE",
        "Makefile",
        "requirements.lock",
        "apt-packages.txt",
        "ansible.cfg",
        ".ci/run",
    ],
)
def test_the_top_level_has_what_the_house_promises(name):
    assert (ROOT / name).is_file(), f"{name} is missing"


def test_the_lock_names_no_address():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    pinned = re.findall(r"^([\w.-]+)==\S+( \\\n    --hash=sha256:)?", text, re.MULTILINE)
    bare = [name for name, hashed in pinned if not hashed]
    assert pinned, "requirements.lock is empty"
    assert not bare, f"without hash: {bare}"
