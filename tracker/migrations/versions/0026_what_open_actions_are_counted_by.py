"""What open actions are counted by stands in their index, so that a count reads no rows of actions."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_BEFORE = ["open_by", "id", "partnership_id", "timescale_kind", "report", "report_before"]
_AFTER = [*_BEFORE, "status", "asked_on", "answered_on", "agency_id", "owner_id"]


def upgrade() -> None:
    op.drop_index("ix_action_open", "action")
    op.create_index("ix_action_open", "action", _AFTER)


def downgrade() -> None:
    op.drop_index("ix_action_open", "action")
    op.create_index("ix_action_open", "action", _BEFORE)
