"""The state words of interface.md U11."""

TEXTS = {
    "state.ok": ("OK", "OK"),
    "state.warning": ("VARNING", "WARNING"),
    "state.failure": ("FEL", "FAILURE"),
    "state.undetermined": ("OKÄNT", "UNKNOWN"),
    "state.waived": ("UNDANTAG", "WAIVED"),
    "state.not-applicable": ("EJ TILLÄMPLIGT", "NOT APPLICABLE"),
}
