"""The way by GOV.UK Notify: one request for each email, and its name to ask by when an answer is lost."""

import base64
import hashlib
import hmac
import json
import logging
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx

from notifications.delivered import Delivered
from notifications.notify_answers import document_of, must_be_let_in, name_in, receipt_of
from notifications.notify_settings import NotifyService
from notifications.transports import Commit, Doubtful, OutgoingMail, Receipt, TemporaryRefusal, Unreachable

TIMEOUT = 30.0
# Nothing was written when one of these comes: there was no connection yet.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(slots=True)
class NotifyTransport:
    """Hands each email to GOV.UK Notify over a connection that is kept, and asks it what became of one."""

    service: NotifyService
    timeout: float = TIMEOUT
    _client: httpx.Client | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep quiet the loggers that would write a line for each request, with its address."""
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)

    @property
    def tells_after(self) -> timedelta | None:
        """Say how long after a doubt Notify can be asked: a request on its way is over by then."""
        return timedelta(seconds=2 * self.timeout)

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Hand the email over; `Doubtful` where it was written to the line and no clear answer came."""
        content = json.dumps(self._letter(outgoing)).encode()
        client = self._kept()
        # Notify takes a token for thirty seconds. Whoever is put to sleep behind the last step and wakes when somebody
        # else has asked and sent anew is refused by it.
        headers = self._headers()
        commit()
        try:
            answer = client.post("/v2/notifications/email", content=content, headers=headers)
        except _NEVER_LEFT as wrong:
            raise Unreachable(f"GOV.UK Notify cannot be reached ({type(wrong).__name__}).") from wrong
        except httpx.HTTPError as wrong:
            raise Doubtful(
                f"GOV.UK Notify did not answer ({type(wrong).__name__}): the email may have gone."
            ) from wrong
        return receipt_of(answer, outgoing.sent_at)

    def find(self, message_id: str) -> Receipt | None:
        """Ask by its name for an email that may have been handed over; raises `TemporaryRefusal` without an answer."""
        document = self._asked("/v2/notifications", reference=message_id)
        found = None if document is None else document.get("notifications")
        if not isinstance(found, list):
            raise TemporaryRefusal("GOV.UK Notify cannot say now whether it has the email.")
        ours = [one for one in found if isinstance(one, dict) and one.get("reference") == message_id]
        try:
            return Receipt(name_in(ours[0])) if ours else None
        except Doubtful as wrong:
            raise TemporaryRefusal(str(wrong)) from wrong

    def became_of(self, provider_id: str) -> Delivered | None:
        """Ask what became of an email; nothing where Notify does not know it any more, or says nothing we know."""
        document = self._asked(f"/v2/notifications/{provider_id}")
        return None if document is None else Delivered.said(document)

    def close(self) -> None:
        """Close the connection that was kept."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _kept(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(base_url=self.service.url, timeout=self.timeout, verify=_trusted())
        return self._client

    def _letter(self, outgoing: OutgoingMail) -> dict[str, Any]:
        return {
            "email_address": outgoing.to_address,
            "template_id": self.service.template_for(outgoing.kind),
            "personalisation": {"subject": outgoing.mail.subject, "body": _unlinked(outgoing.mail.text)},
            "reference": outgoing.message_id,
        }

    def _asked(self, path: str, **asked: str) -> dict[str, Any] | None:
        try:
            answer = self._kept().get(path, params=asked, headers=self._headers())
        except httpx.HTTPError as wrong:
            raise Unreachable(f"GOV.UK Notify cannot be asked ({type(wrong).__name__}).") from wrong
        if answer.status_code == 404 and not asked:
            return None
        must_be_let_in(answer, datetime.now(UTC))
        try:
            document = document_of(answer)
        except Doubtful as wrong:
            raise TemporaryRefusal(str(wrong)) from wrong
        if answer.status_code != 200:
            raise TemporaryRefusal(f"GOV.UK Notify cannot be asked ({answer.status_code}).")
        return dict(document)

    def _headers(self) -> dict[str, str]:
        """Sign each request anew: a token is good for 30 seconds, by the clock of the machine."""
        return {"Authorization": f"Bearer {token(self.service, int(time.time()))}", "Content-Type": "application/json"}


@cache
def _trusted() -> ssl.SSLContext:
    # To read the certificates takes longer than many requests, and every round opens a connection of its own.
    return httpx.create_ssl_context()


def token(service: NotifyService, issued_at: int) -> str:
    """Write the token that Notify expects: a JSON Web Token, signed with the secret of the key (HS256)."""
    signed = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part({'iss': service.service_id, 'iat': issued_at})}"
    return f"{signed}.{_text(hmac.new(service.secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def _part(claims: dict[str, Any]) -> str:
    return _text(json.dumps(claims, separators=(",", ":")).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unlinked(text: str) -> str:
    """Give the text so that nothing typed into a title becomes a link: Notify reads [words](address) as one."""
    return text.replace("](", "] (")
