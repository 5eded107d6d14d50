"""By when and where from: rhythms, rounds and who agreed a date; more sources; groups; what was asked of bodies outside."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_SOURCES_BEFORE = (
    *("case", "recommendation", "finding", "audit", "reflection", "escalation", "priority", "outside_body"),
)
_SOURCES = (
    *_SOURCES_BEFORE,
    *("threat_assessment", "inspection", "external_review", "national_review", "self_assessment", "peer_review"),
    *("scrutiny", "learning_session", "child_death_overview", "meeting", "business_plan", "other"),
)
_DATES_BEFORE = ("several", "moved")
_DATES = (*_DATES_BEFORE, "round", "reopened")
_ON_ACTIONS = ("rhythm_from", "asked_on", "answered_on")


def _one_of(kinds: tuple[str, ...]) -> str:
    return "kind IN (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"


def upgrade() -> None:
    for name in _ON_ACTIONS:
        op.add_column("action", sa.Column(name, sa.String(10), nullable=True))
    op.add_column("action", sa.Column("answer", sa.String(), nullable=True))
    op.add_column("action", sa.Column("group_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_action_group_id"), "action", ["group_id"])
    op.create_index(op.f("ix_action_outside_body"), "action", ["outside_body"])
    op.add_column("recommendation", sa.Column("findings", sa.String(), nullable=True))
    _let_be("action_source", _SOURCES)
    with op.batch_alter_table("action_date", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_on", sa.String(10), nullable=True))
        batch_op.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("agreed_with", sa.String(200), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_action_date_person_id"), "person", ["person_id"], ["id"])
        batch_op.drop_constraint(op.f("ck_action_date_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_action_date_kind"), _one_of(_DATES))
    op.execute(
        "UPDATE action_date SET person_id = (SELECT max(h.person_id) FROM history_line h JOIN action a "
        "ON a.reference = h.about WHERE a.id = action_date.action_id AND h.deed = 'move_due_date' "
        "AND h.at = action_date.at) WHERE kind = 'moved'"
    )


def downgrade() -> None:
    op.execute("DELETE FROM action_date WHERE kind IN ('round', 'reopened')")
    with op.batch_alter_table("action_date", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_action_date_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_action_date_kind"), _one_of(_DATES_BEFORE))
        batch_op.drop_constraint(batch_op.f("fk_action_date_person_id"), type_="foreignkey")
        for name in ("met_on", "person_id", "agreed_with"):
            batch_op.drop_column(name)
    listed = ", ".join(f"'{kind}'" for kind in _SOURCES_BEFORE)
    op.execute(f"UPDATE action_source SET kind = 'outside_body' WHERE kind NOT IN ({listed})")
    _let_be("action_source", _SOURCES_BEFORE)
    op.drop_column("recommendation", "findings")
    op.drop_index(op.f("ix_action_outside_body"), "action")
    op.drop_index(op.f("ix_action_group_id"), "action")
    for name in ("group_id", "answer", *_ON_ACTIONS):
        op.drop_column("action", name)


def _let_be(table: str, kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_kind"), _one_of(kinds))
