"""Texts of `samdrift inventory`."""

TEXTS = {
    "inventory.valid": (
        "Inventariet stämmer: {objects} objekt, {warnings} varningar.",
        "The inventory is valid: {objects} objects, {warnings} warnings.",
    ),
    "inventory.invalid": (
        "Inventariet har {errors} fel och {warnings} varningar.",
        "The inventory has {errors} errors and {warnings} warnings.",
    ),
    "inventory.written": ("Skrivet: {path}", "Written: {path}"),
    "inventory.id": ("Id", "Id"),
    "inventory.noun": ("Slag", "Noun"),
    "inventory.kind": ("Typ", "Kind"),
    "inventory.name": ("Namn", "Name"),
    "inventory.owners": ("Ägare", "Owners"),
    "inventory.state": ("Tillstånd", "State"),
    "inventory.site": ("Plats", "Site"),
    "inventory.rack": ("Rack", "Rack"),
    "inventory.unit": ("Enhet", "Unit"),
    "inventory.address": ("Adress", "Address"),
    "inventory.services": ("Tjänster", "Services"),
    "inventory.contact": ("Kontakt", "Contact"),
    "inventory.agreement": ("Avtal", "Agreement"),
    "inventory.depends-on": ("Beror på", "Depends on"),
    "inventory.needed-by": ("Behövs av", "Needed by"),
    "inventory.place": ("Står i", "Written in"),
}
