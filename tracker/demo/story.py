"""The demonstration: a fresh place, the published reviews, and the story of the main job told on them."""

import secrets
import shlex
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy import Engine

from notifications.folder import FolderTransport
from tracker.clock import machine_now, moment_from
from tracker.database import engine_for
from tracker.demo.baby_z import tell_baby_z
from tracker.demo.cast import add_players
from tracker.demo.child_q import tell_child_q
from tracker.demo.fortnight import tell_the_fortnight
from tracker.demo.teller import Say, Teller
from tracker.demo.tower_hamlets import tell_the_review
from tracker.demo.tower_hamlets_learning import tell_the_learning
from tracker.demo.under_way import tell_what_is_under_way
from tracker.demo.words import fitted, heading
from tracker.errors import Refused
from tracker.loading.cases import Watched
from tracker.loading.files import load_file
from tracker.people.links import LinkMaker
from tracker.settings import Installation, installation
from tracker.upgrading import upgrade

_BEGINNING = moment_from("2021-09-01T09:00")
SECRET_FILE, DATABASE, MAIL = "secret", "tracker.db", "mail"
_FILES = ("partnerships.json", "cases.json")
_SECTIONS: tuple[tuple[str, Callable[[Teller], None]], ...] = (
    ("2. City & Hackney: a review against the national Panel's advice", tell_child_q),
    ("3. City & Hackney: learning without a review", tell_baby_z),
    ("4. One fortnight of reminders, and one digest", tell_the_fortnight),
    ("5. Tower Hamlets: what is under way", tell_what_is_under_way),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the story leaves: the folder of its database and emails, and the moment at which it ends."""

    folder: Path
    ended_at: datetime

    def settings(self, base_url: str) -> Installation:
        """Give the settings under which its place is served: the clock goes on from the end of the story."""
        place = _settings(self.folder, base_url)
        return replace(place, behind=machine_now() - self.ended_at)


def fresh_folder(out: Path | None) -> Path:
    """Make the folder for a story, or take one that is empty; raises `Refused` for one that holds something."""
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


def tell(folder: Path, base_url: str, say: Say, watched: Watched = iter) -> Told:
    """Tell the story in a fresh database in a folder; the links in its emails begin with `base_url`."""
    _write_secret(folder)
    place = _settings(folder, base_url)
    engine = engine_for(place.database_url)
    try:
        _introduce(say)
        _prepare(engine, say, watched)
        assert place.secret is not None, "it was written above"
        links = LinkMaker(place.base_url, place.secret)
        story = Teller(engine, FolderTransport(folder / MAIL), say, links)
        _say_all(say, heading("1. Tower Hamlets: one case, from the notification to the closure"))
        tell_the_review(story)
        tell_the_learning(story)
        for title, section in _SECTIONS:
            _say_all(say, heading(title))
            section(story)
    finally:
        engine.dispose()
    return Told(folder, story.now)


def _settings(folder: Path, base_url: str) -> Installation:
    """Give the settings of a demonstration; those of the environment are for another place."""
    return installation(
        {
            "TRACKER_DATABASE_URL": f"sqlite:///{folder / DATABASE}",
            "TRACKER_MAIL": f"folder:{folder / MAIL}",
            "TRACKER_BASE_URL": base_url,
            "TRACKER_SECRET_FILE": str(folder / SECRET_FILE),
        }
    )


def _write_secret(folder: Path) -> None:
    """Write a fresh secret beside the database: with it the links in the emails work when the result is served."""
    path = folder / SECRET_FILE
    path.touch(mode=0o600)
    path.write_text(secrets.token_hex(32))


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


def show_the_way(folder: Path, say: Say) -> None:
    """Say where everything lies, and how one looks further into it at the keyboard."""
    emails = sum(1 for _ in (folder / MAIL).glob("*.eml"))
    _say_all(say, [*heading("Where everything lies"), ""])
    say(f"  {emails} emails, one .eml file each: {folder / MAIL}")
    say(f"  The database: {folder / DATABASE}")
    say("")
    say("  Look further:")
    say("")
    say(f"    export TRACKER_DATABASE_URL={shlex.quote(f'sqlite:///{folder}/{DATABASE}')}")
    say(f"    export TRACKER_SECRET_FILE={shlex.quote(f'{folder}/{SECRET_FILE}')}")
    say("    tracker show case TH-2022-001")
    say("    tracker list actions --where partnership=thscp")
    say("    tracker list emails --where partnership=thscp")


def _say_all(say: Say, lines: list[str]) -> None:
    for line in lines:
        say(line)
