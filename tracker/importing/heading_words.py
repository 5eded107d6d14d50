"""The words that stand over the columns of a plan, and the field of a row that each means."""

import re
from collections.abc import Mapping, Sequence

# The fields of a row, each with the headings that mean it, the plainest first.
HEADINGS: Mapping[str, Sequence[str]] = {
    "ref": ("ref", "ref no", "no"),
    "review": ("review", "case"),
    "theme": ("theme", "objective"),
    "action": ("action", "action required", "recommendation / action", "outcome"),
    "owner": ("owner", "lead", "responsible officer", "responsible"),
    "email": ("owner e-mail", "email", "contact", "e-mail"),
    "due": ("target date", "by when", "deadline", "timescale"),
    "status": ("rag", "status", "brag", "progress update"),
    "progress": ("progress", "update", "comments", "notes"),
    "completed": ("date completed", "completed on", "date closed", "achieved on"),
    "evidence": ("evidence of impact", "evidence", "impact / evidence", "impact"),
}
# What a heading means where another one of the sheet says better what it would mean first.
ELSE = {"progress update": "progress"}

# Headings of other workbooks of the kind: by their words, for fields that no heading above has taken.
BY_WORDS: Mapping[str, re.Pattern[str]] = {
    field: re.compile("|".join(words))
    for field, words in {
        "email": (r".*\be-?mail\b.*", r"contact details"),
        "completed": (
            r"(date )?(completed|closed|achieved|done)( date| on)?",
            r"(completion|closure) date",
            r"date of completion",
        ),
        "due": (
            r"due( date| by)?",
            r"date due",
            r"(target|completion) (date|timescale)",
            r"time ?(scale|frame)s?",
            r"target",
            r"deadline date",
        ),
        "status": (
            r"(b?rag|current|action|progress)[ -](rating|status)",
            r"rag rated",
            r"(rag|status) ?/ ?(rag|status)",
        ),
        "evidence": (r"evidence.*", r"impact.*", r"outcomes? and impact"),
        "progress": (r"progress.*", r"latest updates?", r"update.*", r"commentary", r"comments?.*", r"notes?"),
        "action": (
            r"(agreed )?actions?( required| needed| to be taken| agreed)?",
            r"recommendations?( ?/ ?actions?)?",
            r"actions? ?/ ?recommendations?",
            r"what (will|needs to) be done",
        ),
        "owner": (
            r"(action |lead )?owners?",
            r"leads?( officer| person| professional| agency| name)?",
            r"responsible (person|lead|agency|officer)",
            r"person responsible",
            r"responsibility",
            r"by whom",
            r"who",
        ),
        "ref": (r"(action )?(ref|reference|no|number|id)( no| number)?",),
        "review": (r"(review|case)( name| / case| ref| title)?", r"case ?/ ?review", r"source( review)?"),
        "theme": (r"themes?", r"objectives?(\(s\))?", r"area", r"topic", r"priority( area)?"),
    }.items()
}
# Only where nothing else of the sheet may be the action.
OUTCOMES = re.compile(r"outcomes?(\(s\))?")
OBJECTIVE = re.compile(r"objectives?(\(s\))?")
