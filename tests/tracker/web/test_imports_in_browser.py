"""A partnership's workbook comes in, in a real browser: sent, corrected, looked at, stored; a changed copy accepted."""

from importlib.resources import files
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.make import shown
from tests.tracker.importing.test_legacy_plan import CLEO, NOW, XLSX
from tests.tracker.web.visitor import served
from tests.tracker.web.windows import window_of, wrong_with
from tracker.database import unit_of_work
from tracker.loading.files import load_file
from tracker.loading.people import NewPerson, add_person


@pytest.fixture
def four_areas(engine: Engine) -> Engine:
    """Load the four partnerships with their reviews, and one who coordinates them all."""
    shipped = files("tracker") / "demo" / "data"
    for name in ("partnerships.json", "cases.json"):
        load_file(engine, Path(str(shipped / name)), NOW)
    for partnership in ("thscp", "chscp", "bdscp", "thlscb"):
        with unit_of_work(engine) as session:
            add_person(session, NewPerson("Cleo", partnership, ("coordinator",), CLEO), NOW)
    return engine


def with_other_words(path: Path, was: str, now: str, row: int, column: int, words: str) -> Path:
    """Give the workbook with another heading on its first sheet of actions, or other words in a cell of it."""
    book = load_workbook(XLSX)
    sheet = book["Ollie & Kamrul"]
    [heading] = [cell for cell in sheet[3] if cell.value == was]
    heading.value = now
    sheet.cell(row, column).value = words
    book.save(path)
    return path


def test_workbook_is_sent_corrected_and_stored_and_a_changed_copy_is_accepted(
    four_areas: Engine, chromium: Browser, tmp_path: Path
) -> None:
    odd = with_other_words(tmp_path / "odd.xlsx", "Owner", "Wer", 5, 8, "Green")
    changed = with_other_words(tmp_path / "changed.xlsx", "Owner", "Wer", 5, 8, "Red")
    with served(four_areas, NOW) as base, window_of(chromium, four_areas, base, CLEO, NOW, base_url=base) as page:
        page.goto("/actions/import")
        page.set_input_files("#files", odd)
        page.get_by_role("button", name="Read it").click()
        page.wait_for_url("**/actions/import/1")
        without = page.locator(".app-counts").inner_text()
        page.get_by_role("link", name="What the headings mean").click()
        page.get_by_label("Wer", exact=True).select_option("owner")
        wrong = [wrong_with(page)]
        page.get_by_role("button", name="Look at the rows").click()
        page.wait_for_url("**/actions/import/1")
        corrected = page.locator(".app-counts").inner_text()
        wrong.append(wrong_with(page))
        page.get_by_role("button", name="Store it").click()
        page.get_by_text("110 actions imported").wait_for()
        wrong.append(wrong_with(page))

        page.goto("/actions/import")
        page.set_input_files("#files", changed)
        page.get_by_role("button", name="Read it").click()
        page.get_by_role("link", name="changed since").click()
        action = page.get_by_role("cell").get_by_role("link").inner_text()
        before = shown(four_areas, action, kind="action", now=NOW)["report"]
        page.get_by_label("What to do with Ollie & Kamrul, row 5").select_option("accepted")
        wrong.append(wrong_with(page))
        page.get_by_role("button", name="Store it").click()
        page.get_by_text("0 actions imported, 1 change taken over").wait_for()

    assert wrong == [{}, {}, {}, {}]
    assert [counts.split()[::5][:1] for counts in (without, corrected)] == [["57"], ["64"]]
    assert (before, shown(four_areas, action, kind="action", now=NOW)["report"]) == ("on_track", "stuck")
