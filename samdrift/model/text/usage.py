"""Words of the usage report."""

TEXTS = {
    "usage.blocks": ("hindrar månadsbokslut", "blocks the close"),
    "usage.caption": ("Användning per resurs", "Usage per resource"),
    "usage.conflicts": ("Motsägelser", "Conflicts"),
    "usage.estimated": ("uppskattat", "estimated"),
    "usage.gap": (
        "{meter} för {resource} saknar värden från {start} till {end} ({treated})",
        "{meter} of {resource} has no values from {start} to {end} ({treated})",
    ),
    "usage.meter": ("Mätare", "Meter"),
    "usage.quantity": ("Mängd", "Quantity"),
    "usage.resource": ("Resurs", "Resource"),
    "usage.samples": ("Mätvärden", "Samples"),
    "usage.says": ("Resurser som har använts: {count}.", "Resources that were used: {count}."),
    "usage.says-none": ("Det finns inga mätvärden för månaden; användningen är okänd.", "There are no readings in the month; the use is unknown."),
    "usage.simulated": ("Simulerat", "Simulated"),
    "usage.title": ("Användning", "Usage"),
    "usage.unit": ("Enhet", "Unit"),
    "usage.unmeasured": ("ej uppmätt tid", "unmeasured time"),
}
