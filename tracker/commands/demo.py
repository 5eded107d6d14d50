"""`tracker demo`: the main job on real reviews, told as a story, and served afterwards."""

import logging
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import uvicorn

from tracker.commands.listening import FIRST_PORT, HOST, listening
from tracker.commands.load import with_bar
from tracker.commands.run_due import links_of, transport_of
from tracker.commands.saying import say
from tracker.database import engine_for
from tracker.demo.story import MAIL, Told, fresh_folder, show_the_way, tell
from tracker.demo.welcome import welcome
from tracker.reminders.jobs import run_due
from tracker.scheduler import ticking
from tracker.serving import create_service
from tracker.settings import installation

# A browser that keeps its connection open does not hold up the end for longer.
_SECONDS_TO_END = 2


@click.command("demo")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where database and emails shall lie.")
@click.option("--no-serve", is_flag=True, help="End after the story: serve no pages.")
def command(out: Path | None, no_serve: bool) -> None:
    """Run the main job on real reviews, in a throw-away database, print it as a story, and serve its pages.

    They are served on this machine alone, until Ctrl+C. What lies in --out stays, everything else is removed then.
    """
    if no_serve:
        told = tell(fresh_folder(out), installation({}).base_url, say, with_bar)
        show_the_way(told.folder, say)
        return
    with _ended_by_signals(), _folder(out) as folder, listening() as (listener, port):
        base_url = f"http://{HOST}:{port}"
        told = tell(folder, base_url, say, with_bar)
        with suppress(KeyboardInterrupt):
            _serve(told, base_url, listener)
        say(f"Stopped. Everything stays in {folder}." if out else "Stopped. Everything is removed.")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let the end of the process from outside, or of its terminal, be as clean as one by Ctrl+C."""
    before = {sign: signal.signal(sign, signal.default_int_handler) for sign in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for sign, earlier in before.items():
            signal.signal(sign, earlier)


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    folder = fresh_folder(out)
    try:
        yield folder
    finally:
        if out is None:
            shutil.rmtree(folder, ignore_errors=True)


def _serve(told: Told, base_url: str, listener: socket.socket) -> None:
    """Serve the pages until somebody stops them; what is due is done and written meanwhile, as `tracker serve` does."""
    place = told.settings(base_url)
    assert place.secret is not None, "the story has written it"
    engine = engine_for(place.database_url)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = create_service(place, engine, place.secret)
    transport, links = transport_of(place.mail), links_of(place)
    settings = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=_SECONDS_TO_END
    )
    for line in welcome(engine, base_url, place.secret, told.folder / MAIL, place.now()):
        say(line)
    say(_how_it_ends(base_url))
    try:
        with ticking(lambda: run_due(engine, transport, now=place.now(), links=links)):
            uvicorn.Server(settings).run(sockets=[listener])
    finally:
        engine.dispose()


def _how_it_ends(base_url: str) -> str:
    is_another = not base_url.endswith(f":{FIRST_PORT}")
    why = f"  Port {FIRST_PORT} is taken on this machine, so the address above has another one.\n" if is_another else ""
    return f"{why}\n  Stop with Ctrl+C.\n"
