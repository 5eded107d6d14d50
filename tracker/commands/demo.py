"""`tracker demo`: the main job on real reviews, told as a story, and served afterwards."""

import logging
import shutil
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import uvicorn

from tracker.commands.ending import SIGNS, at_its_end
from tracker.commands.listening import FIRST_PORT, HOST, listening
from tracker.commands.progress import over
from tracker.commands.run_due import links_of, transport_of
from tracker.commands.saying import say
from tracker.database import engine_for
from tracker.demo.story import MAIL, Told, fresh_folder, show_the_way, tell
from tracker.demo.welcome import welcome
from tracker.reminders.jobs import PostRoom
from tracker.scheduler import jobs_of, ticking
from tracker.serving import create_service
from tracker.settings import installation

# A browser that keeps its connection open holds up the end for two seconds at most.
_SERVER: Mapping[str, Any] = {
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "lifespan": "off",
    "timeout_graceful_shutdown": 2,
}

# The end of the terminal is the end of the demonstration too.
_SIGNS = (*SIGNS, signal.SIGHUP)


@click.command("demo")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where database and emails shall lie.")
@click.option("--no-serve", is_flag=True, help="End after the story: serve no pages.")
def command(out: Path | None, no_serve: bool) -> None:
    """Run the main job on real reviews, in a throw-away database, print it as a story, and serve its pages.

    They are served on this machine alone, until Ctrl+C. What lies in --out stays, everything else is removed then.
    """
    if no_serve:
        told = tell(fresh_folder(out), installation({}).base_url, say, over("Loading cases"))
        show_the_way(told.folder, say)
        return
    with at_its_end(signal.default_int_handler, _SIGNS), _folder(out) as folder, listening() as (listener, port):
        base_url = f"http://{HOST}:{port}"
        told = tell(folder, base_url, say, over("Loading cases"))
        _serve(told, base_url, listener)
        say(f"Stopped. Everything stays in {folder}." if out else "Stopped. Everything is removed.")


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
    transport, links = transport_of(place), links_of(place)
    server = uvicorn.Server(uvicorn.Config(app, **_SERVER))
    try:
        # From the first printed line on the end is only noted: nothing is torn apart, however early it comes.
        with at_its_end(lambda *_: setattr(server, "should_exit", True), _SIGNS):
            for line in welcome(engine, base_url, place.secret, told.folder / MAIL, place.now()):
                say(line)
            say(_how_it_ends(base_url))
            with ticking(jobs_of(PostRoom(engine, transport, place.now, links))):
                server.run(sockets=[listener])
    finally:
        engine.dispose()


def _how_it_ends(base_url: str) -> str:
    is_another = not base_url.endswith(f":{FIRST_PORT}")
    why = f"  Port {FIRST_PORT} is taken on this machine, so the address above has another one.\n" if is_another else ""
    return f"{why}\n  Stop with Ctrl+C.\n"
