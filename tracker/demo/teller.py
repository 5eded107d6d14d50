"""Tells a story: does each deed as somebody of it, under a clock of its own, and says what it brought about."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine

from notifications.transports import Transport
from tracker.clock import london_day, london_moment
from tracker.database import reading
from tracker.demo.cast import PLAYERS
from tracker.demo.consequences import consequences
from tracker.demo.words import fitted, working
from tracker.doing import do
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.intents import Done
from tracker.people.links import LinkMaker
from tracker.reminders.jobs import run_due
from tracker.showing.lists import list_rows
from tracker.showing.show import show
from workflows.dates import uk_date
from workflows.lifecycle import StepRefused

Say = Callable[[str], None]
Document = dict[str, Any]

MORNING, WORKING_HOUR = time(8), time(10)


class Teller:
    """Moves the clock from day to day, does deeds on one case and its records, and prints them as steps.

    Every day begins with the service's own work at 08:00, as `tracker run-due` does it; deeds are done at 10:00.
    """

    def __init__(self, engine: Engine, transport: Transport, say: Say, links: LinkMaker | None = None) -> None:
        self.engine = engine
        self.transport = transport
        self.links = links
        self.say = say
        self.case = ""
        self._now = datetime.min
        self._seen: Document | None = None
        self._says_day = False

    @property
    def now(self) -> datetime:
        """Give the moment of the story."""
        return self._now

    @property
    def today(self) -> date:
        """Give the day of the story."""
        return london_day(self._now)

    def tells(self, text: str) -> None:
        """Say something between the steps."""
        if self._says_day:
            self._heads_day()
        else:
            self.say("")
        for line in fitted(text, "    ", "    "):
            self.say(line)

    def day(self, text: str, *, every_morning: bool = False) -> None:
        """Move the clock to a day; what stood due on it, or on every morning since, is done by the service first."""
        to = date.fromisoformat(text)
        morning = self.today + timedelta(days=1) if every_morning else to
        while morning <= to:
            run_due(self.engine, self.transport, now=london_moment(morning, MORNING), links=self.links)
            morning += timedelta(days=1)
        self._now = london_moment(to, WORKING_HOUR)
        self._says_day = True
        if self.case:
            self._seen = self.shown("case", self.case)

    def turns_to(self, text: str) -> None:
        """Leave the case of the story so far, and set the clock to the first day of another one."""
        self.case, self._seen = "", None
        self.day(text)

    def opens(self, who: str, words: str, **facts: Any) -> str:
        """Open the case that the story is about."""
        self.case, self._seen = self._do(who, "open_case", None, facts).reference, None
        self._step(who, f"{words} It is {self.case}, and is called {self.shown('case', self.case)['pseudonym']}.")
        self._consequences()
        return self.case

    def does(self, who: str, deed: str, words: str, /, *, about: str | None = None, **facts: Any) -> None:
        """Do a deed on the case, or on another record."""
        done = self._do(who, deed, about or self.case, facts)
        self._step(who, words)
        if done.kind != "case":
            self._last_line(done)
        self._consequences()

    def makes(self, who: str, deed: str, words: str, /, **facts: Any) -> str:
        """Do a deed that makes an action, an escalation or a meeting, and give its reference."""
        partnership = PLAYERS[who].person.partnership if deed != "add_action" else None
        done = self._do(who, deed, partnership, facts)
        self._step(who, words)
        self._last_line(done)
        self._consequences()
        return done.reference

    def refused(self, who: str, deed: str, words: str, /, *, about: str | None = None, **facts: Any) -> None:
        """Try a deed that is refused, and say with which sentence."""
        try:
            self._do(who, deed, about or self.case, facts)
        except (NotAllowed, NotFound, Refused, StepRefused) as no:
            self._step(who, words)
            for line in fitted(str(no), "      × Refused: ", "        "):
                self.say(line)
        else:
            raise AssertionError(f"The story expects a refusal of {deed} on {self.today}, and it was done.")

    def clock(self, code: str) -> None:
        """Show the working of a clock of the case."""
        clock = next(clock for clock in self.shown("case", self.case)["clocks"] if clock["code"] == code)
        self._heads_day()
        for line in working(clock):
            indent = "      " + " " * (len(line) - len(line.lstrip()))
            for part in fitted(line.lstrip(), indent, indent):
                self.say(part)

    def blockers(self, deed: str) -> None:
        """Show a step as a reader sees it: its name, and what is to be done first."""
        step = next(step for step in self.shown("case", self.case)["steps"] if step["deed"] == deed)
        self._heads_day()
        count = len(step["blockers"])
        self.say(f"      The page says: {step['label']}. {count} {'thing' if count == 1 else 'things'} to do first:")
        for blocker in step["blockers"]:
            later = f" Possible from {uk_date(date.fromisoformat(blocker['from']))}." if blocker["from"] else ""
            for line in fitted(f"{blocker['sentence']}{later} ({blocker['deed']})", "        - "):
                self.say(line)

    def post(self) -> None:
        """Let the service deliver what waits, a few minutes after the deed, and say to whom."""
        at = self._now + timedelta(minutes=5)
        run_due(self.engine, self.transport, now=at, links=self.links)
        for email in self.emails():
            if email["sent_at"] == at.isoformat():
                self.consequence(f"Email to {email['to']}: {email['subject']}")

    def consequence(self, text: str) -> None:
        """Say what came of a step."""
        for line in fitted(text, "      → ", "        "):
            self.say(line)

    def shown(self, kind: str, reference: str) -> Document:
        """Give a record as `tracker show` has it, at the story's moment."""
        with reading(self.engine) as session:
            return show(session, kind, reference, None, self._now)

    def emails(self) -> list[Mapping[str, Any]]:
        """Give every email there is, as `tracker list emails` has it."""
        with reading(self.engine) as session:
            return [row for row in list_rows(session, "emails", {}, None, self._now) if row["sent_at"]]

    def _do(self, who: str, deed: str, reference: str | None, facts: Mapping[str, Any]) -> Done:
        return do(self.engine, deed, reference, email=PLAYERS[who].address, facts=facts, now=self._now)

    def _step(self, who: str, words: str) -> None:
        self._heads_day()
        for line in fitted(f"{PLAYERS[who].name} ({PLAYERS[who].called}) {words}", "    ", "    "):
            self.say(line)

    def _heads_day(self) -> None:
        if self._says_day:
            self.say("")
            self.say(f"  {uk_date(self.today)}")
        self._says_day = False

    def _last_line(self, done: Done) -> None:
        """Say what the history of a record that is no case says last."""
        line = self.shown(done.kind, done.reference)["history"][-1]
        what = line["what"] if line["what"].endswith((".", "?")) else f"{line['what']}."
        self.consequence(f"{done.reference}: {what}")

    def _consequences(self) -> None:
        after = self.shown("case", self.case)
        for sentence in consequences(self._seen, after):
            self.consequence(sentence)
        self._seen = after
