"""What moves a case on and what can be done to it: the steps with what stands in their way, for who may take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker.errors import NotAllowed
from tracker.people.permissions import ROLES_FOR
from tracker.web.deed_links import HINTS, LEADS_ASKED, cure_of, link_of, words_of
from tracker.web.leads_asked import LeadAsked, leads_asked
from tracker.web.placing import in_page_words
from tracker.web.step_forms.form import At
from tracker.web.step_forms.whose import must_be_hers
from workflows.definition import Step
from workflows.requirements import REQUIREMENTS
from workflows.vocabulary import CaseStatus, Do, Event, Outcome
from workflows.wording import capital

Document = Mapping[str, Any]

_OF_FACTS = {need.words for need in REQUIREMENTS.values() if need.of_facts}
# From this stage on, the learning review, there is learning to pass on.
LEARNING = 4
_BETWEEN_PARTNERS = ("record-resolution", "record-ratification")
# What a step waits for and an open task are one thing to do: it stands once on the page, with the step.
_SAYS_THE_SAME: Mapping[str, str] = {"appoint_lead": "leads_named", "independence": LEADS_ASKED}
_CODES = {need.words: need.code for need in REQUIREMENTS.values()}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a step needs: met or not, in words, with the link that cures it."""

    met: bool
    words: str
    link: str | None = None
    link_words: str = ""
    from_day: str | None = None
    asked_again: Sequence[LeadAsked] = ()


@dataclass(frozen=True, slots=True)
class StepCard:
    """A step that moves the case on: whose it is, what it needs, and the form that takes it when it is ready."""

    label: str
    ways: Sequence[str]
    roles: Sequence[str]
    conditions: Sequence[Condition]
    ready: bool
    link: str | None

    @property
    def to_do(self) -> int:
        """Count the things to do first."""
        return sum(not condition.met for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Possible:
    """Something that can be done now, and what comes of it."""

    words: str
    link: str
    hint: str


@dataclass(frozen=True, slots=True)
class Task:
    """An open task: what there is to do, and where the reader does it, if she may."""

    words: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Later:
    """A step that opens after another one."""

    label: str
    after: str


def _objection(row: Document) -> str:
    return f"{row['partner']} objects" + (f": {row['reason'].removesuffix('.')}" if row["reason"] else "")


class CaseSteps:
    """The steps of a case for one reader: she sees them all, and is offered the forms of those that she may take."""

    def __init__(self, at: At) -> None:
        self._at, self._case = at, at.case
        self._reference = at.reference
        moving: dict[str, list[Document]] = {}
        for step in self._case["steps"]:
            if step["to"] is not None:
                moving.setdefault(step["deed"], []).append(step)
        self.moving = [*(self._card(deed, ways) for deed, ways in moving.items()), *self._between_partners()]
        self.later = self._later()
        self.possible = self._possible()
        self.tasks = self._tasks()

    @property
    def release(self) -> str | None:
        """Give where a case that is on hold is released, if the reader may do it."""
        return next((one.link for one in self.possible if one.link == link_of(self._reference, "release-case")), None)

    def may(self, deed: str) -> bool:
        """Say whether the reader is offered the form of a deed to the case; the coordinator prepares decisions."""
        name = deed.replace("-", "_")
        if name == "add_action":
            return bool(ROLES_FOR[name] & self._at.reader.roles_in(self._at.standing.case.partnership_id))
        return self._may_as_its_own(name) or (name == Do.RECORD_DECISION and self._at.coordinates)

    def _may_as_its_own(self, name: str) -> bool:
        try:
            must_be_hers(self._at, name)
        except NotAllowed:
            return False
        return True

    def _card(self, deed: str, ways: Sequence[Document]) -> StepCard:
        ready = any(step["ready"] for step in ways)
        return StepCard(
            label=ways[0]["label"] if len(ways) == 1 else words_of(deed),
            ways=[step["label"] for step in ways] if len(ways) > 1 else [],
            roles=list(dict.fromkeys(role for step in ways for role in step["roles"])),
            conditions=self._conditions(ways),
            ready=ready,
            link=link_of(self._reference, deed) if ready and self.may(deed) else None,
        )

    def _tasks(self) -> list[Task]:
        """Give the open tasks that no step of the case names among its own conditions already."""
        said = {
            blocker["code"] for step in self._case["steps"] if step["to"] is not None for blocker in step["blockers"]
        }
        return [self._task(job) for job in self._case["jobs"] if _SAYS_THE_SAME.get(job["code"]) not in said]

    def _task(self, job: Document) -> Task:
        """Give an open task: a draft is read and recorded by who decides, an answer about independence is taken."""
        if job["code"] == "draft" and self._may_as_its_own(Do.RECORD_DECISION):
            where = f"{link_of(self._reference, 'record-decision')}/check"
            return Task("Read the draft of the decision, and record it.", where)
        deed = job["deed"]
        if job["code"] == "independence" and self.may("declare-independence"):
            deed = "declare-independence"
        return Task(job["sentence"], link_of(self._reference, deed) if self.may(deed) else None)

    def _conditions(self, ways: Sequence[Document]) -> list[Condition]:
        """Give what a step needs, the unmet first; what is asked for in its own form stands in the form."""
        unmet = {blocker["code"]: blocker for step in ways for blocker in step["blockers"]}
        needs = dict.fromkeys(need for step in ways for need in step["needs"] if need not in _OF_FACTS)
        met = [Condition(True, capital(need)) for need in needs if _CODES.get(need) not in unmet]
        return [*(self._unmet(blocker) for blocker in unmet.values()), *met]

    def _unmet(self, blocker: Document) -> Condition:
        cure = cure_of(blocker, lambda deed: deed == "complete-action" or self.may(deed))
        return Condition(
            met=False,
            words=in_page_words(blocker["sentence"]).removesuffix("."),
            link=link_of(self._reference, cure[0]) if cure else None,
            link_words=cure[1] if cure else "",
            from_day=blocker["from"],
            asked_again=leads_asked(self._at) if blocker["code"] == LEADS_ASKED else (),
        )

    def _between_partners(self) -> list[StepCard]:
        """Give the answers that a decision waits for: no step of its own follows them, the case moves on with the last.

        A difference comes first: until it is resolved, no answer moves the case on.
        """
        steps = {step["deed"]: step for step in self._case["steps"] if step["deed"] in _BETWEEN_PARTNERS}
        return [
            replace(self._card(deed, [steps[deed]]), conditions=self._answers(deed))
            for deed in _BETWEEN_PARTNERS
            if deed in steps
        ]

    def _answers(self, deed: str) -> list[Condition]:
        rows = [row for row in self._case["ratifications"] if not row["resolved"]]
        if deed == "record-resolution":
            objections = [row for row in rows if row["answer"] == "no"]
            return [Condition(False, _objection(row)) for row in objections]
        waiting = [
            Condition(False, f"{row['partner']} has not answered yet") for row in rows if row["answer"] == "open"
        ]
        return [*waiting, *(Condition(True, f"{row['partner']} agrees") for row in rows if row["answer"] == "yes")]

    def _later(self) -> list[Later]:
        """Give the steps that open after the first one that moves the case on; not what can be done already."""
        first = next((step for step in self._case["steps"] if step["to"] is not None), None)
        if first is None:
            return []
        deeds_now = {step["deed"] for step in self._case["steps"] if step["to"] is not None or step["ready"]}
        lifecycle = self._at.standing.lifecycle
        following: dict[str, Step] = {}
        for step in lifecycle.steps_from(first["to"]):
            if step.do is not None and step.to is not None and step.do.deed not in deeds_now:
                following.setdefault(step.do.deed, step)
        return [Later(step.label, self.moving[0].label) for step in following.values()]

    def _possible(self) -> list[Possible]:
        deeds = [step["deed"] for step in self._case["steps"] if step["to"] is None and step["ready"]]
        done = {*_BETWEEN_PARTNERS, *(["hold-case"] if self._case["hold"] is not None else [])}
        if self._is_sent():
            done.add("send-to-national-panel")
        wanted = [deed for deed in dict.fromkeys([*deeds, *self._always()]) if deed not in done and self.may(deed)]
        return [Possible(words_of(deed), link_of(self._reference, deed), HINTS.get(deed, "")) for deed in wanted]

    def _is_sent(self) -> bool:
        """Say whether the national Panel has the rapid review; one that was sent back after that goes there again."""
        sent, decision = self._case["events"].get(Event.SENT_TO_PANEL), self._case["decision"]
        sent_back_on = decision["on"] if decision and decision["outcome"] == Outcome.SEND_BACK else None
        return sent is not None and (sent_back_on is None or str(sent["date"]) >= sent_back_on)

    def _always(self) -> list[str]:
        """Name the deeds that no process places, as far as there is something to do them to."""
        case = self._case
        if case["status"] == CaseStatus.CLOSED:
            return ["correct-event", "declare-conflict"]
        has_none = case["stage"] >= LEARNING and case["briefing"] is None
        deeds = ["write-briefing", "ask-return"] if has_none else ["ask-return"]
        if any(asked["returned_on"] is None for asked in case["returns"]):
            deeds.append("record-return")
        if case["hold"] is not None:
            deeds.append("release-case")
        if any(clock["code"] == "publish_review" and not clock["met_on"] for clock in case["clocks"]):
            deeds.append("record-delay-notice")
        return [*deeds, "add-action", "correct-event", "declare-conflict"]
