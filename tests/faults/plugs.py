"""The trial of a new operator: two web and two post processes on PostgreSQL, and plugs that are pulled on the way.

Each email arrives exactly once, or stands in the list of doubts; nothing is lost, and no log holds a traceback.
"""

import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Collection
from datetime import timedelta

import httpx
import pyotp

from tests import postgres
from tests.faults.operators import COORDINATOR, SECRET, Place
from tests.faults.size import scaled
from tests.tracker.web.signing import PASSWORD
from tests.tracker.web.visitor import Visitor
from tests.waiting import until
from tests.wheels import ROOT
from tracker.clock import london_day, machine_now
from workflows.working_days import WorkingDays

OWNERS = scaled(200)
OWNER = [f"owner{number}@thscp.example" for number in range(OWNERS)]
# Seconds for which the database is away.
AWAY = 10


def prepare(place: Place, mail: str, sent: Callable[[], str]) -> Visitor:
    """Make tables, partnerships and people, and let the coordinator join from her email, on one of two web processes.

    `sent` gives what the email with the invitation says.
    """
    data = ROOT / "tracker" / "demo" / "data"
    today = london_day(machine_now())
    yesterday = {"TRACKER_NOW": f"{today - timedelta(days=1)}T09:00", "TRACKER_ENV": "test"}
    person = ["people", "add", "--partnership", "thscp"]
    coordinator = [*person, "--name", "Cleo Ordinator", "--email", COORDINATOR, "--role", "coordinator"]
    # Closed today, so that no morning comes into the trial, on whatever day of the week it is made.
    is_working_day = WorkingDays({}).is_working_day(today)
    closed = json.dumps({"on": today.isoformat(), "name": "The day of the trial"})
    place.types_all(
        [
            ["upgrade"],
            ["load", str(data / "partnerships.json"), str(data / "cases.json")],
            coordinator,
            *([["do", "add-closure", "--by", COORDINATOR, "--facts", closed]] if is_working_day else []),
        ],
        **yesterday,
    )
    place.settings["TRACKER_MAIL"] = mail
    first = place.serves()
    place.settings["TRACKER_BASE_URL"] = first.base
    place.types_all([["people", "invite", COORDINATOR], ["run-due"]])
    visitor = Visitor(first.base)
    place.closing.callback(visitor.http.close)
    link = re.search(r"(/welcome/\S+)", sent())
    welcome = visitor.opens(link[1])
    setting_up = visitor.sends_form(welcome, welcome.forms[0], password=PASSWORD)
    key = re.search(r'class="app-secret">([A-Z2-7 ]+)<', setting_up.text)[1].replace(" ", "")
    kept = visitor.sends_form(setting_up, setting_up.forms[0], code=pyotp.TOTP(key).now())
    assert kept.heading == "Keep your recovery codes"
    _ask_every_owner_back(place, yesterday)
    # Put into the outbox, but nobody listens: as after a night without a mail server.
    planned = place.types("run-due", TRACKER_MAIL="smtp://127.0.0.1:1?starttls=off", **yesterday)
    assert planned[0] == 1, planned
    return visitor


def _ask_every_owner_back(place: Place, yesterday: dict[str, str]) -> None:
    """Let every owner have an action and send an update, of which the coordinator asks something: an email to each."""
    lines = []
    for owner in OWNER:
        person = ["--name", "Owen Field", "--email", owner, "--role", "owner"]
        lines.append(["people", "add", "--partnership", "thscp", *person])
        facts = json.dumps({"text": f"Train the team of {owner}", "owner": owner, "due_on": "2030-01-31"})
        lines.append(["do", "add-action", "--by", COORDINATOR, "--facts", facts])
    place.types_all(lines, **yesterday)
    lines = []
    for row in place.asks("list", "actions", "--where", "partnership=thscp"):
        _, is_of_trial, owner = row["text"].partition("Train the team of ")
        if is_of_trial:
            update = json.dumps({"report": "on_track", "text": "Rooms are booked"})
            lines.append(["do", "update-action", row["reference"], "--by", owner, "--facts", update])
            asked = json.dumps({"reason": "For which day?"})
            lines.append(["do", "query-update", row["reference"], "--by", COORDINATOR, "--facts", asked])
    place.types_all(lines, **yesterday)


def pull_plugs(
    place: Place,
    server: postgres.OwnServer,
    visitor: Visitor,
    arrived: Callable[[], list[str]],
    ends: Collection[str] = ("sent", "uncertain"),
) -> None:
    """Let two post processes deliver, and pull plugs on the way: of one, of a web process, of the database.

    `ends`: the states in which every email is in the end.
    """
    first, second = place.started[0], place.serves()
    gone, left = place.posts(), place.posts()
    until(lambda: len(arrived()) >= OWNERS * 0.2, 120)
    gone.is_cut()
    backed_up = place.types("backup", "while.backup")
    token = visitor.http.cookies.get("session")
    visitor.http.close()
    with Visitor(second.base, token) as elsewhere:
        seen = elsewhere.opens("/today").status
        first.is_cut()
        seen_after = elsewhere.opens("/today").status
        until(lambda: len(arrived()) >= OWNERS * 0.5, 120)
        server.stop()
        began = time.monotonic()
        without = [elsewhere.opens(path).status for path in ("/today", "/api/cases", "/health/ready", "/health/live")]
        status = place.types("status")
        time.sleep(max(0.0, AWAY - (time.monotonic() - began)))
        server.start()
        again = elsewhere.opens("/today").status

    until(lambda: {one["state"] for one in place.asks("list", "emails")} <= set(ends), 300)
    assert (backed_up[0], seen, seen_after, without, again) == (0, 200, 200, [503, 503, 503, 200], 200), backed_up
    assert (status[0], status[2]) == (
        1,
        "The database server cannot be reached. Nothing was changed: check TRACKER_DATABASE_URL and the server.\n",
    )
    ready = httpx.get(f"{second.base}/health/ready").json()
    assert (ready["problems"], ready["post"]["waiting"]) == ([], 0)
    assert ready["post"]["uncertain"] == len(place.asks("list", "emails", "--where", "state=uncertain"))
    assert (left.ends(), second.ends()) == (0, 0)
    assert "Traceback" not in place.logs(), place.logs()


def doubtful(place: Place) -> list[str]:
    """Give the addresses of the emails of which nobody knows whether they went."""
    return [one["to"] for one in place.asks("list", "emails", "--where", "state=uncertain")]


def restore_elsewhere(place: Place) -> None:
    """Bring the backup back into SQLite: the post is held, and goes once when it is released."""
    folder = place.folder / "elsewhere"
    folder.mkdir()
    shutil.move(place.folder / "while.backup", folder)
    settings = {"TRACKER_SECRET": SECRET, "TRACKER_DATABASE_URL": "sqlite:///drill.db", "TRACKER_MAIL": "folder:mail"}
    drill = Place(place.commands, folder, settings, place.closing)
    restored = drill.types("restore", "while.backup")
    # Also one that was in doubt: the folder can be asked, and has it not.
    waiting = [one["to"] for one in drill.asks("list", "emails") if one["state"] != "sent"]
    held = drill.types("run-due")
    before = list((folder / "mail").glob("*.eml"))
    released = drill.types("do", "release-post", "--by", COORDINATOR)
    sent = drill.types("run-due")

    assert [status for status, _, _ in (restored, held, released, sent)] == [0, 1, 0, 0], (restored, released, sent)
    assert (before, "The post is held" in held[2]) == ([], True)
    emails = [path.read_text() for path in (folder / "mail").glob("*.eml")]
    went = sorted(re.search(r"^To: .*?(\S+@[^\s>]+)", text, flags=re.MULTILINE)[1].strip("<>") for text in emails)
    assert (went, len(waiting) > 0) == (sorted(waiting), True)


def compare(way: str, arrived: list[str], doubts: list[str]) -> None:
    """See that each owner's email arrived once, or stands among the doubtful ones."""
    went = Counter(arrived)
    assert [(to, count) for to, count in went.items() if count > 1] == []
    assert set(OWNER) - set(went) - set(doubts) == set()
    print(f"{OWNERS} emails by {way}: {len(went)} arrived once, none twice, none lost; in doubt: {len(doubts)}")
