"""What the Independent Scrutineer said of a decision, kept with it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("scrutineer_said", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("decision", "scrutineer_said")
