"""The post room: what is in doubt, what became of an email, who is at work, what was done of each day's work."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BEFORE = ("queued", "sending", "sent", "superseded", "held", "failed")
_AFTER = (
    "queued",
    "sending",
    "committing",
    "sent",
    "uncertain",
    "assumed_sent",
    "superseded",
    "held",
    "failed",
)


def _one_of(states: tuple[str, ...]) -> str:
    return "state IN (" + ", ".join(f"'{state}'" for state in states) + ")"


def upgrade() -> None:
    op.add_column("message", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE message SET not_before = coalesce(try_again_at, due_at)")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("not_before", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.add_column(sa.Column("critical", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("tried_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("doubtful_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("repeats", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("address_refused", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("delivery", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("delivery_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_column("try_again_at")
        batch_op.drop_column("claimed_until")
        batch_op.drop_index("ix_message_state_due_at")
        batch_op.drop_constraint(op.f("ck_message_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_message_state"), _one_of(_AFTER))
    op.create_index("ix_message_in_line", "message", ["state", "not_before", "id"])
    op.create_index("ix_message_provider_id", "message", ["provider_id"])
    op.create_table(
        "lease",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("holder", sa.String(120), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "job_slot",
        sa.Column("job", sa.String(60), nullable=False),
        sa.Column("slot", sa.String(40), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_slot")),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(60), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_run")),
    )
    op.create_table(
        "post_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_post_hold_released_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_hold")),
    )
    op.create_table(
        "address_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_failure_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_failure")),
        sa.UniqueConstraint("message_id", name=op.f("uq_address_failure_message_id")),
    )
    op.create_index("ix_address_failure_person_id", "address_failure", ["person_id"])


def downgrade() -> None:
    for table in ("address_failure", "post_hold", "job_run", "job_slot", "lease"):
        op.drop_table(table)
    # The older program has no word for them; nothing of it may go once more.
    op.execute("UPDATE message SET state = 'failed' WHERE state IN ('committing', 'uncertain', 'assumed_sent')")
    op.drop_index("ix_message_provider_id", "message")
    op.drop_index("ix_message_in_line", "message")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("try_again_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
        for column in (
            "delivery_at",
            "delivery",
            "address_refused",
            "repeats",
            "doubtful_since",
            "tried_since",
            "critical",
            "not_before",
        ):
            batch_op.drop_column(column)
        batch_op.drop_constraint(op.f("ck_message_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_message_state"), _one_of(_BEFORE))
    op.create_index("ix_message_state_due_at", "message", ["state", "due_at"])
