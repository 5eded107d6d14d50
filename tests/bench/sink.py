"""A mail server that others wrote (aiosmtpd): it takes everything, and counts by their names what came twice."""

import asyncio
import sys
from collections import Counter

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Takes emails, each so many seconds after its last dot, and counts their names."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self.taken: Counter[bytes] = Counter()

    # The name is its maker's, and it is awaited.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take an email."""
        assert isinstance(envelope.original_content, bytes), "it is asked for as it travels"
        head = envelope.original_content.partition(b"\r\n\r\n")[0]
        self.taken.update(line for line in head.split(b"\r\n") if line.startswith(b"Message-ID:"))
        await asyncio.sleep(self._delay)
        return "250 2.0.0 taken"


async def main(delay: float) -> None:
    """Listen, say where, and when the input ends say how many came, and how many different ones."""
    sink = Sink(delay)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(sink.taken.total(), len(sink.taken), flush=True)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
