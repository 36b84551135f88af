"""Words of the checks' commands and reports."""

TEXTS = {
    "check.category": ("Område", "Category"),
    "check.check": ("Kontroll", "Check"),
    "check.code": ("Kod", "Code"),
    "check.codes": ("Koder", "Codes"),
    "check.expired": ("Utgånget", "Expired"),
    "check.finding": ("Kontroll/kod", "Check/code"),
    "check.id": ("Id", "Id"),
    "check.member": ("Medlem", "Member"),
    "check.message": ("Vad som sågs", "What was seen"),
    "check.owner": ("Ansvarig", "Owner"),
    "check.reason": ("Skäl", "Reason"),
    "check.remedy": ("Åtgärd", "Remedy"),
    "check.status": ("Läge", "State"),
    "check.subject": ("Gäller", "Subject"),
    "check.summary": (
        "{zones} zoner, {queries} frågor: {failures} fel, {warnings} varningar, {unknown} okända, {waived} undantagna, {well} bra",
        "{zones} zones, {queries} queries: {failures} failures, {warnings} warnings, {unknown} unknown, {waived} waived, {well} well",
    ),
    "check.title": ("Vad som krävs", "What is demanded"),
    "check.until": ("Till", "Until"),
}
