"""What an answer of GOV.UK Notify means for an email: its status and the type of its error say it, not its words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from notifications.transports import Doubtful, PermanentRefusal, Receipt, TemporaryRefusal, Unreachable

_NO_WORD = timedelta(seconds=60)
_LONGEST = timedelta(days=1)
_UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Of a proxy between us and Notify, which may have passed the email on and lost the answer.
_LOST_BETWEEN = (502, 504)


def receipt_of(answer: httpx.Response, now: datetime) -> Receipt:
    """Give the receipt for an email that Notify took; raises what else its answer means."""
    if answer.status_code == 201:
        return Receipt(name_in(document_of(answer)))
    if answer.is_success or answer.status_code in _LOST_BETWEEN:
        raise Doubtful(f"GOV.UK Notify gave no clear answer ({answer.status_code}): the email may have gone.")
    must_be_let_in(answer, now)
    if answer.status_code == 400:
        raise _refused(answer)
    raise PermanentRefusal(f"GOV.UK Notify did not take the email, and says no more than {answer.status_code}.")


def must_be_let_in(answer: httpx.Response, now: datetime) -> None:
    """Raise `TemporaryRefusal` for an answer that any email would get: no way in, too many, out of order."""
    status = answer.status_code
    if status in (401, 403):
        raise Unreachable(
            f"GOV.UK Notify does not let us in ({status}). Look at three things: the clock of this machine must be "
            "right to 30 seconds; the key must not have been revoked; TRACKER_NOTIFY_KEY must be of the service whose "
            "template is used."
        )
    if status == 404 or answer.is_redirect:
        raise Unreachable(f"This is not GOV.UK Notify ({status}): look at TRACKER_NOTIFY_URL, or take it away.")
    if status == 429 and "TooManyRequestsError" in _error_types(answer):
        raise Unreachable(
            "GOV.UK Notify takes no more emails of this service today; the rest go after midnight.", _midnight(now)
        )
    if status == 429:
        raise Unreachable("GOV.UK Notify takes no more emails for a moment.", _retry_after(answer, now))
    if status == 408 or status >= 500:
        raise TemporaryRefusal(f"GOV.UK Notify is out of order ({status}).", _retry_after(answer, now, timedelta()))


def document_of(answer: httpx.Response) -> Mapping[str, Any]:
    """Read the JSON object of an answer; raises `Doubtful` where there is none."""
    try:
        document = answer.json()
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Doubtful("GOV.UK Notify answered with something that cannot be read: the email may have gone.")
    return document


def name_in(document: Mapping[str, Any]) -> str:
    """Give the name by which Notify calls an email; raises `Doubtful` where there is none."""
    name = document.get("id")
    if not isinstance(name, str) or not _UUID.fullmatch(name):
        raise Doubtful("GOV.UK Notify answered without a name for the email: it may have gone.")
    return name


def _refused(answer: httpx.Response) -> PermanentRefusal:
    types = _error_types(answer)
    if "InvalidEmailError" in types or ("ValidationError" in types and _is_about_address(answer)):
        return PermanentRefusal(
            "GOV.UK Notify says that this is no email address. Correct it on the person's record.", of_address=True
        )
    if "BadRequestError" in types:
        return PermanentRefusal(
            "GOV.UK Notify did not take the email. Most often the key is team-only or the service in trial mode: then "
            "only people of its team and guest list can be written to. Else the template is missing, or has other "
            "placeholders than ((subject)) and ((body)). Put it right in Notify."
        )
    return PermanentRefusal(
        "GOV.UK Notify did not understand the email (400). Look at the ids of the templates in TRACKER_NOTIFY_TEMPLATE."
    )


def _errors(answer: httpx.Response) -> list[Mapping[str, Any]]:
    try:
        found = document_of(answer).get("errors")
    except Doubtful:
        return []
    return [error for error in found if isinstance(error, dict)] if isinstance(found, list) else []


def _error_types(answer: httpx.Response) -> set[str]:
    return {str(error.get("error")) for error in _errors(answer)}


def _is_about_address(answer: httpx.Response) -> bool:
    # The one place where words are read: the type is the same for every field, and the field is the first word.
    return any(str(error.get("message")).startswith("email_address ") for error in _errors(answer))


def _retry_after(answer: httpx.Response, now: datetime, otherwise: timedelta = _NO_WORD) -> timedelta:
    text = answer.headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), _LONGEST)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return otherwise
    return max(timedelta(), min((until if until.tzinfo else until.replace(tzinfo=UTC)) - now, _LONGEST))


def _midnight(now: datetime) -> timedelta:
    """Give how long it is until the limits of the next day hold, which begins at midnight in UTC."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1, minutes=1) - now
