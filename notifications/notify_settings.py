"""What an installation says about GOV.UK Notify: its key, its templates, where it stands; checked before it is used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from notifications.rendering import EMAILS

PUBLIC_SERVICE = "https://api.notifications.service.gov.uk"
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(f".*{_UUID}-{_UUID}")
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """The settings as they were given: `templates` are those of single kinds of email, by the name of the kind.

    `callback_token`: what Notify brings when it tells what became of an email.
    """

    key: str | None = field(default=None, repr=False)
    template: str | None = None
    templates: Mapping[str, str] = field(default_factory=dict)
    url: str = PUBLIC_SERVICE
    callback_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NotifyService:
    """Notify as it is reached: where, as which service, with which secret and templates."""

    url: str
    service_id: str
    secret: str = field(repr=False)
    template: str
    templates: Mapping[str, str] = field(default_factory=dict)

    def template_for(self, kind: str) -> str:
        """Give the template by which a kind of email goes."""
        return self.templates.get(kind, self.template)


def service_of(settings: NotifySettings) -> NotifyService:
    """Give the service that settings name; raises `ValueError` with a sentence, which never holds a value."""
    key = settings.key or ""
    if not _KEY.fullmatch(key):
        raise ValueError(
            "TRACKER_NOTIFY_KEY must be an API key of GOV.UK Notify as it is shown there once: a name, the id of the "
            "service and a secret, with hyphens between them."
        )
    if not settings.template:
        raise ValueError("TRACKER_NOTIFY_TEMPLATE must name the template in GOV.UK Notify by which emails go.")
    for kind, template in (("", settings.template), *settings.templates.items()):
        _check_template(kind, template)
    # The key ends so whatever its name is, which may hold hyphens itself.
    return NotifyService(
        _checked_url(settings.url), key[-73:-37], key[-36:], settings.template, dict(settings.templates)
    )


def _check_template(kind: str, template: str) -> None:
    name = "_".join(["TRACKER_NOTIFY_TEMPLATE", *([kind.upper()] if kind else [])])
    if kind and kind not in EMAILS:
        raise ValueError(f"{name} is for no kind of email; there are {', '.join(sorted(EMAILS))}.")
    if not re.fullmatch(_UUID, template):
        raise ValueError(f"{name} must be the id of a template, as GOV.UK Notify shows it under the template.")


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_bare = is_safe = is_whole = False
    if not (is_bare and is_safe and is_whole and re.fullmatch(r"[!-~]+", url)):
        raise ValueError(f"TRACKER_NOTIFY_URL must be an address like {PUBLIC_SERVICE}, with https and without a path.")
    return url.rstrip("/")
