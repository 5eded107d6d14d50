"""What every facts model of a deed shares: forbidden extras, words that can be stored, dates that exist."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


def _storable(words: str) -> str:
    for letter in words:
        if letter == "\x00" or 0xD800 <= ord(letter) <= 0xDFFF:
            raise ValueError("The text holds a character that cannot be kept: type it anew.")
    return words


Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_storable)
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_storable)]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_storable)
]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_storable)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=254),
    AfterValidator(_storable),
]


class Facts(BaseModel):
    """The facts of one deed; `confirmed` names the warnings that the person has read and stands by (K10)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    confirmed: list[Literal["looks_personal"]] = []


class NoFacts(Facts):
    """A deed that needs nothing but its record."""


class Reason(Facts):
    """A deed that needs a reason only."""

    reason: Words
