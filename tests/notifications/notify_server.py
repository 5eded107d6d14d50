"""A GOV.UK Notify on this machine: checks the token as the real one does, keeps what it takes, and fails as it is told.

What it answers was written after the public documentation and the source of the service, not after our own client.
"""

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx

from tests.serving import PATIENCE

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"tracker-live_key-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
BOUND = 30

Answer = tuple[int, dict[str, str], bytes]

# The first word is what it answers; `recorded` says that it keeps the email all the same.
_ERRORS = {
    "400-address": (400, "ValidationError", "email_address Not a valid email address"),
    "400-invalid": (400, "InvalidEmailError", "Not a valid email address"),
    "400-team": (400, "BadRequestError", "Can’t send to this recipient using a team-only API key"),
    "400-trial": (400, "BadRequestError", "Can’t send to this recipient when service is in trial mode"),
    "400-template": (400, "BadRequestError", "Template not found"),
    "400-placeholder": (400, "BadRequestError", "Missing personalisation: body"),
    "400-id": (400, "ValidationError", "template_id is not a valid UUID"),
    "401": (401, "AuthError", "Unauthorized: authentication token must be provided"),
    "403-revoked": (403, "AuthError", "Invalid token: API key revoked"),
    "403-archived": (403, "AuthError", "Invalid token: service is archived"),
    "404": (404, "NoResultFound", "No result found"),
    "405": (405, "MethodNotAllowed", "The method is not allowed"),
    "413": (413, "RequestEntityTooLarge", "Too large"),
    "429": (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
    "429-day": (429, "TooManyRequestsError", "Exceeded send limits (250000) for today"),
    "500": (500, "Exception", "Internal server error"),
    "503": (503, "Exception", "Unavailable"),
}
_BARE = {
    "200": (200, b"{}"),
    "201-words": (201, b"<h1>Created</h1>"),
    "201-list": (201, b"[]"),
    "201-nameless": (201, b"{}"),
    "202": (202, b"{}"),
    "302": (302, b""),
    "400-words": (400, b"<h1>Bad request</h1>"),
    "400-odd": (400, b'{"errors": {"error": 7}}'),
    "408": (408, b""),
    "500-words": (500, b"<h1>Oops</h1>"),
    "502": (502, b"<h1>Bad gateway</h1>"),
    "504": (504, b"<h1>Gateway timeout</h1>"),
}


@dataclass
class NotifyServer:
    """What stands behind the port: what it holds, and what it does next.

    `next_posts` and `next_gets` are taken one by one; afterwards it does as it should. Its clock may go `ahead`; an
    email that it has taken is answered after some seconds (`answers_after`).
    """

    url: str = ""
    service: str = SERVICE
    secret: str = SECRET
    ahead: float = 0.0
    answers_after: float = 0.0
    held: list[dict[str, Any]] = field(default_factory=list)
    next_posts: list[str] = field(default_factory=list)
    next_gets: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    def named(self, reference: str) -> list[dict[str, Any]]:
        """Give what it holds under a reference."""
        return [one for one in self.held if one["reference"] == reference]

    def tells(self, address: str, bearer: str, notification: dict[str, Any]) -> int:
        """Send a callback about something that it holds; gives the status of the answer."""
        told = {**notification, "to": notification["email_address"], "notification_type": "email"}
        headers = {"Authorization": f"Bearer {bearer}"}
        return httpx.post(address, json=told, headers=headers, verify=False, timeout=PATIENCE).status_code

    def letting_in(self, header: str | None) -> Answer | None:
        """Check the token; gives the refusal, or nothing for one that is right."""
        if not header or not header.startswith("Bearer "):
            return _error("401")
        try:
            head, claims, signature = header.removeprefix("Bearer ").split(".")
            expected = hmac.new(self.secret.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
            known, said = json.loads(_decoded(claims)), json.loads(_decoded(head))
        except ValueError:
            return _auth("Invalid token: not a valid API token")
        if known.get("iss") != self.service:
            return _auth("Invalid token: service not found")
        if said != {"typ": "JWT", "alg": "HS256"} or not hmac.compare_digest(expected, _decoded(signature)):
            return _auth("Invalid token: API key not found")
        if abs(time.time() + self.ahead - known["iat"]) > BOUND:
            return _auth("Error: Your system clock must be accurate to within 30 seconds")
        return None

    def take(self, content: dict[str, Any]) -> Answer:
        """Keep an email and answer as the service does."""
        one = {
            "id": str(uuid4()),
            "reference": content.get("reference"),
            "email_address": content["email_address"],
            "template_id": str(UUID(content["template_id"])),
            "personalisation": content.get("personalisation"),
            "type": "email",
            "status": "created",
            "created_at": "2021-01-15T08:00:00.000000Z",
            "sent_at": None,
            "completed_at": None,
        }
        self.held.append(one)
        return _json(201, {"id": one["id"], "reference": one["reference"], "uri": f"{self.url}/{one['id']}"})

    def look_up(self, path: str, asked: dict[str, list[str]]) -> Answer:
        """Answer what it holds: one by its id, or all of a reference."""
        name = path.rpartition("/")[2]
        if name != "notifications":
            found = [one for one in self.held if one["id"] == name]
            return _json(200, found[0]) if found else _error("404")
        wanted = asked.get("reference", [None])[0]
        found = [one for one in self.held if wanted in (None, one["reference"])]
        return _json(200, {"notifications": found, "links": {"current": path}})


class _Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Port"

    def do_POST(self) -> None:
        """Take an email, or do what is told for the next one."""
        place = self.server.place
        act = place.next_posts.pop(0) if place.next_posts else "201"
        if act == "cut-unread":
            self._cut()
            return
        content = json.loads(self.rfile.read(int(self.headers["content-length"])))
        refusal = place.letting_in(self.headers["authorization"])
        if refusal is not None:
            self._answer(refusal)
            return
        what, _, recorded = act.partition(" ")
        taken = place.take(content) if what == "201" or recorded else None
        place.ended.wait(place.answers_after)
        self._do(what, taken)

    def do_GET(self) -> None:
        """Tell what it holds, or do what is told for the next question."""
        place = self.server.place
        place.asked.append(self.path)
        refusal = place.letting_in(self.headers["authorization"])
        parts = urlsplit(self.path)
        right = refusal or place.look_up(parts.path, parse_qs(parts.query))
        self._do(place.next_gets.pop(0) if place.next_gets else "201", right)

    def _do(self, what: str, right: Answer | None) -> None:
        if what == "stall":
            self.server.place.ended.wait(10)
            self._cut()
        elif what == "cut":
            self._cut()
        elif what == "half-head":
            self._cut(b"HTTP/1.1 201 CREATED\r\nContent-Ty")
        elif what == "half-body":
            self._cut(b"HTTP/1.1 201 CREATED\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{")
        elif what == "noise":
            self._cut(b"\x00\x01\x02 this is no HTTP\r\n\r\n")
        elif what == "201" and right is not None:
            self._answer(right)
        elif what in _BARE:
            self._answer((_BARE[what][0], self.server.place.headers, _BARE[what][1]))
        else:
            status, headers, body = _error(what)
            self._answer((status, headers | self.server.place.headers, body))

    def _answer(self, answer: Answer) -> None:
        status, headers, body = answer
        head = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
        # In one piece: two writes would wait for one another.
        self.wfile.write("\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body)

    def _cut(self, said: bytes = b"") -> None:
        self.wfile.write(said)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Port(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, place: NotifyServer) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.place = place

    def handle_error(self, *_: object) -> None:
        """Whoever waited may have gone meanwhile."""


@contextmanager
def running(**given: Any) -> Iterator[NotifyServer]:
    """Run a Notify on a port of this machine until the block ends."""
    place = NotifyServer(**given)
    port = _Port(place)
    place.url = f"http://127.0.0.1:{port.server_address[1]}"
    serving = Thread(target=port.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield place
    finally:
        place.ended.set()
        port.shutdown()
        serving.join()
        port.server_close()


def _json(status: int, document: object) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(document).encode()


def _error(name: str) -> Answer:
    status, kind, words = _ERRORS[name]
    return _json(status, {"status_code": status, "errors": [{"error": kind, "message": words}]})


def _auth(words: str) -> Answer:
    return _json(403, {"status_code": 403, "errors": [{"error": "AuthError", "message": words}]})


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
