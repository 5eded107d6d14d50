"""Pairs of actions that look alike, what was decided on them, and the words by which like ones are found."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(10), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("answer IN ('joined', 'split', 'linked', 'not_alike')", name=op.f("ck_action_pair_answer")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_action_pair_partnership_id")),
        sa.ForeignKeyConstraint(["one_id"], ["action.id"], name=op.f("fk_action_pair_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["action.id"], name=op.f("fk_action_pair_other_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_action_pair_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_pair")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_action_pair_one_id_other_id")),
    )
    op.create_table(
        "action_join",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("undone", sa.String(), nullable=False),
        sa.Column("split_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["gone_id"], ["action.id"], name=op.f("fk_action_join_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["action.id"], name=op.f("fk_action_join_kept_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_action_join_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_join")),
    )
    op.create_table(
        "action_word",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_action_word_partnership_id")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_word_action_id")),
        sa.PrimaryKeyConstraint("partnership_id", "word", "action_id", name=op.f("pk_action_word")),
    )
    op.create_index("ix_action_pair_in_order", "action_pair", ["partnership_id", "answer", "score", "id"])
    op.create_index(op.f("ix_action_pair_other_id"), "action_pair", ["other_id"])
    op.create_index("ix_action_join_gone", "action_join", ["gone_id", "split_at"])
    op.create_index(op.f("ix_action_join_kept_id"), "action_join", ["kept_id"])
    op.create_index("ix_action_word_action_id", "action_word", ["action_id"])


def downgrade() -> None:
    op.drop_table("action_word")
    op.drop_table("action_join")
    op.drop_table("action_pair")
