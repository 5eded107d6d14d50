"""A section of an agenda: its heading, whether it always stands, and its rows, of which there may be more."""

from typing import Any

Document = dict[str, Any]


def section(
    code: str, title: str, rows: list[Document], *, count: int | None = None, standing: bool = False
) -> Document:
    """Give a section as `show meeting` prints it; `count` is said where not every row is listed."""
    number = len(rows) if count is None else count
    return {"code": code, "title": title, "standing": standing, "count": number, "rows": rows}
