"""A mail server that takes everything and throws it away, but for the names by which it counts what came twice."""

import asyncio
import sys
from collections import Counter
from contextlib import suppress

ANSWERS = {
    b"EHLO": b"250 sink\r\n",
    b"MAIL": b"250 ok\r\n",
    b"RCPT": b"250 ok\r\n",
    b"DATA": b"354 go on\r\n",
    b"RSET": b"250 ok\r\n",
    b"NOOP": b"250 ok\r\n",
}


class Sink:
    """Takes emails, each so many seconds after its last dot, and counts their names."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self.taken: Counter[bytes] = Counter()

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one sender until it hangs up."""
        writer.write(b"220 sink\r\n")
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                writer.write(ANSWERS.get(verb, b"500 what?\r\n"))
                if verb == b"DATA":
                    self._note(await reader.readuntil(b"\r\n.\r\n"))
                    await asyncio.sleep(self._delay)
                    writer.write(b"250 taken\r\n")
        writer.close()

    def _note(self, content: bytes) -> None:
        head = content.partition(b"\r\n\r\n")[0]
        self.taken.update(line for line in head.split(b"\r\n") if line.startswith(b"Message-ID:"))


async def main(delay: float) -> None:
    """Listen, say where, and when the input ends say how many came, and how many different ones."""
    sink = Sink(delay)
    server = await asyncio.start_server(sink.speak, "127.0.0.1", 0, limit=2**22)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(sink.taken.total(), len(sink.taken), flush=True)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
