"""What became of an email: when the mail service was asked last, and messages in the order in which they went."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("delivery_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_message_sent_at", "message", ["sent_at"])


def downgrade() -> None:
    op.drop_index("ix_message_sent_at", "message")
    op.drop_column("message", "delivery_asked_at")
