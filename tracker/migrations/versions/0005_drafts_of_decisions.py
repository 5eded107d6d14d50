"""drafts of decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stands_for_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_decision_draft_case_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_decision_draft_saved_by_id")),
        sa.ForeignKeyConstraint(["stands_for_id"], ["case_record.id"], name=op.f("fk_decision_draft_stands_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_draft")),
        sa.UniqueConstraint("stands_for_id", name=op.f("uq_decision_draft_stands_for_id")),
    )
    op.create_index("ix_decision_draft_case_id", "decision_draft", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_decision_draft_case_id", "decision_draft")
    op.drop_table("decision_draft")
