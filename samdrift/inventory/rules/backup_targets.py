"""Where backups go is reached by TLS, without a secret in its address, and pulls in no circle (backup.md 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from samdrift.inventory.loops import loops, told
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem

_URL = re.compile(r"(?P<scheme>[a-z]+)://(?P<login>[^/@]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^/:]+)(:[0-9]+)?(/.*)?")
_RECIPIENT = re.compile(r"age:[a-z][a-z0-9-]*/[0-9]{1,3}")
_LOOPBACK = ("127.", "localhost", "[::1]")


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`url-not-tls` (loopback excepted), `url-with-secret`, `pull-loop`, `escrow-recipients`, `missing-key` for what the kind needs."""
    for placed in loaded.all("backup-targets"):
        target = placed.thing
        for name in ("url", "pull_url"):
            if getattr(target, name) is not None:
                yield from _url(placed, name, getattr(target, name))
        wanted = "url" if target.kind == "rest" else "path"
        if getattr(target, wanted) is None and placed.whole:
            yield placed.problem("missing-key", f"{placed.id}: {wanted} is missing, its kind is {target.kind}")
        if target.escrow:
            yield from _escrow(placed, target.escrow)
    edges = {placed.id: [placed.thing.pulls_from] for placed in loaded.all("backup-targets") if placed.thing.pulls_from}
    for circle in loops(edges):
        yield loaded.by_id("backup-targets")[circle[0]].problem(
            "pull-loop", f"{told(circle)} pull from one another", "pulls_from"
        )


def _escrow(placed: Placed, recipients: Sequence[str]) -> Iterator[Problem]:
    """A second key is sealed to at least two custodians of at least two organisations (B18)."""
    odd = [one for one in recipients if not _RECIPIENT.fullmatch(one)]
    if odd:
        message = f"{odd[0]!r} is no custodian"
        yield placed.problem("escrow-recipients", message, "escrow", recipients.index(odd[0]), help="age:ORGANISATION/NUMBER")
    elif len({one.partition("/")[0] for one in recipients}) < 2:
        message = f"the keys of {placed.id} are sealed to custodians of one organisation only"
        yield placed.problem("escrow-recipients", message, "escrow", help="at least two custodians of two organisations")


def _url(placed: Placed, name: str, url: str) -> Iterator[Problem]:
    found = _URL.fullmatch(url)
    if found is None:
        yield placed.problem("bad-address", f"{name} of {placed.id} is no address", name, help="https://host:port")
    elif found["login"]:
        yield placed.problem(
            "url-with-secret", f"{name} of {placed.id} carries a login", name, help="write credential: with a reference"
        )
    elif found["scheme"] != "https" and not found["host"].startswith(_LOOPBACK):
        yield placed.problem("url-not-tls", f"{name} of {placed.id} is not reached by TLS", name, help="https://…")


RULE = Rule("backup-targets", ("url-not-tls", "url-with-secret", "pull-loop", "escrow-recipients", "missing-key", "bad-address"), judge)
