"""Digests that are held back, or sent before their time."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("digest_is_held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("meeting", sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("meeting", "digest_at")
    op.drop_column("meeting", "digest_is_held")
