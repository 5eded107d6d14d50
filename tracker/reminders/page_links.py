"""The links in emails that lead to pages behind the sign-in: they name a record, and open nothing by themselves."""

from dataclasses import replace

from notifications.facts import EscalationAnswered, EscalationDigest, MailFacts, MeetingHeld, Morning, OwnerUnreachable
from notifications.meeting_facts import MeetingDates
from notifications.outbox import Message


def with_page_links(message: Message, facts: MailFacts, base_url: str) -> MailFacts:
    """Give an email's facts with the addresses of the pages on which the work goes on."""
    if isinstance(facts, EscalationAnswered):
        return replace(facts, link=f"{base_url}/escalations/{facts.escalation.reference}")
    if isinstance(facts, MeetingHeld):
        return replace(facts, link=f"{base_url}/meetings/{message.about}")
    if isinstance(facts, MeetingDates):
        meetings = (replace(one, link=f"{base_url}/meetings/{one.reference}") for one in facts.meetings)
        return replace(facts, meetings=tuple(meetings), base_url=base_url)
    if isinstance(facts, EscalationDigest):
        return _digest(message, facts, base_url)
    if isinstance(facts, OwnerUnreachable):
        lines = (replace(one, link=f"{base_url}/actions/{one.reference}/reassign-action") for one in facts.actions)
        return replace(facts, link=f"{base_url}/actions?agency=mine", actions=tuple(lines))
    if isinstance(facts, Morning) and (facts.statutory or facts.reflections or facts.holds or facts.rechecks):
        # What these ask is asked of a coordinator, whose work begins there.
        return replace(facts, today_link=f"{base_url}/today")
    return facts


def _digest(message: Message, facts: EscalationDigest, base_url: str) -> EscalationDigest:
    link = f"{base_url}/meetings/{message.about}/papers"
    papers = replace(facts, papers_link=link, papers_pdf_link=f"{link}.pdf")
    if facts.is_copy:
        # Nothing is asked of whoever reads the copy.
        return papers
    waiting = (replace(line, link=f"{base_url}/escalations/{line.reference}/respond") for line in facts.waiting)
    decisions = (replace(line, link=f"{base_url}/cases/{line.reference}/decision") for line in facts.for_decision)
    return replace(papers, waiting=tuple(waiting), for_decision=tuple(decisions))
