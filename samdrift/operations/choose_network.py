"""Choose network devices: which of the inventory's are meant, how they are reached, and who logs in."""

from __future__ import annotations

from collections.abc import Collection

from samdrift.adapters.secrets import Secret, read_secret
from samdrift.adapters.ssh import PORT, Login
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.device import Device
from samdrift.model.viewer import Viewer

KINDS = frozenset({"switch", "router", "firewall"})


def visible_devices(inventory: Inventory, viewer: Viewer) -> dict[str, Device]:
    """Id → switch, router or firewall that the viewer owns or shares, in service or not, by id."""
    devices = (one for _, one in sorted(inventory.devices.items()) if one.kind in KINDS)
    return {one.id: one for one in devices if viewer.sees_any(inventory.ownership(one).members)}


def network_devices(
    inventory: Inventory, *, viewer: Viewer, devices: Collection[str] = (), member: str | None = None, site: str | None = None
) -> tuple[Device, ...]:  # fmt: skip
    """Those in service that are logged in to, of `devices` or of all when it is empty; UnknownId for what the viewer cannot see."""
    seen = visible_devices(inventory, viewer)
    asked = [("device", one, seen) for one in devices] + [("member", member, inventory.members), ("site", site, inventory.sites)]
    for noun, given, known in asked:
        if given is not None and given not in known:
            raise UnknownId(noun, given, known)
    return tuple(
        one for one in seen.values()
        if one.living and one.reached_by_ssh and (not devices or one.id in devices)
        and site in {None, one.site} and (member is None or member in inventory.ownership(one).members)
    )  # fmt: skip


def port_of(device: Device) -> int:
    """The device's ssh port: its free variable `ssh_port`, else 22."""
    given = device.vars.get("ssh_port", PORT)
    return given if isinstance(given, int) and 0 < given < 65_536 else PORT


def login_of(device: Device) -> Login:
    """Who logs in: `credentials` names a file of two lines, user and password; `enable` one of one line. WrongUse says what lacks, never a value."""
    if device.credentials is None:
        raise WrongUse(f"{device.id} names no credentials", help="credentials: file:PATH in the inventory")
    user, _, password = read_secret(device.credentials).text().partition("\n")
    if not user.strip() or not password.strip():
        raise WrongUse(f"{device.credentials}: wanted are two lines, user and password")
    enable = read_secret(device.enable) if device.enable else None
    return Login(user.strip(), Secret(password.strip("\r\n").encode()), enable)
