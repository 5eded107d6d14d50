"""Files to download: tables for a spreadsheet, in which nothing that somebody typed becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi.responses import Response

from tracker.showing.plan_files import guarded

# Excel takes a file without this mark for another alphabet.
_BYTE_ORDER_MARK = "\ufeff"


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Answer with a table as a file of comma-separated values."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return Response(
        (_BYTE_ORDER_MARK + written.getvalue()).encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
