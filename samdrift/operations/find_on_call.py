"""Find who is on call, of one rota or of all."""

from __future__ import annotations

from datetime import datetime

from samdrift.alerting.rota import Shift, on_call
from samdrift.model.errors import UnknownId
from samdrift.model.inventory import Inventory


def find_on_call(inventory: Inventory, *, at: datetime, rota: str | None = None) -> tuple[tuple[Shift, ...], tuple[str, ...]]:
    """(shifts in force, `rota/layer` of each layer that has nobody); UnknownId for a rota that is none."""
    rotas = inventory.by_id("rota")
    if rota is not None and rota not in rotas:
        error = UnknownId("rota", rota, rotas)
        error.help = error.help if error.near else f"rotas: {', '.join(sorted(rotas))}"
        raise error
    chosen = [rotas[rota]] if rota else [rotas[key] for key in sorted(rotas)]
    found = tuple(shift for one in chosen for shift in on_call(one, at))
    taken = {(shift.rota, shift.layer) for shift in found}
    empty = tuple(f"{one.id}/{layer.id}" for one in chosen for layer in one.layers if (one.id, layer.id) not in taken)
    return found, empty
