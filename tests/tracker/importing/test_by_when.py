"""Target dates as sheets write them, each worked out by hand."""

from datetime import date

import pytest

from tracker.importing.by_when import read_by_when

CELLS = {
    date(2021, 6, 30): "2021-06-30",
    "30/06/2021": "2021-06-30",
    "1/2/2021": "2021-02-01",
    "30.06.21": "2021-06-30",
    "30.06.2021": "2021-06-30",
    "30-06-2021": "2021-06-30",
    "2021-06-30": "2021-06-30",
    "2021-06-30 00:00:00": "2021-06-30",
    "3rd May 2021": "2021-05-03",
    "22nd  MAY 21": "2021-05-22",
    "1 Sept 2021": "2021-09-01",
    "30-Jun-21": "2021-06-30",
    44377: "2021-06-30",
    "44377": "2021-06-30",
    "March 2021": "2021-03",
    "Mar 21": "2021-03",
    "Mar-21": "2021-03",
    "End of June 2022": "2022-06",
    "29/02/2024": "2024-02-29",
    "29/02/2023": "invalid_date",
    "31/06/2021": "invalid_date",
    "31 June 2021": "invalid_date",
    "04/25/2022": "2022-04-25 month_first_date",
    "13/13/2021": "invalid_date",
    "30/09/2021 revised 31/12/2021": "2021-12-31 two_dates",
    "31/12/2021 Revised: 30/09/2021": "2021-09-30 two_dates",
    "Sept 2021 (revised Oct 2021)": "2021-10 two_dates",
    "end of March": "incomplete_date",
    "30 June": "incomplete_date",
    "30/06": "incomplete_date",
    None: "no_date",
    "": "no_date",
    " TBC ": "no_date",
    "tba": "no_date",
    "–": "no_date",
    "N/A": "no_date",
    "ASAP": "vague_date",
    "Summer 2021": "vague_date",
    "Q4 2021/22": "vague_date",
    "2021": "vague_date",
    "6 months after workshop": "vague_date",
    "Ongoing": "continuing",
    "On‑going": "continuing",
    "Annual (April)": "recurring",
    "annually": "recurring",
    "Quarterly from June 2022": "recurring",
    "Termly": "recurring",
    "Bi-monthly": "recurring",
    "Monthly": "recurring",
    "6 monthly": "recurring",
    "As identified": "triggered",
    "30/06/9999": "invalid_date",
    "01/03/1927": "invalid_date",
    "1 March 1927, now 1 April 1927": "vague_date",
    10000: "invalid_date",
    "30/06/1021": "invalid_date",
}


@pytest.mark.parametrize("cell", CELLS)
def test_target_date_is_read_day_first_and_what_is_doubtful_is_flagged(cell):
    found = read_by_when(cell)

    assert " ".join(part for part in (str(found.due or ""), found.flag) if part) == CELLS[cell]
    assert found.words == ("" if cell is None else " ".join(str(cell).split()))
