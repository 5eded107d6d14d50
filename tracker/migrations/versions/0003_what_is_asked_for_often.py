"""Indexes for what is asked for often: who passed her work to somebody, and what came with an update."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_evidence_update_id", "evidence", ["update_id"])
    op.create_index("ix_person_passes_to_id", "person", ["passes_to_id"])


def downgrade() -> None:
    op.drop_index("ix_person_passes_to_id", "person")
    op.drop_index("ix_evidence_update_id", "evidence")
