"""Ansible reads the inventory through the plugin as the package itself lists it, and stops when it is not valid (I12-I16)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.generate_inventory import generate

ROOT = Path(__file__).resolve().parents[2]
LINES = {
    "2.19": Path(sys.executable).parent,
    "2.18": ROOT / ".venv-ansible-2.18" / "bin",
    "2.14": ROOT / ".venv-ansible-2.14" / "bin",
}
PLAY = "- hosts: all\n  gather_facts: false\n  tasks:\n    - {name: Write, ansible.builtin.copy: {content: x, dest: FILE, mode: '0600'}, delegate_to: localhost, run_once: true}\n"


@pytest.fixture(params=LINES, scope="module")
def programs(request):
    if not (LINES[request.param] / "ansible-inventory").exists():
        pytest.skip(f"ansible-core {request.param} is not here: make environments")
    return LINES[request.param]


@pytest.fixture(scope="module")
def inventories(tmp_path_factory):
    """The example, and a generated one of 11 members with 100 hosts each."""
    return {
        "example": ROOT / "inventory",
        "1,100 hosts": generate(tmp_path_factory.mktemp("grown") / "inventory", 11, 100),
    }


def ran(program, *arguments, member=None, **more):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SAMDRIFT_"))}
    environment |= {
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        **({"SAMDRIFT_MEMBER": member} if member else {}),
        **more,
    }
    return subprocess.run(
        [str(program), *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def seen_by_ansible(programs, inventory, **more):
    """host → (variables, groups)."""
    ended = ran(programs / "ansible-inventory", "-i", inventory / "samdrift.yml", "--list", **more)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    variables = found.pop("_meta")["hostvars"]
    groups = {
        host: {
            name for name, group in found.items() if name not in {"all", "ungrouped"} and host in group.get("hosts", ())
        }
        for host in variables
    }
    return {host: (variables[host], groups[host]) for host in variables}


def seen_by_samdrift(inventory):
    ended = ran(
        sys.executable,
        "-m",
        "samdrift.cli",
        "--inventory",
        inventory,
        "inventory",
        "list",
        "devices",
        "--output",
        "json",
    )
    assert ended.returncode == 0, ended.stderr
    items = [item for item in json.loads(ended.stdout)["items"] if item["variables"] is not None]
    for item in items:
        told = {address for found in item["addresses"].values() for address in found.values() if address}
        assert item["variables"].get("ansible_host") in told or not told
    return {item["id"]: (item["variables"], set(item["groups"])) for item in items}


@pytest.mark.parametrize("which", ["example", "1,100 hosts"])
def test_ansible_sees_the_same_hosts_groups_addresses_and_variables(programs, inventories, which):
    ours = seen_by_samdrift(inventories[which])
    assert len(ours) > 50
    assert seen_by_ansible(programs, inventories[which]) == ours


@pytest.mark.parametrize("which", ["example", "1,100 hosts"])
def test_the_static_export_gives_the_same_and_the_same_bytes_twice(programs, inventories, which, tmp_path):
    for folder in ("one", "two"):
        ended = ran(
            sys.executable,
            "-m",
            "samdrift.cli",
            "--inventory",
            inventories[which],
            "inventory",
            "export",
            "--ansible",
            tmp_path / folder,
        )
        assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "one/hosts.yml").read_bytes() == (tmp_path / "two/hosts.yml").read_bytes()
    ended = ran(
        programs / "ansible-inventory", "-i", tmp_path / "one/hosts.yml", "--list", ANSIBLE_INVENTORY_ENABLED="yaml"
    )
    found = json.loads(ended.stdout)
    variables = found.pop("_meta")["hostvars"]
    ours = seen_by_samdrift(inventories[which])
    assert variables == {host: told for host, (told, _) in ours.items()}
    groups = {name: set(group["hosts"]) for name, group in found.items() if name not in {"all", "ungrouped"}}
    assert groups == {
        name: {host for host, (_, names) in ours.items() if name in names}
        for name in {name for _, names in ours.values() for name in names}
    }


def test_an_invalid_inventory_stops_every_task(programs, tmp_path):
    copy, written = tmp_path / "inventory", tmp_path / "written"
    shutil.copytree(ROOT / "inventory", copy)
    text = (copy / "devices" / "are.yml").read_text(encoding="utf-8")
    (copy / "devices" / "are.yml").write_text(text.replace("state: active", "state: actve", 1), encoding="utf-8")
    (tmp_path / "play.yml").write_text(PLAY.replace("FILE", str(written)), encoding="utf-8")
    ended = ran(programs / "ansible-playbook", "-i", copy / "samdrift.yml", tmp_path / "play.yml")
    told = " ".join((ended.stdout + ended.stderr).split())
    assert ended.returncode != 0
    assert not written.exists(), "a task ran"
    assert "error[unknown-value]" in told, told
    assert "did you mean 'active'?" in told, told


def test_with_a_member_chosen_another_members_broken_file_does_not_stop_it(programs, tmp_path):
    copy = tmp_path / "inventory"
    shutil.copytree(ROOT / "inventory", copy)
    (copy / "devices" / "krokom.yml").write_text("devices: [\n", encoding="utf-8")
    assert ran(programs / "ansible-inventory", "-i", copy / "samdrift.yml", "--list").returncode != 0
    hosts = seen_by_ansible(programs, copy, member="are")
    owners = {
        owner
        for variables, _ in hosts.values()
        if len(variables["samdrift_owners"]) == 1
        for owner in variables["samdrift_owners"]
    }
    assert "are" in owners
    assert "krokom" not in owners


def test_a_python_without_the_package_says_so_in_one_line_and_names_that_python(programs, tmp_path):
    (tmp_path / "pydantic.py").write_text("raise ImportError('No module named pydantic')\n", encoding="utf-8")
    ended = ran(
        programs / "ansible-inventory", "-i", ROOT / "inventory" / "samdrift.yml", "--list", PYTHONPATH=str(tmp_path)
    )
    told = " ".join(ended.stderr.split())
    assert ended.returncode != 0
    assert f"{programs}/python" in told, told
    assert "cannot import samdrift" in told, told


def test_retired_devices_are_no_hosts_and_planned_ones_stand_apart():
    ours = seen_by_samdrift(ROOT / "inventory")
    planned = {host for host, (variables, _) in ours.items() if variables["samdrift_state"] == "planned"}
    assert all(ours[host][1] == {"planned"} for host in planned)
    assert all(variables["samdrift_state"] != "retired" for variables, _ in ours.values())
    assert all("samdrift_members" not in variables for variables, _ in ours.values())
