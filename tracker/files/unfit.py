"""The refusal of a file."""

UNSAFE = "We could not accept this file"


class Unfit(ValueError):
    """A file that is not taken; the message is the sentence beside its field, by default one that tells nobody more."""

    def __init__(self, sentence: str = UNSAFE) -> None:
        super().__init__(sentence)
