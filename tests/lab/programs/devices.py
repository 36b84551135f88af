"""Program of the devices part: devices.py FOLDER ADDRESS... (simulated devices that talk like Cisco IOS, on paramiko)."""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import paramiko
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)

FOLDER = Path(sys.argv[1])
LOGIN_LIMIT_S, HUNG_S, SLOW_S = 20, 600, 0.1
BANNER = "Building configuration...\r\n\r\nCurrent configuration : {size} bytes\r\n!\r\n"


def device(name: str) -> dict[str, Any]:
    """What a device is now, read anew each time."""
    return dict(json.loads((FOLDER / "devices.json").read_text())[name])


class Door(paramiko.ServerInterface):
    """Lets one user in by password."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told, self.shell = told, threading.Event()

    def check_auth_password(self, username: str, password: str) -> int:
        """The right password, unless the fault says that none is right."""
        good = (username, password) == (self.told["user"], self.told["password"]) and self.told["fault"] != "wrong-password"
        return AUTH_SUCCESSFUL if good else AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        """Password only."""
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        """Sessions only."""
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED

    def check_channel_pty_request(self, *_: Any) -> bool:
        """A terminal is given."""
        return True

    def check_channel_window_change_request(self, *_: Any) -> bool:
        """Its size is not looked at."""
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        """The command line."""
        self.shell.set()
        return True


class Session:
    """One person or program at the device's command line."""

    def __init__(self, name: str, channel: paramiko.Channel) -> None:
        self.name, self.channel = name, channel
        self.enabled, self.paging, self.configuring = False, True, False

    @property
    def prompt(self) -> str:
        """Hostname and mode."""
        told = device(self.name)
        host = "annan-apparat" if told["fault"] == "other-name" else told["hostname"]
        return f"{host}{'(config)' if self.configuring else ''}{'#' if self.enabled else '>'}"

    def say(self, text: str) -> None:
        """Send text."""
        self.channel.sendall(text.encode())

    def read(self, *, echo: bool = True) -> str:
        """One line as typed."""
        typed = b""
        while True:
            byte = self.channel.recv(1)
            if not byte:
                raise EOFError
            if byte in (b"\r", b"\n"):
                if echo:
                    self.say("\r\n")
                return typed.decode(errors="replace").strip()
            typed += byte
            if echo:
                self.channel.sendall(byte)

    def run(self) -> None:
        """Prompt, command, answer, until exit."""
        self.say(f"\r\n{self.prompt}")
        while True:
            line = self.read()
            if line:
                with (FOLDER / f"{self.name}.commands").open("a") as kept:
                    kept.write(line + "\n")
            if line in ("exit", "quit", "logout") and not self.configuring:
                return
            self.answer(line)
            self.say(f"{self.prompt}")

    def answer(self, line: str) -> None:
        """Do one command."""
        told = device(self.name)
        if line == "enable":
            self.say("Password: ")
            self.enabled = self.read(echo=False) == told["enable"]
            self.say("\r\n" if self.enabled else "\r\n% Access denied\r\n")
        elif line.startswith("terminal length"):
            self.paging = line.rsplit(maxsplit=1)[-1] != "0"
        elif line.startswith("terminal") or not line:
            return
        elif line.startswith("show running-config"):
            self.say("% Invalid input detected at '^' marker.\r\n") if not self.enabled else self.show(running(told), told)
        elif line.startswith("show version"):
            self.show(["Simulated IOS Software, Version 15.2(7)E8", f"{told['hostname']} uptime is 5 weeks"], told)
        elif line.startswith("configure") and self.enabled:
            self.configuring = True
        elif self.configuring and line in ("end", "exit"):
            self.configuring = False
        elif not self.configuring:
            self.say("% Invalid input detected at '^' marker.\r\n")

    def show(self, lines: list[str], told: dict[str, Any]) -> None:
        """Text with paging and with what is wrong with the device."""
        fault = told["fault"]
        for number, line in enumerate(lines):
            if fault in ("cut", "hung", "no-end") and number == len(lines) // 2:
                if fault == "hung":
                    time.sleep(HUNG_S)
                if fault == "cut":
                    self.channel.get_transport().close()
                    raise EOFError
                return
            self.say(line + "\r\n")
            if fault == "slow":
                time.sleep(SLOW_S)
            if self.paging and (number + 1) % int(told["page_lines"]) == 0:
                self.say(" --More-- ")
                self.channel.recv(1)
                self.say("\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b")


def running(told: dict[str, Any]) -> list[str]:
    """The running configuration, whole."""
    host = "annan-apparat" if told["fault"] == "other-name" else told["hostname"]
    salt = secrets.token_hex(4) if told["fault"] == "re-salted" else "q1w2e3r4"
    body = ["version 15.2", f"hostname {host}", f"enable secret 5 $1${salt}$" + (salt * 3)[:22], "!", *told["lines"], "!", "end"]
    head = BANNER.format(size=sum(len(x) + 1 for x in body)).replace("\r", "").split("\n")[:-1]
    return head + body


def meet(name: str, link: socket.socket, key: paramiko.PKey) -> None:
    """One connection, from greeting to end."""
    with contextlib.suppress(Exception):  # a client that leaves is no fault of the simulator's
        transport = paramiko.Transport(link)
        transport.add_server_key(key)
        door = Door(device(name))
        transport.start_server(server=door)
        channel = transport.accept(LOGIN_LIMIT_S)
        if channel is not None:
            door.shell.wait(LOGIN_LIMIT_S)
            with contextlib.suppress(EOFError, OSError):
                Session(name, channel).run()
        transport.close()
    link.close()


def listen(name: str, address: str, port: int, key: paramiko.PKey) -> None:
    """Accept for one device on one address, for ever."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((address, port))
    door.listen(64)
    while True:
        link, _ = door.accept()
        threading.Thread(target=meet, args=(name, link, key), daemon=True).start()


def main() -> None:
    """All devices on all addresses until killed."""
    key = paramiko.Ed25519Key.from_private_key_file(str(FOLDER / "host_key"))
    for name, told in json.loads((FOLDER / "devices.json").read_text()).items():
        for address in sys.argv[2:]:
            threading.Thread(target=listen, args=(name, address, told["port"], key), daemon=True).start()
    threading.Event().wait()


main()
