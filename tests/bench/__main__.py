"""Measures deeds, pages and the post of the service beside programs that do the bare work, and prints a table of each.

Nothing here is a test: what is quoted are ratios, measured in one run on one machine with nothing else beside it.
"""

import argparse
import tempfile
from pathlib import Path

from tests.bench.deeds import measure_deeds
from tests.bench.imports import measure_imports
from tests.bench.likes import measure_likes
from tests.bench.pages import measure_pages
from tests.bench.papers import measure_papers
from tests.bench.post import measure_post
from tracker.commands.garbage import leave_alone

_PARTS = {"deeds": measure_deeds, "pages": measure_pages, "post": measure_post, "likes": measure_likes}
_PARTS |= {"imports": measure_imports, "papers": measure_papers}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=tuple(_PARTS), help="only one of them")
    parser.add_argument("--rounds", type=int, default=5)
    deeds = parser.add_argument_group("deeds")
    deeds.add_argument("--cases", type=int, default=2000, help="cases that are taken through their deeds")
    deeds.add_argument("--only", choices=("sqlite", "postgresql"))
    pages = parser.add_argument_group("pages")
    pages.add_argument("--actions", type=int, default=100_000, help="actions of a plan; another has ten times as many")
    pages.add_argument("--held-cases", type=int, default=5_000, help="cases beside them")
    pages.add_argument("--seconds", type=float, default=4, help="how long a page is asked for in a round")
    pages.add_argument("--requests", type=int, default=50_000, help="requests after which memory is read")
    pages.add_argument("--kept-in", type=Path, help="a folder for the databases, which the next run then uses again")
    post = parser.add_argument_group("post")
    post.add_argument("--emails", type=int, default=20_000, help="emails that are drained by SMTP")
    imports = parser.add_argument_group("imports")
    imports.add_argument("--rows", type=int, default=10_000, help="rows of the workbook that is imported")
    asked = parser.parse_args()
    # As every command of the program does when it begins.
    leave_alone()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for what, measure in _PARTS.items():
            if asked.what in (None, what):
                measure(asked, Path(folder))


if __name__ == "__main__":
    main()
