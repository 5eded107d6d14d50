"""The words for themes: how each partnership calls, joins and retires them, and themes of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("theme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("partnership_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_theme_partnership_id"), "partnership", ["partnership_id"], ["id"])
    op.create_table(
        "theme_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(120), nullable=True),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["into_id"], ["theme.id"], name=op.f("fk_theme_ruling_into_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_theme_ruling_partnership_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_ruling_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_ruling")),
        sa.UniqueConstraint("partnership_id", "theme_id", name=op.f("uq_theme_ruling_partnership_id_theme_id")),
    )
    op.create_table(
        "theme_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_theme_word_partnership_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_word_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_word")),
        sa.UniqueConstraint(
            "partnership_id", "theme_id", "word", name=op.f("uq_theme_word_partnership_id_theme_id_word")
        ),
    )


def downgrade() -> None:
    op.drop_table("theme_word")
    op.drop_table("theme_ruling")
    with op.batch_alter_table("theme", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_theme_partnership_id"), type_="foreignkey")
        batch_op.drop_column("partnership_id")
