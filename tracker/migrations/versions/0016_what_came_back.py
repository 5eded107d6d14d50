"""What came back: an address that refuses emails, and emails that did not go until somebody has seen to them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("refused_email", sa.String(254), nullable=True))
    op.add_column("person", sa.Column("refused_on", sa.Date(), nullable=True))
    op.add_column("message", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_message_address_refused",
        "message",
        ["id"],
        sqlite_where=sa.text("address_refused"),
        postgresql_where=sa.text("address_refused"),
    )


def downgrade() -> None:
    op.drop_index("ix_message_address_refused", "message")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("settled_at")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("refused_on")
        batch_op.drop_column("refused_email")
