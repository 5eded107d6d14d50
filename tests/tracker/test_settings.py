"""The settings of the post, read from the environment."""

import pytest

from tracker.errors import Refused
from tracker.settings import installation

NO_ADDRESS = "TRACKER_MAIL_FROM must be one email address and nothing else, like reviews@partnership.example."


def test_the_sender_of_emails_is_read_or_left_open():
    read = [installation({"TRACKER_MAIL_FROM": "reviews@partnership.example"}), installation({"TRACKER_MAIL_FROM": ""})]

    assert [one.mail_from for one in read] == ["reviews@partnership.example", None]


@pytest.mark.parametrize("address", ["reviews", "Reviews <reviews@p.example>", "a@b.example\nBcc: c@d", "a@b, c@d"])
def test_a_sender_that_is_no_address_is_refused(address):
    with pytest.raises(Refused) as refused:
        installation({"TRACKER_MAIL_FROM": address})

    assert str(refused.value) == NO_ADDRESS


def test_no_password_is_shown_with_the_settings():
    settings = {"TRACKER_MAIL": "smtp://joy:hunter2@mail.example", "TRACKER_SECRET": "s3cret" * 8}

    shown = repr(installation(settings))

    assert [word for word in ("hunter2", "s3cret") if word in shown] == []
