"""The garbage collector: what came with the program is left alone, and the rest is looked at less often."""

import gc

# Nearly all that a page or an email makes is gone with it: looking for what is left less often finds as much.
_MADE_BETWEEN_LOOKS = 20_000


def leave_alone() -> None:
    """Let the collector never look at what is there by now.

    Of the 300,000 objects of a program it would find none to take away, and stop a page for a tenth of a second
    whenever it looked at all of them.
    """
    gc.freeze()
    gc.set_threshold(_MADE_BETWEEN_LOOKS)
