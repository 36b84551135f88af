"""Words of the exported ledger and its documents; terms of Swedish municipal accounting."""

TEXTS = {
    "ledger.audience": ("Värdkommunens och medlemmarnas ekonomer, revisorer", "The host's and the members' economists, auditors"),
    "ledger.category": ("Momskategori", "VAT category"),
    "ledger.corrects": ("Rättar rad", "Corrects line"),
    "ledger.credit-note": ("Kreditfaktura", "Credit note"),
    "ledger.digest": ("Räkenskapernas kontrollsumma", "Digest of the ledger"),
    "ledger.document": ("Underlag", "Document"),
    "ledger.documents": ("Fakturaunderlag", "Invoice basis"),
    "ledger.documents-caption": ("Ett underlag per medlem; utanför moms för sig", "One document a member; what is outside VAT by itself"),
    "ledger.documents-says": (
        "{count} underlag på tillsammans {amount} inklusive moms. Månader som betalas i förskott ger inga underlag.",
        "{count} documents, {amount} in all with VAT. Months that are paid in advance give no documents.",
    ),
    "ledger.exact": ("Exakt belopp", "Exact amount"),
    "ledger.gross": ("Inklusive moms", "With VAT"),
    "ledger.invoice": ("Faktura", "Invoice"),
    "ledger.kind": ("Slag", "Kind"),
    "ledger.lines": ("Rader", "Lines"),
    "ledger.lines-caption": ("Varje rad i räkenskaperna", "Every line of the ledger"),
    "ledger.lines-says": (
        "Varje rad är avrundad en gång; det exakta beloppet står bredvid.",
        "Each line is rounded once; the exact amount stands beside it.",
    ),
    "ledger.members": ("Medlemmarnas summor", "Sums of the members"),
    "ledger.members-caption": ("Vad varje medlem bär av {month}", "What each member bears of {month}"),
    "ledger.members-says": (
        "Nettot är summan av medlemmens rader; momsen räknas på varje underlags summa, en gång per skattesats.",
        "The net is the sum of the member's lines; VAT is computed on each document's sum, once a rate.",
    ),
    "ledger.method": (
        "Avtalets fördelningsnyckel; en avrundning per kostnadsställe och månad",
        "The agreement's allocation key; one rounding per pool and month",
    ),
    "ledger.net": ("Exklusive moms", "Net of VAT"),
    "ledger.no-documents": (
        "Månaden har inga fakturaunderlag: den är betald i förskott eller går jämnt upp.",
        "The month has no invoice basis: it was paid in advance or comes to nothing.",
    ),
    "ledger.originals": ("Avser underlag", "Refers to"),
    "ledger.pools": ("Kostnadsställen", "Cost pools"),
    "ledger.pools-says": ("Fördelat, till avräkning och ofördelat blir tillsammans beloppet.", "Allocated, to settlement and unallocated together make the amount."),
    "ledger.rate": ("Skattesats", "VAT rate"),
    "ledger.says": (
        "{agreement}, {month}: {net} exklusive moms, {vat} moms, {gross} tillsammans.",
        "{agreement}, {month}: {net} net of VAT, {vat} VAT, {gross} in all.",
    ),
    "ledger.taxable": ("Underlag för moms", "Taxable sum"),
    "ledger.title": ("Räkenskaper {month}, avtalet {agreement}", "Ledger of {month}, agreement {agreement}"),
    "ledger.vat": ("Moms", "VAT"),
    "ledger.vat-caption": ("Momsen på varje underlag", "The VAT of each document"),
}
