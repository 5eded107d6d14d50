"""When an escalation is looked at again, and what was ruled on proposals to escalate."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("escalation", sa.Column("review_on", sa.Date(), nullable=True))
    op.create_table(
        "escalation_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("occurrence", sa.String(length=60), nullable=False),
        sa.Column("for_good", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rule IN ('red_action', 'missed_clock')", name=op.f("ck_escalation_ruling_rule")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_escalation_ruling_action_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_escalation_ruling_case_id")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_escalation_ruling_partnership_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_escalation_ruling_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_ruling")),
    )
    op.create_index(op.f("ix_escalation_ruling_partnership_id"), "escalation_ruling", ["partnership_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_escalation_ruling_partnership_id"), "escalation_ruling")
    op.drop_table("escalation_ruling")
    op.drop_column("escalation", "review_on")
