"""Words of the report on who co-operates with whom."""

TEXTS = {
    "cooperation.active": ("i drift", "in use"),
    "cooperation.alone": ("ingen gemensam tjänst: {members}", "no joint service: {members}"),
    "cooperation.audience": ("Nämnden och medlemmarnas IT-chefer", "The board and the members' IT managers"),
    "cooperation.members": ("Medlemmar", "Members"),
    "cooperation.method": (
        "Inventariets tjänster som minst två medlemmar använder eller driver",
        "Services of the inventory that at least two members use or run",
    ),
    "cooperation.name": ("Namn", "Name"),
    "cooperation.operates": ("driver", "runs"),
    "cooperation.operator": ("Driver", "Run by"),
    "cooperation.pairs": ("Vilka som samarbetar med vilka", "Who co-operates with whom"),
    "cooperation.pairs-caption": ("Antal gemensamma tjänster för varje par av medlemmar", "Number of joint services of each pair of members"),
    "cooperation.planned": ("planerad", "planned"),
    "cooperation.roles": ("Om vad", "About what"),
    "cooperation.roles-caption": ("Vem som driver och vem som använder varje tjänst", "Who runs and who uses each service"),
    "cooperation.roles-says": (
        "En tjänst som ingen medlem driver drivs av en leverantör eller gemensamt.",
        "A service that no member runs is run by a supplier or jointly.",
    ),
    "cooperation.says": ("{services} tjänster delas av {members} medlemmar.", "{services} services are shared by {members} members."),
    "cooperation.service": ("Tjänst", "Service"),
    "cooperation.services": ("Tjänsterna", "The services"),
    "cooperation.services-caption": ("Tjänster som flera medlemmar delar", "Services that several members share"),
    "cooperation.state": ("Läge", "State"),
    "cooperation.title": ("Samarbeten {day}", "Co-operation {day}"),
    "cooperation.uses": ("använder", "uses"),
    "cooperation.what": ("Slag av system", "Kind of system"),
}
