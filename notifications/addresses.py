"""What is an email address that mail can be sent to and come from."""

import re

# Longer ones have no place in the dialogue with a mail server (RFC 5321, 4.5.3.1.3).
LONGEST = 254
_ONE_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+")


def is_address(text: str) -> bool:
    """Say whether the text is one email address and nothing else: seven bits, no blank, nothing unseen."""
    is_plain = text.isascii() and text.isprintable() and len(text) <= LONGEST
    return is_plain and _ONE_ADDRESS.fullmatch(text) is not None
