"""Words of a member's year so far."""

TEXTS = {
    "year.advance": ("Betalt i förskott", "Paid in advance"),
    "year.all": ("Alla medlemmar", "All members"),
    "year.balance": ("Saldo mot förskottet", "Balance against the advance"),
    "year.budget": ("Årets budget", "The year's budget"),
    "year.carried": ("Överfört från förra året", "Carried from last year"),
    "year.cost": ("Kostnad hittills", "Cost so far"),
    "year.left": ("Saldo, till godo om det är över noll", "Balance, in your favour above zero"),
    "year.month": ("Månad", "Month"),
    "year.months": ("Er kostnad per månad, tolv månader", "Your cost a month, twelve months"),
    "year.months-chart": (
        "En stapel per månad, belopp exklusive moms i kronor. En månad utan stapel är inte stängd.",
        "One bar a month, amounts net of VAT in kronor. A month without a bar is not closed.",
    ),
    "year.no-advance": ("inget förskott för {year} är bokfört", "no advance for {year} is booked"),
    "year.no-budget": ("budgeten för {year}", "the budget of {year}"),
    "year.open": ("dessa månader i år är inte stängda: {months}", "these months of the year are not closed: {months}"),
    "year.own": ("Er del", "Your part"),
    "year.pools": ("Året hittills per kostnadsställe", "The year so far by pool"),
    "year.says": (
        "Er kostnad hittills under {year}: {amount} exklusive moms. Månader i siffrorna: {count}.",
        "Your cost so far in {year}: {amount} net of VAT. Months in the figures: {count}.",
    ),
    "year.settlement": ("Avräknat", "Settled"),
    "year.spent": ("Förbrukat av budgeten", "Spent of the budget"),
    "year.title": ("Året {year} hittills", "The year {year} so far"),
    "year.what": ("Post", "Item"),
}
