"""Ready-made facts for every email, dull where the test does not care."""

from datetime import UTC, date, datetime

from notifications.facts import (
    AboutAction,
    AboutCase,
    EscalationAnswered,
    EscalationDigest,
    Letterhead,
    MailFacts,
    MeetingHeld,
    Morning,
    OwnerUnreachable,
)
from notifications.lines import (
    ActionLine,
    AgreedLine,
    AnsweredLine,
    CaseLine,
    ClockLine,
    DecidedLine,
    Due,
    EarlierAnswer,
    EscalationLine,
    EscalationRaised,
    HoldLine,
    OverdueLine,
    RatificationLine,
    ReflectionLine,
    ReturnLine,
    TitledDay,
)
from notifications.link_facts import LinkNotTheirs, NewLink
from notifications.meeting_facts import Change, MeetingDates, MeetingLine
from notifications.sign_in_facts import SignInLink

LETTERHEAD = Letterhead(
    partnership="Northmere Safeguarding Children Partnership",
    contact="01632 960 214, businessunit@northmere.example",
    reply_to="businessunit@northmere.example",
)


def an_action(reference: str = "A214", **facts: object) -> ActionLine:
    """Give an action that is due soon, with a title."""
    given = {"due": Due.SOON, "due_on": date(2026, 12, 4), "title": "Share health visitor records"}
    return ActionLine(reference=reference, **{**given, **facts})


def a_morning(**facts: object) -> Morning:
    """Give a morning on which nothing is asked, but for what the test names."""
    return Morning(**{"letterhead": LETTERHEAD, "to_name": "Joy Okafor", **facts})


def a_digest(**facts: object) -> EscalationDigest:
    """Give a digest of a meeting for which nothing is open, but for what the test names."""
    given = {"letterhead": LETTERHEAD, "to_name": "Lena Brook", "meeting_on": date(2026, 12, 3)}
    return EscalationDigest(**{**given, **facts})


def a_meeting(reference: str = "M1", change: Change = Change.ARRANGED, **facts: object) -> MeetingLine:
    """Give a meeting of the Executive on a Friday morning."""
    given = {
        "group": "Executive",
        "begins": datetime(2026, 12, 4, 10, tzinfo=UTC),
        "when": "Friday 4 December 2026 at 10am",
        "sequence": 0,
        "was": "Tuesday 1 December 2026 at 10am" if change is Change.MOVED else None,
        "link": f"https://x/meetings/{reference}",
    }
    return MeetingLine(reference=reference, change=change, **{**given, **facts})


def everything(title: str | None, name: str = "Joy Okafor") -> list[tuple[str, MailFacts]]:
    """Give every email with every section filled, one title in every place where a title may stand."""
    reader = {"letterhead": LETTERHEAD, "to_name": name}
    day = date(2026, 12, 4)
    line = ActionLine(reference="A1", due=Due.OVERDUE, due_on=day, title=title, last_update_on=day, link="https://x")
    hold = HoldLine(reference="NM-1", since=day, look_again_on=day)
    clock = ClockLine(reference="NM-1", name="rapid review", due_on=day, state="2 working days late")
    titled = TitledDay(reference="A1", day=day, title=title)
    answered = AnsweredLine(reference="E1", answer="agreed", answered_on=day, group="Group", title=title, told_on=day)
    earlier = (EarlierAnswer(answer="agreed in part", answered_on=day),)
    morning = Morning(
        **reader,
        answer_by=day,
        actions=(line,),
        new_actions=(line,),
        moved=(titled,),
        returns=(ReturnLine(reference="NM-1", agency="Police", due_on=day, overdue=False),),
        reviews=(titled,),
        rechecks=(titled,),
        statutory=(clock,),
        holds=(hold,),
        reflections=(ReflectionLine(reference="NM-1", which="Six-month reflection", due_on=day),),
        link="https://x",
        emails_link="https://x/u/t/emails",
    )
    digest = EscalationDigest(
        **reader,
        meeting_on=day,
        respond_by=day,
        last_meeting_on=day,
        replaces_sent_on=day,
        moved_from=day,
        waiting=(EscalationLine(reference="E1", group="Group", days_waiting=2, title=title, link="https://x"),),
        for_decision=(CaseLine(reference="NM-1", since=day, link="https://x"),),
        ratifications=(RatificationLine(reference="NM-1", answered=1, partners=5),),
        resolutions=(CaseLine(reference="NM-1", since=day),),
        on_hold=(hold,),
        overdue_actions=(OverdueLine(reference="A1", due_on=day, days_overdue=1, title=title, agency="Police"),),
        review_dates_passed=(titled,),
        reviews_overdue=(clock,),
        statutory=(clock,),
        answered=(answered,),
        withdrawn=(titled,),
        papers_link="https://x",
        papers_pdf_link="https://x",
    )
    about_case = AboutCase(**reader, reference="NM-1", answer_by=day, link="https://x")
    about_action = AboutAction(**reader, reference="A1", title=title, due_on=day, unanswered=3, link="https://x")
    return [
        *((kind, morning) for kind in ("action_reminder", "new_action", "return_due", "review_due")),
        *((kind, morning) for kind in ("statutory_dates", "look_again", "reflection_due", "date_moved")),
        ("escalation_digest", digest),
        *(
            ("escalation_answered", EscalationAnswered(**reader, escalation=answered, link="https://x", **more))
            for more in ({"earlier": earlier}, {"decides_on": day, "is_at_meeting": True}, {"is_asked_back": True})
        ),
        (
            "meeting_held",
            MeetingHeld(
                **reader,
                group="Group",
                held_on=day,
                decisions=(DecidedLine(reference="NM-1", outcome="a review"),),
                answers=(DecidedLine(reference="E1", outcome="agreed", title=title),),
                escalations=(EscalationRaised(reference="E2", asked_of="Group", title=title),),
                actions=(AgreedLine(reference="A1", title=title, agency="Police", due_on=day),),
                link="https://x",
            ),
        ),
        (
            "meeting_dates",
            MeetingDates(
                **reader,
                meetings=tuple(a_meeting(f"M{number}", change) for number, change in enumerate(Change, 1)),
                to_address="joy@x.example",
                as_of=datetime(2026, 11, 20, 8, tzinfo=UTC),
                base_url="https://x",
            ),
        ),
        *((kind, about_case) for kind in ("executive_decision", "independence")),
        *((kind, about_action) for kind in ("update_received", "update_queried", "action_needs_help")),
        ("owner_unreachable", OwnerUnreachable(**reader, actions=(an_action(title=title),), link="https://x")),
        ("new_link", NewLink(**reader, actions=2, works_until=day, link="https://x")),
        ("link_not_theirs", LinkNotTheirs(**reader, actions=("A1", "A2"), ended_on=day, link="https://x")),
        *(
            (kind, SignInLink(**reader, works_until="12:30pm on 4 December 2026", link="https://x"))
            for kind in ("invitation", "password_reset")
        ),
    ]
