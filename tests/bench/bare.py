"""A program that only runs the statements of a page on the driver and fills a template of the same size.

It stands beside the service in the same server, and is what the service could be if it cost nothing itself.
"""

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment
from starlette.types import Receive, Scope, Send

# As many as the rows of a list have cells.
CELLS = 8
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Bare</title></head><body><table>
{% for row in rows %}<tr>{% for value in row %}<td class="govuk-table__cell">{{ value }}</td>{% endfor %}</tr>
{{ filler }}{% endfor %}
</table></body></html>
"""


class Bare:
    """Answers every request with the page."""

    def __init__(self, database: str, statements: list[tuple[str, Any]], size: int) -> None:
        self._driver = sqlite3.connect(database, isolation_level=None)
        self._statements = statements
        self._template = Environment(autoescape=True).from_string(_PAGE)
        self._filler = ""
        rows = self._rows()
        missing = size - len(self._page(rows))
        self._filler = "x" * max(missing // max(len(rows), 1), 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http", "nothing else is asked of it"
        page = self._page(self._rows())
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"%d" % len(page))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    def _rows(self) -> list[Any]:
        """Run the statements of the page, and give the answer that holds most: what the page lists."""
        cursor, found = self._driver.cursor(), []
        for sql, values in self._statements:
            if sql.startswith("BEGIN") and self._driver.in_transaction:
                cursor.execute("ROLLBACK")
            cursor.execute(sql, values)
            if cursor.description is not None:
                found.append(cursor.fetchall())
        if self._driver.in_transaction:
            cursor.execute("ROLLBACK")
        return max(found, key=lambda rows: sum(map(len, rows)), default=[])

    def _page(self, rows: list[Any]) -> bytes:
        return self._template.render(rows=[row[:CELLS] for row in rows], filler=self._filler).encode()


def main(database: str, recorded: str, port: str) -> None:
    """Serve the page whose statements a file holds."""
    known = json.loads(Path(recorded).read_text())
    app = Bare(database, known["statements"], known["size"])
    # As `tracker serve` does.
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_config=None, access_log=False, server_header=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
