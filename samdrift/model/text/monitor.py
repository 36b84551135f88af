"""The words of monitoring and alerts."""

TEXTS = {
    "monitor.path": ("Fil", "File"),
    "monitor.state": ("Läge", "State"),
    "monitor.size": ("Storlek", "Size"),
    "monitor.bounds": ("Senast efter: {bounds}", "At the latest after: {bounds}"),
    "alert.id": ("Larm", "Alert"),
    "alert.name": ("Namn", "Name"),
    "alert.state": ("Läge", "State"),
    "alert.severity": ("Vikt", "Severity"),
    "alert.member": ("Medlem", "Member"),
    "alert.site": ("Plats", "Site"),
    "alert.since": ("Sedan", "Since"),
    "alert.summary": ("Vad", "What"),
    "alert.field": ("Fält", "Field"),
    "alert.value": ("Värde", "Value"),
}
