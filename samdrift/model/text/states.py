"""The state words of interface.md U11, and how runs end."""

TEXTS = {
    "state.ok": ("OK", "OK"),
    "state.warning": ("VARNING", "WARNING"),
    "state.failure": ("FEL", "FAILURE"),
    "state.undetermined": ("OKÄNT", "UNKNOWN"),
    "state.waived": ("UNDANTAG", "WAIVED"),
    "state.not-applicable": ("EJ TILLÄMPLIGT", "NOT APPLICABLE"),
    "state.resolved": ("LÖST", "RESOLVED"),
    "state.firing": ("LARM", "ALARM"),
    "state.acknowledged": ("TAGET", "TAKEN"),
    "state.silenced": ("TYSTAT", "SILENCED"),
    "state.planned": ("PLANERAT", "PLANNED"),
    "state.no-data": ("SAKNAR DATA", "NO DATA"),
    "state.partial": ("DELVIS", "PARTIAL"),
    "state.failed": ("FEL", "FAILED"),
    "state.interrupted": ("AVBRUTET", "INTERRUPTED"),
    "state.nothing-to-do": ("INGET ATT GÖRA", "NOTHING TO DO"),
    "state.changed": ("ÄNDRAD", "CHANGED"),
    "state.unchanged": ("OFÖRÄNDRAD", "UNCHANGED"),
    "state.running": ("PÅGÅR", "RUNNING"),
}
