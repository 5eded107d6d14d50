"""The smallest process that can be read, for tests that change one thing in it."""

SMALL = """\
name = "small/1"
partnership = "small"
label = "1"
title = "A small partnership"
prefix = "SM"
in_force_from = "2020-01"
source = "a test"

[[body]]
code = "exec"
name = "Executive"

[decision]
decided_by = "exec"

[[status]]
code = "notified"
stage = 1

[[status]]
code = "closed"
stage = 9

[[step]]
do = "open_case"
from = "new"
to = "notified"
by = ["coordinator"]

[[step]]
do = "close_case"
from = "notified"
to = "closed"
by = ["exec"]
needs = ["reason", "actions_ended"]

[[record]]
do = "hold_case"
during = ["notified"]
by = ["exec"]

[[clock]]
code = "notify_panel"
name = "Notify the national Panel"
kind = "statutory"
from = "incident_known"
amount = 5
unit = "working_days"
basis = "statute"
"""


def changed(old: str, new: str) -> str:
    """Give the small process with one thing changed."""
    assert SMALL.count(old) == 1, f"{old!r} stands {SMALL.count(old)} times"
    return SMALL.replace(old, new)
