"""What the tests may ask of the machine they run on: a package, a free port, and whether leaving out is allowed."""

import os
import shutil
import socket
import subprocess


def everything_required() -> bool:
    """Tell whether leaving something out counts as a failure."""
    return os.environ.get("REQUIRE") == "all"


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def install_with_apt(package: str, name: str) -> str | None:
    """Install a package of Debian where that is possible; gives the reason when it is not."""
    if shutil.which("apt-get") is None:
        return "this is no Debian"
    if os.geteuid() != 0:
        return "only root may install Debian's packages"
    print(f"    installing {name} with apt-get, once", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        done = subprocess.run(
            ["apt-get", "-qq", *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    if done.returncode:
        return "apt-get failed: " + " ".join(done.stderr.split())[-200:]
    return None
