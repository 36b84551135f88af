"""Words that every report has."""

TEXTS = {
    "report.contact": ("Kontakt", "Contact"),
    "report.contents": ("Innehåll", "Contents"),
    "report.data-until": ("Uppgifter till och med", "Data until"),
    "report.empty": ("Inga rader", "No rows"),
    "report.for-whom": ("För", "For"),
    "report.made": ("Skapad", "Made"),
    "report.method": ("Metod", "Method"),
    "report.missing": ("Saknas", "Missing"),
    "report.nothing-missing": ("ingenting", "nothing"),
    "report.period": ("Period", "Period"),
    "report.skip": ("Hoppa till innehållet", "Skip to content"),
    "report.unknown": ("okänt", "unknown"),
    "report.version": ("Version", "Version"),
}
