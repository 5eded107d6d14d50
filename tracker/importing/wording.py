"""What is said of a row to whoever keeps the sheet: why it was refused or flagged, and what to do."""

from collections.abc import Mapping

from tracker.importing.verdicts import Outcome

REASONS: Mapping[str, str] = {
    "continuation": "Only the action is filled in: it goes on from the row above. Put its words there.",
    "no_action": "The row names no action. Say what is to be done.",
    "spreadsheet_error": "The cell of the action holds an error of the spreadsheet. Write the action anew.",
    "refers_elsewhere": "The action points to another row. Write what is to be done.",
    "unknown_review": "There is no such review here. Use its reference, or add the name to the review as an alias.",
    "whose_plan": (
        "It has no column for the review. Say whose business plan it is (--partnership), or name the review (--review)."
    ),
    "exact_duplicate": "The same action of the same review stands further up. Nothing has to be done.",
    "no_date": "It has no date. Give one.",
    "vague_date": "The date cannot be reckoned with. Give a day or a month.",
    "invalid_date": "There is no such day. Give the right one.",
    "incomplete_date": "The date has no year. Give it.",
    "month_first_date": "The date was read month first, as there is no other way. Look whether it is right.",
    "two_dates": 'It has two dates; the one after "revised" counts. Look whether it is right.',
    "continuing": "It goes on without an end. Give a date on which it is looked at again.",
    "recurring": "It comes again and again. Give the next date.",
    "triggered": "It is due when something happens. Look whether that is meant.",
    "no_status": "It has no status, so it counts as not started.",
    "unclear_status": "The status is none of the known words, so it counts as not started.",
    "complete_without_date": "It is complete and does not say since when. Give the date.",
    "status_conflict": "It has a date of completion and another status. Look which is right.",
    "several_owners": "It has several owners: the first one owns it, the others help. Look whether that is right.",
    "no_owner": "Nobody owns it. Name an owner.",
    "no_email": "Its owner has no address, so no reminder can go. Give one.",
    "bad_email": "The address is none, so it was left out. Give the right one.",
    "formula_like": "A cell is a formula or begins like one. It is kept as text.",
    "misencoded_review": "The name of the review was garbled and has been read as it was meant.",
    "ref_clash": "The reference was used before on this sheet. Give it another one.",
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.IMPORT: "Imported",
    Outcome.FLAG: "Imported, to be looked at",
    Outcome.REFUSE: "Refused",
    Outcome.RECOGNISED: "Known from before",
    Outcome.CHANGED: "Changed since",
    Outcome.LEFT_OUT: "Left out",
}
