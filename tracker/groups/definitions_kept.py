"""The definitions that cases keep: stored when the first case began with them, and read back as processes."""

from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam
from sqlmodel import Session, select

from tracker.database import write_once
from tracker.errors import Refused
from tracker.groups.models import DefinitionVersion
from tracker.rows import RowsOf
from workflows.definition import Definition, DefinitionWrong, read_definition
from workflows.lifecycle import Lifecycle


def keep_definition(session: Session, definition: Definition, at: datetime) -> DefinitionVersion:
    """Give the stored row of a definition, storing it the first time; a case keeps the row it began with."""
    found = _KEPT.first(session, name=definition.name, sha256=definition.sha256)
    if found is not None:
        return found
    # Two cases may be the first of a process at the same moment: the second waits for the row of the first.
    values = {"name": definition.name, "text": definition.text, "text_sha256": definition.sha256, "read_at": at}
    stored_now = write_once(session, DefinitionVersion, values)
    if stored_now is not None:
        session.info.setdefault("lifecycles", {})[stored_now] = Lifecycle(definition)
    return keep_definition(session, definition, at)


_KEPT = RowsOf(
    DefinitionVersion,
    select(DefinitionVersion).where(
        DefinitionVersion.name == bindparam("name"), DefinitionVersion.text_sha256 == bindparam("sha256")
    ),
)


# A stored definition never changes: each is read once in the life of the program, for each database.
_lifecycles: WeakKeyDictionary[Engine, dict[int, Lifecycle]] = WeakKeyDictionary()


def lifecycle_kept(session: Session, definition_id: int) -> Lifecycle:
    """Give the process that a case keeps."""
    # What this unit of work stored may go back with it, and its number to another definition: it is known here only.
    stored_now: dict[int, Lifecycle] = session.info.get("lifecycles", {})
    if definition_id in stored_now:
        return stored_now[definition_id]
    known = _lifecycles.setdefault(session.get_bind().engine, {})
    if definition_id not in known:
        kept = session.get_one(DefinitionVersion, definition_id)
        try:
            known[definition_id] = Lifecycle(read_definition(kept.text, kept.name))
        except DefinitionWrong as wrong:
            raise Refused(f"The process of this case cannot be read: {wrong}", code="bad_definition") from wrong
    return known[definition_id]
