"""Words of the board's monthly report."""

TEXTS = {
    "board.accepted-estimated": ("Uppskattade värden godtagna", "Estimated readings accepted"),
    "board.accepted-simulated": ("Simulerade värden godtagna", "Simulated readings accepted"),
    "board.audience": ("Den gemensamma nämndens ledamöter och ekonomer", "Members and economists of the joint board"),
    "board.blocking": ("Hindrar månadsbokslut", "Blocks the close"),
    "board.budget": ("Kostnad mot budget", "Cost against budget"),
    "board.budget-says": (
        "Kostnaden hittills under {year} är {spent} exklusive moms. Månader i siffrorna: {count}.",
        "The cost so far in {year} is {spent} net of VAT. Months in the figures: {count}.",
    ),
    "board.concerns": ("Gäller", "Concerns"),
    "board.corrects": ("rättar raden {line}", "corrects the line {line}"),
    "board.due": ("Budget för månaderna", "Budget of the months"),
    "board.estimated": ("Uppskattad användning", "Estimated use"),
    "board.estimated-words": ("{share} av mängden i {pool} är uppskattad", "{share} of the quantity in {pool} is estimated"),
    "board.exceptions": ("Avvikelser", "Exceptions"),
    "board.exceptions-caption": ("Det som avviker denna månad", "What is out of the ordinary this month"),
    "board.exceptions-missing": (
        "Inget annat avviker än det som saknas eller behöver kännas till; det står för sig.",
        "What is missing or must be known is named apart; beside it there is no exception.",
    ),
    "board.exceptions-none": ("Inget avviker denna månad.", "Nothing is out of the ordinary this month."),
    "board.exceptions-says": ("{count} avvikelser att känna till.", "{count} exceptions to know of."),
    "board.kind": ("Slag", "Kind"),
    "board.method": (
        "Kostnadsställenas verifikationer, fördelade enligt gällande avtal; budget enligt beslut, lika stor varje månad",
        "The pools' documents, split by the agreement in force; the budget as decided, the same each month",
    ),
    "board.month": ("Månaden", "The month"),
    "board.pools": ("Kostnadsställen, året hittills", "Cost pools, the year so far"),
    "board.pools-chart": (
        "En liggande stapel per kostnadsställe. Det lodräta strecket är budgeten för de stängda månaderna.",
        "One lying bar a pool. The upright line is the budget of the closed months.",
    ),
    "board.says": (
        "Månadens kostnad är {month} exklusive moms, året hittills {year}.",
        "The month's cost is {month} net of VAT, the year so far {year}.",
    ),
    "board.says-budget": (
        "Månadens kostnad är {month} exklusive moms, året hittills {year}, {share} av årets budget.",
        "The month's cost is {month} net of VAT, the year so far {year}, {share} of the year's budget.",
    ),
    "board.settlement-words": ("bärs inte av månaden utan av årets avräkning", "is borne by the year's settlement, not by the month"),
    "board.shares": ("Medlemmarnas andelar", "The members' shares"),
    "board.shares-says": ("{amount} exklusive moms delas av {count} medlemmar.", "{amount} net of VAT are shared by {count} members."),
    "board.title": ("Nämndens månadsrapport {month}", "The board's monthly report {month}"),
    "board.unallocated-words": ("har ingen att bära dem ännu", "have nobody to bear them yet"),
    "board.words": ("Upplysning", "Information"),
    "board.year": ("Året hittills", "The year so far"),
}
