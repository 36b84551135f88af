"""Words that every report has."""

TEXTS = {
    "report.close-digest": ("Månadsbokslutets kontrollsumma", "Digest of the close"),
    "report.closed": ("Månaden är stängd.", "The month is closed."),
    "report.draft": (
        "UTKAST: månaden är inte stängd och beloppen kan ändras.",
        "DRAFT: the month is not closed and the amounts may change.",
    ),
    "report.member-audience": ("Ekonomi och ledning i {member}", "Finance and management of {member}"),
    "report.member-method": (
        "Avtalets fördelningsnyckel på månadens kostnader; en avrundning per kostnadsställe, så att summan stämmer på öret",
        "The agreement's allocation key on the month's costs; one rounding per pool, so that the sum is exact to the öre",
    ),
    "report.member-title": ("{member}: månadsrapport {month}", "{member}: monthly report {month}"),
    "report.files": ("Filer", "Files"),
    "report.is-closed": ("Stängd", "Closed"),
    "report.member": ("Medlem", "Member"),
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
