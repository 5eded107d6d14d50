"""The day on which a personal token was used last."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("personal_token", sa.Column("used_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("personal_token", "used_on")
