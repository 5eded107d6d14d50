"""What is an email address that mail can be sent to and come from."""

import re

# Longer ones have no place in the dialogue with a mail server (RFC 5321, 4.5.3.1.3).
LONGEST = 254
_ONE_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+")


# Words of letters, digits and plain signs, parted by single dots: nothing to quote and nothing to take apart.
_WORDS = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
_PLAIN_ADDRESS = re.compile(rf"{_WORDS}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def is_plain_address(text: str) -> bool:
    """Say whether the text is an address as nearly all are, which stands in a header as it is."""
    return len(text) <= LONGEST and _PLAIN_ADDRESS.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Say whether the text is one email address and nothing else: seven bits, no blank, nothing unseen."""
    is_plain = text.isascii() and text.isprintable() and len(text) <= LONGEST
    return is_plain and _ONE_ADDRESS.fullmatch(text) is not None
