"""Workbooks that are written for people who open them in a spreadsheet."""

from typing import Any, BinaryIO


def new_book(written: BinaryIO) -> Any:  # the library's own workbook, which has no type
    """Begin a workbook, to be used in a `with`: what stands in its cells is text, never a formula, link or number."""
    # Few pages write one, and the library takes longer to load than most of them.
    from xlsxwriter import Workbook

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    return Workbook(written, options)
