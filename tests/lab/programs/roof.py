"""Process 1 under a lab's roof: roof.py FOLDER. Makes an empty /run, then buries the dead until it is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

LONG_S = 3600


def run(*command: str) -> None:
    """One command, which must go well."""
    subprocess.run(command, check=True, timeout=20)


def main() -> None:
    """Set up and wait."""
    folder = Path(sys.argv[1])
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    for name in ("netns", "lab", "sshd", "lock"):
        Path("/run", name).mkdir()
    resolver = Path("/run/lab/resolv.conf")
    resolver.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    with contextlib.suppress(subprocess.CalledProcessError):
        run("mount", "--bind", str(resolver), os.path.realpath("/etc/resolv.conf"))
    run("ip", "link", "set", "lo", "up")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    (folder / "roof.ready").touch()
    while True:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        signal.sigtimedwait({signal.SIGCHLD}, LONG_S)


main()
