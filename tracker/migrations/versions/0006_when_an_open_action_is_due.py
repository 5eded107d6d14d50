"""When an open action is due, as the database sorts and compares it, and the open actions of an agency in that order."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN_BY = (
    "CASE WHEN status IN ('planned', 'in_progress', 'ongoing') "
    "THEN coalesce(substr(due || '-99-99', 1, 10), '9999-99-99') END"
)


def upgrade() -> None:
    # SQLite adds a column to a table that is there only where it reckons it anew at each reading; the index keeps it.
    is_stored = op.get_bind().dialect.name == "postgresql"
    op.add_column("action", sa.Column("open_by", sa.String(10), sa.Computed(OPEN_BY, persisted=is_stored)))
    op.create_index(
        "ix_action_open_of_agency", "action", ["agency_id", "open_by", "id", "timescale_kind", "partnership_id"]
    )
    op.create_index(
        "ix_action_open",
        "action",
        ["open_by", "id", "partnership_id", "timescale_kind", "report", "report_before"],
    )


def downgrade() -> None:
    op.drop_index("ix_action_open", "action")
    op.drop_index("ix_action_open_of_agency", "action")
    op.drop_column("action", "open_by")
