"""The built wheel, installed in an empty environment outside the repository, does what the repository does."""

import sys
import zipfile
from pathlib import Path

import pytest

from tests.wheels import ROOT, built, installed_from, run

PACKAGES = ["notifications", "templates", "tracker", "workflows"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel; gives the folder of the commands."""
    return installed_from(wheel, tmp_path_factory.mktemp("elsewhere") / "environment")


def test_wheel_holds_everything_that_is_no_python(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())

    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    assert sorted(ours - inside) == []
    assert sorted(name for name in inside - ours if not name.startswith("learning_tracker-")) == []


def test_installed_wheel_finds_what_it_depends_on(installed):
    words = [sys.executable, "-m", "pip", "--python", installed / "python", "check", "--disable-pip-version-check"]

    done = run(*words, where=installed)

    assert done.stdout == "No broken requirements found.\n"


def test_installed_wheel_explains_its_commands(installed, tmp_path):
    done = run(installed / "tracker", "--help", where=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: tracker")


def test_installed_wheel_tells_the_demonstration(installed, tmp_path):
    done = run(installed / "tracker", "demo", "--no-serve", "--out", tmp_path / "story", where=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert list((tmp_path / "story").rglob("*.eml")) != []
