"""One Debian host: an overlay on the base root, its own namespaces, and systemd or sshd as its process 1."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.labkit import cgroups, settings
from tests.lab.labkit.place import Place
from tests.lab.labkit.process import Process
from tests.lab.labkit.roof import environment
from tests.lab.labkit.waiting import NotReadyError, wait_for

UNDER_ROOF = Path("/run/lab/hosts")
PLAIN = Path(__file__).parent.parent / "programs" / "plain-host.sh"
DISK_SIZE = "700m"
START_LIMIT_S = 60
REFUSES_STARTS = "#!/bin/sh\nexit 101\n"
ADMINISTERS_NETWORK = "CAP_NET_ADMIN,CAP_NET_RAW"


@dataclass(frozen=True)
class Mode:
    """How hosts start: systemd or plain."""

    name: str

    @property
    def booted(self) -> bool:
        """True when systemd is process 1."""
        return self.name == "systemd"


class RunningHost:
    """A host under the roof; every method is called under the roof too."""

    def __init__(self, name: str, lab: str, folder: Path, mode: Mode, lower: Sequence[Path] = ()) -> None:
        self.name, self.lab, self.mode, self.lower = name, lab, mode, list(lower)
        self.folder = folder / "hosts" / name
        self.disk = UNDER_ROOF / name
        self.root = self.disk / "root"
        argv = self._booted() if mode.booted else self._plain()
        self.process = Process(
            name, self.folder, argv, place=Place() if mode.booted else Place(name), tied=False,
            cgroups=tuple(cgroups.folders(lab, name)), env={**environment(), "SYSTEMD_NSPAWN_LOCK": "0"},
        )  # fmt: skip

    # -- life
    def lay(self) -> None:
        """Mount the overlay with a tmpfs as upper layer and put in what makes this host this host."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.disk.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE},mode=755", f"lab-{self.name}", str(self.disk))
        for folder in ("upper", "work", "root"):
            (self.disk / folder).mkdir()
        lower = ":".join(str(x) for x in self.lower)
        _run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={self.disk}/upper,workdir={self.disk}/work", str(self.root))
        (self.root / "etc/hostname").write_text(f"{self.name}\n")
        (self.root / "etc/hosts").write_text(f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {self.name}\n")
        (self.root / "etc/resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        refuse = self.root / "usr/sbin/policy-rc.d"
        if self.mode.booted:
            refuse.unlink(missing_ok=True)
        else:
            refuse.write_text(REFUSES_STARTS)
            refuse.chmod(0o755)

    def admit(self, public_key: str) -> str:
        """Make the host's own ssh key and let the operator's key in; gives the public host key."""
        key = self.root / "etc/ssh/ssh_host_ed25519_key"
        if not key.exists():
            _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", self.name, "-f", str(key))
        admitted = self.root / "home/drift/.ssh/authorized_keys"
        admitted.write_text(public_key)
        owner = (self.root / "home/drift").stat()
        os.chown(admitted, owner.st_uid, owner.st_gid)
        admitted.chmod(0o600)
        return " ".join(Path(f"{key}.pub").read_text().split()[:2])

    def start(self) -> None:
        """Begin to start; `wait_ready` waits."""
        cgroups.make(self.lab, self.name)
        self.process.start()

    def wait_ready(self) -> None:
        """Wait until it runs and its sshd answers; raise NotReadyError with the last thing seen."""
        try:
            wait_for(f"host {self.name} runs", self._state_is_good, START_LIMIT_S, 0.1)
            wait_for(f"host {self.name} answers on port 22", lambda: Place(self.name).answers(22), START_LIMIT_S, 0.05)
        except NotReadyError as error:
            raise NotReadyError(f"{error}\n-- {self.process.log}:\n{self.process.tail()}") from None

    def state(self) -> str:
        """running, degraded, starting … as systemd says (running for a plain host), or dead."""
        if self.init is None:
            return "dead"
        if not self.mode.booted:
            return "running"
        told = self.run(["systemctl", "is-system-running"], limit_s=20)
        return told.stdout.strip() or "starting"

    def kill(self) -> None:
        """Cut its power: process 1 is killed, the kernel ends the rest."""
        init = self.init
        if init is not None:
            os.kill(init, signal.SIGKILL)
        self.process.kill()

    def remove(self) -> None:
        """Take a dead host's disk away."""
        _run("umount", "--recursive", "--lazy", str(self.root))
        _run("umount", "--lazy", str(self.disk))

    # -- inside
    @property
    def init(self) -> int | None:
        """The id, seen from under the roof, of the host's process 1."""
        outer = self.process.pid
        if outer is None:
            return None
        children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
        return int(children[0]) if children else None

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Arguments that run a command as root in the host."""
        init = self.init
        if init is None:
            raise settings.LabError(f"host {self.name} does not run: tests/lab/lab status")
        spaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"]
        clean = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root", "TERM=dumb"]
        return ["nsenter", f"--target={init}", *spaces, "--", *clean, *arguments]

    def run(self, arguments: Sequence[str], *, limit_s: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a command as root in the host."""
        return subprocess.run(self.command(arguments), capture_output=True, text=True, timeout=limit_s, check=False)

    def _state_is_good(self) -> bool:
        if self.process.pid is None:
            raise settings.LabError(f"host {self.name} ended while it started:\n{self.process.tail()}")
        state = self.state()
        if state == "degraded":
            failed = self.run(["systemctl", "--failed", "--no-legend", "--plain"]).stdout
            raise settings.LabError(f"host {self.name} is degraded:\n{failed}")
        return state == "running"

    def _booted(self) -> list[str]:
        return [
            "systemd-nspawn", "--quiet", "--boot", "--keep-unit", "--register=no", "--link-journal=no", "--resolv-conf=off", "--timezone=off",
            f"--directory={self.root}", f"--machine={self.name}", f"--hostname={self.name}", f"--network-namespace-path=/run/netns/{self.name}",
            f"--capability={ADMINISTERS_NETWORK}", f"--bind-ro={settings.repo_dir()}:/srv/lab-repo", "--console=read-only",
        ]  # fmt: skip

    def _plain(self) -> list[str]:
        own = ["unshare", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--propagation", "private", "--"]
        return [*own, "sh", str(PLAIN), str(self.root), self.name, str(settings.repo_dir())]


def freeze(host: RunningHost, target: Path) -> None:
    """Copy a stopped host's upper layer, whiteouts and attributes too, into a folder that later hosts stand upon."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.new")
    shutil.rmtree(scratch, ignore_errors=True)
    _run("cp", "-a", "--preserve=all", str(host.disk / "upper"), str(scratch))
    scratch.rename(target)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise settings.LabError(f"{' '.join(command)}: {done.stderr.strip()}")
