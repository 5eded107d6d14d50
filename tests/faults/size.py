"""How large the trials are: whole, or a share of that while somebody works on them (`FAULTS=0.05 make faults`)."""

import os


def scaled(number: int) -> int:
    """Give the share of a number that the environment asks for; at least two."""
    return max(2, round(number * float(os.environ.get("FAULTS") or 1)))
