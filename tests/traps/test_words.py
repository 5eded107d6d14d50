"""A trap in which other trackers fell: what an email, a line of the log and the address of a link may hold."""

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from notifications.folder import FolderTransport
from notifications.rendering import EMAILS
from notifications.transports import Commit, Doubtful, OutgoingMail, PermanentRefusal, Receipt, TemporaryRefusal
from tests.tracker.reminders.post import read
from tests.traps.marked import (
    LINKS,
    MARK,
    MORNING,
    OF_REFLECTION,
    TITLE,
    leave_only_a_reflection,
    make_marked,
    mark_everything,
    marker_fields,
)
from tracker.database import reading
from tracker.people.models import Person
from tracker.reminders.jobs import run_due

MARKED = re.compile(rf"{MARK}_\w+")
# Nothing sends the first; the second is what an email about statutory dates becomes when only a reflection is left.
NO_KINDS_OF_THEIR_OWN = {"update_received", "reflection_due"}
REFLECTION = "Follow-up workshop on progress for case CANARY-7 is due on 10 November 2021"


FIELDS = {
    "acceptance": {"reason"},
    "action": {
        *("agency_name", "answer", "baseline", "ended_why", "outside_body", "success_measure", "text"),
        "timescale_words",
    },
    "action_date": {"agreed_with", "reason"},
    "action_hold": {"reason"},
    "action_join": {"reason"},
    "action_pair": {"reason"},
    "action_source": {"words"},
    "action_update": {"text"},
    "agenda_item": {"text"},
    "attendance": {"agency_name"},
    "briefing": {"learning_from", "texts"},
    "case_access": {"reason"},
    "case_comment": {"text"},
    "case_event": {"note"},
    "case_name": {"folded"},
    "case_record": {"area", "criteria", "loaded", "pseudonym", "public_label", "summary"},
    "clock": {"stopped_why"},
    "closure": {"name"},
    "conflict": {"reason"},
    "contributing_partnership": {"name"},
    "decision": {"body", "reason", "scrutineer_said"},
    "decision_draft": {"body"},
    "decision_voice": {"partner", "reason"},
    "digest_sent": {"figures"},
    "escalation": {"ask", "why", "withdrawn_why"},
    "escalation_response": {"by_whom", "text"},
    "escalation_ruling": {"reason"},
    "escalation_step": {"reason"},
    "evidence": {"text"},
    "finding": {"text", "themes"},
    "hold": {"reason"},
    "impact": {"measure", "text"},
    "import_draft": {"chosen", "copy_of", "name"},
    "import_mapping": {"chosen"},
    "imported_row": {"file", "original", "ref", "sheet"},
    "meeting": {"key_points", "place", "proposed_why", "reason"},
    "method_lead": {"agency", "declaration", "ended_why", "name"},
    "method_work": {"note"},
    "national_panel_response": {"text"},
    "panel_recommendation": {"immediate_learning", "reason"},
    "person": {"name"},
    "pack": {"contents"},
    "personal_token": {"name"},
    "ratification": {"partner", "reason"},
    "recommendation": {"addressee", "findings", "text", "themes"},
    "reflection_answer": {"text"},
    "resolution": {"participants", "reason"},
    "review": {"impact", "measures", "scrutiny_areas"},
    "stored_file": {"name"},
    "theme": {"label"},
    "theme_ruling": {"label"},
    "theme_word": {"word"},
    "unsent_form": {"body", "intent", "place"},
    "year_figure": {"source"},
}


@dataclass
class Refusing:
    """A way out that gives no answer to the first email and refuses the next ones, so that the log has its lines."""

    tells_after: timedelta | None = None
    asked: int = 0

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Refuse the email."""
        if outgoing.to_address == "gone@thscp.example":
            raise PermanentRefusal("There is no such address.", of_address=True)
        self.asked += 1
        if self.asked == 1:
            commit()
            raise Doubtful("No answer came.")
        raise TemporaryRefusal("Come again later.")

    def find(self, message_id: str) -> Receipt | None:
        """Know of nothing."""
        return None

    def close(self) -> None:
        """Keep nothing open."""


def parts(path: Path) -> tuple[str, str]:
    """Give whom an email is for, and all of it that can be read: its head, its text, its page."""
    mail = read(path)
    bodies = [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]
    return str(mail["To"]), "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *bodies])


def test_trap_15_no_email_and_no_address_of_a_link_and_no_line_of_the_log_holds_a_word_that_people_typed(
    engine, tmp_path, caplog, capfd
):
    make_marked(engine)
    mark_everything(engine)

    with caplog.at_level(logging.DEBUG):
        run_due(engine, Refusing(), now=MORNING, links=LINKS)
        run_due(engine, FolderTransport(tmp_path), now=MORNING + timedelta(minutes=5), links=LINKS)
        leave_only_a_reflection(engine)
        run_due(engine, FolderTransport(tmp_path), now=OF_REFLECTION, links=LINKS)

    paths = sorted(tmp_path.glob("*.eml"))
    sent = [parts(path) for path in paths]
    # Every email that there is went, and in every one of them all that it may hold was looked through.
    assert {path.stem.split("-")[2] for path in paths} == set(EMAILS) - NO_KINDS_OF_THEIR_OWN
    own = own_names(engine)
    assert [(to, found) for to, text in sent for found in set(MARKED.findall(text)) - {own[to]}] == []
    assert [any(words in text for _, text in sent) for words in (TITLE, REFLECTION)] == [True, True]
    logged = "\n".join([*(record.getMessage() for record in caplog.records), *capfd.readouterr()])
    assert "may have gone: Doubtful" in logged
    assert MARKED.findall(logged) == []
    assert TITLE not in logged


def test_trap_15_words_that_are_looked_for_are_these():
    """A column that is added stands here, or is named among those that hold nothing of a case."""
    assert marker_fields() == FIELDS


def own_names(engine: Engine) -> dict[str, str]:
    with reading(engine) as session:
        return {str(person.email): person.name for person in session.exec(select(Person))}
