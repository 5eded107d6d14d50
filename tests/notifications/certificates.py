"""An authority of the tests and the certificates it gives, made anew each time with the program openssl."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
EXTENSIONS = "basicConstraints=CA:FALSE\nauthorityKeyIdentifier=keyid\nsubjectAltName={names}\n"
LEAVES = {
    "right": ("ours", "DNS:localhost", 2),
    "of another name": ("ours", "DNS:mail.example", 2),
    "run out": ("ours", "DNS:localhost", 0),
    "of another authority": ("other", "DNS:localhost", 2),
}


@dataclass(frozen=True)
class Certificates:
    """The authority that a client trusts, and what a server may show: by a word for what is wrong with it."""

    authority: Path
    trusting: ssl.SSLContext
    shown: dict[str, ssl.SSLContext]


def make_certificates(folder: Path) -> Certificates:
    """Make two authorities, of which one is trusted, and certificates that are right and wrong."""
    for name in ("ours", "other"):
        _openssl(
            *("req", "-x509", *NEW_KEY, "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem"),
            *("-days", "2", "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign"),
        )
    authority = folder / "ours.pem"
    trusting = ssl.create_default_context(cafile=str(authority))
    return Certificates(authority, trusting, {what: _server(folder, what, *how) for what, how in LEAVES.items()})


def _server(folder: Path, what: str, authority: str, names: str, days: int) -> ssl.SSLContext:
    leaf, extensions = folder / what.replace(" ", "-"), folder / "extensions"
    extensions.write_text(EXTENSIONS.format(names=names))
    _openssl("req", *NEW_KEY, "-keyout", f"{leaf}.key", "-out", f"{leaf}.csr", "-subj", "/CN=a server")
    _openssl(
        *("x509", "-req", "-in", f"{leaf}.csr", "-out", f"{leaf}.pem", "-days", str(days)),
        *("-CA", f"{folder}/{authority}.pem", "-CAkey", f"{folder}/{authority}.key", "-CAcreateserial"),
        *("-extfile", str(extensions)),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{leaf}.pem", f"{leaf}.key")
    return context


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)
