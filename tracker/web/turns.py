"""Pages are put together in turn: they share one interpreter, and two at once take longer than one after the other."""

from anyio import Semaphore, move_on_after
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Seconds: whoever has waited so long goes on beside a page that itself waits, for the database or for its writer.
LONGEST_WAIT = 0.25
READING = ("GET", "HEAD")


class InTurn:
    """Lets so many requests for reading to an application at a time; what writes never queues.

    However long they wait, no more than `at_most` are under way: each keeps a connection to the database.
    """

    def __init__(self, app: ASGIApp, *, at_once: int, at_most: int, longest_wait: float = LONGEST_WAIT) -> None:
        self._app = app
        self._turns = Semaphore(at_once, fast_acquire=True)
        self._places = Semaphore(at_most, fast_acquire=True)
        self._longest_wait = longest_wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in READING:
            await self._app(scope, receive, send)
            return
        await self._places.acquire()
        held = [self._places]

        def leave() -> None:
            while held:
                held.pop().release()

        async def answer(message: Message) -> None:
            # The page is there: however long its reader takes to fetch it, nobody waits for her.
            leave()
            await send(message)

        try:
            with move_on_after(self._longest_wait):
                await self._turns.acquire()
                held.append(self._turns)
            await self._app(scope, receive, answer)
        finally:
            leave()
