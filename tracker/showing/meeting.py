"""A meeting as `show meeting` prints it, and its digest as `show digest` does."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker import history
from tracker.errors import NotAllowed, NotFound
from tracker.groups.bodies import members_and_chair
from tracker.groups.models import Attendance, Group, Meeting, MeetingSeries, Partnership
from tracker.groups.queries import meeting_by_reference
from tracker.papers.after_meeting import action_list
from tracker.papers.agenda import agenda
from tracker.papers.digest import digest_as_sent, digest_figures, digest_planned_at, digests_sent, has_digest
from tracker.papers.pack import as_read, for_reader, frozen_pack, pack_now, packs_listed
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.roles import Role
from workflows.dates import iso_text

Document = dict[str, Any]

READ_PAPERS = (
    Role.COORDINATOR,
    Role.EXECUTIVE,
    Role.COMMISSIONER,
    Role.SCRUTINEER,
    Role.PARTNER,
    Role.LEAD_REPRESENTATIVE,
)
# Those who have meetings among their pages; members of groups have them too.
READ_MEETINGS = frozenset(READ_PAPERS) | {Role.PANEL, Role.GROUP_CHAIR}


def meeting_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give a meeting with its agenda, which those who read its papers see, and what became of it."""
    meeting = meeting_of_reader(session, reference, reader)
    group = session.get_one(Group, meeting.group_id)
    came = session.exec(
        select(Attendance.agency_name, Attendance.came)
        .where(Attendance.meeting_id == meeting.id)
        .order_by(col(Attendance.id))
    ).all()
    return {
        "reference": meeting.reference,
        "version": meeting.version,
        "partnership": session.get_one(Partnership, group.partnership_id).code,
        "group": group.code,
        "group_name": group.name,
        "on": meeting.on.isoformat(),
        "at": f"{meeting.at:%H:%M}",
        "first_on": meeting.first_on.isoformat(),
        "proposed_on": iso_text(meeting.proposed_on),
        "proposed_why": meeting.proposed_why,
        "status": meeting.status,
        "reason": meeting.reason,
        "place": meeting.place,
        "chair": _chair(session, meeting, group),
        "series": _series(session, meeting),
        "agenda": agenda(session, meeting, reader, now) if reads_papers(reader, group) else [],
        "digest": _digest(session, meeting, now) if has_digest(session, meeting) else None,
        "packs": packs_listed(session, meeting) if reads_papers(reader, group) else [],
        "key_points": meeting.key_points,
        "action_list": action_list(session, meeting, None if reader is None else reader.id)
        if reads_papers(reader, group)
        else None,
        "attendance": {agency: answer for agency, answer in came},  # noqa: C416  mypy needs the pairs named
        "history": history.lines_about(session, meeting.reference),
    }


def digest_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give a meeting's digest: as it was sent, or with the figures of this moment while it was not."""
    meeting = meeting_of_reader(session, reference, reader)
    group = session.get_one(Group, meeting.group_id)
    if not has_digest(session, meeting) or not reads_papers(reader, group):
        raise NotFound(f"There is no digest for {meeting.reference} that you can open. Ask the business unit.")
    sent = digests_sent(session, meeting.id)
    is_sent = bool(sent) and sent[-1].meeting_on == meeting.on
    figures = digest_as_sent(session, sent[-1], reader) if is_sent else digest_figures(session, meeting, now, reader)
    return {**figures, **_digest(session, meeting, now)}


def _chair(session: Session, meeting: Meeting, group: Group) -> str | None:
    """Name who is in the chair of a meeting: hers alone where somebody was named for it, else the group's."""
    if meeting.chair_id is not None:
        return session.get_one(Person, meeting.chair_id).name
    members = members_and_chair(session, group, meeting.on)
    return next((person.name for person, is_chair in members if is_chair), None)


def _series(session: Session, meeting: Meeting) -> Document | None:
    if meeting.series_id is None:
        return None
    series = session.get_one(MeetingSeries, meeting.series_id)
    return {
        "every_weeks": series.every_weeks,
        "first_on": series.first_on.isoformat(),
        "until": series.until.isoformat(),
    }


def pack_document(
    session: Session, reference: str, reader: Doer | None, now: datetime, number: int | None = None
) -> Document:
    """Give the papers of a meeting, numbered for their reader: as they were frozen, or as they stand until then.

    `number`: which of those that were frozen, 1 the pack itself, the later ones its supplements; the pack by default.
    """
    meeting = meeting_of_reader(session, reference, reader)
    group = session.get_one(Group, meeting.group_id)
    wanted = frozen_pack(session, meeting, number or 1)
    if not reads_papers(reader, group):
        raise NotAllowed(f"The papers of {group.name} are for its members. Ask the coordinator if you need them.")
    if not has_digest(session, meeting) or (wanted is None and number is not None):
        raise NotFound(f"There are no such papers of {meeting.reference} that you can open. Ask the business unit.")
    if wanted is None:
        whole = pack_now(session, meeting, digest_figures(session, meeting, now), now)
    else:
        whole = as_read(wanted)
    supplement = None if wanted is None or wanted.number == 1 else wanted.number - 1
    frozen = {
        "frozen_at": None if wanted is None else wanted.frozen_at.isoformat(),
        "supplement": supplement,
        # Papers that were frozen say the day that stood then.
        "moved_to": None if meeting.on.isoformat() == whole["on"] else meeting.on.isoformat(),
        "supplements": packs_listed(session, meeting)[1:],
    }
    return for_reader(session, whole, reader, supplement) | frozen


def meeting_of_reader(session: Session, reference: str, reader: Doer | None) -> Meeting:
    """Find a meeting of one of a reader's partnerships; raises `NotFound`."""
    meeting = meeting_by_reference(session, reference)
    partnership_id = session.get_one(Group, meeting.group_id).partnership_id
    if reader is not None and partnership_id not in {*reader.roles, *reader.groups}:
        raise NotFound(f"There is no meeting {reference!r}.")
    return meeting


def reads_papers(reader: Doer | None, group: Group) -> bool:
    """Say whether a reader sees what a group is shown at its meetings."""
    if reader is None or group.code in reader.groups_in(group.partnership_id):
        return True
    return bool(reader.roles_in(group.partnership_id) & set(READ_PAPERS))


def _digest(session: Session, meeting: Meeting, now: datetime) -> Document:
    """Say when the digest is planned, when it went, and which one it replaces; one still to come replaces the last."""
    sent = digests_sent(session, meeting.id)
    is_sent = bool(sent) and sent[-1].meeting_on == meeting.on
    earlier = sent[:-1] if is_sent else sent
    stands = meeting.status != "cancelled"
    return {
        "planned_at": digest_planned_at(session, meeting, now).isoformat() if stands else None,
        "held": meeting.digest_is_held and not is_sent,
        "sent_at": sent[-1].sent_at.isoformat() if is_sent else None,
        "replaces": earlier[-1].sent_at.isoformat() if earlier else None,
    }
