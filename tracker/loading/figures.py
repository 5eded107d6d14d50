"""What a file of cases says beside its cases: themes, and the figures of the years."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker import history
from tracker.groups.models import Theme, YearFigure
from tracker.groups.queries import partnership_by_code
from tracker.loading.forms import LARGEST, CasesFile
from tracker.rows import write
from workflows.deadlines import counted

_LONGEST = 60


def themes_of(session: Session) -> dict[str, Theme]:
    """Give every theme by its code."""
    return {theme.code: theme for theme in session.exec(select(Theme).order_by(col(Theme.id)))}


def load_themes(session: Session, file: CasesFile, now: datetime) -> None:
    """Load the themes of a file that are not there yet."""
    known = themes_of(session)
    new = {form.code: form.label for form in file.themes if form.code not in known}
    for code, label in new.items():
        write(session, Theme(code=code, label=label))
    if new:
        what = f"{counted(len(new), 'themes')} loaded: {', '.join(new.values())}."
        history.note(session, "themes", "loaded", at=now, by=None, what=what)


def load_figures(session: Session, file: CasesFile) -> None:
    """Load the figures of years; a figure that is there already takes the value of the file."""
    for year in file.yearly_statistics:
        partnership = partnership_by_code(session, year.partnership)
        rows = session.exec(
            select(YearFigure).where(YearFigure.partnership_id == partnership.id, YearFigure.year == year.year)
        )
        known = {row.name: row for row in rows}
        for name, value in (year.model_extra or {}).items():
            if not isinstance(value, int) or isinstance(value, bool):
                continue
            if len(name) > _LONGEST or not 0 <= value <= LARGEST:
                raise ValueError(f"the figure {name[:_LONGEST]!r} of {year.partnership} {year.year} cannot be kept.")
            if name in known:
                known[name].value = value
                session.add(known[name])
            else:
                write(session, YearFigure(partnership_id=partnership.id, year=year.year, name=name, value=value))
