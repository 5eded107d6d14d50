"""What the pages are dressed in: compiled, ours, and asking nobody else for anything."""

import re
from importlib.resources import files

STATIC = files("tracker.web") / "static"


def test_style_sheet_names_neither_the_typeface_nor_the_crest_of_government():
    written = (STATIC / "tracker.css").read_text()

    assert [word for word in ("GDS Transport", "crest", "@font-face", "@import", "url(http") if word in written] == []


def test_every_picture_that_the_style_sheet_asks_for_is_there():
    asked = set(re.findall(r"url\(/static/([^)]+)\)", (STATIC / "tracker.css").read_text()))

    assert sorted(name for name in asked if not (STATIC / name).is_file()) == []


def test_scripts_ask_no_other_host_for_anything():
    names = ("tracker.js", "ending.js", "briefing.js", "files.js")
    written = [path.read_text() for path in STATIC.iterdir() if path.name in names]

    asked = [name for script in written for name in re.findall(r"from '([^']+)'", script)]
    assert sorted(asked) == ["/static/ending.js", "/static/files.js", "/static/govuk-frontend.min.js"]
