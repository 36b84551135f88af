"""Render monitoring: Prometheus' and Alertmanager's files from the inventory, the same bytes twice (monitoring.md M5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from samdrift.adapters.files import make_folder, read_tree, write_whole
from samdrift.adapters.limits import PROGRAM_SECONDS
from samdrift.adapters.process import find_program, run
from samdrift.alerting import alertmanager_config, prometheus_config
from samdrift.alerting.targets import without_target
from samdrift.alerting.timing import EVALUATION_S, AlertRule, bound_s, prometheus_seconds
from samdrift.model.errors import Refused
from samdrift.model.inventory import Inventory

HEAD = "# Written by `samdrift monitor render` from the inventory; change that, not this file.\n"
OWNED = ("prometheus/", "alertmanager/")
"""What the rendering owns below its folder: a file there that it does not write is extra."""


class _Indented(yaml.SafeDumper):
    """Lists are indented below their key, as yamllint wants them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=indentless and flow)


FileState = Literal["same", "changed", "missing", "extra", "written"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file: its path below the folder, and how it stands against what should be there."""

    path: str
    state: FileState
    size_bytes: int


def monitors_folder(inventory_path: Path) -> Path:
    """The `monitors/` of the checkout: beside the inventory, else beside the program."""
    beside = inventory_path.resolve().parent / "monitors"
    return beside if beside.is_dir() else Path(__file__).resolve().parents[2] / "monitors"


def render(inventory: Inventory, rules: Mapping[str, bytes], *, webhooks: Sequence[str] = ()) -> dict[str, bytes]:
    """Path → bytes of every file, `rules` (file name → bytes) among them as alerts/; Refused when a host cannot be scraped."""
    bare = without_target(inventory)
    if bare:
        raise Refused(f"no address to scrape: {', '.join(bare)}", help="give the device an address under `management`")
    sites = prometheus_config.monitors_of(inventory)
    if not sites:
        raise Refused("no device has the role prometheus", help="give a device of each hall `roles: [prometheus]`")
    files: dict[str, Any] = {f"prometheus/{site}.yml": prometheus_config.config(inventory, site) for site in sites}
    files |= prometheus_config.target_files(inventory)
    files["alertmanager/alertmanager.yml"] = alertmanager_config.config(webhooks, tuple(sites))
    found = {path: (HEAD + yaml.dump(value, Dumper=_Indented, sort_keys=False, allow_unicode=True, width=160)).encode() for path, value in files.items()}
    for site in sites:
        found[f"prometheus/{site}.flags"] = ("\n".join(prometheus_config.flags(inventory, site)) + "\n").encode()
        found[f"alertmanager/{site}.flags"] = ("\n".join(alertmanager_config.flags(inventory, site)) + "\n").encode()
    found |= {f"alerts/{name}": data for name, data in rules.items()}
    return dict(sorted(found.items()))


def read_rules(folder: Path) -> dict[str, bytes]:
    """File name → bytes of the rules in monitors/alerts/."""
    return {path: data for path, data in sorted(read_tree(folder / "alerts").files.items()) if path.endswith(".rules.yml")}


def bounds(rules: Mapping[str, bytes]) -> dict[str, int]:
    """Alert → the seconds within which it is told, at most (M27)."""
    found = {}
    for data in rules.values():
        for group in yaml.safe_load(data)["groups"]:
            interval = prometheus_seconds(group["interval"]) if "interval" in group else EVALUATION_S
            for rule in group["rules"]:
                if "alert" in rule:
                    labels = rule["labels"]
                    read = AlertRule(rule["alert"], labels["severity"], labels["layer"], prometheus_seconds(str(rule.get("for", "0s"))), interval)
                    found[read.name] = bound_s(read)
    return dict(sorted(found.items()))


def compare(files: Mapping[str, bytes], folder: Path) -> tuple[Rendered, ...]:
    """How the folder stands against the rendered files, sorted by path."""
    there = read_tree(folder).files if folder.is_dir() else {}
    found = [Rendered(path, "missing" if path not in there else "same" if there[path] == data else "changed", len(data)) for path, data in files.items()]
    found += [Rendered(path, "extra", len(data)) for path, data in there.items() if path.startswith(OWNED) and path not in files]
    return tuple(sorted(found, key=lambda one: one.path))


def write(files: Mapping[str, bytes], folder: Path) -> tuple[Rendered, ...]:
    """Write what is missing or changed and take away what is extra; a second time it changes nothing."""
    found = []
    for one in compare(files, folder):
        path = folder / one.path
        if one.state == "extra":
            path.unlink()
        elif one.state != "same":
            make_folder(path.parent, mode=0o755)
            write_whole(path, files[one.path])
        found.append(Rendered(one.path, "extra" if one.state == "extra" else "same" if one.state == "same" else "written", one.size_bytes))
    return tuple(found)


def require_programs() -> None:
    """MissingProgram before anything is written, when what proves the files is not installed."""
    for program in ("promtool", "amtool"):
        find_program(program)


def prove(folder: Path) -> tuple[str, ...]:
    """What promtool and amtool object to in the written files, a line each; MissingProgram when one is absent."""
    faults: list[str] = []
    for path in sorted((folder / "prometheus").glob("*.yml")):
        done = run(["promtool", "check", "config", str(path)], limit_seconds=PROGRAM_SECONDS["promtool"])
        faults += [f"{path.name}: {done.said}"] if done.code else []
    done = run(["amtool", "check-config", str(folder / "alertmanager" / "alertmanager.yml")], limit_seconds=PROGRAM_SECONDS["amtool"])
    return tuple(faults + ([f"alertmanager.yml: {done.said}"] if done.code else []))
