"""What the pages are dressed in: compiled, ours, and asking nobody else for anything."""

import re
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from tests.serving import PATIENCE, WITHOUT_TLS

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


TYPES = {".css": "text/css", ".js": "/javascript", ".svg": "image/svg+xml", ".png": "image/png", ".txt": "text/plain"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_file_is_handed_out_as_it_is_and_stored_nowhere(base: str, method: str) -> None:
    folder = Path(str(STATIC))
    paths = [path for path in folder.rglob("*") if path.is_file()]
    with httpx.Client(base_url=f"{base}/static/", verify=WITHOUT_TLS, timeout=PATIENCE) as visitor:
        for path in paths:
            answer = visitor.request(method, str(path.relative_to(folder)))

            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path
            assert TYPES[path.suffix] in answer.headers["content-type"]
            assert int(answer.headers["content-length"]) == path.stat().st_size
            assert "etag" not in answer.headers, "it comes from memory"
            assert answer.content == (path.read_bytes() if method == "GET" else b"")

    assert len(paths) > 5


@pytest.mark.parametrize("path", ["", "images", "%2e%2e/app.py", "nothing.css"])
def test_nothing_beside_the_files_is_handed_out(base: str, path: str) -> None:
    assert httpx.get(f"{base}/static/{path}", verify=WITHOUT_TLS, timeout=PATIENCE).status_code == 404
