"""Meetings in the browser: the list, an agenda, the digest, and the coordinator's forms."""

import pytest

from tests.make import act, make_action, make_case, make_partnership, make_person, shown
from tracker.database import unit_of_work
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_by_code

DAY = {"on-day": "8", "on-month": "6", "on-year": "2021"}


def _meet(world, on="2021-06-08", **facts):
    return act(world, "schedule_meeting", now="2021-04-01T09:00", **{"group": "exec", "on": on, **facts}).reference


def _words(page):
    return page.words.replace("\u00a0", " ")


def test_meetings_stand_by_whether_they_come_or_were(world, as_):
    for on in ("2021-05-04", "2021-05-11", "2021-06-08"):
        _meet(world, on)
    act(world, "close_meeting", "M1")

    page = as_("exec").opens("/meetings")

    assert (page.status, page.heading) == (200, "Meetings")
    words = _words(page)
    assert "Coming Day Group Status 8 June 2021 at 10am Executive Group In 7 days" in words.replace(
        "Coming Coming", "Coming"
    )
    assert "11 May 2021 at 10am Executive Group To be closed" in words
    assert "4 May 2021 at 10am Executive Group Closed" in words
    assert "/meetings/new" not in page.links


def test_no_meeting_is_said_in_words(as_):
    page = as_("exec").opens("/meetings")

    assert "No meeting is planned. The coordinator schedules them." in page.words


@pytest.mark.parametrize("who", ["owner", "agency_lead", "admin", "reviewer"])
def test_whoever_is_in_no_group_reads_no_meeting(world, as_, who):
    _meet(world)
    reader = as_(who)

    pages = [reader.opens(path) for path in ("/meetings", "/meetings/M1", "/meetings/M1/digest")]

    assert [page.status for page in pages] == [403, 403, 403]
    assert "/meetings" not in pages[0].links


def test_meeting_shows_its_agenda_with_what_stands_under_each_heading(world, as_):
    _meet(world)
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Two", now="2021-04-01T09:00")

    page = as_("exec").opens("/meetings/M1")

    words = _words(page)
    assert page.heading == "Meeting M1 Executive Group, 8 June 2021"
    assert (
        "Escalations that wait for an answer (1) E1 Should beds wait? Quality Assurance and Performance Group." in words
    )
    assert "Waiting 61 days" in words
    assert "Goes on 1 June 2021 at 8am." in words
    assert {"/escalations/E1/respond", "/meetings/M1/digest"} <= set(page.links)


def test_member_of_a_group_reads_its_own_agenda_and_no_other(world, as_):
    _meet(world)
    _meet(world, group="qap")
    member = as_("qap")

    pages = [member.opens(path) for path in ("/meetings/M1", "/meetings/M2", "/meetings/M1/digest")]

    assert ["Agenda" in page.words for page in pages] == [False, True, False]
    assert [page.status for page in pages] == [200, 200, 403]
    assert "/meetings/M1/digest" not in pages[0].links


def test_meeting_of_another_partnership_is_not_there(world, as_):
    with unit_of_work(world) as session:
        partnership = make_partnership(session, "chscp")
        make_person(session, partnership, "casey@chscp.example", "coordinator")
    act(world, "schedule_meeting", group="chscp/crsg", on="2021-06-08", by="casey@chscp.example")

    pages = [as_("exec").opens(path) for path in ("/meetings/M1", "/meetings/M9", "/meetings")]

    assert [page.status for page in pages] == [404, 404, 200]
    assert "/meetings/M1" not in pages[2].links


def test_next_meeting_is_that_of_the_body_that_decides(world, as_):
    _meet(world, "2021-06-02", group="qap")
    _meet(world, "2021-06-08")
    exec_ = as_("exec")

    before = exec_.opens("/meetings/next")
    act(world, "cancel_meeting", "M2", reason="Holiday")
    after = exec_.opens("/meetings/next")

    assert (before.address, after.address) == ("/meetings/M2", "/meetings")


def test_digest_shows_the_figures_that_the_executive_reads(world, as_):
    _meet(world)
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Two", now="2021-04-01T09:00")
    make_case(world)
    act(world, "hold_case", "TH-2021-001", reason="Inquest", look_again_on="2021-07-01")
    with unit_of_work(world) as session:
        partnership: Partnership = partnership_by_code(session, "thscp")
        make_action(session, partnership, title="Share records", due="2021-05-03", cases=["TH-2021-001"])

    page = as_("scrutineer").opens("/meetings/M1/digest")

    words = _words(page)
    assert (page.status, page.heading) == (200, "Executive Group, Tuesday 8 June 2021 at 10am Digest")
    assert "1 escalation waits 0 for decision 1 action overdue 1 on hold" in words
    assert "The oldest escalation has waited 61 days." in words
    assert "TH-2021-001 On hold since 1 June 2021, 0 days. To look at again on 1 July 2021." in words
    assert "Answers are asked for by Monday 7 June 2021. Read the papers" in words
    assert "A1 Share records Due 3 May 2021, 29 days overdue ." in words
    assert {"/cases/TH-2021-001", "/actions/A1", "/escalations/E1"} <= set(page.links)
    assert "/escalations/E1/respond" not in page.links


def test_barred_case_leaves_no_trace_in_agenda_and_digest(world, as_):
    _meet(world)
    make_case(world)
    act(world, "hold_case", "TH-2021-001", reason="Inquest", look_again_on="2021-07-01")
    act(world, "raise_escalation", group="qap", title="Marker?", ask="Two", about=["TH-2021-001"])
    act(world, "declare_conflict", "TH-2021-001", person="exec@thscp.example", reason="Kin")
    exec_ = as_("exec")

    pages = [exec_.opens(path) for path in ("/meetings/M1", "/meetings/M1/digest")]

    assert [("TH-2021-001" in page.text, "Marker" in page.text) for page in pages] == [(False, False)] * 2
    assert "0 escalations wait 0 for decision 0 actions overdue 0 on hold" in _words(pages[1])


def test_coordinator_schedules_a_meeting_which_avoids_a_weekend(world, as_):
    page = as_("coordinator").sends(
        "/meetings/new", group="thscp/exec", at="14:30", **{"on-day": "5", "on-month": "6", "on-year": "2021"}
    )

    assert (page.status, page.address) == (200, "/meetings/M1")
    assert "M1 is scheduled. It is on 4 June 2021 at 2:30pm, because 5 June 2021 is a Saturday." in _words(page)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose the group that meets"),
        ({"group": "thscp/exec"}, "Enter the day of the meeting"),
        ({"group": "thscp/exec", **DAY, "on-year": "2020"}, "The date of the meeting must be today or later."),
        ({"group": "thscp/exec", **DAY, "on-year": ""}, "The date must include a year"),
    ],
)
def test_meeting_that_cannot_be_scheduled_comes_back(as_, fields, sentence):
    page = as_("coordinator").sends("/meetings/new", **{"at": "11:15", **fields})

    assert (page.status, page.title[:7], sentence in page.words) == (422, "Error: ", True)
    assert page.forms[-1]["fields"]["at"] == "11:15"


def test_meeting_scheduled_by_a_double_click_is_scheduled_once(world, as_):
    coordinator = as_("coordinator")
    page = coordinator.opens("/meetings/new")

    twice = [coordinator.sends_form(page, page.forms[-1], group="thscp/exec", **DAY) for _ in range(2)]
    new = coordinator.sends("/meetings/new", group="thscp/exec", **DAY)

    assert [one.address for one in twice] == ["/meetings/M1", "/meetings/M1"]
    assert (new.status, "Executive Group meets then already: M1." in new.words) == (422, True)


def test_coordinator_moves_a_meeting_and_the_first_day_stays(world, as_):
    _meet(world)
    coordinator = as_("coordinator")

    empty = coordinator.sends("/meetings/M1/move-meeting")
    done = coordinator.sends("/meetings/M1/move-meeting", **{**DAY, "on-day": "15"})

    assert (empty.status, "Enter the new day of the meeting" in empty.words) == (422, True)
    assert (done.address, done.heading) == ("/meetings/M1", "Meeting M1 Executive Group, 15 June 2021")
    assert "M1 is moved. It is on 15 June 2021 at 10am." in _words(done)
    assert "It was first planned for 8 June 2021." in _words(done)


def test_coordinator_cancels_a_meeting_with_a_reason(world, as_):
    _meet(world)
    coordinator = as_("coordinator")
    form = coordinator.opens("/meetings/M1/cancel-meeting")

    empty = coordinator.sends_form(form, form.forms[-1])
    done = coordinator.sends_form(form, form.forms[-1], reason="Half of us are away")
    again = coordinator.sends_form(form, form.forms[-1], reason="Half of us are away")
    opened = coordinator.opens("/meetings/M1/cancel-meeting")

    assert (empty.status, "Give the reason" in empty.words) == (422, True)
    assert "Cancelled: Half of us are away" in done.words
    assert (again.address, opened.status) == ("/meetings/M1", 409)
    assert [link for link in done.links if link.startswith("/meetings/M1/")] == ["/meetings/M1/digest"]


def test_coordinator_closes_a_meeting_with_who_came(world, as_):
    _meet(world, "2021-06-01")
    coordinator = as_("coordinator")
    names = [
        name for name in coordinator.opens("/meetings/M1/close-meeting").text.split('"') if name.startswith("came-")
    ]
    came, stayed = sorted({name for name in names if name.count("-") == 1})[:2]

    page = coordinator.sends("/meetings/M1/close-meeting", key_points="Beds\nare paid", **{came: "yes", stayed: "no"})

    meeting = shown(world, "M1", kind="meeting")
    assert (page.address, meeting["status"], meeting["key_points"]) == ("/meetings/M1", "closed", "Beds\nare paid")
    assert sorted(meeting["attendance"].values()) == [False, True]
    assert "Key points Beds are paid Action list Nothing was recorded at this meeting yet." in page.words


def test_key_points_that_look_personal_are_asked_about(world, as_):
    _meet(world, "2021-06-01")

    page = as_("coordinator").sends("/meetings/M1/close-meeting", key_points="Ring 020 7946 0123")

    assert (page.status, page.forms[-1]["fields"]["key_points"]) == (422, "Ring 020 7946 0123")
    assert "This looks like a phone number. Take it out, or confirm that it is not." in page.words


def test_page_gone_stale_says_so_and_keeps_the_text(world, as_):
    _meet(world)
    coordinator = as_("coordinator")
    form = coordinator.opens("/meetings/M1/cancel-meeting")
    act(world, "move_meeting", "M1", on="2021-06-15")

    page = coordinator.sends_form(form, form.forms[-1], reason="Half of us are away")

    assert (page.status, page.forms[-1]["fields"]["reason"]) == (409, "Half of us are away")
    assert "M1 has moved on since you looked at it." in page.words


def test_meeting_is_closed_on_its_day_or_later_only(world, as_):
    _meet(world)
    coordinator = as_("coordinator")

    page = coordinator.opens("/meetings/M1")
    sent = coordinator.sends("/meetings/M1/close-meeting", key_points="Early")

    assert [link for link in page.links if link.endswith("-meeting")] == [
        "/meetings/M1/move-meeting",
        "/meetings/M1/edit-meeting",
        "/meetings/M1/cancel-meeting",
    ]
    assert (sent.status, "close it on that day or later" in sent.words) == (422, True)


@pytest.mark.parametrize("path", ["/meetings/new", "/meetings/M1/move-meeting", "/meetings/M1/close-meeting"])
def test_forms_about_meetings_are_the_coordinators(world, as_, path):
    _meet(world)

    page = as_("exec").opens(path)

    assert (page.status, page.heading) == (403, "You cannot do this")


def test_deed_that_there_is_not_is_not_found(world, as_):
    _meet(world)

    page = as_("coordinator").opens("/meetings/M1/dance")

    assert page.status == 404


def test_coordinator_schedules_a_series_and_sees_half_of_one_come_back(as_):
    coordinator = as_("coordinator")
    known = {"group": "thscp/qap", "every_weeks": "6", **DAY}

    half = coordinator.sends("/meetings/new", **known)
    whole = coordinator.sends_form(
        half, half.forms[-1], **{"until-day": "31", "until-month": "12", "until-year": "2021"}
    )

    assert (half.status, "Enter the day until which the series runs" in half.words) == (422, True)
    assert "M1 is the first of the series. It is on 8 June 2021 at 10am." in _words(whole)
    assert "Every 6 weeks from 8 June 2021 until 31 December 2021" in _words(whole)
    assert [link for link in coordinator.opens("/meetings").links if "/meetings/M" in link] == [
        f"/meetings/M{number}" for number in range(1, 6)
    ]


def test_coordinator_changes_the_agenda_but_not_its_standing_item(world, as_):
    _meet(world, group="qap")
    coordinator = as_("coordinator")

    form = coordinator.opens("/meetings/M1/edit-agenda")
    page = coordinator.sends_form(form, form.forms[-1], add="The budget", remove="answered")
    again = coordinator.opens("/meetings/M1/edit-agenda")

    assert "Is there anything to escalate? (0)" in page.words
    assert ("The budget" in page.words, "Answers to what was escalated" in page.words) == (True, False)
    assert "Leave out of this meeting Is there" not in form.words
    assert "Bring back what was left out Answers to what was escalated" in again.words


def test_coordinator_says_where_a_meeting_is_and_who_chairs_it(world, as_):
    _meet(world)
    coordinator = as_("coordinator")

    page = coordinator.sends("/meetings/M1/edit-meeting", place="Room 4", chair="exec@thscp.example")

    assert "Place Room 4 Chair Evan Reed" in page.words


def test_attendance_stands_by_year_group_and_agency_with_its_share(world, as_):
    for number, (on, came) in enumerate((("2021-03-02", "yes"), ("2021-04-06", "yes"), ("2021-05-04", "no")), 1):
        act(world, "schedule_meeting", group="exec", on=on, now="2021-02-01T09:00")
        attendance = {"Metropolitan Police Service": came, "North East London NHS": "yes"}
        act(world, "close_meeting", f"M{number}", attendance=attendance, now=f"{on}T16:00")
    scrutineer = as_("scrutineer")

    listed = scrutineer.opens("/meetings")
    page = scrutineer.opens("/meetings/attendance")

    assert "/meetings/attendance" in listed.links
    police, health = "Metropolitan Police Service 1 of 2 meetings 50%", "North East London NHS 2 of 2 meetings 100%"
    assert f"Agency Came to Share {police} {health}" in page.words
    assert [year for year in ("2021-22", "2020-21") if f"Executive Group, {year}" in page.words] == [
        "2021-22",
        "2020-21",
    ]
    assert page.words.index("Executive Group, 2021-22") < page.words.index("Executive Group, 2020-21")


def test_coordinator_holds_the_digest_and_lets_it_go_from_its_page(world, as_):
    act(world, "schedule_meeting", group="exec", on="2021-06-29", now="2021-05-04T12:00")
    coordinator, members_page = as_("coordinator"), as_("exec").opens("/meetings/M1/digest")

    coordinator.sends("/meetings/M1/hold-digest", reason="A figure is looked at again")
    held, today = coordinator.opens("/meetings/M1/digest"), coordinator.opens("/today")
    coordinator.sends("/meetings/M1/release-digest")
    released = coordinator.opens("/meetings/M1/digest")

    ways = [f"/meetings/M1/{deed}" for deed in ("hold-digest", "release-digest", "send-digest")]
    assert [[way for way in ways if way in page.links] for page in (members_page, held, today, released)] == [
        [],
        ways[1:],
        ways[1:],
        [ways[0], ways[2]],
    ]
    assert "Held: it does not go until it is let go or sent." in held.words
    assert "The digest is held" in today.words


def test_form_of_an_agenda_names_no_case_from_which_its_reader_is_barred(world, as_):
    make_case(world, "TH-2021-777")
    act(world, "schedule_meeting", None, group="thscp/exec", on="2021-06-21", at="10:00")
    act(world, "edit_agenda", "M1", add=["Talk about TH-2021-777", "Look back at TH-2021-777"])
    act(world, "edit_agenda", "M1", remove=["item-2"])
    act(world, "declare_conflict", "TH-2021-777", person="coordinator@thscp.example", reason="Kin")

    form = as_("coordinator").opens("/meetings/M1/edit-agenda")

    told = [words in form.words for words in ("Talk about [a case]", "Look back at [a case]", "TH-2021-777")]
    assert told == [True, True, False]
