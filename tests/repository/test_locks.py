"""The locked requirements: complete, hashed, and free of any address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCKS = ["run", "test", "dev"]


def locked(name: str) -> dict[str, str]:
    """Give the version of each package in a lock."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, flags=re.MULTILINE))


def asked_for(name: str) -> list[Requirement]:
    """Give what pyproject.toml asks for in the environment of a lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {"run": [], "test": ["test"], "dev": ["test", "dev"]}[name]
    lines = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    return [Requirement(line) for line in lines if not line.startswith("learning-tracker")]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_no_address(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()

    addresses = [line for line in text.splitlines() if re.search(r"://|^\s*--(?!hash=)|\s@\s", line)]

    assert addresses == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_a_hash_for_every_package(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")

    without = [line for line in text.splitlines() if "--hash=sha256:" not in line]

    assert without == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_what_the_project_asks_for(name):
    versions = locked(name)

    missing = [str(one) for one in asked_for(name) if not one.specifier.contains(versions.get(one.name, "0.0"))]

    assert missing == []


def test_locks_agree_with_each_other():
    dev = locked("dev")

    smaller = {name: locked(name) for name in ("run", "test")}

    assert smaller == {name: {one: dev.get(one) for one in versions} for name, versions in smaller.items()}
