"""The words of the command line's tables that belong to no area."""

TEXTS = {
    "output.none": ("Inget att visa.", "Nothing to show."),
    "output.count": ("{count} rader", "{count} rows"),
    "output.count-one": ("1 rad", "1 row"),
    "output.worst": ("värst: {state}", "worst: {state}"),
    "output.yes": ("ja", "yes"),
    "output.no": ("nej", "no"),
}
