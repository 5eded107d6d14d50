"""Tower Hamlets, the second half: from the combined plan through publication and reflection to the closure."""

from typing import Any

from tracker.demo.cast import HOSPITALS, SOCIAL_CARE
from tracker.demo.sharing import share_the_learning
from tracker.demo.teller import Teller
from tracker.demo.tower_hamlets import CASEY, EVAN, HANA, NADIA, TOM

FORTNIGHT = ("2024-01-22", "2024-02-04")


def tell_the_learning(story: Teller) -> None:
    """Tell how the learning is published, shared, carried out, looked back on, and how the case is closed."""
    wards, sharing, relatives = _plan(story)
    _publication(story)
    share_the_learning(story)
    escalation, meeting = _escalation(story, sharing)
    _updates(story, wards, sharing)
    _answer(story, escalation, meeting, sharing)
    _second_update(story, wards)
    _rest_of_the_plan(story, sharing, relatives)
    gap = _reflection(story)
    _closure(story, gap)


def _plan(story: Teller) -> tuple[str, str, str]:
    story.day("2023-10-19")
    named: dict[str, Any] = {
        "text": "Train the wards to ask",
        "sources": [f"{story.case}/1"],
        "owner": NADIA,
        "due_on": "2024-01-31",
    }
    words = "adds an action, with a person's name in its title, which would go into emails."
    story.refused(CASEY, "add_action", words, **named, title="Learn from Maria Santos to ask")
    words = "writes the title anew: Nadia Brook trains the wards, by 31 January."
    wards = story.makes(CASEY, "add_action", words, **named, agency=HOSPITALS, title="Train the wards to ask")
    share = {"text": "Agree how services share within a day", "title": "Share within one working day"}
    facts = {"sources": [f"{story.case}/2"], "agency": SOCIAL_CARE, "level": "multi_agency"}
    words = "adds an action: Tom Ellery agrees how services share, by Sunday 28 January."
    sharing = story.makes(CASEY, "add_action", words, **share, **facts, owner=TOM, due_on="2024-01-28")
    hear = {"text": "Put a question for relatives into the assessment", "title": "Hear the relatives"}
    facts = {"sources": [f"{story.case}/3"], "agency": HOSPITALS, "owner": NADIA, "due_on": "2024-01-31"}
    words = "adds an action: Nadia Brook puts a question for relatives into the assessment, by 31 January."
    return wards, sharing, story.makes(CASEY, "add_action", words, **hear, **facts)


def _publication(story: Teller) -> None:
    story.day("2023-10-24")
    story.does(CASEY, "plan_publication", "plans the publication for 10 November.", on="2023-11-10")
    story.clock("send_before_publication")
    story.blockers("publish")
    story.day("2023-10-26")
    came = {SOCIAL_CARE: 14, HOSPITALS: 9}
    words = "holds the learning session with the author; 23 people come."
    story.does(CASEY, "record_learning_session", words, on="2023-10-26", attendance=came)
    story.day("2023-10-31")
    words = "sends the full report to the national Panel and the Secretary of State, 8 working days ahead."
    story.does(CASEY, "record_sent_before_publication", words, on="2023-10-31")
    story.day("2023-11-10")
    label = "Learning review 2023"
    story.does(EVAN, "publish", f"publishes the report as “{label}”.", on="2023-11-10", public_label=label)


def _escalation(story: Teller, sharing: str) -> tuple[str, str]:
    story.day("2024-01-08")
    words = "schedules the Executive's meeting for Thursday 1 February at 10am."
    meeting = story.makes(CASEY, "schedule_meeting", words, group="exec", on="2024-02-01", at="10:00")
    story.tells("The service now works every morning at 8am. Section 4 shows what it sends from 22 January on.")
    story.day(FORTNIGHT[0], every_morning=True)
    question = {
        "title": "Who pays for the link between the record systems?",
        "ask": "Decide which partner pays for the link between the two record systems",
        "why": "Without it nobody can share within a day",
    }
    words = "asks the Executive, on behalf of the quality group, who pays for the link between two record systems."
    facts = {"group": "qap", "about": [sharing], "meeting": meeting}
    return story.makes(CASEY, "raise_escalation", words, **question, **facts), meeting


def _updates(story: Teller, wards: str, sharing: str) -> None:
    story.day("2024-01-29", every_morning=True)
    stuck = {"report": "stuck", "text": "The link between the systems is not paid for"}
    story.does(
        TOM, "update_action", "reports that the action is stuck, one day after its date.", about=sharing, **stuck
    )
    story.day("2024-01-30", every_morning=True)
    story.does(CASEY, "accept_update", "reads it and accepts the update.", about=sharing)
    story.day("2024-01-31", every_morning=True)
    words = "reports the training done, and gives nothing that shows it."
    story.refused(NADIA, "update_action", words, about=wards, report="done")
    evidence = "Lists of 11 wards, each signed by its sister"
    story.does(NADIA, "update_action", "reports it done, with evidence.", about=wards, report="done", evidence=evidence)
    story.refused(NADIA, "accept_update", "tries to accept her own update.", about=wards)


def _answer(story: Teller, escalation: str, meeting: str, sharing: str) -> None:
    story.day("2024-02-01", every_morning=True)
    answer = {"on": "2024-02-01", "answer": "agreed", "text": "Health pays for the link", "by_whom": "Hana Ostrow"}
    words = "answers for the Executive: agreed, health pays for the link, by the end of March."
    story.does(HANA, "respond_to_escalation", words, about=escalation, **answer, by_when="2024-03-31")
    story.post()
    status = story.shown("escalation", escalation)["status_words"]
    story.consequence(f"{escalation} is now: {status}.")
    came = {"London Borough of Tower Hamlets": "yes", SOCIAL_CARE: "yes", HOSPITALS: "no"}
    points = ["The link between the record systems is paid for"]
    words = "closes the meeting with its key points and who came."
    story.does(CASEY, "close_meeting", words, about=meeting, key_points=points, attendance=came)
    story.day("2024-02-02", every_morning=True)
    moved = {"due_on": "2024-05-31", "reason": "The link has to be built first"}
    words = "moves the due date of the sharing; the first one stays visible."
    story.does(CASEY, "move_due_date", words, about=sharing, **moved)


def _second_update(story: Teller, wards: str) -> None:
    story.day(FORTNIGHT[1], every_morning=True)
    story.day("2024-02-05")
    words = "looks at the lists and accepts: the action is complete."
    story.does(CASEY, "accept_update", words, about=wards)


def _rest_of_the_plan(story: Teller, sharing: str, relatives: str) -> None:
    story.day("2024-02-14")
    evidence = "The assessment form of February"
    story.does(
        NADIA,
        "update_action",
        "reports the question for relatives done.",
        about=relatives,
        report="done",
        evidence=evidence,
    )
    story.day("2024-02-15")
    story.does(CASEY, "accept_update", "accepts the update.", about=relatives)
    story.day("2024-05-29")
    evidence = "The link has run since 7 May; a sample of 40 records"
    story.does(TOM, "update_action", "reports the sharing done.", about=sharing, report="done", evidence=evidence)
    story.day("2024-05-30")
    story.does(CASEY, "accept_update", "accepts the update.", about=sharing)


def _reflection(story: Teller) -> str:
    story.day("2024-11-07")
    words = "begins the one-year reflection with one answer for three recommendations."
    first = {"of": 1, "answer": "embedded", "text": "Every ward asks; two audits show it"}
    story.refused(CASEY, "record_reflection", words, on="2024-11-07", answers=[first])
    gap = "Night staff have not been trained to share"
    rest = [{"of": 2, "answer": "gap", "text": gap}, {"of": 3, "answer": "embedded", "text": "Seen in 30 assessments"}]
    before = {row["reference"] for row in story.shown("case", story.case)["actions"]}
    words = "holds the one-year reflection: two recommendations are embedded, one has a gap."
    story.does(CASEY, "record_reflection", words, on="2024-11-07", answers=[first, *rest])
    after = story.shown("case", story.case)["actions"]
    action = next(str(row["reference"]) for row in after if row["reference"] not in before)
    story.consequence(f"The gap has made action {action}: {gap}.")
    given = {"owner": TOM, "reason": "He agreed the sharing"}
    story.does(CASEY, "reassign_action", f"gives {action} to Tom Ellery.", about=action, **given)
    moved = {"due_on": "2025-01-17", "reason": "After the winter rota"}
    story.does(CASEY, "move_due_date", "sets its date, 17 January.", about=action, **moved)
    return action


def _closure(story: Teller, gap: str) -> None:
    story.day("2024-11-21")
    reason = "The learning is embedded"
    story.refused(EVAN, "close_case", "tries to close the case.", reason=reason)
    story.day("2025-01-15")
    evidence = "Attendance of the four night teams"
    story.does(TOM, "update_action", "reports the gap closed.", about=gap, report="done", evidence=evidence)
    story.day("2025-01-16")
    story.does(CASEY, "accept_update", "accepts the update.", about=gap)
    story.day("2025-01-28")
    story.does(EVAN, "close_case", "closes the case for the Executive.", reason=reason)
    lines = len(story.shown("case", story.case)["history"])
    story.consequence(f"The history of the case keeps all of this, in {lines} lines.")
