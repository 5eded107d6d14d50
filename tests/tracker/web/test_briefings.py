"""The pages of a briefing: written box by box, approved after a check, read and printed, commented on."""

import re

import pytest
from sqlalchemy import Engine

from tests.make import act, address, make_case, shown
from tests.statements import each_statement
from tests.tracker.walking import BRIEFING
from tests.tracker.web.casework import REFERENCE, plain
from tests.tracker.web.visitor import Page, Visitor
from tracker.briefings.boxes import BOXES

AT = f"/cases/{REFERENCE}/briefing"
EDITOR, COMMENT = 1, 2


def drafts(engine: Engine, **texts: str) -> None:
    """Save a draft of the briefing by its deed."""
    act(engine, "write_briefing", REFERENCE, **texts)


def briefing(engine: Engine) -> dict:
    """Give the briefing as `show case` has it."""
    return shown(engine, REFERENCE)["briefing"]


def writes(visitor: Visitor, go: str = "look", **texts: str) -> Page:
    """Fill in boxes of the editor, and press one of its buttons."""
    return visitor.sends(AT, EDITOR, go=go, **texts)


@pytest.fixture
def coordinator(world, as_):
    """Give the coordinator with a case."""
    make_case(world)
    return as_("coordinator")


def test_coordinator_writes_a_draft_and_sees_it_beside_the_boxes(world, coordinator):
    empty = coordinator.opens(AT)

    page = writes(coordinator, title="When families move", what_we_learnt="Look twice\r\n- Ask\r\n- Ring")

    assert (empty.status, empty.heading) == (200, "Seven-minute briefing")
    assert "Nothing is written yet." in empty.words
    assert (
        "No age, sex, date, place or family make-up. Do not name a child, a family or a member of staff." in empty.words
    )
    hints = "Do not name a child, a family or a member of staff."
    assert empty.words.count(hints) == 1 + len(BOXES)
    assert (page.status, page.address) == (200, AT)
    assert "The draft of the briefing is saved." in page.words
    assert "Fits on one page: yes" in page.words
    assert "Draft , saved by Casey Morgan" in page.words
    assert '<p class="app-sheet__words">Look twice</p>' in page.text
    assert re.findall(r"<li>(Ask|Ring)</li>", page.text) == ["Ask", "Ring"]
    assert briefing(world)["draft"]["texts"] == {
        "title": "When families move",
        "what_we_learnt": "Look twice\n- Ask\n- Ring",
    }


def test_boxes_are_shown_in_their_order_with_their_numbers(coordinator):
    words = coordinator.opens(AT).words

    assert (
        "1 Why this matters 2 What happened 3 What we learnt 4 What worked well 5 What is changing "
        "6 What you can do today 7 Talk about it in your team" in words
    )


def test_text_that_is_too_long_comes_back_as_it_was(world, coordinator):
    page = writes(coordinator, what_happened="x" * 301, why_this_matters="y <b>&</b> {{ 7 * 7 }}")

    assert (page.status, page.title.startswith("Error: ")) == (422, True)
    assert "There is a problem What happened must be 300 characters or fewer (you have 301)" in page.words
    fields = page.forms[EDITOR]["fields"]
    assert (fields["what_happened"].strip(), fields["why_this_matters"].strip()) == (
        "x" * 301,
        "y <b>&</b> {{ 7 * 7 }}",
    )
    assert briefing(world) is None


def test_what_looks_personal_is_asked_once_and_confirmed_with_the_draft(world, coordinator):
    page = writes(coordinator, what_happened="Ring 01632 960 377")
    assert "This looks like a phone number. Take it out, or confirm that it is not." in page.words

    page = coordinator.sends_form(page, page.forms[EDITOR], go="look", confirmed="looks_personal")
    again = writes(coordinator, title="When families move")

    assert (page.status, again.status) == (200, 200)
    assert briefing(world)["draft"]["texts"] == {"title": "When families move", "what_happened": "Ring 01632 960 377"}
    confirmed = [line.get("confirmed") for line in shown(world, REFERENCE)["history"][-2:]]
    assert confirmed == [["looks_personal"], None]


def test_form_that_is_sent_twice_is_one_draft(world, coordinator):
    page = coordinator.opens(AT)

    answers = [coordinator.sends_form(page, page.forms[EDITOR], go="look", title="Twice") for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert [line["deed"] for line in shown(world, REFERENCE)["history"]].count("write_briefing") == 1


def test_page_that_has_gone_stale_keeps_the_text_and_what_somebody_else_wrote_into_another_box(world, coordinator):
    page = coordinator.opens(AT)
    drafts(world, what_happened="Nobody knew")

    stale = coordinator.sends_form(page, page.forms[EDITOR], go="look", title="When families move")
    kept = coordinator.sends_form(stale, stale.forms[EDITOR], go="look")

    assert (stale.status, stale.forms[EDITOR]["fields"]["title"]) == (409, "When families move")
    assert (
        "This case has moved on. Casey Morgan saved a draft of the briefing at midday. Your text is kept below."
        in stale.words
    )
    assert kept.status == 200
    assert briefing(world)["draft"]["texts"] == {"title": "When families move", "what_happened": "Nobody knew"}


def test_box_is_emptied_on_the_page(world, coordinator):
    drafts(world, **BRIEFING)

    writes(coordinator, what_happened="")

    assert "what_happened" not in briefing(world)["draft"]["texts"]


def test_save_without_a_change_records_nothing(world, coordinator):
    drafts(world, **BRIEFING)
    before = shown(world, REFERENCE)["history"]

    page = writes(coordinator, go="check")

    assert page.heading == "Check before you approve the briefing"
    assert shown(world, REFERENCE)["history"] == before


def test_draft_is_checked_and_approved_and_the_next_one_leaves_the_version_alone(world, coordinator):
    page = writes(coordinator, go="check", **BRIEFING)
    assert "Once approved, version 1 cannot be changed." in page.words
    assert "The review is not published." in page.words

    answers = [coordinator.sends_form(page, page.forms[-1]) for _ in range(2)]
    writes(coordinator, title="When children move")
    page = coordinator.opens(AT)
    first = coordinator.opens(f"{AT}/print?version=1")

    assert "Version 1 of the briefing is approved. It can be printed and passed on." in answers[0].words
    assert [answer.status for answer in answers] == [200, 200]
    assert "What you save is the draft of version 2; version 1 stays as it is." in page.words
    assert f"{AT}/print?version=1" in page.links
    assert f"{AT}/print?version=1" in coordinator.opens(AT.replace("/briefing", "/documents")).links
    assert (first.heading, briefing(world)["version"]) == ("When families move", 1)
    assert briefing(world)["draft"]["texts"]["title"] == "When children move"


def test_draft_that_lacks_something_says_what_and_is_not_approved(world, coordinator):
    page = writes(coordinator, go="check", title="When families move", talk_about_it="\n".join(["a"] * 200))

    assert "2 things to do first Write something for “Why this matters”" in page.words
    assert "It does not fit on one page: use fewer lines or shorter words." in page.words
    assert "Approve the briefing" not in page.words.replace("Check before you approve the briefing", "")
    assert "Fits on one page: no . Use fewer lines or shorter words" in coordinator.opens(AT).words


def test_draft_that_was_changed_meanwhile_is_shown_again_and_not_approved(world, coordinator):
    page = writes(coordinator, go="check", **BRIEFING)
    drafts(world, title="When children move")

    page = coordinator.sends_form(page, page.forms[-1])

    assert page.status == 409
    assert "This case has moved on. Casey Morgan saved a draft of the briefing at midday." in page.words
    assert "When children move" in page.words
    assert briefing(world)["version"] is None


def test_sheet_names_nothing_by_which_the_case_is_known_here(world, coordinator):
    drafts(world, **BRIEFING)
    draft = coordinator.opens(f"{AT}/print")
    act(world, "approve_briefing", REFERENCE)

    page = coordinator.opens(f"{AT}/print")

    sheet = page.text[page.text.index("<article") : page.text.index("</article>")]
    assert page.title == "Seven-minute briefing: When families move – Learning tracker"
    assert [name for name in (REFERENCE, shown(world, REFERENCE)["pseudonym"]) if name in sheet + page.title] == []
    assert "Learning from our work together" in page.words
    assert "Version 1, approved 1 June 2021" in plain(page)
    assert "Draft, not approved. Official – sensitive: it is not to be passed on." in draft.words
    assert "Draft, not approved." not in page.words


@pytest.mark.parametrize("version", ["2", "0", "draft", "one", "²", "99999999999"])
def test_version_that_there_is_not_is_not_found(world, coordinator, version):
    drafts(world, **BRIEFING)
    act(world, "approve_briefing", REFERENCE)

    assert coordinator.opens(f"{AT}/print?version={version}").status == 404


def test_sheet_of_nothing_leads_to_the_briefing(coordinator):
    assert coordinator.opens(f"{AT}/print").address == AT
    assert coordinator.opens(f"{AT}/check").address == AT


def test_scrutineer_reads_and_comments_and_writes_nothing_else(world, coordinator, as_):
    drafts(world, **BRIEFING)
    scrutineer = as_("scrutineer")

    page = scrutineer.sends(f"{AT}", text="Say by when the records move")

    assert (page.status, page.address) == (200, AT)
    assert "Your comment is kept." in page.words
    assert "Comments (1) Say by when the records move Sam Scully, 1 June 2021 at midday" in plain(page)
    assert "Save and look" not in page.words
    assert scrutineer.opens(f"{AT}/check").status == 403
    token = page.forms[-1]["fields"]["form_token"]
    refused = scrutineer.http.post(AT, data={"form_token": token, "title": "Mine", "go": "look"})
    assert refused.status_code == 403
    assert "Say by when the records move" in coordinator.opens(AT).words


def test_comment_that_is_empty_comes_back_with_the_sentence_beside_it(world, coordinator):
    drafts(world, **BRIEFING)

    page = coordinator.sends(AT, COMMENT, text=" ")

    assert (page.status, page.title.startswith("Error: ")) == (422, True)
    assert "There is a problem Write your comment" in page.words


def test_comment_that_is_sent_twice_is_kept_once(world, coordinator):
    drafts(world, **BRIEFING)
    page = coordinator.opens(AT)

    for _ in range(2):
        coordinator.sends_form(page, page.forms[COMMENT], text="Once")

    assert [one["text"] for one in shown(world, REFERENCE)["comments"]] == ["Once"]


def test_executive_reads_and_is_offered_no_form(world, coordinator, as_):
    drafts(world, **BRIEFING)

    page = as_("exec").opens(AT)

    assert (page.status, page.heading) == (200, "Seven-minute briefing")
    assert len(page.forms) == 1
    assert "A move can break the thread between services." in page.words


def test_whoever_is_barred_or_does_not_see_the_case_finds_nothing(world, coordinator, as_):
    drafts(world, **BRIEFING)
    act(world, "declare_conflict", REFERENCE, person=address("exec"), reason="Kin")

    answers = [as_(who).opens(path).status for who in ("exec", "owner", "reviewer") for path in (AT, f"{AT}/print")]

    assert answers == [404] * 6


def test_case_page_leads_to_the_briefing(world, coordinator):
    drafts(world, **BRIEFING)
    act(world, "approve_briefing", REFERENCE)

    page = coordinator.opens(f"/cases/{REFERENCE}")

    assert AT in page.links
    assert "Seven-minute briefing Version 1, approved 1 June 2021" in plain(page)


def test_page_asks_the_same_number_of_questions_for_any_number_of_versions_and_comments(world, coordinator):
    drafts(world, **BRIEFING)
    act(world, "approve_briefing", REFERENCE)
    act(world, "add_comment", REFERENCE, about="briefing", text="One")
    few = _asked(world, coordinator)
    for number in range(5):
        drafts(world, title=f"When families move {number}")
        act(world, "approve_briefing", REFERENCE)
        act(world, "add_comment", REFERENCE, about="briefing", text="One more")

    assert _asked(world, coordinator) == few


def _asked(engine: Engine, visitor: Visitor) -> int:
    visitor.opens(AT)
    sent: list[str] = []
    with each_statement(engine, lambda sql, _values: sent.append(str(sql))):
        visitor.opens(AT)
    return len([sql for sql in sent if sql.startswith("SELECT")])
