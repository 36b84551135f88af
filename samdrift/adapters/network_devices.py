"""Network devices: one command's whole reply from one device, or why not; what it says is never read as anything but text."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from samdrift.adapters.limits import NETWORK, SIZES, Limit
from samdrift.adapters.ssh import PORT, HostKeyChanged, Login, LoginRefused, TimedOut, Unreached, device_session
from samdrift.model.network_backup import DeviceSaid, NetworkReason

LIMIT = NETWORK["network-device"]
QUIET_S = 0.15
"""How long nothing may come after a prompt before it counts as the prompt."""
PAGE_END = re.compile(r"\n\s*(?:-{2,}\s*\(?more\b|<-+ ?more|\(END\)|press any key)[^\n]*$", re.IGNORECASE)
_REASON = {
    Unreached: NetworkReason.UNREACHABLE, LoginRefused: NetworkReason.LOGIN_REFUSED, HostKeyChanged: NetworkReason.HOST_KEY_CHANGED,
    TimedOut: NetworkReason.TIMEOUT,
}  # fmt: skip


def read_device(
    addresses: Sequence[str], *, driver: str, command: str, login: Login, host_keys: Sequence[str], ends: Callable[[str], re.Pattern[str]],
    port: int = PORT, limit: Limit = LIMIT, total_s: float | None = None, stop: threading.Event | None = None,
) -> DeviceSaid:  # fmt: skip
    """What the device says to the command, at the first of its addresses that accepts; a refused key or login is never tried again.

    `ends` gives the pattern of the reply's end for the prompt of the login. `total_s` may be less than the limit's;
    `stop` ends the session at once.
    """
    stop = stop or threading.Event()
    deadline = time.monotonic() + min(limit.total_s, total_s if total_s is not None else limit.total_s)
    said = DeviceSaid(reason=NetworkReason.UNREACHABLE, message="the inventory names no address")
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            return DeviceSaid(reason=NetworkReason.TIMEOUT, message="the time for the device passed")
        try:
            with device_session(address, port=port, driver=driver, login=login, host_keys=host_keys, limit=limit, total_s=left, stop=stop) as session:
                return _reply(session, command, ends, limit, deadline)
        except (Unreached, LoginRefused, HostKeyChanged, TimedOut) as error:
            said = DeviceSaid(reason=_REASON[type(error)], message=f"{address}: {error}")
            if not isinstance(error, Unreached):
                return said
    return said


def _reply(session: Any, command: str, ends: Callable[[str], re.Pattern[str]], limit: Limit, deadline: float) -> DeviceSaid:
    """Send the command and read to the prompt, to silence, to the end of the link, or to a limit."""
    try:
        prompt = session.find_prompt()
        channel = session.remote_conn
        channel.sendall(f"{command}\n".encode())
    except (OSError, EOFError, ValueError, AttributeError) as error:
        return DeviceSaid(reason=NetworkReason.TIMEOUT, message=f"no prompt came after the login ({type(error).__name__})")
    pattern, got = ends(prompt), bytearray()
    while True:
        text = got[-4096:].decode(errors="replace").replace("\r", "")
        at_end = bool(pattern.search(text)) or bool(PAGE_END.search(text))
        left = min(limit.read_s, deadline - time.monotonic())
        channel.settimeout(max(0.01, min(QUIET_S, left) if at_end else left))
        try:
            part = channel.recv(65_536)
        except TimeoutError:
            if at_end:
                break
            return DeviceSaid(prompt, _text(got), NetworkReason.TIMEOUT, f"silent after {len(got)} bytes")
        except OSError:
            part = b""
        if not part:
            break
        got += part
        if len(got) > SIZES["device-text"]:
            return DeviceSaid(prompt, "", NetworkReason.TIMEOUT, f"it sends more than {SIZES['device-text']} bytes")
    if time.monotonic() >= deadline:
        return DeviceSaid(prompt, _text(got), NetworkReason.TIMEOUT, "the time for the whole session passed")
    return DeviceSaid(prompt, _text(got))


def _text(got: bytearray) -> str:
    return got.decode(errors="replace")
