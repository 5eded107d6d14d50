"""forms that came too late."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsent_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_link", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(500), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("intent", sa.String(100), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsent_form_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_form")),
    )
    op.create_index("ix_unsent_form_person_id", "unsent_form", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_unsent_form_person_id", "unsent_form")
    op.drop_table("unsent_form")
