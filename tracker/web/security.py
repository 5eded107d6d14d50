"""What stands before every page: who sent the form, how large it is, and the headers of every answer."""

import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = {"GET", "HEAD", "OPTIONS"}
YEAR = 365 * 24 * 3600


class Guard:
    """The outermost layer: refuses what another site sent, and gives every answer its headers, also a fault's.

    What lies under `answered_inside` is told whether a request is from here, and refuses in its own form.
    """

    def __init__(self, app: ASGIApp, *, is_secure: bool, answered_inside: str | None = None) -> None:
        self.app = app
        self._is_secure = is_secure
        self._answered_inside = None if answered_inside is None else f"{answered_inside}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers(scope["path"], nonce):
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        is_from_here = scope["method"] in SAFE or _is_from_here(headers)
        scope["state"]["is_from_here"] = is_from_here
        if not is_from_here and not (self._answered_inside and scope["path"].startswith(self._answered_inside)):
            refusal = PlainTextResponse("This form came from another site. Go back and send it from the service.", 403)
            await refusal(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)

    def _headers(self, path: str, nonce: str) -> Iterable[tuple[str, str]]:
        policy = (
            f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        yield "Content-Security-Policy", policy
        yield "X-Content-Type-Options", "nosniff"
        yield "X-Frame-Options", "DENY"
        # With no-referrer browsers would hide the origin of a form, by which it is known to be ours.
        yield "Referrer-Policy", "same-origin"
        yield "Cross-Origin-Opener-Policy", "same-origin"
        yield "Cross-Origin-Resource-Policy", "same-origin"
        yield "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        yield "X-Robots-Tag", "noindex, nofollow"
        yield "Cache-Control", "no-store"
        if self._is_secure:
            yield "Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains"


def _is_from_here(headers: Headers) -> bool:
    """Say whether a form came from a page of this service; programs that bring their own token have no cookie."""
    if headers.get("authorization"):
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        # None: the person herself asked for it, by sending a form anew.
        return site in ("same-origin", "none")
    # Browsers leave that header out on plain http inside a network.
    scheme, _, host = headers.get("origin", "").partition("://")
    return bool(scheme and host) and host == headers.get("host")
