"""The table of what a mail server can do to a message, and what becomes of it and of the next."""

from dataclasses import dataclass, field

from notifications.smtp_place import Security
from tests.notifications.smtp_server import CUTS, GOES_ON, GOES_ON_AND_CUTS, IS_SILENT, Act

OPENING = ["greeting", "ehlo", "starttls", "auth"]
MESSAGE = ["mail", "rcpt", "data"]
ALL = [*OPENING, *MESSAGE, "dot"]

SENT, RESTS, FAILED, REFUSED, UNCERTAIN = "sent", "rests", "failed", "failed, address refused", "uncertain"
Became = tuple[str, int]
GOES: Became = (SENT, 1)
STAYS: Became = (RESTS, 0)


@dataclass(frozen=True)
class Cell:
    """What the server does while two messages wait; what becomes of each, and how many copies the server took.

    `waits`: the server lets the sender wait until it gives up. `is_interrupted`: the last step waits for the server's.
    """

    name: str
    script: dict[str, list[Act]] = field(default_factory=dict)
    first: Became = STAYS
    second: Became = GOES
    certificate: str = "right"
    security: Security = Security.STARTTLS
    is_encrypted: bool = False
    offers: tuple[str, ...] = ("STARTTLS", "AUTH PLAIN LOGIN")
    waits: bool = False
    is_interrupted: bool = False


def at_each(name: str, act: Act, steps: list[str], first: Became = STAYS, **facts: bool) -> list[Cell]:
    """Give a cell for each step at which the server does the same."""
    return [Cell(f"{name} at {step}", {step: [act]}, first, **facts) for step in steps]


def to_recipient(answer: str, became: str) -> Cell:
    """Give a cell for an answer to the recipient's address."""
    return Cell(f"RCPT: {answer}", {"rcpt": [Act(answer)]}, (became, 0))


def kept(name: str, **script: list[Act]) -> Cell:
    """Give a cell in which the first message goes, and something happens to the connection that is kept."""
    return Cell(name, script, GOES, GOES)


def safe(name: str, certificate: str, became: Became = STAYS) -> list[Cell]:
    """Give a cell for a certificate after STARTTLS and from the start."""
    tls = {"security": Security.TLS, "is_encrypted": True, "offers": ("AUTH PLAIN",)}
    return [
        Cell(f"{name} after STARTTLS", {}, became, became, certificate),
        Cell(f"{name} from the start", {}, became, became, certificate, **tls),
    ]


SLOWLY = Act("250 this never comes to its end in time, whoever waits for it", pace=0.05)
IN_TIME = Act("250-first\r\n250 then", pace=0.001)
LATER = Act("451 4.3.0 not now")
NEVER = Act("554 5.6.0 never")
GARBAGE = Act("\u00e0 la carte")
HALF = Act("250-and\r\n250-so", holds=True)

CELLS = [
    Cell("nothing", {}, GOES),
    *at_each("4xx", LATER, [*ALL]),
    *at_each("4xx of many lines", Act("451-4.3.0 not\r\n451-4.3.0 just\r\n451 4.3.0 now"), ALL),
    *at_each("5xx", NEVER, OPENING),
    *at_each("5xx", NEVER, [*MESSAGE, "dot"], (FAILED, 0)),
    *at_each("421", Act("421 4.3.2 going down"), ALL),
    *at_each("421 and hanging up", Act("421 4.3.2 going down", cuts=True), ALL),
    *at_each("cut without an answer", CUTS, [*OPENING, *MESSAGE]),
    *at_each("cut after the answer", GOES_ON_AND_CUTS, [*OPENING, "mail", "rcpt"]),
    *at_each("silence", IS_SILENT, [*OPENING, *MESSAGE], waits=True),
    *at_each("half an answer", HALF, ["ehlo", "mail"], waits=True),
    *at_each("a letter now and then", SLOWLY, ["mail", "rcpt"], waits=True),
    *at_each("garbage", GARBAGE, [*OPENING, *MESSAGE]),
    *at_each("another code", Act("299 well"), [*OPENING, *MESSAGE]),
    *at_each("slow but in time", IN_TIME, ["mail", "rcpt", "dot"], GOES),
    *at_each("an answer too many", Act("250 ok\r\n250 ok"), ["rcpt", "mail"]),
    Cell("STARTTLS with an answer too many", {"starttls": [Act("220 go on\r\n250 injected")]}),
    Cell("cut after DATA is answered", {"data": [GOES_ON_AND_CUTS]}, is_interrupted=True),
    Cell("cut while it reads", {"body": [CUTS]}, is_interrupted=True),
    Cell("refusal while it reads", {"body": [Act("552 5.3.4 too big")]}, is_interrupted=True),
    Cell("silence while it reads", {"body": [IS_SILENT]}, (UNCERTAIN, 0), waits=True),
    Cell("cut at the dot", {"dot": [CUTS]}, (UNCERTAIN, 1)),
    Cell("silence at the dot", {"dot": [IS_SILENT]}, (UNCERTAIN, 1), waits=True),
    Cell("half an answer at the dot", {"dot": [HALF]}, (UNCERTAIN, 1), waits=True),
    Cell("a letter now and then at the dot", {"dot": [SLOWLY]}, (UNCERTAIN, 1), waits=True),
    Cell("garbage at the dot", {"dot": [GARBAGE]}, (UNCERTAIN, 1)),
    Cell("354 at the dot", {"dot": [Act("354 go on")]}, (UNCERTAIN, 1)),
    Cell("another 2xx at the dot", {"dot": [Act("251 taken")]}, GOES),
    Cell("nobody of that name at the dot", {"dot": [Act("550 5.1.1 nobody")]}, (REFUSED, 0)),
    Cell("550 without a status at the dot", {"dot": [Act("550 no such user")]}, (FAILED, 0)),
    Cell("refused as spam at the dot", {"dot": [Act("550 5.7.1 nobody wants this")]}, (FAILED, 0)),
    to_recipient("550 5.1.1 nobody of that name", REFUSED),
    to_recipient("550 no such user here", REFUSED),
    to_recipient("550-no such user\r\n550 here", REFUSED),
    to_recipient("550 5.1.10 no mail for this domain", REFUSED),
    to_recipient("550 5.2.1 mailbox closed", REFUSED),
    to_recipient("550 5.4.1 recipient address rejected: access denied", REFUSED),
    to_recipient("550 #5.1.0 address rejected", REFUSED),
    to_recipient("551 5.1.6 moved", REFUSED),
    to_recipient("551 user not local", REFUSED),
    to_recipient("553 5.1.3 what an address", REFUSED),
    to_recipient("556 5.1.10 no mail here", REFUSED),
    to_recipient("550 5.7.1 relaying denied", FAILED),
    to_recipient("550 relay not permitted", FAILED),
    to_recipient("553 sorry, not in my list (#5.7.1)", FAILED),
    to_recipient("550 5.1.8 sender's domain is none", FAILED),
    to_recipient("554 5.7.1 relay access denied", FAILED),
    to_recipient("550 blocked, see 5.1.1.1", FAILED),
    to_recipient("501 5.5.4 what?", FAILED),
    to_recipient("450 4.2.1 greylisted", RESTS),
    to_recipient("452 4.2.2 mailbox full", RESTS),
    to_recipient("552 5.2.2 mailbox full", RESTS),
    to_recipient("552 too many recipients", RESTS),
    to_recipient("530 5.7.0 sign in first", RESTS),
    Cell("MAIL: 530 sign in first", {"mail": [Act("530 5.7.0 sign in first")]}),
    Cell("MAIL: 550 sender unknown", {"mail": [Act("550 5.1.1 who are you")]}, (FAILED, 0)),
    Cell("MAIL: 553 not yours", {"mail": [Act("553 5.7.1 not your address")]}, (FAILED, 0)),
    *safe("the right certificate", "right", GOES),
    *safe("a certificate that has run out", "run out"),
    *safe("a certificate of another name", "of another name"),
    *safe("a certificate of another authority", "of another authority"),
    Cell("no STARTTLS offered", first=STAYS, second=STAYS, offers=("AUTH PLAIN",)),
    Cell("no encryption wanted", first=GOES, security=Security.OFF, offers=("SIZE 1000000",)),
    Cell("no encryption from the start", first=STAYS, second=STAYS, security=Security.TLS),
    Cell("encryption from the start, not awaited", {}, STAYS, STAYS, is_encrypted=True, waits=True),
    Cell("no AUTH offered", first=STAYS, second=STAYS, offers=("STARTTLS",)),
    Cell("only AUTH LOGIN offered", first=GOES, offers=("STARTTLS", "AUTH LOGIN")),
    Cell("only AUTH CRAM-MD5 offered", first=STAYS, second=STAYS, offers=("STARTTLS", "AUTH CRAM-MD5")),
    Cell("wrong password", {"auth": [Act("535 5.7.8 wrong")] * 2}, STAYS, STAYS),
    Cell("refused, and RSET refused", {"mail": [LATER], "rset": [Act("502 5.5.1 no")]}),
    Cell("refused, and RSET cut", {"rcpt": [LATER], "rset": [CUTS]}),
    Cell("refused, and RSET not answered", {"data": [NEVER], "rset": [IS_SILENT]}, (FAILED, 0), waits=True),
    kept("cut after the dot's answer", dot=[GOES_ON_AND_CUTS]),
    kept("421 to the second message", mail=[GOES_ON, Act("421 4.4.2 idle", cuts=True)]),
    kept("cut at the second message", mail=[GOES_ON, CUTS]),
    kept("an answer too many at the dot", dot=[Act("250 ok\r\n250 ok")]),
    kept("an unasked 421 between both", dot=[Act("250 ok\r\n421 4.4.2 idle", cuts=True)]),
    Cell("silence at the second message", {"mail": [GOES_ON, IS_SILENT]}, GOES, waits=True),
    Cell("cut at the second message, and again", {"mail": [GOES_ON, CUTS, CUTS]}, GOES, STAYS),
    Cell("QUIT not answered", {"quit": [IS_SILENT]}, GOES, waits=True),
    Cell("QUIT cut", {"quit": [CUTS]}, GOES),
]
