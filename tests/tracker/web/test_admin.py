"""Administration: people, agencies, clocks and settings, the calendar, links, emails, audit."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from notifications import outbox
from tests import make
from tests.make import NOON
from tracker.actions.models import Action
from tracker.database import reading, unit_of_work
from tracker.groups.models import Closure, Setting
from tracker.groups.queries import partnership_by_code
from tracker.history import HistoryLine
from tracker.people import sessions
from tracker.people.models import Agency, Person, RoleHolding
from tracker.people.queries import person_by_email
from tracker.people.sign_in_models import Link, LinkVisit, SignIn, Ticket

SECTIONS = {
    "/admin/people": "Administration People",
    "/admin/agencies": "Administration Agencies",
    "/admin/themes": "Administration Themes",
    "/admin/clocks": "Administration Clocks and settings",
    "/admin/links": "Administration Links",
    "/admin/emails": "Administration Emails",
    "/admin/audit": "Administration Audit",
}
WHO_LOOK_AFTER = ("coordinator", "admin")


def link_named(page, path_begins, *, ends=""):
    """Give the first link of a page that begins and ends so."""
    return next(link for link in page.links if link.startswith(path_begins) and link.endswith(ends))


def page_of(visitor, name):
    """Give the address of somebody's page, found by a word."""
    page = visitor.opens(f"/admin/people?words={name}")
    return next(link for link in page.links if re.fullmatch(r"/admin/people/[0-9a-f]{16}", link))


def lines_of(engine, deed):
    """Give the lines of the history that tell of a deed: about what, and in which role."""
    with reading(engine) as session:
        found = session.exec(select(HistoryLine).where(HistoryLine.deed == deed))
        return [(line.about, line.role) for line in found]


def give_action(engine, email, **values):
    """Let somebody own an action of Tower Hamlets."""
    with unit_of_work(engine) as session:
        owner = person_by_email(session, email).id
        return make.make_action(session, partnership_by_code(session, "thscp"), owner_id=owner, **values).reference


def put_email(engine, email, *, about="", kind="action_reminder", number=0):
    """Let an email to somebody wait in the outbox."""
    with unit_of_work(engine) as session:
        person = person_by_email(session, email)
        outbox.put(
            session,
            kind=kind,
            person_id=person.id,
            to_name=person.name,
            to_address=email,
            about=about,
            key=f"{kind} {about} {number}",
            facts={},
            due_at=NOON,
            planned_at=NOON,
            routine=True,
        )


def give_link(engine, email, **values):
    """Let somebody have a living link."""
    with unit_of_work(engine) as session:
        person = person_by_email(session, email)
        dull = {"purpose": "actions", "made_at": NOON, "expires_at": NOON + timedelta(days=14)}
        link = Link(public_id=f"link of {email}", person_id=person.id, **{**dull, **values})
        session.add(link)
        session.flush()
        session.add(LinkVisit(link_id=link.id, at=NOON, what="fetched"))


@pytest.mark.parametrize("who", WHO_LOOK_AFTER)
@pytest.mark.parametrize("path", SECTIONS)
def test_whoever_looks_after_a_partnership_opens_every_section(as_, who, path):
    page = as_(who).opens(path)

    assert (page.status, page.heading) == (200, SECTIONS[path])


@pytest.mark.parametrize("path", [*SECTIONS, "/admin", "/admin/people/new", "/admin/clocks/closures/new"])
def test_others_are_refused_and_strangers_sent_to_sign_in(as_, stranger, path):
    statuses = [as_(who).opens(path).status for who in ("exec", "owner", "agency_lead", "scrutineer")]

    assert statuses == [403, 403, 403, 403]
    assert stranger.opens(path).address.startswith("/sign-in?next=")


def test_administration_begins_with_the_people(as_):
    page = as_("admin").opens("/admin")

    assert (page.address, page.heading) == ("/admin/people", "Administration People")
    assert "Administration" in page.words


def test_opening_pages_changes_nothing(world, as_):
    coordinator = as_("coordinator")
    person = page_of(coordinator, "Owen")

    def kept():
        with reading(world) as session:
            return [
                (row.name, row.email, row.ended_on, row.agency_id)
                for row in session.exec(select(Person).order_by(Person.id))
            ] + [line.seq for line in session.exec(select(HistoryLine))]

    before = kept()
    for path in [*SECTIONS, person, f"{person}/end", "/admin/people/new", "/admin/clocks/settings/link.days"]:
        assert coordinator.opens(path).status == 200

    assert kept() == before


def test_people_are_found_by_a_word(as_):
    page = as_("admin").opens("/admin/people?words=scrut")

    assert "Showing 1 to 1 of 1 person." in page.words
    assert "Sam Scully scrutineer@thscp.example" in page.words
    assert "Owen Field" not in page.words


def test_word_that_fits_nobody_says_so(as_):
    page = as_("admin").opens("/admin/people?words=zzz")

    assert "Nobody is found by “zzz”. Show everybody" in page.words


def test_addresses_of_people_hold_neither_number_nor_email(as_):
    page = as_("admin").opens("/admin/people")

    addresses = [link for link in page.links if link.startswith("/admin/people/") and not link.endswith("/new")]
    assert {re.sub("[0-9a-f]{16}", "code", link) for link in addresses} == {
        "/admin/people/code",
        "/admin/people/code/end",
    }


@pytest.mark.parametrize("path", ["/admin/people/1", "/admin/people/0123456789abcdef", "/admin/people/x/end"])
def test_person_that_there_is_not_is_not_found(as_, path):
    assert as_("admin").opens(path).status == 404


def test_people_of_another_partnership_leave_no_trace(world, as_):
    with unit_of_work(world) as session:
        make.make_team(session, "chscp")
    theirs = page_of(as_("coordinator@chscp.example"), "Owen")

    ours = as_("admin").opens("/admin/people")

    assert "chscp.example" not in ours.text
    assert as_("admin").opens(theirs).status == 404
    assert as_("admin").opens(f"{theirs}/end").status == 404
    assert as_("admin").opens("/admin/people?partnership=chscp").status == 404


def test_whoever_looks_after_two_partnerships_chooses(world, as_):
    with unit_of_work(world) as session:
        make.make_team(session, "chscp")
        admin = person_by_email(session, "admin@thscp.example")
        theirs = partnership_by_code(session, "chscp").id
        session.add(RoleHolding(person_id=admin.id, partnership_id=theirs, role="admin", from_on=make.LONG_AGO))

    page = as_("admin").opens("/admin/people?partnership=chscp")

    assert "You look after 2 partnerships. This page is about CHSCP partnership" in page.words
    assert "owner@chscp.example" in page.words
    assert "owner@thscp.example" not in page.words
    assert as_("admin").opens(link_named(page, "/admin/people/", ends="/end?partnership=chscp")).status == 200


def test_person_page_shows_what_she_is_and_owns(world, as_):
    give_action(world, "owner@thscp.example")

    page = as_("admin").opens(page_of(as_("admin"), "Owen"))

    assert page.heading == "Owen Field"
    assert "Email address owner@thscp.example" in page.words
    assert "Open actions 1 action" in page.words
    assert "Signing in Not invited yet" in page.words
    assert "Owner Role 1 January 2000 Now" in page.words


def test_count_of_open_actions_leaves_out_those_of_a_barred_case(world, as_):
    make.make_case(world)
    give_action(world, "owner@thscp.example", cases=["TH-2021-001"])
    make.act(world, "declare_conflict", "TH-2021-001", person="coordinator@thscp.example", reason="I know the family.")

    page = as_("coordinator").opens(page_of(as_("coordinator"), "Owen"))

    assert "Open actions 0 actions" in page.words


def test_person_is_added_with_roles_groups_and_agency(world, as_):
    page = as_("admin").sends(
        "/admin/people/new",
        name="Nia Brand",
        email="nia@agency.example",
        roles=["agency_lead", "owner"],
        agency="Children's Social Care",
        groups=["exec"],
        post="Head of early help",
    )

    assert (page.status, page.heading) == (200, "Nia Brand")
    assert "Nia Brand has been added." in page.words
    assert "Agency lead for Children's Social Care Role 1 June 2021 Now" in page.words
    assert "Head of early help Post 1 June 2021 Now" in page.words
    assert lines_of(world, "people_add") == [("thscp", "admin")]


def test_person_without_anything_is_asked_for_it_and_what_was_typed_stays(as_):
    page = as_("admin").sends("/admin/people/new", name="", email="nia@agency.example", post="Head of early help")

    assert (page.status, page.title) == (422, "Error: Add a person – Learning tracker")
    assert "There is a problem Enter their name" in page.words
    assert page.forms[-1]["fields"]["email"] == "nia@agency.example"
    assert page.forms[-1]["fields"]["post"] == "Head of early help"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "Nia"}, "Choose at least one role or group"),
        ({"name": "Nia", "roles": ["agency_lead"]}, "Choose the agency that they answer for"),
        ({"name": "Nia", "roles": ["owner"], "email": "nia"}, "Enter a work email address, like name@agency.example"),
        ({"name": "...", "roles": ["owner"]}, "Enter a name on one line"),
        ({"name": "Nia", "roles": ["king"]}, "There is no role 'king'"),
        (
            {"name": "Ada", "roles": ["coordinator"], "email": "ADMIN@thscp.example"},
            "You cannot add a role of your own. Ask somebody else who may.",
        ),
    ],
)
def test_person_who_does_not_fit_is_refused_with_a_sentence(world, as_, fields, sentence):
    page = as_("admin").sends("/admin/people/new", **fields)

    assert page.status == 422
    assert f"There is a problem {sentence}" in page.words
    assert lines_of(world, "people_add") == []


def test_nobody_is_put_into_a_group_of_another_partnership(world, as_):
    with unit_of_work(world) as session:
        make.make_team(session, "chscp")

    page = as_("admin").sends("/admin/people/new", name="Nia", email="nia@agency.example", groups="chscp/exec")

    assert (page.status, lines_of(world, "people_add")) == (403, [])


def test_person_form_sent_twice_adds_once(world, as_):
    admin = as_("admin")
    form = admin.opens("/admin/people/new")

    answers = [
        admin.sends_form(form, form.forms[-1], name="Nia Brand", email="nia@agency.example", roles="owner")
        for _ in range(2)
    ]

    assert [(page.status, page.heading) for page in answers] == [(200, "Nia Brand"), (200, "Nia Brand")]
    assert lines_of(world, "people_add") == [("thscp", "admin")]


def test_names_with_markup_are_shown_as_typed(world, as_):
    name = '<script>alert(1)</script> & "Nia"'
    as_("admin").sends("/admin/people/new", name=name, email="nia@agency.example", roles="owner")
    as_("admin").sends("/admin/agencies/new", name="<b>Agency</b>")

    pages = [as_("admin").opens(path) for path in (*SECTIONS, page_of(as_("admin"), "alert"))]

    assert [page.status for page in pages] == [200] * 8
    assert not any("<script>alert" in page.text or "<b>Agency" in page.text for page in pages)
    assert name in pages[0].words
    assert "<b>Agency</b>" in pages[1].words


def test_invitation_is_sent_once_and_shown(world, as_):
    admin = as_("admin")
    path = page_of(admin, "Owen")
    page = admin.opens(path)

    answers = [admin.sends_form(page, page.forms[-1]) for _ in range(2)]

    assert "An invitation goes to Owen Field." in answers[0].words
    assert "Invited 1 June 2021 at midday" in answers[1].words
    with reading(world) as session:
        assert len(session.exec(select(Ticket)).all()) == 1
    assert lines_of(world, "people_invite") == [("thscp", "admin")]


def test_leaver_is_ended_in_four_clicks(world, as_, base):
    give_action(world, "owner@thscp.example", reference="A7")
    give_link(world, "owner@thscp.example")
    with unit_of_work(world) as session:
        sessions.begin(session, person_by_email(session, "owner@thscp.example").id, NOON, is_whole=True)
    admin = as_("admin")
    people = admin.opens("/admin/people?words=Owen")

    asked = admin.opens(link_named(people, "/admin/people/", ends="/end"))  # 1: End access
    successor = re.search(r'value="([0-9a-f]{16})"[^>]*>Lee Agnew', asked.text)[1]  # 2: who takes over
    checked = admin.sends_form(asked, asked.forms[-1], passes_to=successor)  # 3: Continue
    done = admin.sends_form(checked, checked.forms[-1])  # 4: End their access

    assert asked.heading == "End Owen Field’s access"
    assert checked.heading == "Check before you end Owen Field’s access"
    assert "Open actions 1 action passes" in checked.words
    assert "Owen Field’s access has ended. 1 action passes to Lee Agnew." in done.words
    with reading(world) as session:
        owen, lee = (person_by_email(session, f"{who}@thscp.example") for who in ("owner", "agency_lead"))
        assert (owen.ended_on, owen.passes_to_id) == (date(2021, 6, 1), lee.id)
        assert session.exec(select(Action.owner_id).where(Action.reference == "A7")).one() == lee.id
        assert session.exec(select(Link.ended_at)).one() == NOON
        assert session.exec(select(SignIn.ended_at).where(SignIn.person_id == owen.id)).all() == [NOON]
    assert lines_of(world, "people_end") == [("A7", "admin"), ("thscp", "admin")]


def test_leaver_form_sent_twice_ends_once(world, as_):
    admin = as_("admin")
    asked = admin.opens(f"{page_of(admin, 'Owen')}/end")
    successor = re.search(r'value="([0-9a-f]{16})"[^>]*>Lee Agnew', asked.text)[1]
    checked = admin.sends_form(asked, asked.forms[-1], passes_to=successor)

    answers = [admin.sends_form(checked, checked.forms[-1]) for _ in range(2)]

    assert [page.address for page in answers] == ["/admin/people", "/admin/people"]
    assert lines_of(world, "people_end") == [("thscp", "admin")]
    assert "Owen Field" in admin.opens("/admin/people?left=yes").words


def test_leaver_without_successor_is_asked_again(world, as_):
    admin = as_("admin")

    page = admin.sends(f"{page_of(admin, 'Owen')}/end", passes_to="")

    assert (page.status, page.title) == (422, "Error: End Owen Field’s access – Learning tracker")
    assert "There is a problem Choose who takes over their work" in page.words
    assert lines_of(world, "people_end") == []


def test_nobody_ends_her_own_access(as_):
    admin = as_("admin")

    page = admin.opens(f"{page_of(admin, 'Ada')}/end")

    assert page.status == 404


def test_leaver_who_works_elsewhere_too_is_not_ended_from_here(world, as_):
    with unit_of_work(world) as session:
        make.make_team(session, "chscp")
        owen = person_by_email(session, "owner@thscp.example")
        theirs = partnership_by_code(session, "chscp").id
        session.add(RoleHolding(person_id=owen.id, partnership_id=theirs, role="owner", from_on=make.LONG_AGO))
    admin = as_("admin")
    asked = admin.opens(f"{page_of(admin, 'Owen')}/end")
    successor = re.search(r'value="([0-9a-f]{16})"[^>]*>Lee Agnew', asked.text)[1]
    checked = admin.sends_form(asked, asked.forms[-1], passes_to=successor)

    refused = admin.sends_form(checked, checked.forms[-1])

    assert (refused.status, refused.heading) == (403, "You cannot do this")
    assert "Owen Field works outside your partnership as well." in refused.words
    assert lines_of(world, "people_end") == []


def test_agency_is_added_once_and_gets_a_lead_and_a_deputy(world, as_):
    admin = as_("admin")
    form = admin.opens("/admin/agencies/new")
    [admin.sends_form(form, form.forms[-1], name="Northmoor Housing") for _ in range(2)]
    admin.sends(
        "/admin/people/new", name="Nia Brand", email="nia@agency.example", roles="owner", agency="Northmoor Housing"
    )

    page = admin.opens("/admin/agencies")
    row = re.search(r'Northmoor Housing</th>.*?href="([^"]+)"', page.text, re.S)
    asked = admin.opens(row[1])
    nia = re.search(r'value="([0-9a-f]{16})"[^>]*>Nia Brand', asked.text)[1]
    led = admin.sends_form(asked, asked.forms[-1], person=nia, part="lead")
    again = admin.sends(row[1], person=nia, part="lead")
    deputy = admin.sends(row[1], person=nia, part="deputy")

    assert "Nia Brand leads for Northmoor Housing from today." in led.words
    assert (again.status, "There is a problem Nia Brand leads already." in again.words) == (409, True)
    assert "Northmoor Housing None Nia Brand Change lead or deputy of Northmoor Housing" in deputy.words
    assert lines_of(world, "agency_add") == [("thscp", "admin")]
    assert lines_of(world, "agency_lead") == [("thscp", "admin"), ("thscp", "admin")]


def test_new_lead_takes_the_place_of_the_old_one(world, as_):
    with unit_of_work(world) as session:
        partnership = partnership_by_code(session, "thscp")
        make.make_person(
            session, partnership, "nia@agency.example", "owner", name="Nia Brand", agency="Children's Social Care"
        )
    admin = as_("admin")
    row = re.search(r"Children&#39;s Social Care</th>.*?href=\"([^\"]+)\"", admin.opens("/admin/agencies").text, re.S)
    asked = admin.opens(row[1])
    nia = re.search(r'value="([0-9a-f]{16})"[^>]*>Nia Brand', asked.text)[1]

    page = admin.sends_form(asked, asked.forms[-1], person=nia, part="lead")

    assert "Children's Social Care Nia Brand None" in page.words


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Enter the name of the agency"),
        ({"name": "children's social CARE"}, "There is an agency called children's social CARE already."),
        ({"name": "!!!"}, "Enter a name on one line"),
    ],
)
def test_agency_that_does_not_fit_is_refused(world, as_, fields, sentence):
    page = as_("coordinator").sends("/admin/agencies/new", **fields)

    assert (page.status in (409, 422), f"There is a problem {sentence}" in page.words) == (True, True)
    assert page.forms[-1]["fields"]["name"] == fields["name"]
    with reading(world) as session:
        assert len(session.exec(select(Agency)).all()) == 4


def test_lead_that_is_not_chosen_is_asked_for(as_):
    admin = as_("admin")
    row = next(link for link in admin.opens("/admin/agencies").links if link.endswith("/lead"))

    page = admin.sends(row)

    assert page.status == 422
    assert "There is a problem Choose somebody of Children's Social Care" in page.words
    assert "Choose the lead or the deputy" in page.words


def test_themes_are_counted_only_for_who_sees_cases(world, as_):
    make.make_case(world, themes=["neglect"])

    coordinator, admin = (as_(who).opens("/admin/themes") for who in ("coordinator", "admin"))

    assert "Neglect 1 0 0" in coordinator.words
    assert "Open actions" not in admin.words
    assert "Neglect 1" not in admin.words


def test_clocks_show_their_lengths_sources_and_settings(as_):
    page = as_("admin").opens("/admin/clocks")

    assert (
        "Rapid review sent to the national Panel Statutory guidance After the notification "
        "15 working days 15 working days Working Together Change" in page.words
    )
    assert "How many days the link in an email opens its reader’s actions. 14 days 14 days Change" in page.words
    assert "References that were given stay. TH TH Change" in page.words
    assert "When everything routine goes, on working days. 8am 8am Change" in page.words
    assert "28 December 2021: Boxing Day (substitute day)" in page.words.replace("\u00a0", " ")


def test_hour_that_holds_stands_in_its_field_as_it_is_said(as_):
    page = as_("admin").opens("/admin/clocks/settings/reminders.at")

    assert "It is now: 8am ." in page.words
    assert page.forms[-1]["fields"]["value"] == "8am"


@pytest.mark.parametrize(
    ("key", "fields", "kept", "said"),
    [
        ("clock.rapid_review", {"amount": "10", "unit": "working_days"}, '{"amount":10,"unit":"working_days"}', "10 w"),
        ("reminders.before", {"value": "10, 3"}, "[10,3]", "10 and 3 days"),
        ("reminders.on_the_day", {"value": "no"}, "false", "No"),
        ("reminders.then_every", {"value": ""}, "null", "Never"),
        ("reminders.at", {"value": "9:30"}, '"09:30"', "9:30am from today"),
        ("reminders.at", {"value": "7am"}, '"07:00"', "7am from today"),
        ("reminders.at", {"value": "12.15 PM"}, '"12:15"', "12:15pm from today"),
        ("digest.at", {"value": "20:05"}, '"20:05"', "8:05pm from today"),
        ("digest.at", {"value": "midday"}, '"12:00"', "midday from today"),
        ("link.days", {"value": "21"}, "21", "21 days"),
        ("prefix", {"value": "THX"}, '"THX"', "THX"),
        ("digest.working_days_before", {"value": "1"}, "1", "1 working day"),
    ],
)
def test_setting_is_changed_and_shown(world, as_, key, fields, kept, said):
    page = as_("admin").sends(f"/admin/clocks/settings/{key}", **fields)

    assert (page.status, page.heading) == (200, "Administration Clocks and settings")
    assert f": {said}" in page.words
    assert "Since 1 June 2021 at midday" in page.words.replace("\u00a0", " ")
    with reading(world) as session:
        assert [(row.key, row.value) for row in session.exec(select(Setting))] == [(key, kept)]


@pytest.mark.parametrize(
    ("key", "fields", "sentence"),
    [
        ("clock.rapid_review", {"amount": "soon", "unit": "days"}, "Enter a whole number, 10,000 at most"),
        ("clock.rapid_review", {"amount": "5", "unit": ""}, "Enter a whole number, 10,000 at most"),
        ("reminders.before", {"value": "14, never"}, "Enter whole numbers of days with commas between them"),
        ("reminders.on_the_day", {"value": "perhaps"}, "Choose yes or no"),
        ("reminders.at", {"value": "25:00"}, "Enter a time like 8am or 8:30am"),
        ("reminders.at", {"value": "8"}, "Enter a time like 8am or 8:30am"),
        ("reminders.at", {"value": "13pm"}, "Enter a time like 8am or 8:30am"),
        ("link.days", {"value": "91"}, "Enter a whole number of days, 1 to 90"),
        ("link.days", {"value": ""}, "Enter a whole number of days, 1 to 90"),
        ("prefix", {"value": "T-H"}, "Enter 1 to 8 letters and digits"),
    ],
)
def test_setting_that_does_not_fit_is_refused_and_kept_as_typed(world, as_, key, fields, sentence):
    page = as_("admin").sends(f"/admin/clocks/settings/{key}", **fields)

    assert (page.status, page.title[:6]) == (422, "Error:")
    assert f"There is a problem {sentence}" in page.words
    with reading(world) as session:
        assert session.exec(select(Setting)).all() == []


def test_setting_form_sent_twice_changes_once(world, as_):
    admin = as_("admin")
    form = admin.opens("/admin/clocks/settings/link.days")

    answers = [admin.sends_form(form, form.forms[-1], value="21") for _ in range(2)]

    assert [page.status for page in answers] == [200, 200]
    with reading(world) as session:
        assert [row.value for row in session.exec(select(Setting))] == ["21"]


def test_setting_that_somebody_else_changed_meanwhile_is_not_overwritten(as_):
    admin = as_("admin")
    form = admin.opens("/admin/clocks/settings/link.days")
    as_("coordinator").sends("/admin/clocks/settings/link.days", value="7")

    page = admin.sends_form(form, form.forms[-1], value="21")

    assert page.status == 409
    assert "has moved on since you looked at it." in page.words
    assert page.forms[-1]["fields"]["value"] == "21"


@pytest.mark.parametrize("path", ["/admin/clocks/settings/nothing", "/admin/clocks/settings/clock.nothing"])
def test_setting_that_there_is_not_is_not_found(as_, path):
    assert as_("admin").opens(path).status == 404


CLOSED = {"on-day": "10", "on-month": "6", "on-year": "2021", "name": "Office closed", "whose": "partnership"}


def test_closure_redates_clocks_and_lists_old_and_new_dates(world, as_):
    make.make_case(world, notified_on="2021-06-01")

    page = as_("coordinator").sends("/admin/clocks/closures/new", **CLOSED)

    words = page.words.replace("\u00a0", " ")
    assert (page.status, page.address) == (200, "/admin/clocks/closures/2021-06-10")
    assert "10 June 2021 is no working day from now on." in words
    assert "TH-2021-001 Rapid review sent to the national Panel 22 June 2021 23 June 2021" in words


def test_closure_form_sent_twice_adds_once(world, as_):
    coordinator = as_("coordinator")
    form = coordinator.opens("/admin/clocks/closures/new")

    answers = [coordinator.sends_form(form, form.forms[-1], **CLOSED) for _ in range(2)]

    assert [page.status for page in answers] == [200, 200]
    with reading(world) as session:
        assert len(session.exec(select(Closure)).all()) == 1


def test_closure_for_everybody_belongs_to_no_partnership(world, as_):
    page = as_("coordinator").sends("/admin/clocks/closures/new", **CLOSED | {"whose": "all"})

    assert "Office closed, for everybody." in page.words
    with reading(world) as session:
        assert [closure.partnership_id for closure in session.exec(select(Closure))] == [None]


def test_closure_tells_an_admin_nothing_of_the_cases(world, as_):
    make.make_case(world, notified_on="2021-06-01")

    page = as_("admin").sends("/admin/clocks/closures/new", **CLOSED)

    assert page.status == 200
    assert "TH-2021-001" not in page.text
    assert "Your role sees no case" in page.words


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"on-day": "", "on-month": "", "on-year": ""}, "Enter the day that is no working day"),
        ({"on-day": "12"}, "12 June 2021 is a Saturday"),
        ({"name": ""}, "Enter a name for the day"),
        ({"whose": None}, "Choose who is closed"),
        ({"on-day": "31"}, ""),
    ],
)
def test_closure_that_does_not_fit_is_refused(world, as_, changed, sentence):
    page = as_("coordinator").sends("/admin/clocks/closures/new", **CLOSED | changed)

    assert (page.status, f"There is a problem {sentence}" in page.words.replace("\u00a0", " ")) == (422, True)
    with reading(world) as session:
        assert session.exec(select(Closure)).all() == []


def test_day_that_was_not_added_is_not_found(as_):
    assert as_("admin").opens("/admin/clocks/closures/2021-06-11").status == 404


def test_link_is_listed_and_ended_once(world, as_):
    give_link(world, "owner@thscp.example")
    admin = as_("admin")
    page = admin.opens("/admin/links")

    answers = [admin.sends_form(page, page.forms[-1]) for _ in range(2)]

    words = page.words.replace("\u00a0", " ")
    assert "Owen Field Their actions 1 June 2021 at midday 15 June 2021 1 June 2021 at midday Never" in words
    assert "The link of Owen Field has ended." in answers[0].words
    assert [answer.status for answer in answers] == [200, 200]
    assert lines_of(world, "link_end") == [("thscp", "admin")]
    assert "No link works at the moment." in admin.opens("/admin/links").words


def test_link_about_a_case_is_listed_only_for_who_sees_the_case(world, as_):
    make.make_case(world)
    give_link(world, "owner@thscp.example", purpose="independence", about="TH-2021-001")

    seen = [as_(who).opens("/admin/links").words.count("Owen Field") > 0 for who in WHO_LOOK_AFTER]

    assert seen == [True, False]


def test_emails_are_listed_as_far_as_they_may_be_seen(world, as_):
    make.make_case(world)
    action = give_action(world, "owner@thscp.example", cases=["TH-2021-001"])
    put_email(world, "owner@thscp.example", about=action)
    put_email(world, "owner@thscp.example", about="sign-in", kind="invitation")

    coordinator, admin = (as_(who).opens("/admin/emails") for who in WHO_LOOK_AFTER)

    assert "Showing 2 emails, the last planned first." in coordinator.words
    assert f"owner@thscp.example {action} 1 June 2021 at midday Waiting" in coordinator.words.replace("\u00a0", " ")
    assert "Showing 1 email, the last planned first." in admin.words
    assert f"{action} 1 June" not in admin.words.replace("\u00a0", " ")


def test_emails_are_filtered_by_kind_state_and_record(world, as_):
    put_email(world, "owner@thscp.example", about="A1")
    put_email(world, "owner@thscp.example", about="A2", kind="new_action")
    admin = as_("admin")

    found = [
        re.search(r"Showing \d+ email|No emails match", admin.opens(f"/admin/emails?{filters}").words)[0]
        for filters in ("kind=new_action", "about=a1", "state=sent", "kind=new_action&about=A2&state=queued")
    ]

    assert found == ["Showing 1 email", "Showing 1 email", "No emails match", "Showing 1 email"]
    assert admin.opens("/admin/emails?kind=nothing").status == 404
    assert admin.opens("/admin/emails?state=nothing").status == 404


def test_emails_come_fifty_a_page_with_a_way_on_and_back(world, as_):
    for number in range(51):
        put_email(world, "owner@thscp.example", number=number)
    admin = as_("admin")

    first = admin.opens("/admin/emails?state=queued")
    second = admin.opens(link_named(first, "/admin/emails?state=queued&before="))
    again = admin.opens(link_named(second, "/admin/emails?state=queued&after="))

    assert [page.words.partition("Showing ")[2].partition(",")[0] for page in (first, second, again)] == [
        "50 emails",
        "1 email",
        "50 emails",
    ]
    assert [[words in page.words for words in ("Newer emails", "Older emails")] for page in (first, second, again)] == [
        [False, True],
        [True, False],
        [False, True],
    ]


@pytest.mark.parametrize("place", ["before=nonsense", "after=0", "before=" + "0" * 24])
def test_nonsense_for_a_place_in_the_emails_shows_the_newest(world, as_, place):
    put_email(world, "owner@thscp.example")

    page = as_("admin").opens(f"/admin/emails?{place}")

    assert (page.status, "Showing 1 email, the last planned first." in page.words) == (200, True)


def test_audit_shows_what_the_reader_may_see(world, as_):
    make.make_case(world)
    make.act(world, "change_setting", "thscp", key="link.days", value=7)

    coordinator, admin = (as_(who).opens("/admin/audit") for who in WHO_LOOK_AFTER)

    assert "TH-2021-001" in coordinator.words
    assert "TH-2021-001" not in admin.text
    assert "“How long a link works” is 7 instead of 14" in admin.words
    assert "Who signed in last" in admin.words


def test_audit_of_a_barred_coordinator_holds_no_line_of_the_case(world, as_):
    make.make_case(world)
    make.act(world, "declare_conflict", "TH-2021-001", person="coordinator@thscp.example", reason="I know the family.")

    page = as_("coordinator").opens("/admin/audit?about=TH-2021-001")

    assert "Nothing was done to a record with this reference that you can open." in page.words


def test_admin_opens_no_case_and_finds_no_word_of_one(world, as_):
    make.make_case(world, "TH-2021-SECRET", notified_on="2021-06-01")
    make.act(world, "hold_case", "TH-2021-SECRET", reason="Zebra reason", look_again_on="2021-07-01")
    pseudonym = make.shown(world, "TH-2021-SECRET")["pseudonym"]
    admin = as_("admin")
    person = page_of(admin, "Owen")

    cases = [
        admin.opens(f"/cases/TH-2021-SECRET{tab}").status
        for tab in ("", "/timeline", "/documents", "/actions", "/access", "/steps/hold-case", "/decision")
    ]
    texts = [admin.opens(path).text for path in (*SECTIONS, person, "/admin/clocks", "/help")]

    assert set(cases) <= {403, 404}
    assert not any(word in text for text in texts for word in ("TH-2021-SECRET", "Zebra", pseudonym))


@pytest.mark.parametrize("path", ["/admin/people", "/admin/agencies", "/admin/links"])
def test_more_people_make_no_more_questions(world, as_, path):
    asked = []
    admin = as_("admin")
    event.listen(Engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    # What only deeds change is asked for the first time only.
    admin.opens(path)
    asked.clear()
    admin.opens(path)
    few = len(asked)
    with unit_of_work(world) as session:
        partnership = partnership_by_code(session, "thscp")
        for number in range(12):
            agency = make.make_agency(session, partnership, f"Agency {number}")
            make.make_person(session, partnership, f"p{number}@thscp.example", "owner", groups=["exec"], agency=agency)
    for number in range(12):
        give_link(world, f"p{number}@thscp.example")
    admin.opens(path)
    asked.clear()

    admin.opens(path)

    assert len(asked) == few


def test_audit_of_a_barred_coordinator_names_no_action_beside_which_another_was_seen(world, as_):
    for case in ("TH-2021-001", "TH-2021-777"):
        make.make_case(world, case)
        make.act(world, "add_action", None, text=f"Ring the ward of {case}", sources=[case], due_on="2021-09-30")
    make.act(world, "link_actions", "A1", other="A2", reason="Seen beside it")
    coordinator = as_("coordinator")
    before = coordinator.opens("/admin/audit").words

    make.act(world, "declare_conflict", "TH-2021-777", person="coordinator@thscp.example", reason="Kin")
    after = coordinator.opens("/admin/audit").words

    told = [(bool(re.search(r"\bA2\b", words)), "Linked with" in words) for words in (before, after)]
    assert told == [(True, True), (False, False)]
