"""Words of the contracts' report."""

TEXTS = {
    "contract.id": ("Avtal", "Contract"),
    "contract.left": ("Dagar kvar", "Days left"),
    "contract.members": ("Medlemmar", "Members"),
    "contract.no-agreement": ("Personuppgiftsbiträdesavtal saknas: {service}, som {operator} driver", "No data-processing agreement: {service}, operated by {operator}"),
    "contract.notice": ("Uppsägning senast", "Notice by"),
    "contract.status": ("Läge", "State"),
    "contract.supplier": ("Leverantör", "Supplier"),
    "contract.together": (
        "Kan upphandlas tillsammans ({what}): {contracts} för {members}; löper ut {first} till {last}",
        "Could be bought together ({what}): {contracts} for {members}; they end {first} to {last}",
    ),
    "contract.until": ("Löper ut", "Ends"),
}
