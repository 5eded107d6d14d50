"""The built wheel, installed in an empty environment outside the repository, does what the repository does."""

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ["notifications", "templates", "tracker", "workflows"]


def run(*words: str | Path, where: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with nothing of this environment but the way to the system's programs."""
    environment = {"PATH": os.defpath, "HOME": str(where), "LANG": "C.UTF-8"} | settings
    return subprocess.run(words, cwd=where, env=environment, capture_output=True, text=True, timeout=240)


def locked_for_running() -> list[Distribution]:
    """Give the packages that requirements/run.txt names and that this system needs, as they are installed here."""
    names = re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements" / "run.txt").read_text(), flags=re.MULTILINE)
    found = []
    for name in names:
        try:
            found.append(distribution(name))
        except PackageNotFoundError:
            # Locked for another system only, as colorama is for Windows.
            continue
    return found


def copy_package(package: Distribution, into: Path) -> None:
    """Copy an installed package, without its commands, which lie outside."""
    for file in package.files or []:
        if ".." not in file.parts and "__pycache__" not in file.parts:
            target = into / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file.locate(), target)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    built = run(*words, where=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel beside the locked packages alone; gives the folder of the commands."""
    home = tmp_path_factory.mktemp("elsewhere") / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    site = next(home.glob("lib/python*/site-packages"))
    for package in locked_for_running():
        copy_package(package, site)
    words = [sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "--quiet"]
    done = run(*words, "--disable-pip-version-check", "--no-deps", "--no-index", wheel, where=home)
    assert done.returncode == 0, done.stderr
    return home / "bin"


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
