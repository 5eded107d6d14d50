"""Applications on a real port of this machine, for tests: a server that was started is kept for the next one."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

SECONDS_TO_START = 120
# Seconds in which an answer has to come: for what hangs, not for what is slow where many tests run at once.
PATIENCE = 120
# For who asks by plain http alone: a client of its own accord reads every authority there is before it asks anything.
WITHOUT_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class _Port:
    """A port with whatever application stands behind it at the moment; starting one for each test costs more."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        settings = uvicorn.Config(
            self._answer,
            port=0,
            interface="asgi3",
            log_config=None,
            access_log=False,
            lifespan="off",
            # Longer than any client keeps one that rests: what is sent while it is closed would be lost.
            timeout_keep_alive=600,
        )
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until = time.monotonic() + SECONDS_TO_START
        while not server.started:
            assert thread.is_alive(), "the server of the test ended before it had started"
            assert time.monotonic() < until, f"the server of the test did not start within {SECONDS_TO_START} seconds"
            time.sleep(0.005)
        self.address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "asked after its test had ended"
        await self.app(scope, receive, send)


_free: list[_Port] = []


@contextmanager
def on_a_port(app: ASGIApp) -> Iterator[str]:
    """Serve an application until the block ends; gives its address."""
    port = _free.pop() if _free else _Port()
    port.app = app
    try:
        yield port.address
    finally:
        port.app = None
        _free.append(port)
