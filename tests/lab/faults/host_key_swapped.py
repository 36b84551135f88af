"""A host answers ssh with another host key, as an impostor would."""

from __future__ import annotations

from tests.lab.labkit.host import RunningHost
from tests.lab.labkit.lab import Lab
from tests.lab.labkit.settings import LabError
from tests.lab.labkit.waiting import wait_for

USUAL = "ost-lib-2"
KEY = "/etc/ssh/ssh_host_ed25519_key"
SWAP = f"test -e {KEY}.true || {{ mv {KEY} {KEY}.true && mv {KEY}.pub {KEY}.true.pub && ssh-keygen -q -t ed25519 -N '' -f {KEY}; }}"
BACK = f"if test -e {KEY}.true; then mv {KEY}.true {KEY} && mv {KEY}.true.pub {KEY}.pub; fi"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Swap and have sshd read it, or swap back."""
    host = lab.host(where)
    done = host.run(["sh", "-c", SWAP if on else BACK])
    if done.returncode != 0:
        raise LabError(f"{where}: {done.stderr.strip()}")
    reload(host)
    return host.run(["ssh-keygen", "-lf", f"{KEY}.pub"]).stdout.split()[1]


def reload(host: RunningHost) -> None:
    """Have sshd read its key anew and wait until it offers it."""
    said = host.run(["cat", f"{KEY}.pub"]).stdout.split()[1]
    host.run(["systemctl", "restart", "ssh"] if host.mode.booted else ["pkill", "-HUP", "-o", "sshd"])
    wait_for("the new key is offered", lambda: said in host.run(["ssh-keyscan", "-t", "ed25519", "127.0.0.1"]).stdout, 15, 0.1)
