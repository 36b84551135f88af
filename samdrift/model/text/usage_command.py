"""Words of the usage command."""

TEXTS = {
    "usage.accepted": ("Nya", "Accepted"),
    "usage.duplicates": ("Dubbletter", "Duplicates"),
    "usage.gap-count": ("Luckor", "Gaps"),
    "usage.member": ("Medlem", "Member"),
    "usage.set-aside": ("Åsidosatta", "Set aside"),
}
