"""Texts about network devices' configurations."""

TEXTS = {
    "network.bytes": ("Storlek", "Size"),
    "network.change": ("Ändring", "Change"),
    "network.commit": ("Ändring i git", "Commit"),
    "network.device": ("Enhet", "Device"),
    "network.last": ("Senast läst", "Last read"),
    "network.member": ("Medlem", "Member"),
    "network.message": ("Vad som hände", "What happened"),
    "network.reason": ("Orsak", "Reason"),
    "network.seconds": ("Tid", "Time"),
    "network.site": ("Plats", "Site"),
    "network.status": ("Läge", "State"),
    "network.summary": (
        "{count} enheter: {changed} ändrade, {unchanged} oförändrade, {failed} avvisade, {undetermined} okända",
        "{count} devices: {changed} changed, {unchanged} unchanged, {failed} refused, {undetermined} unknown",
    ),
    "network.summary-diff": (
        "{device}: {added} rader kom, {removed} försvann, {old} till {new}",
        "{device}: {added} lines came, {removed} went, {old} to {new}",
    ),
    "network.text": ("Rad", "Line"),
}
