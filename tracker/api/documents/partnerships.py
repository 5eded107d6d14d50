"""Partnerships and the figures of their years as they are answered."""

from datetime import date
from typing import Any

from pydantic import Field

from tracker.api.documents.parts import Document, HistoryLine


class YearFigure(Document):
    """What the service counts, and what the yearly report printed where that was loaded."""

    counted: int | None


class Year(Document):
    """The figures of a partnership's year, April to March."""

    reference: str
    partnership: str
    year: str
    from_: date = Field(alias="from")
    to: date
    figures: dict[str, YearFigure]
    begun_against_advice: YearFigure


class Partnership(Document):
    """A partnership: its processes, settings, groups, agencies and methods."""

    code: str
    reference: str
    version: int
    name: str
    definitions: list[dict[str, Any]]
    settings: dict[str, Any]
    groups: list[dict[str, Any]]
    agencies: list[dict[str, Any]]
    methods: list[dict[str, Any]]
    history: list[HistoryLine]
