"""Files as evidence that an action is done, on both databases: what is kept of them, and what is refused."""

import base64

import pytest
from sqlmodel import select

from tests import files, make
from tracker.actions.evidence import evidence_file
from tracker.actions.models import Action
from tracker.database import reading
from tracker.errors import FactsWrong, NotFound, Refused
from tracker.files.models import StoredFile, fingerprint_of

OWNER = "owner@thscp.example"
AUDIT = {"file_name": "Audit.pdf", "content": files.PDF}
PHOTO = {"file_name": "Room.jpg", "content": files.photo()}


@pytest.fixture
def world(engine):
    make.make_world(engine)
    make.act(engine, "add_action", "thscp", text="Share the records", owner=OWNER, due_on="2021-09-30")
    return engine


def report(engine, *given, by=OWNER, **facts):
    return make.act(engine, "update_action", "A1", by=by, **{"report": "done", "files": list(given), **facts})


def shown(engine):
    return make.shown(engine, "A1", kind="action")


def stored(engine):
    with reading(engine) as session:
        return list(session.exec(select(StoredFile.name)))


def test_file_alone_shows_that_an_action_is_done(world):
    report(world, AUDIT)

    document = shown(world)
    file = {"number": 1, "name": "Audit.pdf", "kind": "pdf", "size": len(files.PDF)}
    file |= {"sha256": fingerprint_of(files.PDF)}
    assert (document["evidence"], document["updates"][0]["evidence"], document["updates"][0]["files"]) == (
        [
            {
                "text": "Audit.pdf",
                "file": file,
                "on": None,
                "given_by": "Owen Field",
                "looked_at_by": None,
                "stale_on": None,
                "of_update": True,
            }
        ],
        [],
        [file],
    )
    assert document["history"][-1]["files"] == [fingerprint_of(files.PDF)]
    with reading(world) as session:
        kept = evidence_file(session, session.exec(select(Action)).one(), 1)
    assert (kept.name, kept.content) == ("Audit.pdf", files.PDF)


def test_number_of_a_file_is_its_place_among_all_evidence(world):
    report(world, AUDIT, {"file_name": "Board.png", "content": files.png()}, evidence=["The minutes", "The list"])

    assert [file["number"] for file in shown(world)["updates"][0]["files"]] == [3, 4]
    with reading(world) as session, pytest.raises(NotFound):
        evidence_file(session, session.exec(select(Action)).one(), 2)


def test_program_writes_a_file_in_base64(world):
    report(world, {"file_name": "Audit.pdf", "content": base64.b64encode(files.PDF).decode()})

    assert shown(world)["evidence"][0]["file"]["sha256"] == fingerprint_of(files.PDF)


@pytest.mark.parametrize("content", ["not base64!", "", 5, None, ["x"]])
def test_file_that_is_not_in_base64_is_refused(world, content):
    with pytest.raises(FactsWrong):
        report(world, {"file_name": "Audit.pdf", "content": content})

    assert stored(world) == []


def test_update_sent_anew_keeps_its_files_once(world):
    report(world, AUDIT)
    report(world, AUDIT, {"file_name": "Policy.docx", "content": files.word()}, text="And the policy")

    updates = shown(world)["updates"]
    assert [[file["name"] for file in update["files"]] for update in updates] == [
        ["Audit.pdf"],
        ["Audit.pdf", "Policy.docx"],
    ]
    assert stored(world) == ["Audit.pdf", "Policy.docx"]


def test_files_of_somebody_elses_update_do_not_count_as_hers(world):
    report(world, AUDIT)

    with pytest.raises(Refused) as refused:
        report(world, by="coordinator@thscp.example")

    assert str(refused.value) == "Say what shows that it is done, or add a file."


def test_intent_repeated_with_its_file_is_done_once_and_without_it_refused(world):
    for _ in range(2):
        report(world, AUDIT, intent="once")

    with pytest.raises(Refused) as refused:
        report(world, {**AUDIT, "content": files.pdf_with(b"/Other 1")}, intent="once")

    assert (refused.value.code, stored(world)) == ("intent_reused", ["Audit.pdf"])


def test_photo_that_says_where_it_was_taken_is_refused_once(world):
    with pytest.raises(Refused) as refused:
        report(world, PHOTO)
    before = stored(world)

    report(world, PHOTO, confirmed=["looks_personal"])

    assert (str(refused.value), before, stored(world)) == (
        "files: this photo says where it was taken. Give a copy without its place, or confirm that the place may be "
        'kept with "confirmed": ["looks_personal"].',
        [],
        ["Room.jpg"],
    )
    assert shown(world)["history"][-1]["confirmed"] == ["looks_personal"]


def test_name_of_a_file_that_looks_personal_is_refused_once(world):
    with pytest.raises(Refused) as refused:
        report(world, {**AUDIT, "file_name": "07700 900123.pdf"})

    assert (refused.value.code, stored(world)) == ("looks_personal", [])


def test_more_files_than_an_action_holds_are_refused(world):
    for number in range(20):
        given = {"file_name": f"Audit {number}.pdf", "content": files.pdf_with(b"/Number %d" % number)}
        make.act(world, "update_action", "A1", by="coordinator@thscp.example", report="on_track", files=[given])

    with pytest.raises(Refused) as refused:
        report(world, {"file_name": "One more.pdf", "content": files.PDF})

    assert (refused.value.code, len(stored(world))) == ("too_many_files", 20)


def test_more_than_three_files_at_once_are_refused(world):
    with pytest.raises(FactsWrong) as refused:
        report(world, *[AUDIT] * 4)

    assert str(refused.value) == "The facts do not fit update-action: files: Choose 3 files or fewer (you have 4)."


def test_action_is_complete_by_a_file_alone(world):
    make.act(world, "complete_action", "A1", on="2021-06-01", files=[AUDIT])

    document = shown(world)
    assert (document["status"], document["evidence"][0]["looked_at_by"]) == ("complete", "Casey Morgan")
