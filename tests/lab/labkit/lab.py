"""The lab of one name: what stands, kept in a folder, and how it is brought up and taken down."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.lab.labkit import base, cgroups, network, repo, routers, settings, topology
from tests.lab.labkit.host import Mode, RunningHost
from tests.lab.labkit.part import Part, write
from tests.lab.labkit.roof import Roof
from tests.lab.labkit.topology import Topology
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.devices import Devices, make_key
from tests.lab.parts.router import Router

SSH_CONFIG = """Host *
  User drift
  IdentityFile {key}
  IdentitiesOnly yes
  UserKnownHostsFile {known_hosts}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
"""


class Lab:
    """Everything of one lab hangs here; the methods marked "under the roof" are run there."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name or settings.lab_name()
        self.folder = settings.lab_dir() / "labs" / self.name
        self.roof = Roof(self.name, self.folder)

    # -- kept facts
    @property
    def _lock(self) -> Path:
        return self.folder.parent / f".{self.name}.lock"

    @property
    def facts(self) -> dict[str, Any]:
        """What `up` wrote: mode, layer, when."""
        path = self.folder / "lab.json"
        if not path.exists():
            raise settings.LabError(f"lab {self.name} is not up: tests/lab/lab up")
        return dict(json.loads(path.read_text()))

    @property
    def topology(self) -> Topology:
        """What stands."""
        return topology.read(self.folder / "topology.json")

    @property
    def groups(self) -> Sequence[Path]:
        """Control groups that the lab's processes join."""
        return cgroups.folders(self.name)

    @property
    def truth(self) -> Path:
        """What was broken, where and when, one JSON object a line."""
        return self.folder / "truth.jsonl"

    @property
    def key(self) -> Path:
        """The private ssh key of user drift."""
        return self.folder / "ssh" / "id_ed25519"

    @property
    def known_hosts(self) -> Path:
        """Host keys of the day."""
        return self.folder / "ssh" / "known_hosts"

    @property
    def secrets(self) -> Path:
        """Values of the inventory's `file:` secrets, as far as parts brought them (SAMDRIFT_SECRETS)."""
        return self.folder / "secrets"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lab's lock; BusyError when another command has it."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        while True:
            with self._lock.open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise settings.BusyError(f"another command works on lab {self.name}") from None
                if self._lock.exists() and os.fstat(lock.fileno()).st_ino == self._lock.stat().st_ino:
                    try:
                        yield
                    finally:
                        if not self.folder.exists():
                            self._lock.unlink(missing_ok=True)
                    return

    # -- up and down
    def prepare(self, count: int, mode: Mode, layer: str | None) -> None:
        """Clear a left-over lab and write what shall stand (on the machine)."""
        if self.roof.up:
            raise settings.LabError(f"lab {self.name} is up already: tests/lab/lab status, or lab down")
        self.clear()
        root = base.build()
        settings.repo_dir().mkdir(parents=True, exist_ok=True)
        if not (settings.repo_dir() / "Release").exists():
            repo.index(settings.repo_dir())
        self.folder.mkdir(parents=True)
        derive(self.folder, count)
        facts = {"name": self.name, "mode": mode.name, "layer": layer, "base": str(root), "started_at": _now()}
        (self.folder / "lab.json").write_text(json.dumps(facts, indent=1))
        (self.folder / "ssh").mkdir()
        make_key(self.key)
        (self.folder / "ssh" / "config").write_text(SSH_CONFIG.format(key=self.key, known_hosts=self.known_hosts))

    def clear(self) -> None:
        """Take down whatever is there of this name; nothing happens when nothing is."""
        self.roof.fall()
        with contextlib.suppress(OSError), self._lock.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._lock.unlink()

    def build(self) -> None:
        """Network, routers, hosts (under the roof)."""
        stands = self.topology
        network.build(stands)
        hosts = list(self.hosts().values())
        public = Path(f"{self.key}.pub").read_text()
        keys = {}
        routed = list(self.routers().values())
        for router in routed:
            router.begin()
        for host in hosts:
            host.lay()
            keys[host.name] = host.admit(public)
            host.start()
        for router in routed:
            router.finish()
        for host in hosts:
            host.wait_ready()
        wait_for("routes between the sites", lambda: network.linked(stands), 20)
        self._write_known_hosts(stands, keys)

    def hosts(self) -> dict[str, RunningHost]:
        """The hosts by id."""
        facts = self.facts
        mode = Mode(facts["mode"])
        return {h.id: RunningHost(h.id, self.name, self.folder, mode, self._lower(h.id, facts)) for h in self.topology.hosts}

    def host(self, name: str) -> RunningHost:
        """One host; LabError names those there are."""
        found = self.hosts()
        if name not in found:
            raise settings.LabError(f"no host {name}: {', '.join(sorted(found))}")
        return found[name]

    def routers(self) -> dict[str, Router]:
        """The routers by id."""
        return {s.router: routers.of(self.topology, s, self.folder / "routers" / s.router) for s in self.topology.sites}

    def part(self, name: str) -> Part:
        """A part of this lab by name (under the roof)."""
        from tests.lab.labkit import lab_parts

        return lab_parts.make(self, name)

    def told(self, what: str, where: str, state: str, did: str) -> None:
        """Add a line to the truth."""
        line = {"at": _now(), "fault": what, "where": where, "state": state, "did": did}
        with self.truth.open("a") as kept:
            kept.write(json.dumps(line) + "\n")

    def _lower(self, host: str, facts: dict[str, Any]) -> list[Path]:
        layer = settings.layers_dir() / facts["layer"] / host if facts["layer"] else None
        return [*([layer] if layer and layer.exists() else []), Path(facts["base"])]

    def _write_known_hosts(self, stands: Topology, keys: dict[str, str]) -> None:
        from tests.lab.labkit import lab_parts

        names: dict[str, tuple[str, ...]] = {h.id: (h.id, h.ipv4, h.ipv6, *h.others) for h in stands.hosts}
        for site in stands.sites:
            names[site.router] = (site.router, *(a.split("/")[0] for a in site.router_addresses))
            keys[site.router] = self.routers()[site.router].host_key
        switch = self.part(lab_parts.SWITCH_PART)
        assert isinstance(switch, Devices)
        make_key(switch.folder / "host_key")
        names[lab_parts.SWITCH], keys[lab_parts.SWITCH] = (lab_parts.SWITCH, switch.place.ipv4, switch.place.ipv6), switch.host_key
        self.known_hosts.write_text("".join(f"{','.join(names[name])} {key}\n" for name, key in keys.items()))
        _say_host_keys(self.folder / "inventory", keys)
        told = switch.devices[lab_parts.SWITCH]  # routers have the same login
        write(self.secrets / "region-jh" / "network-login", f"{told.user}\n{told.password}\n", 0o600)
        write(self.secrets / "region-jh" / "network-enable", f"{told.enable}\n", 0o600)


def derive(folder: Path, count: int) -> None:
    """Write topology and inventory into a folder, derived from the repository's inventory."""
    program = settings.REPOSITORY / "tests" / "lab" / "inventory" / "derive.py"
    own = settings.REPOSITORY / ".venv" / "bin" / "python"
    python = str(own) if own.exists() else "/usr/bin/python3"
    command = [python, str(program), str(settings.REPOSITORY / "inventory"), str(folder), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise settings.LabError(f"the lab's inventory was not derived (make bootstrap brings what it needs): {done.stderr.strip()[-600:]}")


def _say_host_keys(inventory: Path, keys: dict[str, str]) -> None:
    """Put the day's host keys into the lab's copy of the inventory, instead of the example's."""
    for path in sorted((inventory / "devices").rglob("*.yml")):
        lines, device = [], ""
        for line in path.read_text().splitlines():
            found = re.match(r"- id: (\S+)", line)
            device = found[1] if found else device
            of_host = device in keys and re.match(r"  - (ssh|ecdsa)-\S+ ", line)
            lines.append(f"  - {keys[device]}" if of_host else line)
        path.write_text("\n".join(lines) + "\n")


def all_names() -> list[str]:
    """Names of all labs with anything left: a folder or control groups."""
    folder = settings.lab_dir() / "labs"
    names = {p.name for p in folder.iterdir() if p.is_dir()} if folder.exists() else set()
    prefix = "samdrift-lab-"
    for hierarchy in cgroups.hierarchies():
        names |= {p.name.removeprefix(prefix) for p in hierarchy.glob(f"{prefix}*") if not p.name.startswith(f"{prefix}doctor-")}
    return sorted(names)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
