"""What Today asks: cases by their status or coordinator, the cases of an action, and the actions without an end."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_record_in_status", "case_record", ["partnership_id", "status"])
    op.drop_index("ix_case_record_partnership_id", "case_record")
    op.create_index("ix_case_record_coordinator_id", "case_record", ["coordinator_id"])
    op.create_index("ix_action_source_of_action", "action_source", ["action_id", "case_id"])
    op.drop_index("ix_action_source_action_id", "action_source")
    op.create_index("ix_action_goes_on", "action", ["timescale_kind", "review_on", "id", "open_by"])


def downgrade() -> None:
    op.drop_index("ix_action_goes_on", "action")
    op.create_index("ix_action_source_action_id", "action_source", ["action_id"])
    op.drop_index("ix_action_source_of_action", "action_source")
    op.drop_index("ix_case_record_coordinator_id", "case_record")
    op.create_index("ix_case_record_partnership_id", "case_record", ["partnership_id"])
    op.drop_index("ix_case_record_in_status", "case_record")
