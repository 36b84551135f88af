"""Words of the halls' commands."""

TEXTS = {
    "hall.after": ("Efter", "After"),
    "hall.because": ("Orsakskedja", "Chain of causes"),
    "hall.contacts": ("Kontakter", "Contacts"),
    "hall.element": ("Del", "Element"),
    "hall.members": ("Medlemmar", "Members"),
    "hall.noun": ("Vad", "What"),
    "hall.object": ("Id", "Id"),
    "hall.observed": ("Avläst", "Observed"),
    "hall.quality": ("Kvalitet", "Quality"),
    "hall.quantity": ("Storhet", "Quantity"),
    "hall.simulated": ("Simulerad", "Simulated"),
    "hall.site": ("Plats", "Site"),
    "hall.state": ("Läge", "State"),
    "hall.summary-impact": (
        "{lost} tjänster ligger nere, {degraded} är försvagade, {members} medlemmar berörs",
        "{lost} services lost, {degraded} degraded, {members} members hit",
    ),
    "hall.summary-status": (
        "{count} storheter, {bad} som inte duger, {simulated} simulerade",
        "{count} quantities, {bad} not good, {simulated} simulated",
    ),
    "hall.unit": ("Enhet", "Unit"),
    "hall.value": ("Värde", "Value"),
}
