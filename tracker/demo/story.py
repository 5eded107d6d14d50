"""The demonstration: a fresh place, the published reviews, and the story of the main job told on them."""

import secrets
import shlex
import tempfile
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy import Engine

from notifications.transports import FolderTransport
from tracker.clock import moment_from
from tracker.database import engine_for
from tracker.demo.baby_z import tell_baby_z
from tracker.demo.cast import add_players
from tracker.demo.child_q import tell_child_q
from tracker.demo.fortnight import tell_the_fortnight
from tracker.demo.teller import Say, Teller
from tracker.demo.tower_hamlets import tell_the_review
from tracker.demo.tower_hamlets_learning import tell_the_learning
from tracker.demo.words import fitted, heading
from tracker.errors import Refused
from tracker.loading.cases import Watched
from tracker.loading.files import load_file
from tracker.people.links import LinkMaker
from tracker.settings import installation
from tracker.upgrading import upgrade

_BEGINNING = moment_from("2021-09-01T09:00")
SECRET_FILE = "secret"
_FILES = ("partnerships.json", "cases.json")
_SECTIONS: tuple[tuple[str, Callable[[Teller], None]], ...] = (
    ("2. City & Hackney: a review against the national Panel's advice", tell_child_q),
    ("3. City & Hackney: learning without a review", tell_baby_z),
    ("4. One fortnight of reminders, and one digest", tell_the_fortnight),
)


def tell(out: Path | None, say: Say, watched: Watched = iter) -> Path:
    """Tell the story in a fresh database, in a folder that is empty or not there yet, and give that folder.

    Raises `Refused` for a folder that holds something.
    """
    folder = _fresh(out)
    engine = engine_for(f"sqlite:///{folder / 'tracker.db'}")
    try:
        _introduce(say)
        _prepare(engine, say, watched)
        links = LinkMaker(installation({}).base_url, _write_secret(folder))
        story = Teller(engine, FolderTransport(folder / "mail"), say, links)
        _say_all(say, heading("1. Tower Hamlets: one case, from the notification to the closure"))
        tell_the_review(story)
        tell_the_learning(story)
        for title, section in _SECTIONS:
            _say_all(say, heading(title))
            section(story)
        _show_the_way(folder, story.say)
    finally:
        engine.dispose()
    return folder


def _fresh(out: Path | None) -> Path:
    if out is None:
        return Path(tempfile.mkdtemp(prefix="tracker-demo-"))
    try:
        out.mkdir(parents=True, exist_ok=True)
        is_used = any(out.iterdir())
    except OSError as fault:
        raise Refused(f"{out} cannot be used: {fault.strerror}. Choose another folder.", code="bad_folder") from None
    if is_used:
        raise Refused(f"{out} is not empty. Choose another folder, or leave --out away.", code="bad_folder")
    return out.resolve()


def _write_secret(folder: Path) -> str:
    """Write a fresh secret beside the database: with it the links in the emails work when the result is served."""
    secret = secrets.token_hex(32)
    path = folder / SECRET_FILE
    path.touch(mode=0o600)
    path.write_text(secret)
    return secret


def _introduce(say: Say) -> None:
    _say_all(say, ["Learning tracker: the main job, on real reviews", ""])
    text = (
        "The reviews that are loaded first are real and published. Everything in the stories is invented: the cases, "
        "the people with their addresses, what they say, and the days. Each deed is done by the service itself, under "
        "a clock that moves with the story; what it prints is what it keeps."
    )
    _say_all(say, fitted(text))


def _prepare(engine: Engine, say: Say, watched: Watched) -> None:
    say("")
    upgrade(engine)
    for name in _FILES:
        with as_file(files("tracker.demo") / "data" / name) as path:
            said = load_file(engine, path, _BEGINNING, watched)
        say(f"  Loaded {name}: {said}")
    say(f"  Added {add_players(engine, _BEGINNING)} people with addresses that end in .example.")


def _show_the_way(folder: Path, say: Say) -> None:
    emails = sum(1 for _ in (folder / "mail").glob("*.eml"))
    _say_all(say, [*heading("Where everything lies"), ""])
    say(f"  {emails} emails, one .eml file each: {folder / 'mail'}")
    say(f"  The database: {folder / 'tracker.db'}")
    say("")
    say("  Look further:")
    say("")
    say(f"    export TRACKER_DATABASE_URL={shlex.quote(f'sqlite:///{folder}/tracker.db')}")
    say(f"    export TRACKER_SECRET_FILE={shlex.quote(f'{folder}/{SECRET_FILE}')}")
    say("    tracker show case TH-2022-001")
    say("    tracker list actions --where partnership=thscp")
    say("    tracker list emails --where partnership=thscp")


def _say_all(say: Say, lines: list[str]) -> None:
    for line in lines:
        say(line)
