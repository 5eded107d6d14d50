"""Pages are put together in turn: they share one interpreter, and two at once take longer than one after the other."""

from anyio import Semaphore, move_on_after
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Seconds: whoever has waited so long goes on beside a page that itself waits, for the database or for its writer.
LONGEST_WAIT = 0.25
READING = ("GET", "HEAD")


class InTurn:
    """Lets so many requests for reading to an application at a time; what writes never queues."""

    def __init__(self, app: ASGIApp, *, at_once: int, longest_wait: float = LONGEST_WAIT) -> None:
        self._app = app
        self._turns = Semaphore(at_once)
        self._longest_wait = longest_wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in READING:
            await self._app(scope, receive, send)
            return
        has_turn = False
        with move_on_after(self._longest_wait):
            await self._turns.acquire()
            has_turn = True

        def end_turn() -> None:
            nonlocal has_turn
            if has_turn:
                has_turn = False
                self._turns.release()

        async def answer(message: Message) -> None:
            # The page is there: however long its reader takes to fetch it, nobody waits for her.
            end_turn()
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            end_turn()
