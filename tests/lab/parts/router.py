"""Router: real FRR (zebra, staticd, bgpd), and sshd whose one user has vtysh as login shell; no host root is needed."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.lab.labkit.part import Part, program, write
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process
from tests.lab.parts.devices import make_key

FRR = "/usr/lib/frr"
START = Path(__file__).parent.parent / "programs" / "router.sh"
DEFAULT = "frr defaults traditional\nlog stdout\n!\nline vty\n!\n"


class Router(Part):
    """FRR in the place's network, with its own /etc/frr, /run and user list in a mount namespace of its own.

    Needs root, and a place that is a namespace: FRR writes routes. `config` is a whole frr.conf.
    """

    name = "router"

    def __init__(
        self, folder: Path, place: Place = LOOPBACK, *, hostname: str = "rtr1", config: str = DEFAULT,
        user: str = "backup", password: str = "lab-only", listen: Sequence[str] = (), tied: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(folder, place, tied=tied)
        if place.namespace is None:
            raise ValueError("refused: a router belongs into a namespace (a Yard will do), never into the machine's own network")
        self.hostname, self.config, self.user, self.password = hostname, config, user, password
        self.listen = tuple(listen) or (place.ipv4, place.ipv6)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of its sshd."""
        return self.listen[0], self.port("ssh", 22)

    @property
    def host_key(self) -> str:
        """Public host key, as `ssh-ed25519 AAAA…`."""
        return " ".join((self.folder / "host_key.pub").read_text().split()[:2])

    def known_hosts(self) -> Path:
        """A known_hosts file for its addresses."""
        port = self.port("ssh", 22)
        names = [a if port == 22 else f"[{a}]:{port}" for a in self.listen]
        return write(self.folder / "known_hosts", "".join(f"{n} {self.host_key}\n" for n in names))

    def prepare(self) -> None:
        """Host key, user list, settings of sshd and FRR."""
        self.folder.mkdir(parents=True, exist_ok=True)
        make_key(self.folder / "host_key")
        etc = self.folder / "etc"
        hashed = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=self.password, capture_output=True, text=True, check=True, timeout=20)
        write(etc / "passwd", _without("/etc/passwd", self.user) + f"{self.user}:x:6001:6001::/:/usr/bin/vtysh\n")
        write(etc / "shadow", f"root:*:1::::::\n{self.user}:{hashed.stdout.strip()}:1::::::\n", 0o600)
        write(etc / "group", _with_member(_without("/etc/group", self.user), self.user) + f"{self.user}:x:6001:\n")
        listen = "".join(f"ListenAddress {a}\n" for a in self.listen)
        write(
            etc / "sshd_config",
            f"Port {self.port('ssh', 22)}\n{listen}HostKey {self.folder}/host_key\nUsePAM no\nPasswordAuthentication yes\nUseDNS no\n"
            f"PidFile none\nMaxStartups 100\nPrintMotd no\nPermitUserEnvironment no\nAllowUsers {self.user}\nStrictModes no\n",
        )
        write(etc / "frr" / "frr.conf", f"hostname {self.hostname}\n{self.config}")
        write(etc / "frr" / "vtysh.conf", "service integrated-vtysh-config\n")

    def programs(self) -> Sequence[Process]:
        """One process with everything below it: ending it ends all."""
        for name in ("zebra", "staticd", "bgpd"):
            program(name, "frr", FRR)
        own = ["unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc", "--"]
        return [self.process("router", [*own, "sh", START, self.hostname, self.folder / "etc", program("sshd", "openssh-server")])]

    def ready(self) -> bool:
        """Its sshd accepts, and its shell gives the whole configuration."""
        return self.place.answers(self.address[1], self.address[0]) and "end" in self.vtysh("show running-config")

    def vtysh(self, command: str) -> str:
        """What vtysh says to a command, asked beside ssh; empty when the router does not run."""
        if self._inside() is None:
            return ""
        return subprocess.run(self.command(["vtysh", "-c", command]), capture_output=True, text=True, timeout=20, check=False).stdout

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Arguments that run a command as root in the router."""
        return ["nsenter", "--target", str(self._inside()), "--mount", "--uts", "--pid", "--net", "--", *arguments]

    def _inside(self) -> int | None:
        outer = self.processes["router"].pid
        if outer is None:
            return None
        children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
        return int(children[0]) if children else None


def _without(path: str, name: str) -> str:
    """The machine's list without an entry of this name."""
    return "".join(line for line in Path(path).read_text().splitlines(keepends=True) if not line.startswith(f"{name}:"))


def _with_member(groups: str, user: str) -> str:
    """The group list with `user` in frrvty, whose members may speak with FRR."""
    lines = groups.splitlines()
    return "".join(f"{x}{'' if x.endswith(':') else ','}{user}\n" if x.startswith("frrvty:") else f"{x}\n" for x in lines)
