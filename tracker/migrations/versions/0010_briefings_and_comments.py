"""briefings and comments."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "briefing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("draft_of_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("texts", sa.String(), nullable=False),
        sa.Column("learning_from", sa.String(), nullable=True),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_briefing_approved_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_briefing_case_id")),
        sa.ForeignKeyConstraint(["draft_of_id"], ["case_record.id"], name=op.f("fk_briefing_draft_of_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_briefing_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_briefing_case_id_number")),
        sa.UniqueConstraint("draft_of_id", name=op.f("uq_briefing_draft_of_id")),
    )
    op.create_index("ix_briefing_case_id", "briefing", ["case_id"])
    op.create_table(
        "case_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(10), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("about IN ('briefing', '6m', '12m', 'update')", name=op.f("ck_case_comment_about")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_case_comment_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_comment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_comment")),
    )
    op.create_index("ix_case_comment_case_id", "case_comment", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_case_comment_case_id", "case_comment")
    op.drop_table("case_comment")
    op.drop_index("ix_briefing_case_id", "briefing")
    op.drop_table("briefing")
