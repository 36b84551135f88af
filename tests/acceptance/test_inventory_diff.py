"""`samdrift inventory diff`: what changed in meaning, and what nobody should do by accident."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import yaml

from .conftest import ROOT, start


@pytest.fixture
def pair(tmp_path):
    """Two copies of the example: the old one, and the one to change."""
    return [shutil.copytree(ROOT / "inventory", tmp_path / name) for name in ("old", "new")]


def diff(*arguments):
    return start("inventory", "diff", *map(str, arguments), "--output", "json")


def test_order_and_files_make_no_difference(pair):
    old, new = pair
    (new / "devices/krokom").mkdir()
    (new / "devices/krokom.yml").rename(new / "devices/krokom/all.yml")
    for name in ("holidays.yml", "viewers.yml"):
        text = (new / name).read_text(encoding="utf-8")
        key = name.removesuffix(".yml")
        (new / name).write_text(
            yaml.safe_dump({key: list(reversed(yaml.load(text, Loader=yaml.BaseLoader)[key]))}, allow_unicode=True),
            encoding="utf-8",
        )
    said = diff(old, new)
    assert (said.code, said.json()["items"]) == (0, []), said.err


def test_a_move_and_a_change_are_told_with_old_and_new(pair):
    old, new = pair
    path = new / "devices/shared.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("rack: a1\n    unit: 12", "rack: a2\n    unit: 33", 1),
        encoding="utf-8",
    )
    said = diff(old, new)
    assert said.code == 0, said.err
    found = {(item["id"], item["change"], item["field"], item["old"], item["new"]) for item in said.json()["items"]}
    assert found == {("ost-lib-1", "moved", "rack", "a1", "a2"), ("ost-lib-1", "changed", "unit", "12", "33")}


def test_a_site_that_goes_is_refused_and_one_refusal_can_be_accepted(pair):
    old, new = pair
    (old / "sites/extra.yml").write_text(
        "- {id: kontor-extra, name: Extra, kind: office, prefixes: []}\n", encoding="utf-8"
    )
    said = diff(old, new)
    assert said.code == 1
    assert [item["refused_by"] for item in said.json()["items"]] == ["site-removed:kontor-extra"]
    assert diff(old, new, "--accept", "site-removed:kontor-extra").code == 0
    assert diff(old, new, "--accept", "site-removed:other").code == 1


def test_many_of_a_members_devices_that_go_are_refused(pair):
    old, new = pair
    extra = "".join(
        f"- {{id: are-extra-{n}, name: are-extra-{n}.drift.example, kind: appliance, owner: are, state: active, site: hall-are, ssh: false}}\n"
        for n in range(9)
    )
    (old / "devices/are").mkdir()
    (old / "devices/are/extra.yml").write_text(extra, encoding="utf-8")
    said = diff(old, new)
    assert said.code == 1
    assert {item["refused_by"] for item in said.json()["items"]} == {"devices-removed:are"}


def test_a_revision_of_git_is_compared_without_touching_the_tree(tmp_path):
    folder = shutil.copytree(ROOT / "inventory", tmp_path / "inventory")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=test", "-c", "user.email=test@drift.example"]
    for arguments in (["init", "-q"], ["add", "inventory"], ["commit", "-q", "-m", "before"]):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    path = folder / "devices/shared.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("unit: 12", "unit: 33", 1), encoding="utf-8")
    said = start("--inventory", str(folder), "inventory", "diff", "HEAD", str(folder), "--output", "json")
    assert [(item["id"], item["field"]) for item in said.json()["items"]] == [("ost-lib-1", "unit")], said.err
    wrong = start("--inventory", str(folder), "inventory", "diff", "nosuch", str(folder))
    assert wrong.code == 2
    assert "nosuch" in wrong.err
