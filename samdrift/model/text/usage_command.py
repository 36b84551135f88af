"""Words of the usage command."""

TEXTS = {
    "usage.accepted": ("Nya", "Accepted"),
    "usage.code": ("Kod", "Code"),
    "usage.duplicates": ("Dubbletter", "Duplicates"),
    "usage.faults": ("Fel", "Faults"),
    "usage.gap-count": ("Luckor", "Gaps"),
    "usage.member": ("Medlem", "Member"),
    "usage.set-aside": ("Åsidosatta", "Set aside"),
    "usage.source": ("Källa", "Source"),
    "usage.what": ("Vad", "What"),
}
