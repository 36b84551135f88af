"""NUT: reads a UPS's variables from upsd; reads only, never SET, INSTCMD or FSD (RFC 9271)."""

from __future__ import annotations

import re
import socket
import time

from samdrift.adapters.clock import tell_call
from samdrift.adapters.limits import NETWORK, SIZES
from samdrift.model.finding import Reason
from samdrift.model.hall import RawValue

PORT = 3493
_VAR = re.compile(r'VAR (\S{1,64}) (\S{1,128}) "((?:[^"\\]|\\.)*)"')
_ERR = re.compile(r"ERR ([A-Z-]{1,40})")


def read_ups(host: str, ups: str, element: str, *, port: int = PORT) -> tuple[RawValue, ...]:
    """All variables of one UPS as texts; when it cannot be asked, one `ups.status` without text that says why.

    Ends within the table's limit for `nut`, whatever the server does. `element` is our id for it.
    """
    began = time.monotonic()
    found = _read(host, ups, element, port)
    tell_call(f"nut [{host}]:{port} {ups}", str(next((raw.reason for raw in found if raw.reason), "answered")), began)
    return found


def _read(host: str, ups: str, element: str, port: int) -> tuple[RawValue, ...]:
    limit = NETWORK["nut"]
    try:
        lines = _ask(host, port, f"LIST VAR {ups}\n", time.monotonic() + limit.total_s)
    except TimeoutError as error:
        return (_without(element, Reason.STALLED if "stalled" in str(error) else Reason.TIMEOUT),)
    except ConnectionRefusedError:
        return (_without(element, Reason.REFUSED),)
    except OSError:
        return (_without(element, Reason.UNREACHABLE),)
    except ValueError:
        return (_without(element, Reason.MALFORMED),)
    found = [
        RawValue(element, match[2], re.sub(r"\\(.)", r"\1", match[3]))
        for line in lines
        if (match := _VAR.fullmatch(line)) and match[1] == ups
    ]
    told = next((match[1] for line in lines if (match := _ERR.match(line))), None)
    if told is not None or not any(raw.quantity == "ups.status" for raw in found):
        return (*found, _without(element, Reason.STALE if told == "DATA-STALE" else Reason.NO_DATA))
    return tuple(found)


def _without(element: str, reason: Reason) -> RawValue:
    return RawValue(element, "ups.status", None, reason)


def _ask(host: str, port: int, question: str, deadline: float) -> list[str]:
    """Send one LIST and read to its END or ERR. TimeoutError `stalled` when bytes come but no end; ValueError over the size limit."""
    limit = NETWORK["nut"]
    with socket.create_connection((host, port), timeout=limit.connect_s) as link:
        link.sendall(question.encode("ascii"))
        received = b""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("stalled")
            link.settimeout(min(left, limit.read_s))
            try:
                part = link.recv(65_536)
            except TimeoutError:
                raise TimeoutError("stalled" if received else "silent") from None
            received += part
            if len(received) > SIZES["response"]:
                raise ValueError("too large")
            lines = received.decode("utf-8", errors="replace").splitlines()
            if not part or (received.endswith(b"\n") and lines and (lines[-1].startswith(("END LIST", "ERR")))):
                return lines
