"""Ssh: opens netmiko sessions with host keys checked strictly before any credential leaves; the only file that knows these libraries (reliability.md H1, H2)."""

from __future__ import annotations

import base64
import hashlib
import logging
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import netmiko
import paramiko
from netmiko.ssh_dispatcher import CLASS_MAPPER

from samdrift.adapters.limits import Limit
from samdrift.adapters.secrets import Secret

PORT = 22
WATCH_S = 0.2
"""How often a session is looked at whether its time has passed."""
for _name in ("netmiko", "paramiko"):
    logging.getLogger(_name).disabled = True  # their debug lines show what a session says, secrets too
    logging.getLogger(f"{_name}.transport").disabled = True


class Unreached(Exception):
    """Nothing accepted at the address, or what did speaks no ssh; another address may."""


class LoginRefused(Exception):
    """The server refused the credentials, or the secret of the enable mode."""


class TimedOut(Exception):
    """The server accepted and then let a limit pass."""


class HostKeyChanged(Exception):
    """The server showed a key that the inventory does not name; nothing but the key exchange was sent to it."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in; `enable` is the secret of the privileged mode where the device wants one."""

    user: str
    password: Secret
    enable: Secret | None = None


def fingerprint(key: str) -> str:
    """The fingerprint that ssh-keygen -l prints, of a public key `type base64`."""
    raw = base64.b64decode(key.split()[1] + "==")
    return "SHA256:" + base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")


class _Strict(paramiko.SSHClient):
    """A client that knows the keys it is given and no others, whatever the address is called."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self._named = tuple(keys)
        self.set_missing_host_key_policy(paramiko.RejectPolicy())

    def connect(self, hostname: str, port: int = PORT, **options: Any) -> None:  # type: ignore[override]
        """Connect; HostKeyChanged before authentication when the key is not one of those named."""
        name = hostname if port == PORT else f"[{hostname}]:{port}"
        for line in self._named:
            entry = paramiko.hostkeys.HostKeyEntry.from_line(f"{name} {line}")
            if entry is not None and entry.key is not None:
                self.get_host_keys().add(name, entry.key.get_name(), entry.key)
        try:
            super().connect(hostname, port, **options)
        except paramiko.BadHostKeyException as error:
            self._refuse(error.key)
        except paramiko.SSHException:
            transport = self.get_transport()
            shown = transport.get_remote_server_key() if transport is not None and transport.initial_kex_done else None
            if shown is not None and not self._knows(shown):
                self._refuse(shown)
            raise

    def _knows(self, key: paramiko.PKey) -> bool:
        return f"{key.get_name()} {key.get_base64()}" in {" ".join(named.split()[:2]) for named in self._named}

    def _refuse(self, key: paramiko.PKey) -> NoReturn:
        self.close()
        known = ", ".join(fingerprint(named) for named in self._named) or "no key"
        raise HostKeyChanged(f"it shows {fingerprint(f'{key.get_name()} {key.get_base64()}')}, the inventory names {known}")


@contextmanager
def device_session(
    address: str, *, port: int, driver: str, login: Login, host_keys: Sequence[str], limit: Limit, total_s: float, stop: threading.Event
) -> Iterator[Any]:  # fmt: skip
    """A netmiko session at its prompt, in the privileged mode when the login has a secret for it; closed after `total_s` or at `stop`, whatever it does.

    Raises Unreached, LoginRefused, HostKeyChanged or TimedOut.
    """
    client = _Strict(host_keys)
    done, ended = threading.Event(), threading.Event()
    deadline = time.monotonic() + total_s

    def watch() -> None:
        while not done.wait(WATCH_S):
            if stop.is_set() or time.monotonic() >= deadline:
                ended.set()
                client.close()
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        connection = _opened(client, address, port, driver, login, limit, ended)
        try:
            yield connection
        finally:
            connection.remote_conn.close()
    finally:
        done.set()
        client.close()


def _opened(client: _Strict, address: str, port: int, driver: str, login: Login, limit: Limit, ended: threading.Event) -> Any:
    kind: Any = CLASS_MAPPER[driver]
    strict = type(f"Strict{kind.__name__}", (kind,), {"_build_ssh_client": lambda _: client})
    secrets = {"password": login.password.text(), "secret": login.enable.text() if login.enable else ""}
    try:
        connection = strict(
            host=address, port=port, device_type=driver, username=login.user, **secrets, use_keys=False, allow_agent=False, ssh_strict=True,
            conn_timeout=limit.connect_s, banner_timeout=limit.read_s, auth_timeout=limit.read_s, read_timeout_override=limit.read_s,
        )  # fmt: skip
        if login.enable is not None:
            _enable(connection)
    except HostKeyChanged:
        raise
    except netmiko.NetmikoAuthenticationException as error:
        raise LoginRefused("the device refused the login") from error
    except (netmiko.NetmikoTimeoutException, netmiko.exceptions.NetmikoBaseException, paramiko.SSHException, OSError, EOFError, ValueError, AttributeError) as error:
        raise _trouble(client, error, ended) from error
    return connection


def _enable(connection: Any) -> None:
    try:
        connection.enable()
    except ValueError as error:  # netmiko's word for a secret that did not work
        raise LoginRefused("the device refused the enable secret") from error


def _trouble(client: _Strict, error: Exception, ended: threading.Event) -> Exception:
    """What went wrong in words of ours: netmiko calls every fault of the connection a timeout."""
    root: BaseException = error.__context__ or error
    transport = client.get_transport()
    if ended.is_set():
        return TimedOut("the time for the whole session passed")
    if transport is not None and transport.is_authenticated():
        return TimedOut("no prompt came after the login")
    if isinstance(root, TimeoutError | socket.timeout):
        return TimedOut("it does not answer") if transport is not None else Unreached("it does not answer")
    said = getattr(root, "strerror", None) or str(root) or type(root).__name__
    return Unreached(str(said).splitlines()[0][:200].lower())
