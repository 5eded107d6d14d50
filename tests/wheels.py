"""The wheel, built and installed in an empty environment outside the repository, for tests that try it."""

import os
import re
import shutil
import subprocess
import sys
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]


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


def built(folder: Path) -> Path:
    """Build the wheel into a folder."""
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    done = run(*words, where=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def installed_from(wheel: Path, home: Path) -> Path:
    """Install a wheel beside the locked packages alone; gives the folder of the commands."""
    venv.create(home, with_pip=False, symlinks=True)
    site = next(home.glob("lib/python*/site-packages"))
    for package in locked_for_running():
        copy_package(package, site)
    words = [sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "--quiet"]
    done = run(*words, "--disable-pip-version-check", "--no-deps", "--no-index", wheel, where=home)
    assert done.returncode == 0, done.stderr
    return home / "bin"
