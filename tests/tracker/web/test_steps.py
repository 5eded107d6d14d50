"""The forms of the recorded steps of a case: whose each is, what it says, and the whole way through them."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_person, make_theme, make_world, shown
from tests.serving import PATIENCE
from tests.tracker.everything import contents
from tests.tracker.walking import CARE, LATER, WALK, make_walk, person
from tests.tracker.web.visitor import Page, Visitor, served, signed_in
from tracker.clock import moment_from
from tracker.database import engine_for, unit_of_work
from tracker.deeds import DEEDS, About
from tracker.groups.queries import partnership_by_code
from tracker.web.step_forms.table import STEP_FORMS

# What is done on pages of their own: the decision, the briefing, comments; a reflection has its form on its own page.
ELSEWHERE = {"record_decision", "record_reflection", "write_briefing", "approve_briefing", "add_comment"}
OF_CASES = [name for name, deed in DEEDS.items() if deed.about is About.CASE and name not in ELSEWHERE]
# What Tower Hamlets has not, or has on another status than that of the walk.
NOT_HERE = {"record_ratification", "record_resolution", "record_evaluation", "start_contribution"}


def at(name: str, reference: str | None = None) -> str:
    return f"/cases/{reference or WALK[name].reference}/steps/{name.replace('_', '-')}"


def on(text: str, name: str = "on") -> dict[str, str]:
    """Give a day as it is typed in three parts."""
    year, month, day = text.split("-")
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


@pytest.fixture(scope="module")
def walk_made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of Tower Hamlets with a case at each of its statuses, to copy."""
    path = tmp_path_factory.mktemp("walk") / "walk.db"
    shutil.copyfile(sqlite_template, path)
    engine = engine_for(f"sqlite:///{path}")
    make_walk(engine)
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def walk(walk_made: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a copy of it."""
    shutil.copyfile(walk_made, tmp_path / "walk.db")
    engine = engine_for(f"sqlite:///{tmp_path / 'walk.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def walked(walk: Engine, closing: ExitStack) -> Any:
    """Give somebody by her role, signed in to the pages of the walk."""
    base = closing.enter_context(served(walk, LATER))
    return lambda role: closing.enter_context(signed_in(walk, base, person(role), now=LATER))


def test_every_deed_about_a_case_has_its_form():
    assert sorted(STEP_FORMS) == sorted([*OF_CASES, "record_reflection"])


def test_every_form_opens_for_the_coordinator_and_is_refused_to_the_scrutineer(walked):
    coordinator, scrutineer = walked("coordinator"), walked("scrutineer")

    opened = {name: coordinator.opens(at(name)) for name in OF_CASES}
    refused = {name: scrutineer.opens(at(name)) for name in OF_CASES if name != "declare_conflict"}

    assert {name: page.status for name, page in opened.items()} == dict.fromkeys(OF_CASES, 200)
    assert {name: page.heading for name, page in opened.items()} == {n: STEP_FORMS[n].heading for n in OF_CASES}
    assert {name: page.text.count("<h1") for name, page in opened.items()} == dict.fromkeys(OF_CASES, 1)
    # The first form of a page signs out.
    without = {name for name, page in opened.items() if len(page.forms) < 2}
    assert without == NOT_HERE | {"publish"} - {"publish"}
    assert {page.status for page in refused.values()} == {403}
    assert {"You may not " in page.words for page in refused.values()} == {True}
    assert {"may not" in page.words.replace("You may not", "") for page in refused.values()} == {False}


def test_whoever_may_not_take_a_step_is_led_back_to_the_case_if_she_may_see_it(walked):
    scrutineer, owner = walked("scrutineer"), walked("owner")

    page = scrutineer.opens(at("publish"))

    assert (page.status, page.heading) == (403, "You cannot do this")
    [back] = [link for link in page.links if link.startswith("/cases/")]
    assert f"Back to {scrutineer.opens(back).heading}, " in page.words.replace("\u00a0", " ")
    assert "Go to your first page" not in page.words
    assert owner.opens(at("publish")).status == 404


def test_every_form_is_for_those_who_are_signed_in_and_see_the_case(walk, walked, closing):
    stranger = httpx.Client(base_url=str(walked("coordinator").http.base_url), timeout=PATIENCE)
    owner = walked("owner")

    asked = [stranger.get(at(name)) for name in OF_CASES]
    sent = [stranger.post(at(name), headers={"sec-fetch-site": "same-origin"}) for name in OF_CASES]
    hidden = {re.sub(r'"[0-9a-zA-Z_+/=-]{20,}"', "", owner.opens(at(name)).text) for name in OF_CASES}
    unknown = re.sub(r'"[0-9a-zA-Z_+/=-]{20,}"', "", owner.opens(at("publish", "NO-SUCH")).text)

    stranger.close()
    assert {answer.status_code for answer in [*asked, *sent]} == {303}
    assert {answer.headers["location"].partition("?")[0] for answer in [*asked, *sent]} == {"/sign-in"}
    assert hidden == {unknown}
    assert "There is no case with this reference that you can open. Ask the business unit." in unknown


def test_form_that_there_is_not_is_not_found(walked):
    coordinator = walked("coordinator")

    paths = ["add-action", "record_return", "nothing", "open-case"]

    assert [coordinator.opens(f"/cases/AT-RAPID/steps/{path}").status for path in paths] == [404] * 4


def test_step_that_is_not_open_says_so_and_names_what_is(walked):
    page = walked("coordinator").opens(at("publish", "AT-RAPID"))

    assert (page.status, page.heading) == (200, "Publish the report")
    assert "This cannot be done now. The case stands at “in rapid review”." in page.words
    assert at("record_recommendation", "AT-RAPID") in page.links


def test_blocked_step_names_each_thing_and_the_link_that_cures_it(walk, walked):
    act(walk, "withdraw_declaration", "AT-REVIEW", by=person("coordinator"), now=LATER, method="partner_led_workshop",
        reason="She left")  # fmt: skip

    page = walked("coordinator").opens(at("agree_report"))

    assert "1 thing to do first Appoint a lead for Partner-led Workshop first. Appoint a lead" in page.words
    assert at("appoint_lead", "AT-REVIEW") in page.links
    assert len(page.forms) == 1


class Forms:
    """Takes a case on through its forms only, each sent by whoever it is for."""

    def __init__(self, engine: Engine, closing: ExitStack) -> None:
        self.engine, self.closing = engine, closing
        make_world(engine)
        with unit_of_work(engine) as session:
            thscp = partnership_by_code(session, "thscp")
            make_person(session, thscp, "jo@thscp.example", "reviewer", name="Jo Author")
        facts = {"reference": "TH-1", "known_on": "2022-11-01", "notified_on": "2022-11-03"}
        self.reference = make_case(engine, now="2022-11-03T10:00", **facts)

    def day(self, day: str) -> None:
        """Let the days pass until one: the service is served anew, with its clock there."""
        self.now = moment_from(f"{day}T10:00")
        base = self.closing.enter_context(served(self.engine, self.now))
        self.visitors = {
            who: self.closing.enter_context(signed_in(self.engine, base, who, now=self.now))
            for who in ("coordinator", "rrp", "exec")
        }

    def sends(self, name: str, who: str = "coordinator", **fields: Any) -> Page:
        """Fill in a form and send it; what is final is sent a second time from the page that checks it."""
        visitor: Visitor = self.visitors[who]
        page = visitor.sends(at(name, self.reference), **fields)
        if STEP_FORMS[name].warning:
            assert page.heading.startswith("Check before you"), page.words
            page = visitor.sends_form(page, page.forms[-1])
        assert page.address == f"/cases/{self.reference}", page.words
        assert f"You {STEP_FORMS[name].past}: {self.reference}." in page.words
        return page


def test_case_goes_from_its_opening_to_its_closure_through_forms_only(engine: Engine, closing: ExitStack) -> None:
    forms = Forms(engine, closing)

    forms.day("2022-11-10")
    forms.sends("convene_panel", **on("2022-11-07"))
    forms.sends("ask_return", agency="North East London NHS", **on("2022-11-14", "due_on"))
    forms.sends("record_return", **on("2022-11-10"))
    learnt = {"outcome": "review", "reason": "Much to learn", "immediate_learning": "none"}
    forms.sends("record_recommendation", "rrp", **on("2022-11-10"), **learnt)
    forms.sends("send_to_national_panel", **on("2022-11-10"))
    forms.sends("record_panel_response", **on("2022-11-10"), kind="agrees")
    _decide(forms)
    forms.day("2023-05-26")
    _publish(forms)
    forms.day("2024-05-28")
    _refuse_reflections(forms)
    page = forms.sends("record_reflection", **on("2024-05-28"), **{"answers-1-answer": "embedded"})
    forms.sends("close_case", "exec", reason="All is done")

    case = shown(engine, "TH-1", now=forms.now)
    assert page.status == 200
    assert (case["status"], case["decision"]["methods"]) == ("closed", ["partner_authored_report", "cyp_workshop"])
    assert [lead["name"] for lead in case["methods"][0]["leads"]] == ["Jo Author"]
    assert [row["text"] for row in case["recommendations"]["rows"]] == ["See earlier"]
    assert {clock["code"]: (clock["due"], clock["state"]) for clock in case["clocks"]} == {
        "notify_panel": ("2022-11-08", "met"),
        "rapid_review": ("2022-11-24", "met"),
        "publish_review": ("2023-05-28", "met"),
        "learning_session": ("2023-05-16", "met_late"),
        "send_before_publication": ("2023-05-17", "met"),
        "keep_public": ("2024-05-26", "met"),
        "reflection_12m": ("2024-05-26", "met_late"),
    }


def _decide(forms: Forms) -> None:
    forms.day("2022-11-28")
    executive = forms.visitors["exec"]
    chosen = {"outcome": "review", "methods": ["partner_authored_report", "cyp_workshop"], "reason": "It is so"}
    page = executive.sends("/cases/TH-1/decision", **on("2022-11-28"), **chosen, go="continue")
    assert page.heading == "Who will lead each method?", page.words
    lead = {"name": "Jo Author", "email": "jo@thscp.example", "level": "senior", "involvement": "none"}
    named = {f"lead-partner_authored_report-{part}": value for part, value in lead.items()}
    page = executive.sends_form(page, page.forms[-1], **named, go="continue")
    assert "28 May 2023 (6 months)" in page.words.replace("\u00a0", " ")
    page = executive.sends_form(page, page.forms[-1])
    assert "You recorded the decision on TH-1. 1 lead is appointed." in page.words


def _refuse_reflections(forms: Forms) -> None:
    """Each recommendation wants an answer, and a gap its words."""
    coordinator = forms.visitors["coordinator"]
    page = coordinator.sends(at("record_reflection", "TH-1"), **on("2024-05-28"))
    assert "Recommendation 1 See earlier" in page.words
    assert '<a href="#answers-1-answer">Answer for recommendation 1 as well.</a>' in page.text
    page = coordinator.sends_form(page, page.forms[-1], **{"answers-1-answer": "gap"})
    assert '<a href="#answers-1-text">Say what is missing for recommendation 1: a gap makes an action.</a>' in page.text


def _publish(forms: Forms) -> None:
    forms.sends("record_method_done", method="cyp_workshop", **on("2023-04-20"))
    learnt = {"findings-1-text": "Seen late", "recommendations-2-text": "See earlier"}
    forms.sends("agree_report", "exec", **on("2023-05-02"), **learnt)
    came = {"attendance-1-agency": "North East London NHS", "attendance-1-came": "12"}
    forms.sends("record_learning_session", **on("2023-05-17"), **came)
    forms.sends("plan_publication", **on("2023-05-26"))
    forms.sends("record_sent_before_publication", **on("2023-05-16"))
    forms.sends("publish", "exec", **on("2023-05-26"), public_label="Learning review 2023")


def test_errors_stand_beside_their_fields_and_what_was_typed_stays(walk, walked):
    before = contents(walk)

    sent = {"on-day": "3", "on-month": "", "on-year": "", "reason": "Much <b>to</b> learn {{ 7 * 7 }}"}
    page = walked("panel").sends(at("record_recommendation"), **sent)

    assert (page.status, page.title.startswith("Error:")) == (422, True)
    assert "There is a problem The date must include a year Choose what the panel recommends" in page.words
    assert "Say what the immediate learning is, or write none" in page.words
    fields = page.forms[-1]["fields"]
    assert (fields["on-day"], fields["reason"]) == ("3", "Much <b>to</b> learn {{ 7 * 7 }}")
    assert "<b>to</b>" not in page.text
    assert _but_readings(contents(walk)) == _but_readings(before)


def _but_readings(rows: dict[str, Any]) -> dict[str, Any]:
    return {name: kept for name, kept in rows.items() if name not in ("reading", "sign_in")}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"on-day": "31", "on-month": "2", "on-year": "2021"}, "Enter a real date, like 29 1 2027"),
        ({"on-day": "x", "on-month": "2", "on-year": "2021"}, "Enter a real date, like 29 1 2027"),
        ({"on-day": "1", "on-month": "2", "on-year": "21"}, "The year must have 4 numbers, like 2027"),
        ({"on-day": "1", "on-month": "", "on-year": "2021"}, "The date must include a month"),
        ({"on-day": "", "on-month": "", "on-year": ""}, "Enter the date on which the panel met"),
        ({"on-day": "3", "on-month": "5", "on-year": "2021"}, "must be on or after the notification, 4 May 2021"),
    ],
)
def test_date_that_does_not_fit_is_refused_in_a_sentence(walked, typed, sentence):
    page = walked("coordinator").sends(at("convene_panel"), **typed)

    assert (page.status, sentence in page.words.replace("\u00a0", " ")) == (422, True), page.words
    assert page.forms[-1]["fields"]["on-day"] == typed["on-day"]


def test_month_alone_is_a_date_where_no_more_is_known(walk, walked):
    walked("coordinator").sends(at("convene_panel"), **{"on-month": "5", "on-year": "2021"})

    assert shown(walk, "AT-NOTIFIED", now=LATER)["events"]["panel_convened"] == {
        "date": "2021-05",
        "precision": "month",
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\x00b", "The text holds a character that cannot be kept"),
        ("a\u202eb", "The text holds a character that cannot be seen"),
        ("x" * 100_000, "Your answer must be 4,000 characters or fewer (you have 100,000)"),
        ("…", "Write at least one word"),
    ],
)
def test_text_that_cannot_be_kept_is_refused_and_shown_as_typed(walk, walked, text, sentence):
    before = contents(walk)

    page = walked("coordinator").sends(at("hold_case"), reason=text, **on("2021-07-01", "look_again_on"))

    assert (page.status, sentence in page.words) == (422, True), page.words[:2000]
    assert page.forms[-1]["fields"]["reason"].replace("\ufffd", "\x00") == text
    assert _but_readings(contents(walk)) == _but_readings(before)


def test_form_that_is_sent_twice_records_once(walk, walked):
    coordinator = walked("coordinator")
    page = coordinator.opens(at("convene_panel"))

    answers = [coordinator.sends_form(page, page.forms[-1], **on("2021-06-02")) for _ in range(2)]

    lines = [line["deed"] for line in shown(walk, "AT-NOTIFIED", now=LATER)["history"]]
    assert [(answer.address, "You convened the panel: AT-NOTIFIED." in answer.words) for answer in answers] == [
        ("/cases/AT-NOTIFIED", True)
    ] * 2
    assert lines.count("convene_panel") == 1


def test_form_sent_again_with_other_answers_is_told_so(walked):
    coordinator = walked("coordinator")
    page = coordinator.opens(at("plan_publication"))
    coordinator.sends_form(page, page.forms[-1], **on("2021-07-01"))

    again = coordinator.sends_form(page, page.forms[-1], **on("2021-07-02"))

    assert (again.status, again.forms[-1]["fields"]["on-day"]) == (409, "02")
    assert "You have sent this form before, and it was recorded." in again.words
    assert coordinator.sends_form(again, again.forms[-1]).status == 200


def test_form_of_a_case_that_moved_on_comes_back_with_its_text(walk, walked):
    coordinator = walked("coordinator")
    page = coordinator.opens(at("hold_case"))
    act(walk, "record_method_done", "AT-REVIEW", by=person("coordinator"), now=LATER, **_method_done())

    stale = coordinator.sends_form(page, page.forms[-1], reason="An inquest runs", **on("2021-07-01", "look_again_on"))
    done = coordinator.sends_form(stale, stale.forms[-1])

    assert stale.status == 409
    assert (
        "This case has moved on. The Coordinator recorded that a method is done at midday. Your text is kept below."
    ) in stale.words.replace("1pm", "midday")
    assert stale.forms[-1]["fields"]["reason"] == "An inquest runs"
    assert "You put the case on hold: AT-REVIEW." in done.words


def _method_done() -> dict[str, str]:
    return {"method": "multi_agency_audit", "on": "2021-06-02"}


def test_step_that_somebody_else_took_meanwhile_comes_back_with_its_text(walk, walked):
    panel = walked("panel")
    page = panel.opens(at("record_recommendation"))
    learnt = {"outcome": "no_review", "immediate_learning": "none"}
    act(walk, "record_recommendation", "AT-RAPID", by=person("panel"), now=LATER, on="2021-06-02", **learnt)

    stale = panel.sends_form(
        page, page.forms[-1], **on("2021-06-02"), outcome="review", reason="As typed", immediate_learning="none"
    )

    assert (stale.status, stale.forms[-1]["fields"]["reason"]) == (409, "As typed")
    assert "This case has moved on. The Panel recorded the recommendation at" in stale.words


def test_what_looks_personal_is_kept_until_it_is_confirmed(walk, walked):
    coordinator = walked("coordinator")
    said = {"reason": "Ring 0207 364 5006 first", **on("2021-07-01", "look_again_on")}

    warned = coordinator.sends(at("hold_case"), **said)
    done = coordinator.sends_form(warned, warned.forms[-1], confirmed="looks_personal")

    assert warned.status == 422
    assert "This looks like a phone number. Take it out, or confirm that it is not." in warned.words
    assert "You put the case on hold: AT-REVIEW." in done.words
    assert shown(walk, "AT-REVIEW", now=LATER)["history"][-1]["confirmed"] == ["looks_personal"]


def test_one_part_more_is_given_and_everything_typed_stays(walk, walked):
    executive = walked("executive")
    typed = {"findings-2-text": "Seen late", "recommendations-1-text": "See earlier", **on("2021-06-02")}

    more = executive.sends(at("agree_report"), **typed, add="recommendations")
    fields = more.forms[-1]["fields"]
    done = executive.sends_form(more, more.forms[-1], **{"recommendations-3-text": "Ask twice"})

    assert (more.status, fields["recommendations-count"], fields["recommendations-3-text"]) == (200, "3", "")
    assert {name: fields[name] for name in typed} == typed
    case = shown(walk, "AT-REVIEW", now=LATER)
    assert [row["text"] for row in case["findings"]["rows"]] == ["Seen late"]
    assert [row["text"] for row in case["recommendations"]["rows"]] == ["See earlier", "Ask twice"]
    assert "You recorded that the report is agreed: AT-REVIEW." in done.words


def test_many_themes_of_a_part_open_on_demand_and_those_chosen_stand_on_the_line(walk, walked):
    with unit_of_work(walk) as session:
        for number in range(16):
            make_theme(session, f"theme_{number}", f"Theme {number}")
    executive = walked("executive")

    page = executive.opens(at("agree_report"))
    more = executive.sends_form(page, page.forms[-1], **{"findings-1-themes": "theme_3"}, add="findings")

    assert page.text.count('<span class="govuk-details__summary-text">Themes (optional)</span>') == 4
    assert '<span class="govuk-details__summary-text">Themes (optional): Theme 3</span>' in more.text
    assert more.text.count("<details") == 5


def test_fault_in_one_part_stands_beside_it(walked):
    typed = {"findings-2-text": "y" * 4001, **on("2021-06-02")}

    page = walked("executive").sends(at("agree_report"), **typed)

    assert page.status == 422
    assert (
        '<a href="#findings-2-text">What was found must be 4,000 characters or fewer (you have 4,001)</a>' in page.text
    )


def test_attendance_wants_whole_numbers(walk, walked):
    coordinator = walked("coordinator")
    came = {"attendance-1-agency": CARE, "attendance-1-came": "many", **on("2021-06-02")}

    wrong = coordinator.sends(at("record_learning_session"), **came)
    coordinator.sends_form(
        wrong, wrong.forms[-1], **{"attendance-1-came": "12", "attendance-2-agency": "First Partner"}
    )

    line = shown(walk, "AT-PUBLISHED", now=LATER)["history"][-1]
    assert (wrong.status, "Write how many came as a whole number, like 12" in wrong.words) == (422, True)
    assert line["attendance"] == {CARE: 12, "First Partner": True}


@pytest.mark.parametrize(
    ("name", "who", "typed", "said"),
    [
        ("publish", "executive", {**on("2021-06-02"), "override_reason": "The court asks"}, "2 June 2021"),
        ("close_case", "executive", {"reason": "All is done"}, "All is done"),
        ("end_access", "coordinator", {"person": person("panel"), "reason": "She left"}, "The Panel"),
    ],
)
def test_what_is_final_is_checked_before_it_is_done(walk, walked, name, who, typed, said):
    visitor = walked(who)
    before = contents(walk)

    page = visitor.sends(at(name), **typed)
    checked = contents(walk)
    changed = visitor.sends_form(page, page.forms[-1], change=next(iter(typed)), checked=None)
    page = visitor.sends_form(changed, changed.forms[-1])
    done = [visitor.sends_form(page, page.forms[-1]) for _ in range(2)]

    assert (page.status, page.heading.startswith("Check before you")) == (200, True)
    assert said in page.words.replace("\u00a0", " ")
    assert _but_readings(checked) == _but_readings(before)
    assert {key: changed.forms[-1]["fields"][key] for key in typed} == typed
    assert [STEP_FORMS[name].past in one.words for one in done] == [True, True]
    deeds = [line["deed"] for line in shown(walk, str(WALK[name].reference), now=LATER)["history"]]
    assert deeds.count(name) == 1


def test_error_in_what_is_final_comes_before_the_check(walked):
    page = walked("executive").sends(at("publish"))

    assert (page.status, page.heading) == (422, "Publish the report")
    assert "Enter the date of the publication" in page.words


def test_somebody_whom_nobody_knows_is_said_on_the_form(walked):
    typed = {"person": "nobody@thscp.example", "reason": "Takes part"}

    page = walked("coordinator").sends(at("give_access"), **typed)

    assert page.status == 422
    assert '<a href="#person">There is nobody with the address nobody@thscp.example.</a>' in page.text


def test_whoever_declares_her_own_conflict_sees_the_case_no_more(walk, walked):
    scrutineer = walked("scrutineer")

    page = scrutineer.sends(at("declare_conflict"), reason="A friend")

    assert "You declared a conflict of interest." in page.words
    assert "AT-REVIEW" not in page.words
    assert scrutineer.opens("/cases/AT-REVIEW").status == 404


def test_deed_of_somebody_else_is_refused_also_when_its_form_is_sent(walk, walked):
    scrutineer = walked("scrutineer")
    token = scrutineer.opens(at("declare_conflict")).forms[-1]["fields"]["form_token"]
    before = contents(walk)

    answer = scrutineer.http.post(at("publish"), data={"form_token": token, "checked": "yes", **on("2021-06-02")})

    assert answer.status_code == 403
    assert _but_readings(contents(walk)) == _but_readings(before)


def test_link_may_fill_in_what_it_is_about(walked):
    page = walked("coordinator").opens(f"{at('give_access')}?person=x@y.example&reason=no")

    assert (page.forms[-1]["fields"]["person"], page.forms[-1]["fields"]["reason"]) == ("x@y.example", "")
