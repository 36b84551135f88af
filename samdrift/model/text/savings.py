"""Words of a member's savings."""

TEXTS = {
    "savings.alone": ("På egen hand", "Stand-alone"),
    "savings.caption": ("Gemensam kostnad mot kostnad på egen hand", "Joint cost against stand-alone cost"),
    "savings.joint": ("Gemensamt", "Joint"),
    "savings.none": (
        "Ingen kostnad på egen hand är angiven för {year}, så ingen besparing kan räknas.",
        "No stand-alone cost is given for {year}, so no saving can be computed.",
    ),
    "savings.saving": ("Besparing", "Saving"),
    "savings.says": (
        "Besparing hittills {year}: {amount}. Månader i siffrorna: {months}.",
        "Saved so far in {year}: {amount}. Months in the figures: {months}.",
    ),
    "savings.says-loss": (
        "Samarbetet har hittills {year} kostat {amount} mer än på egen hand. Månader i siffrorna: {months}.",
        "So far in {year} the joint service has cost {amount} more than stand-alone. Months in the figures: {months}.",
    ),
    "savings.service": ("Tjänst", "Service"),
    "savings.share": ("Andel", "Ratio"),
    "savings.source": ("Källa, upprättad av, dag", "Source, author, day"),
    "savings.title": ("Besparing", "Savings"),
    "savings.without": ("kostnad på egen hand för {services}", "stand-alone cost of {services}"),
}
