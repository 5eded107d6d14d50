"""Every email read once as its reader reads it; and what no title and no name can do to one."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from jinja2 import UndefinedError

from notifications import rendering
from notifications.facts import (
    AboutAction,
    AboutCase,
    EscalationAnswered,
    EscalationDigest,
    Letterhead,
    MeetingHeld,
    OwnerUnreachable,
)
from notifications.lines import (
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
from notifications.meeting_facts import Change, MeetingDates
from notifications.rendering import EMAILS, compose, safe_header, uk_date, wrapped
from tests.notifications.letters import LETTERHEAD, a_digest, a_meeting, a_morning, an_action, everything

READER = {"letterhead": LETTERHEAD, "to_name": "Joy Okafor"}
FOOT = """
Official - sensitive. This email holds no details of any child.
Please do not reply with any.
Partnership business unit: 01632 960 214,
businessunit@northmere.example
"""


def test_an_owner_with_two_actions_reads_what_is_asked_overdue_first():
    facts = a_morning(
        answer_by=date(2026, 12, 4),
        actions=(
            an_action("A219", title="Test the “was not brought” policy", last_update_on=date(2026, 10, 19)),
            an_action("A214", due=Due.OVERDUE, due_on=date(2026, 10, 28)),
        ),
        new_actions=(an_action("A231", due=Due.NEW, due_on="2027-01", title=None),),
    )

    mail = compose("action_reminder", facts)

    assert mail.subject == "2 actions need an update by 4 December 2026"
    assert (
        mail.text
        == """2 of your actions need an update
================================

Dear Joy Okafor,

Please tell us where each action is by 4 December 2026. Reply to
this email and say for each one: on track, at risk, stuck, done or
not mine. If it is done, say what shows it.

1. OVERDUE. It was due on 28 October 2026.
   Share health visitor records
   A214. Last update: none yet

2. DUE SOON. It is due on 4 December 2026.
   Test the “was not brought” policy
   A219. Last update: 19 October 2026


NEW FOR YOU
-----------

This action is yours now. We will ask you how it goes.

1. NEW. It is due in January 2027.
   A231. Last update: none yet


NOT YOURS, OR STUCK?
--------------------

Say so in your reply and we will take it from there.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.
"""
        + FOOT
    )


def test_an_owner_with_a_link_answers_on_her_page():
    facts = a_morning(
        answer_by=date(2026, 12, 4),
        actions=(an_action(link="https://tracker.example/u/7Qm2/A214"),),
        link="https://tracker.example/u/7Qm2",
        emails_link="https://tracker.example/u/7Qm2/emails",
    )

    mail = compose("action_reminder", facts)

    assert mail.subject == "1 action needs an update by 4 December 2026: A214"
    assert (
        mail.text
        == """1 of your actions needs an update
=================================

Dear Joy Okafor,

Please tell us where this action is by 4 December 2026. You do not
need an account. Most people take 5 minutes.

Update your action:
https://tracker.example/u/7Qm2

1. DUE SOON. It is due on 4 December 2026.
   Share health visitor records
   A214. Last update: none yet
   Update A214: https://tracker.example/u/7Qm2/A214


NOT YOURS, OR STUCK?
--------------------

Say so on the same page and we will take it from there.


ABOUT THE LINK
--------------

It was made for you and opens your own actions and nothing else.
Please do not forward this email.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.

Stop these emails or say that you are away:
https://tracker.example/u/7Qm2/emails
"""
        + FOOT
    )


def test_a_new_owner_is_told_of_her_action():
    facts = a_morning(new_actions=(an_action("A231", due=Due.NEW),))

    mail = compose("new_action", facts)

    assert mail.subject == "1 new action for you: A231"
    assert (
        mail.text
        == """1 new action for you: A231
==========================

Dear Joy Okafor,


NEW FOR YOU
-----------

This action is yours now. We will ask you how it goes.

1. NEW. It is due on 4 December 2026.
   Share health visitor records
   A231. Last update: none yet


NOT YOURS, OR STUCK?
--------------------

Say so in your reply and we will take it from there.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.
"""
        + FOOT
    )


def test_an_agency_is_asked_for_its_return():
    facts = a_morning(
        returns=(
            ReturnLine(reference="NM-2026-020", agency="North Shore Police", due_on=date(2026, 11, 23), overdue=True),
        )
    )

    mail = compose("return_due", facts)

    assert mail.subject == "Agency return for case NM-2026-020 was due on 23 November 2026"
    assert (
        mail.text
        == """Agency return for case NM-2026-020 was due on 23 November 2026
==============================================================

Dear Joy Okafor,


AGENCY RETURNS
--------------

* Case NM-2026-020: the return of North Shore Police was due on
  23 November 2026.

Hand it to the business unit in the secure way that you have agreed,
not in a reply to this email.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.
"""
        + FOOT
    )


def test_a_coordinator_reads_local_dates_apart_from_statutory_ones():
    local = ClockLine(
        reference="NM-2026-019",
        name="Learning session",
        due_on=date(2026, 12, 1),
        state="6 working days left",
        statutory=False,
    )
    statutory = ClockLine(
        reference="NM-2026-020", name="notification", due_on=date(2026, 11, 24), state="2 working days left"
    )

    subjects = [
        compose("statutory_dates", a_morning(statutory=lines)).subject
        for lines in ((local,), (local, local), (statutory, local))
    ]
    text = compose("statutory_dates", a_morning(statutory=(local, statutory))).text

    assert subjects == [
        "1 local date needs you soon",
        "2 local dates need you soon",
        "1 statutory date needs you this week, and 1 local date",
    ]
    assert text[: text.index("---\nYou get")] == (
        """1 statutory date needs you this week, and 1 local date
======================================================

Dear Joy Okafor,


STATUTORY DATES
---------------

* Case NM-2026-020, notification: 24 November 2026. 2 working days
  left.


LOCAL DATES
-----------

* Case NM-2026-019, Learning session: 1 December 2026. 6 working
  days left.


"""
    )


def test_the_coordinators_copy_of_a_digest_asks_nothing_of_her():
    waiting = EscalationLine(reference="E41", group="Quality group", days_waiting=3, title="Who pays?")
    facts = EscalationDigest(
        letterhead=Letterhead(partnership="Northmere"),
        to_name="Casey Morgan",
        meeting_on=date(2026, 12, 3),
        respond_by=date(2026, 12, 2),
        waiting=(waiting,),
        is_copy=True,
    )

    mail = compose("escalation_digest", facts)

    assert mail.subject == "Executive meeting 3 December 2026: 1 escalation needs a response"
    asked = "1 escalation waits for a response of the Executive. It is asked to\nrespond by Wednesday 2 December 2026."
    assert asked in mail.text
    said_to_members = ("your response", "you sit on", "Please respond")
    assert [words for words in said_to_members if words in mail.text + mail.html] == []


def test_an_owner_is_asked_to_review_a_continuing_action():
    facts = a_morning(reviews=(TitledDay(reference="A12", day="2026-11", title="Keep the guidance current"),))

    mail = compose("review_due", facts)

    assert mail.subject == "1 action is due for review: A12"
    assert (
        mail.text
        == """1 action is due for review: A12
===============================

Dear Joy Okafor,


ACTIONS TO REVIEW
-----------------

* A12, Keep the guidance current: to be reviewed in November 2026.

Look again at whether it still works, and reply to this email with
what you found. The business unit records it.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.
"""
        + FOOT
    )


def test_an_owner_whose_date_has_moved_reads_that_nothing_has_to_be_done_now():
    moved = TitledDay(reference="A12", day=date(2026, 12, 18), title="Keep the guidance current")

    mail = compose("date_moved", a_morning(moved=(moved,)))
    two = compose("date_moved", a_morning(moved=(moved, moved)))

    assert mail.subject == "1 action has a new date: A12"
    assert (
        mail.text
        == """1 action has a new date: A12
============================

Dear Joy Okafor,


DATES THAT HAVE MOVED
---------------------

* A12, Keep the guidance current: now due on 18 December 2026.

You do not need to do anything about this now: we will ask you how
it goes when the day is near.


---
You get this because an action in the partnership’s learning tracker
is yours.
"""
        + FOOT
    )
    assert ">You do not need to do anything now.</div>" in mail.html
    assert "anything about these now" in two.text


def test_a_coordinator_reads_the_statutory_dates_of_the_week():
    facts = a_morning(
        statutory=(
            ClockLine(
                reference="NM-2026-019", name="rapid review", due_on=date(2026, 11, 18), state="2 working days late"
            ),
            ClockLine(
                reference="NM-2026-020", name="notification", due_on=date(2026, 11, 24), state="2 working days left"
            ),
        )
    )

    mail = compose("statutory_dates", facts)

    assert mail.subject == "2 statutory dates need you this week"
    assert (
        mail.text
        == """2 statutory dates need you this week
====================================

Dear Joy Okafor,


STATUTORY DATES
---------------

* Case NM-2026-019, rapid review: 18 November 2026. 2 working days
  late.
* Case NM-2026-020, notification: 24 November 2026. 2 working days
  left.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.
"""
        + FOOT
    )


def test_a_coordinator_is_asked_to_look_at_a_hold_again():
    facts = a_morning(
        holds=(HoldLine(reference="NM-2026-011", since=date(2026, 9, 1), look_again_on=date(2026, 11, 20)),)
    )

    mail = compose("look_again", facts)

    assert mail.subject == "1 hold to look at again: NM-2026-011"
    assert (
        mail.text
        == """1 hold to look at again: NM-2026-011
====================================

Dear Joy Okafor,


HOLDS TO LOOK AT AGAIN
----------------------

* NM-2026-011: on hold since 1 September 2026, to look at again on
  20 November 2026.

A hold never ends by itself. Release it, or set another day to look
at it again.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.
"""
        + FOOT
    )


def test_a_coordinator_is_told_that_a_reflection_is_due():
    facts = a_morning(
        reflections=(ReflectionLine(reference="NM-2025-006", which="Six-month reflection", due_on=date(2026, 11, 13)),)
    )

    mail = compose("reflection_due", facts)

    assert mail.subject == "Six-month reflection for case NM-2025-006 is due on 13 November 2026"
    assert (
        mail.text
        == """Six-month reflection for case NM-2025-006 is due on 13 November 2026
====================================================================

Dear Joy Okafor,


REFLECTIONS
-----------

* Six-month reflection, case NM-2025-006: due on 13 November 2026.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.
"""
        + FOOT
    )


def test_the_executive_reads_that_nothing_is_open():
    facts = a_digest(last_meeting_on=date(2026, 11, 5))

    mail = compose("escalation_digest", facts)

    assert mail.subject == "Executive meeting 3 December 2026: papers, nothing to respond to"
    assert (
        mail.text
        == """Executive meeting, Thursday 3 December 2026
===========================================

Dear Lena Brook,

Nothing is open: no escalation waits for your response, no decision
is asked for and nothing is late.


---
You get this because you sit on the Executive. It goes out before
each meeting.
"""
        + FOOT
    )


def test_the_subject_says_that_a_decision_is_wanted_where_no_escalation_waits():
    facts = a_digest(for_decision=(CaseLine(reference="NM-2026-017", since=date(2026, 11, 20)),))

    subject = compose("escalation_digest", facts).subject

    assert subject == "Executive meeting 3 December 2026: papers, 1 review decision on the agenda"


def test_the_executive_reads_what_waits_for_it():
    facts = a_digest(
        respond_by=date(2026, 12, 1),
        last_meeting_on=date(2026, 11, 5),
        replaces_sent_on=date(2026, 11, 20),
        moved_from=date(2026, 12, 1),
        waiting=(
            EscalationLine(
                reference="E41",
                group="Rapid Review Working Group",
                days_waiting=28,
                title="Will every partner take health visitor records electronically?",
                carried_over=True,
                link="https://tracker.example/escalations/E41/respond",
            ),
            EscalationLine(
                reference="E43", group="Quality Assurance Group", days_waiting=1, deferred_to=date(2026, 12, 3)
            ),
            EscalationLine(reference="E44", group="The Forum", days_waiting=9, asked_back_on=date(2026, 11, 24)),
        ),
        for_decision=(CaseLine(reference="NM-2026-017", since=date(2026, 11, 20)),),
        ratifications=(RatificationLine(reference="NM-2026-009", answered=2, partners=5),),
        resolutions=(CaseLine(reference="NM-2026-008", since=date(2026, 10, 1)),),
        on_hold=(HoldLine(reference="NM-2026-011", since=date(2026, 9, 1), look_again_on=date(2026, 12, 21)),),
        overdue_actions=tuple(
            OverdueLine(reference=f"A{number}", due_on=date(2026, 10, 28), days_overdue=29) for number in range(1, 11)
        ),
        review_dates_passed=(TitledDay(reference="A99", day="2026-10", title="Keep the guidance current"),),
        reviews_overdue=(
            ClockLine(reference="NM-2026-003", name="learning review", due_on="2026-10", state="26 days late"),
        ),
        statutory=(
            ClockLine(
                reference="NM-2026-019", name="rapid review", due_on=date(2026, 11, 18), state="6 working days late"
            ),
        ),
        answered=(
            AnsweredLine(
                reference="E39",
                answer="agreed",
                answered_on=date(2026, 11, 12),
                group="The Forum",
                title="School nurses at strategy meetings?",
                told_on=date(2026, 11, 13),
            ),
            AnsweredLine(reference="E38", answer="not agreed", answered_on=date(2026, 11, 12), group="The Group"),
        ),
        withdrawn=(TitledDay(reference="E40", day=date(2026, 11, 9), title="Interpreters at short notice?"),),
        papers_link="https://tracker.example/meetings/M12/papers",
        papers_pdf_link="https://tracker.example/meetings/M12/papers.pdf",
    )

    mail = compose("escalation_digest", facts)

    assert mail.subject == "Executive meeting 3 December 2026: 3 escalations need your response"
    assert (
        mail.text
        == """Executive meeting, Thursday 3 December 2026
===========================================

Dear Lena Brook,

This email replaces the one sent on 20 November 2026: the meeting
has moved from Tuesday 1 December 2026.

3 escalations wait for your response, 1 since before the last
meeting. Please respond by Tuesday 1 December 2026. 1 review
decision is on the agenda.


YOUR RESPONSE IS NEEDED
-----------------------

1. Will every partner take health visitor records electronically?
   E41, Rapid Review Working Group. Waiting 28 days, since before
   the last meeting.
   Respond: https://tracker.example/escalations/E41/respond

2. Escalation E43
   E43, Quality Assurance Group. Waiting 1 day. Deferred to
   3 December 2026.

3. Escalation E44
   E44, The Forum. Waiting 9 days. The group was asked something on
   24 November 2026.


FOR DECISION
------------

* Case NM-2026-017: whether and how to review it. With the Executive
  since 20 November 2026.


RATIFICATIONS AND RESOLUTIONS THAT ARE OPEN
-------------------------------------------

* Case NM-2026-009: 2 of 5 partners answered whether to ratify the
  decision.
* Case NM-2026-008: in resolution since 1 October 2026.


ON HOLD
-------

* Case NM-2026-011: since 1 September 2026, to look at again on
  21 December 2026.


OVERDUE ACTIONS AND REVIEW DATES PASSED
---------------------------------------

10 actions are overdue.
* A1: due on 28 October 2026, 29 days overdue.
* A2: due on 28 October 2026, 29 days overdue.
* A3: due on 28 October 2026, 29 days overdue.
* A4: due on 28 October 2026, 29 days overdue.
* A5: due on 28 October 2026, 29 days overdue.
* A6: due on 28 October 2026, 29 days overdue.
* A7: due on 28 October 2026, 29 days overdue.
* A8: due on 28 October 2026, 29 days overdue.

... and 2 more.

1 review date has passed.
* A99, Keep the guidance current: to be reviewed in October 2026.


REVIEWS OVERDUE
---------------

* Case NM-2026-003, learning review: due in October 2026. 26 days
  late.


STATUTORY DATES
---------------

* Case NM-2026-019, rapid review: due on 18 November 2026. 6 working
  days late.


ANSWERED SINCE 5 NOVEMBER 2026
------------------------------

* E39, agreed on 12 November 2026: School nurses at strategy
  meetings? The Forum was told on 13 November 2026.
* E38, not agreed on 12 November 2026. The Group has not been told
  yet.


WITHDRAWN SINCE 5 NOVEMBER 2026
-------------------------------

* E40, withdrawn on 9 November 2026: Interpreters at short notice?


PAPERS
------

Read all papers, or download them in one PDF. Both ask you to
sign in.
https://tracker.example/meetings/M12/papers
https://tracker.example/meetings/M12/papers.pdf


---
You get this because you sit on the Executive. It goes out before
each meeting.
"""
        + FOOT
    )


def test_a_group_is_told_that_its_escalation_is_answered():
    facts = EscalationAnswered(
        **READER,
        escalation=AnsweredLine(
            reference="E41",
            answer="agreed in part",
            answered_on=date(2026, 12, 3),
            group="Rapid Review Working Group",
            title="Records held on paper when a family moves",
        ),
    )

    mail = compose("escalation_answered", facts)

    assert mail.subject == "The Executive has answered E41"
    assert (
        mail.text
        == """The Executive has answered E41
==============================

Dear Joy Okafor,

Rapid Review Working Group raised E41, “Records held on paper when a
family moves”. The Executive answered it on 3 December 2026: agreed
in part.

The answer is not in this email. It stands word for word in the
escalation tracker; the business unit will read it to you.


---
You get this because your group raised this escalation.
"""
        + FOOT
    )


def test_members_are_sent_the_action_list_of_their_meeting():
    facts = MeetingHeld(
        **READER,
        group="Education Safeguarding Forum",
        held_on=date(2026, 12, 3),
        decisions=(DecidedLine(reference="NM-2026-014", outcome="a review"),),
        answers=(DecidedLine(reference="E41", outcome="agreed in part", title="Who pays for beds?"),),
        escalations=(EscalationRaised(reference="E42", asked_of="Executive", title="Should beds wait?"),),
        actions=(
            AgreedLine(reference="A214", title="Share records", agency="Health", due_on=date(2027, 1, 29)),
            AgreedLine(reference="A215"),
        ),
        link="https://x/meetings/M1",
    )

    mail = compose("meeting_held", facts)

    assert mail.subject == "Action list of the Education Safeguarding Forum, 3 December 2026"
    assert "* Case NM-2026-014: a review.\n" in mail.text
    assert "* E41, “Who pays for beds?”: agreed in part.\n" in mail.text
    assert "* E42, “Should beds wait?”, to the Executive.\n" in mail.text
    assert "* A214: Share records. Health. Due 29 January 2027.\n* A215.\n" in mail.text
    assert "The meeting with its key points:\nhttps://x/meetings/M1\n" in mail.text


def test_members_are_told_of_meetings_with_the_newest_of_each_for_their_calendars():
    facts = MeetingDates(
        **READER,
        to_address="joy@x.example",
        as_of=datetime(2026, 11, 20, 8, tzinfo=UTC),
        base_url="https://x",
        meetings=(
            a_meeting(),
            a_meeting("M2", Change.MOVED, sequence=2, group="Education Safeguarding Forum"),
            a_meeting("M3", Change.CANCELLED),
        ),
    )

    mail = compose("meeting_dates", facts)

    assert mail.subject == "Your groups: 3 meetings arranged, moved or cancelled"
    assert "ARRANGED\n--------\n\n* Executive (M1), Friday 4 December 2026 at 10am.\n" in mail.text
    assert "MOVED\n-----\n\n* Education Safeguarding Forum (M2), Friday 4 December 2026 at 10am.\n" in mail.text
    assert "  It was to be on Tuesday 1 December 2026 at 10am.\n" in mail.text
    assert "CANCELLED\n---------\n\n* Executive (M3), Friday 4 December 2026 at 10am.\n" in mail.text
    assert "M2: https://x/meetings/M2\n" in mail.text
    assert "Let your calendar read your meetings by itself" in mail.html
    assert mail.calendar is not None
    assert mail.calendar.method == "PUBLISH"


def _escalation_answered(**facts):
    line = AnsweredLine(
        reference="E41", answer="agreed", answered_on=date(2026, 12, 4), group="The Group", title="Ask?"
    )
    mail = compose("escalation_answered", EscalationAnswered(**READER, escalation=line, **facts))
    return mail.subject, " ".join(mail.text.partition("Dear Joy Okafor,")[2].partition("---")[0].split())


def test_a_group_is_told_every_answer_in_their_order():
    written = _escalation_answered(earlier=(EarlierAnswer(answer="agreed in part", answered_on=date(2026, 12, 3)),))

    assert written == (
        "The Executive has answered E41",
        "The Group raised E41, “Ask?”. The Executive answered it on 3 December 2026: agreed in part. The Executive "
        "added on 4 December 2026: agreed. What it said is not in this email. It stands word for word in the "
        "escalation tracker; the business unit will read it to you.",
    )


@pytest.mark.parametrize(
    ("is_at_meeting", "subject", "sentence"),
    [
        (
            True,
            "The Executive will decide on E41 at its meeting on 7 January 2027",
            "The Executive will decide at its meeting on 7 January 2027.",
        ),
        (
            False,
            "The Executive will look at E41 again on 7 January 2027",
            "The Executive will look at it again on 7 January 2027.",
        ),
    ],
)
def test_a_group_is_told_when_the_executive_decides(is_at_meeting, subject, sentence):
    written = _escalation_answered(decides_on=date(2027, 1, 7), is_at_meeting=is_at_meeting)

    assert written == (
        subject,
        f"The Group raised E41, “Ask?”. {sentence} It goes on waiting until then. What it said is not in this email. "
        "It stands word for word in the escalation tracker; the business unit will read it to you.",
    )


def test_a_group_is_told_that_it_was_asked_something():
    written = _escalation_answered(is_asked_back=True)

    assert written == (
        "The Executive has asked you something about E41",
        "The Group raised E41, “Ask?”. The Executive asked your group something about it on 4 December 2026. It goes "
        "on waiting until that is answered. The question is not in this email. It stands word for word in the "
        "escalation tracker; the business unit will read it to you.",
    )


def test_a_panel_is_told_that_the_executive_has_decided():
    facts = AboutCase(**READER, reference="NM-2026-017", link="https://tracker.example/cases/NM-2026-017/decision")

    mail = compose("executive_decision", facts)

    assert mail.subject == "The Executive has recorded its decision: case NM-2026-017"
    assert (
        mail.text
        == """The Executive has recorded its decision: case NM-2026-017
=========================================================

Dear Joy Okafor,

The Executive has recorded its decision on case NM-2026-017.

The decision is not in this email. Sign in to read it.

Read the decision:
https://tracker.example/cases/NM-2026-017/decision


---
You get this because you sat on the panel of this case, or will act
on the decision.
"""
        + FOOT
    )


def test_a_lead_is_asked_whether_she_is_independent():
    facts = AboutCase(**READER, reference="NM-2026-017", answer_by=date(2026, 12, 10))

    mail = compose("independence", facts)

    assert mail.subject == "Please confirm that you are independent: case NM-2026-017"
    assert (
        mail.text
        == """Please confirm that you are independent: case NM-2026-017
=========================================================

Dear Joy Okafor,

You were named to lead a part of the review of case NM-2026-017.
Whoever leads must be independent of it: neither they nor those they
manage were involved with the child or the family.

Please say whether that is so by 10 December 2026. Reply to this
email with yes or no and this reference. The report cannot be signed
off before.


---
You get this because you were named to lead a part of this review.
"""
        + FOOT
    )


def test_an_owner_is_told_that_her_update_arrived():
    facts = AboutAction(**READER, reference="A214", title="Share health visitor records")

    mail = compose("update_received", facts)

    assert mail.subject == "Your update to A214 was received"
    assert (
        mail.text
        == """Your update to A214 was received
================================

Dear Joy Okafor,

Thank you. We have your update to A214, “Share health visitor
records”.

The business unit reads it next. You hear from us only if there is a
question.


---
You get this because you sent an update.
"""
        + FOOT
    )


def test_an_owner_is_told_of_a_question_about_her_update():
    facts = AboutAction(**READER, reference="A214")

    mail = compose("update_queried", facts)

    assert mail.subject == "A question about your update to A214"
    assert (
        mail.text
        == """A question about your update to A214
====================================

Dear Joy Okafor,

Thank you for your update to A214. Before it can be accepted, the
business unit has a question about it.

The question is not in this email. Reply to this email, and the
business unit will ask you.


---
You get this because you sent an update.
"""
        + FOOT
    )


def test_an_agency_lead_is_asked_to_help_an_owner_who_does_not_answer():
    facts = AboutAction(**READER, reference="A214", due_on=date(2026, 10, 28), unanswered=3)

    mail = compose("action_needs_help", facts)

    assert mail.subject == "Action A214 needs help from your agency"
    assert (
        mail.text
        == """Action A214 needs help from your agency
=======================================

Dear Joy Okafor,

Action A214 has had no answer to 3 reminders. Its date is
28 October 2026.

Please help its owner, or name a new one. Reply to this email to say
which.


---
You get this because you lead for your agency.
"""
        + FOOT
    )


def test_an_agency_lead_is_asked_to_help_an_owner_who_is_stuck():
    facts = AboutAction(**READER, reference="A214", title="Share health visitor records")

    mail = compose("action_needs_help", facts)

    assert mail.subject == "Action A214 needs help from your agency"
    assert (
        mail.text
        == """Action A214 needs help from your agency
=======================================

Dear Joy Okafor,

Action A214, “Share health visitor records”, is stuck, its owner
says.

Please help its owner, or name a new one. Reply to this email to say
which.


---
You get this because you lead for your agency.
"""
        + FOOT
    )


def test_an_agency_lead_is_asked_for_another_owner_whose_name_is_not_said():
    action = an_action(due_on=date(2026, 10, 28), title="Share records", link="https://x/actions/A214/reassign-action")
    facts = OwnerUnreachable(**READER, actions=(action, an_action("A215", due_on=None, title=None)), link="https://x/a")

    mail = compose("owner_unreachable", facts)

    assert mail.subject == "2 actions of your agency need a new owner"
    assert (
        mail.text
        == """2 actions of your agency need a new owner
=========================================

Dear Joy Okafor,

Our emails do not reach the owner of these actions: we have no
address, or the one we have does not work. Nobody is reminded of
them.

Please name a new owner, or tell the business unit an address that
works.

* A214: Share records. Due 28 October 2026
  Name a new owner: https://x/actions/A214/reassign-action
* A215

All open actions of your agency:
https://x/a


---
You get this because you lead for your agency.
"""
        + FOOT
    )


def test_a_single_action_without_an_owner_who_can_be_reached_stands_in_the_subject():
    facts = OwnerUnreachable(**READER, actions=(an_action(),))

    mail = compose("owner_unreachable", facts)

    assert mail.subject == "1 action of your agency needs a new owner: A214"


@pytest.mark.parametrize(("name", "facts"), everything("Share records"), ids=lambda value: str(value)[:30])
def test_an_email_that_goes_once_more_says_at_its_top_that_it_may_come_twice(name, facts):
    word = "You may get this email twice: we could not tell whether it arrived the first time."

    once, again = compose(name, facts), compose(name, facts, is_repeat=True)

    assert word not in once.html
    assert word not in " ".join(once.text.split())
    assert again.html.index(word) < again.html.index("Dear ")
    assert " ".join(again.text.split()).index(word) < " ".join(again.text.split()).index("Dear ")


def words_of(html: str) -> list[str]:
    """Give the headings of an HTML part as its reader sees them."""
    return [re.sub(r"<[^>]+>", "", heading).upper() for heading in re.findall(r"<h[12][^>]*>(.*?)</h[12]>", html)]


@pytest.mark.parametrize(("name", "facts"), everything("Share records"), ids=lambda value: str(value)[:30])
def test_both_shapes_have_the_same_sections_in_the_same_order(name, facts):
    mail = compose(name, facts)

    in_text = re.findall(r"^(.+)\n(?:-+|=+)$", mail.text, flags=re.MULTILINE)
    assert words_of(mail.html) == [heading.upper() for heading in in_text]


class OpenTags(HTMLParser):
    """Follows which tags stand open, and collects addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.add(tag)
        self.addresses |= {value for name, value in attributes if name in ("href", "src", "background")}
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that stands open."""
        assert self.open.pop() == tag


@pytest.mark.parametrize(("name", "facts"), everything("Share records"), ids=lambda value: str(value)[:30])
def test_the_html_is_whole_and_asks_nothing_of_another_host(name, facts):
    page = OpenTags()

    page.feed(compose(name, facts).html)

    assert page.open == []
    assert page.tags & {"img", "script", "link", "iframe", "form"} == set()
    assert {urlsplit(address).netloc for address in page.addresses} == {"x"}


HOSTILE = [
    "=?utf-8?q?x=0D=0ABcc:_evil@e.example?=",
    "x\r\nBcc: evil@e.example",
    "x\u2028\u2029\x85y",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% include 'layout.txt' %}",
    "</title></style></td><b>",
    "\u202egnihtemos",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_reaches_no_subject_and_stays_text(title):
    plain = [compose(name, facts) for name, facts in everything("harmless")]

    for (name, facts), harmless in zip(everything(title), plain, strict=True):
        mail = compose(name, facts)
        page = OpenTags()
        page.feed(mail.html)

        assert mail.subject == harmless.subject
        assert (page.open, page.tags & {"script", "img", "b"}) == ([], set())
        # A title is one line wherever it stands, so it can pretend to be no line of the email.
        assert not re.search(r"^Bcc:|[\r\u2028\u2029\u202e\x85]", mail.text, flags=re.MULTILINE)
        assert "49" not in mail.text + mail.html.partition("</head>")[2].replace("#3f4b50", "")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_of_a_reader_stays_text(name):
    for kind, facts in everything("harmless", name=name):
        mail = compose(kind, facts)
        page = OpenTags()
        page.feed(mail.html)

        assert (page.open, page.tags & {"script", "img", "b"}) == ([], set())
        assert mail.text.splitlines()[3].startswith("Dear ")


def test_titles_that_a_partnership_switched_off_leave_references_alone():
    for name, facts in everything(None):
        mail = compose(name, facts)

        assert "None" not in mail.text + mail.html
        assert not re.search(r"[ (]“|, [:,.]", mail.text)


def test_every_email_is_read_in_these_tests():
    assert sorted({name for name, _ in everything("title")}) == sorted(EMAILS)


def test_eight_actions_are_shown_and_the_rest_counted():
    mail = compose("action_reminder", a_morning(actions=tuple(an_action(f"A{number}") for number in range(101, 113))))

    shown = ["A101", "A102", "A103", "A104", "A105", "A106", "A107", "A108"]
    assert mail.subject == "12 actions need an update"
    assert re.findall(r"A1\d\d", mail.text) == shown
    assert re.findall(r"A1\d\d", mail.html) == shown
    assert ("... and 4 more." in mail.text, "… and 4 more." in mail.html) == (True, True)


def test_actions_of_which_only_the_month_is_known_stand_after_its_days():
    morning = a_morning(
        actions=(
            an_action("A4", due_on=None),
            an_action("A3", due_on="2026-12"),
            an_action("A2", due_on=date(2026, 12, 31)),
            an_action("A1", due_on="2026", due=Due.OVERDUE),
        )
    )

    assert [line.reference for line in morning.asked] == ["A1", "A2", "A3", "A4"]


def test_a_morning_is_named_by_what_presses_most_and_an_empty_one_is_not_written():
    hold = HoldLine(reference="A1", since=date(2026, 9, 1), look_again_on=date(2026, 12, 1))

    named = [a_morning().email, a_morning(holds=(hold,)).email, a_morning(holds=(hold,), actions=(an_action(),)).email]

    assert named == [None, "look_again", "action_reminder"]


@pytest.mark.parametrize(
    ("count", "subject"),
    [
        (0, "Executive meeting 3 December 2026: papers, nothing to respond to"),
        (1, "Executive meeting 3 December 2026: 1 escalation needs your response"),
        (3, "Executive meeting 3 December 2026: 3 escalations need your response"),
    ],
)
def test_the_subject_of_a_digest_counts_what_waits(count, subject):
    waiting = tuple(EscalationLine(reference=f"E{number}", group="Group", days_waiting=1) for number in range(count))

    assert compose("escalation_digest", a_digest(waiting=waiting)).subject == subject


def test_an_email_comes_from_its_partnership_and_is_answered_to_the_business_unit():
    mail = compose("action_reminder", a_morning(actions=(an_action(),)))

    assert (mail.from_name, mail.reply_to) == (
        "Northmere Safeguarding Children Partnership",
        "businessunit@northmere.example",
    )


def test_facts_of_another_email_are_refused():
    with pytest.raises(TypeError, match="escalation_digest is written from EscalationDigest, not Morning"):
        compose("escalation_digest", a_morning())


def test_a_name_that_a_template_does_not_know_is_an_error():
    with pytest.raises(UndefinedError):
        rendering.text_environment().from_string("{{ pseudonym }}").render()


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain: 3 actions", "plain: 3 actions"),
        ("a\r\nb\x00c\u200bd\u2028e", "abcde"),
        ("=?utf-8?q?x?=", "= ?utf-8?q?x?="),
        ("=\u200b?utf-8", "= ?utf-8"),
        ("==??", "== ??"),
    ],
)
def test_a_header_keeps_what_can_be_seen_and_no_encoded_word(text, safe):
    assert safe_header(text) == safe


def test_days_are_written_as_in_the_united_kingdom():
    days = [uk_date(day) for day in (date(2026, 11, 2), "2026-11-20", "2026-11", "2026")]

    assert days == ["2 November 2026", "20 November 2026", "November 2026", "2026"]


def test_a_paragraph_breaks_between_words_never_inside_a_reference():
    assert wrapped("one two\nthree NM-2026-017 https://tracker.example/a-b", indent=2, width=14) == (
        "  one two\n  three\n  NM-2026-017\n  https://tracker.example/a-b"
    )
