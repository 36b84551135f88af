"""The committed schemas are those of the classes, every example file passes, and what a schema can express it refuses too (I22)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from samdrift.inventory.reading import read
from samdrift.operations.inventory_schema import all_schemas
from tests.inventory.small import judged

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference" / "schemas" / "inventory"
EXAMPLE = sorted((ROOT / "inventory").rglob("*.yml"))
SCHEMAS = {name: json.loads(text) for name, text in all_schemas().items()}
SHAPES = [
    pytest.param(case, id=f"{case['code']}: {case['name']}")
    for case in yaml.safe_load((Path(__file__).parent / "shapes.yml").read_text(encoding="utf-8"))
]


def value_of(content: bytes):
    return json.loads(json.dumps(read("file", content).value))


def told(schema, value):
    return [
        f"{error.json_path}: {error.message}" for error in jsonschema.Draft202012Validator(schema).iter_errors(value)
    ]


def test_the_committed_copies_are_what_the_classes_say():
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert committed == all_schemas(), "write them anew: python tools/inventory_schemas.py"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema_and_tells_title_description_and_example_of_every_key(name):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    silent = [
        f"{definition}.{key}"
        for definition, schema in SCHEMAS[name]["$defs"].items()
        for key, told_of in schema.get("properties", {}).items()
        if not (told_of.get("title") and told_of.get("description") and "examples" in told_of)
    ]
    assert not silent


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_example_of_a_key_passes_its_own_schema(name):
    wrong = []
    for definition, schema in SCHEMAS[name]["$defs"].items():
        for key, of_key in schema.get("properties", {}).items():
            for example in of_key["examples"]:
                if example not in ({}, []):
                    wrong += [
                        f"{definition}.{key} {example!r}: {line}"
                        for line in told({**of_key, "$defs": SCHEMAS[name]["$defs"]}, example)
                    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", EXAMPLE, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_example_file_names_its_schema_in_its_first_line_and_passes_it(path):
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
    assert found, f"{path.relative_to(ROOT)}:1: {first}"
    schema = (path.parent / found[1]).resolve()
    assert schema.is_relative_to(FOLDER), schema
    assert told(json.loads(schema.read_text(encoding="utf-8")), value_of(path.read_bytes())) == []


@pytest.mark.parametrize("case", SHAPES)
def test_a_wrong_shape_is_refused_by_the_loader_and_by_the_schema(case):
    work = judged({case["file"]: case["text"]})
    assert case["code"] in {problem.code for problem in work.problems if problem.level == "error"}
    if case.get("schema", True):
        assert told(SCHEMAS[f"{case['file'].split('/')[0].removesuffix('.yml')}.json"], value_of(case["text"].encode()))


@pytest.mark.parametrize("path", EXAMPLE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_whole_schema_takes_each_example_file_under_its_key(path):
    value = value_of(path.read_bytes())
    noun = path.relative_to(ROOT / "inventory").parts[0].removesuffix(".yml")
    if noun != "samdrift":
        whole = value if noun in value else {noun: [value]} if "agreement" in value else {noun: value}
        assert told(SCHEMAS["inventory.json"], whole) == []
