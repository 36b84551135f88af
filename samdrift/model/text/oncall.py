"""The words of duty."""

TEXTS = {
    "oncall.rota": ("Jourlista", "Rota"),
    "oncall.layer": ("Lager", "Layer"),
    "oncall.person": ("Person", "Person"),
    "oncall.name": ("Namn", "Name"),
    "oncall.from": ("Från", "From"),
    "oncall.until": ("Till", "Until"),
    "oncall.source": ("Enligt", "By"),
    "oncall.nobody": ("Ingen har jour.", "Nobody is on call."),
    "oncall.empty": ("Ingen i: {layers}", "Nobody in: {layers}"),
}
