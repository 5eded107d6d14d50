"""The roles that people have in a partnership."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a partnership; the value is the code, `words` what a reader sees."""

    COORDINATOR = "coordinator"
    PANEL = "panel"
    EXECUTIVE = "executive"
    COMMISSIONER = "commissioner"
    PARTNER = "partner"
    LEAD_REPRESENTATIVE = "lead_representative"
    GROUP_CHAIR = "group_chair"
    AGENCY_LEAD = "agency_lead"
    REVIEWER = "reviewer"
    SCRUTINEER = "scrutineer"
    OWNER = "owner"
    ADMIN = "admin"

    @property
    def words(self) -> str:
        """Give the role as a reader says it: `agency lead`."""
        return self.value.replace("_", " ")
