"""What waits for a coordinator, found without reading everything: updates by their state, actions by their review."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_action_update_state", "action_update", ["state", "action_id"])
    op.create_index("ix_action_review_on", "action", ["review_on"])


def downgrade() -> None:
    op.drop_index("ix_action_review_on", "action")
    op.drop_index("ix_action_update_state", "action_update")
