"""One case on its way through a partnership's process, told day by day through the real door."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.make import act, address, make_case, make_world, shown


class Story:
    """Tells what happens to one case; each deed is done by somebody of the partnership's team, at ten o'clock."""

    def __init__(self, engine: Engine, partnership: str) -> None:
        self.engine = engine
        self.partnership = partnership
        self.reference = ""
        self.now = "2000-01-01T10:00"
        make_world(engine, partnership)

    def opens(self, day: str, *, by: str = "coordinator", **facts: Any) -> None:
        """Open the case on a day."""
        self.day(day)
        facts = {"reference": "CASE-1", "partnership": self.partnership, "known_on": day, **facts}
        self.reference = make_case(self.engine, by=address(by, self.partnership), now=self.now, **facts)

    def day(self, day: str) -> None:
        """Let the days pass until one."""
        self.now = f"{day}T10:00"

    def does(self, deed: str, *, by: str = "coordinator", about: str | None = None, **facts: Any) -> str:
        """Do a deed on the case, or on another record, and give the reference of the record."""
        done = act(self.engine, deed, about or self.reference, by=address(by, self.partnership), now=self.now, **facts)
        return done.reference

    def refused(self, deed: str, *, by: str = "coordinator", about: str | None = None, **facts: Any) -> str:
        """Try a deed that is refused, see that nothing is left behind, and give the sentence."""
        before = self.case()
        with pytest.raises(Exception) as refusal:
            self.does(deed, by=by, about=about, **facts)
        assert self.case() == before
        return str(refusal.value)

    def case(self, by: str | None = None) -> dict[str, Any]:
        """Give the case as `show` prints it."""
        reader = None if by is None else address(by, self.partnership)
        return shown(self.engine, self.reference, now=self.now, by=reader)

    @property
    def status(self) -> str:
        """Give the status of the case."""
        return str(self.case()["status"])

    def clocks(self) -> dict[str, tuple[str, str]]:
        """Give the due date and the state of each clock."""
        return {clock["code"]: (clock["due"], clock["state"]) for clock in self.case()["clocks"]}

    def deeds(self) -> list[str]:
        """Give the deeds of the history, oldest first."""
        return [line["deed"] for line in self.case()["history"]]

    def statuses(self) -> list[str]:
        """Give the statuses through which the case went, and see that each began where the one before ended."""
        steps = [(line["old"], line["new"]) for line in self.case()["history"] if line["deed"] in _MOVES]
        chain = ["new"]
        for old, new in steps:
            assert old == chain[-1]
            if new != old:
                chain.append(new)
        return chain[1:]


_MOVES = frozenset(
    """open_case record_notification convene_panel record_recommendation send_to_national_panel record_panel_response
    record_decision record_ratification record_resolution appoint_lead record_method_done agree_report record_evaluation
    start_contribution plan_publication record_sent_before_publication publish record_learning_session
    record_reflection close_case moved_on""".split()
)
