"""A port of this machine that is taken before anything is printed or written that names it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

HOST, FIRST_PORT = "127.0.0.1", 8000


@contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    """Take the port of the pages on this machine, or a free one when it is taken, and give it until the block ends."""
    with _taken(FIRST_PORT) or _free() as listener:
        yield listener, listener.getsockname()[1]


def _free() -> socket.socket:
    found = _taken(0)
    assert found is not None, "the system finds a port that nobody has"
    return found


def _taken(port: int) -> socket.socket | None:
    listener = socket.socket()
    try:
        # Else a port that was served from a minute ago would count as taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError:
        listener.close()
        if port == 0:
            raise
        return None
    return listener
