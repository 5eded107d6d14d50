"""Who plays in the story: invented people with addresses that lead nowhere, added as the command line adds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from tracker.database import unit_of_work
from tracker.loading.people import NewPerson, add_person

POLICE = "Metropolitan Police Service"
SOCIAL_CARE = "Local authority children's social care"
HOSPITALS = "Barts Health NHS Trust"
PARTNERS = (
    "Hackney Council",
    "City of London Corporation",
    "NHS North East London",
    POLICE,
    "City of London Police",
)


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody of the story: her name, what the story calls her, and what she is added as."""

    name: str
    address: str
    called: str
    role: str
    agency: str | None = None
    groups: tuple[str, ...] = ()

    @property
    def person(self) -> NewPerson:
        """Give her as she is added to her partnership, which her address names."""
        partnership = self.address.partition("@")[2].removesuffix(".example")
        return NewPerson(
            self.name, partnership, (self.role,), email=self.address, agency=self.agency, groups=self.groups
        )


_PLAYERS = (
    Player("Casey Morgan", "coordinator@thscp.example", "coordinator", "coordinator"),
    Player(
        "Evan Reed",
        "council@thscp.example",
        "Executive, for the council",
        "executive",
        "London Borough of Tower Hamlets",
        ("exec",),
    ),
    Player(
        "Hana Ostrow",
        "health@thscp.example",
        "Executive, for health",
        "executive",
        "Clinical Commissioning Group, later Integrated Care Board",
        ("exec",),
    ),
    Player("Marcus Dell", "police@thscp.example", "Executive, for the police", "executive", POLICE, ("exec",)),
    Player("Priya Shah", "panel@thscp.example", "Rapid Review Panel", "panel", None, ("rrp",)),
    Player("Quinn Abara", "quality@thscp.example", "chair of the quality group", "group_chair", None, ("qap",)),
    Player("Lee Agnew", "social.care@thscp.example", "lead of children's social care", "agency_lead", SOCIAL_CARE),
    Player("Rene Viner", "reviewer@thscp.example", "reviewer", "reviewer"),
    Player("Sanjay Wolfe", "scrutineer@thscp.example", "Independent Scrutineer", "scrutineer"),
    Player("Ada Fenwick", "admin@thscp.example", "looks after people and settings", "admin"),
    Player("Nadia Brook", "nadia.brook@thscp.example", "action owner, hospitals", "owner", HOSPITALS),
    Player("Tom Ellery", "tom.ellery@thscp.example", "action owner, social care", "owner", SOCIAL_CARE),
    Player("Dana Price", "coordinator@chscp.example", "coordinator", "coordinator"),
    Player("Iris Cole", "commissioner@chscp.example", "Commissioner", "commissioner"),
    Player("Rosa Marsh", "rapid.review@chscp.example", "rapid review meeting", "panel"),
    Player("Chris Ray", "case.review@chscp.example", "Case Review Sub-Group", "group_chair", None, ("crsg",)),
    Player("Leila Brandt", "lead@chscp.example", "lead representative of the partners", "lead_representative"),
    Player("Amir Khalid", "hackney@chscp.example", "for Hackney Council", "partner", PARTNERS[0]),
    Player("Beth Lowe", "city@chscp.example", "for the City of London Corporation", "partner", PARTNERS[1]),
    Player("Carl Nyberg", "nhs@chscp.example", "for NHS North East London", "partner", PARTNERS[2]),
    Player("Dora Finch", "met@chscp.example", "for the Metropolitan Police", "partner", PARTNERS[3]),
    Player("Eli Stone", "city.police@chscp.example", "for the City of London Police", "partner", PARTNERS[4]),
    Player(
        "Femi Okafor",
        "femi.okafor@chscp.example",
        "action owner, maternity",
        "owner",
        "Homerton Healthcare NHS Foundation Trust",
    ),
)

PLAYERS: Mapping[str, Player] = {player.address: player for player in _PLAYERS}


def add_players(engine: Engine, now: datetime) -> int:
    """Add everybody of the story, and say how many they are."""
    with unit_of_work(engine) as session:
        for player in _PLAYERS:
            add_person(session, player.person, now)
    return len(_PLAYERS)
