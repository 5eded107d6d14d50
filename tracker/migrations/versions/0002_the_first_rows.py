"""The first rows: where the history begins, which is never changed, and the themes of the published reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

THEMES = (
    ("neglect", "Neglect"),
    ("harmful_sexual_behaviour", "Harmful sexual behaviour"),
    ("supervision", "Reflective supervision"),
    ("medical_needs_in_school", "Medical needs in school"),
    ("asthma_anaphylaxis", "Asthma and anaphylaxis"),
    ("transition", "Transition to adult services"),
    ("voice_of_child", "Voice and centrality of the child"),
    ("was_not_brought", "Was not brought (missed appointments)"),
    ("disabled_children", "Disabled children"),
    ("think_family", "Think Family / wider household"),
    ("adult_males", "Fathers and adult males"),
    ("information_sharing", "Information sharing and records"),
    ("multi_agency_working", "Multi-agency coordination"),
    ("early_help", "Early help and consent"),
    ("exploitation", "Criminal exploitation"),
    ("critical_moments", "Critical and subtle moments"),
    ("serious_youth_violence", "Serious youth violence"),
    ("exclusion", "School exclusion"),
    ("alternative_provision", "Alternative provision"),
    ("trusted_adult", "Trusted adult / named professional"),
    ("risk_grading", "Risk gradings"),
    ("child_protection_process", "Use of child protection processes"),
    ("domestic_abuse", "Domestic abuse"),
    ("professional_curiosity", "Professional curiosity"),
    ("authoritative_practice", "Authoritative practice"),
    ("cumulative_harm", "Cumulative harm"),
    ("parental_engagement", "Parental engagement and challenge"),
    ("parental_consent", "Parental consent and responsibility"),
    ("police_powers", "Police search powers"),
    ("school_police_interface", "School and police interface"),
    ("racism", "Racism and disproportionality"),
    ("safeguarding_first", "Safeguarding first / best interests"),
    ("covid_19", "Covid-19 effects"),
    ("pre_birth", "Pre-birth assessment and thresholds"),
    ("infant_feeding", "Infant feeding"),
    ("recording", "Case recording"),
    ("extra_familial_harm", "Extra-familial harm"),
    ("training", "Training and awareness"),
    ("national_learning", "Learning for national systems"),
    ("sudden_infant_death", "Sudden unexpected death in infancy"),
)

_SENTENCE = "The history is never changed"
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END"
# The third, because INSERT OR REPLACE deletes without asking the second.
_ON_SQLITE = (
    f"CREATE TRIGGER history_line_UPDATE BEFORE UPDATE ON history_line {_REFUSE}",
    f"CREATE TRIGGER history_line_DELETE BEFORE DELETE ON history_line {_REFUSE}",
    "CREATE TRIGGER history_line_REPLACE BEFORE INSERT ON history_line "
    f"WHEN EXISTS (SELECT 1 FROM history_line WHERE seq = NEW.seq) {_REFUSE}",
)
_ON_POSTGRESQL = (
    "CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$",
    "CREATE TRIGGER history_line_change BEFORE UPDATE OR DELETE OR TRUNCATE ON history_line "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history()",
)


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _ON_SQLITE if on_sqlite else _ON_POSTGRESQL:
        op.execute(statement)
    op.execute("INSERT INTO history_head (id, seq) VALUES (1, 0)")
    theme = sa.table("theme", sa.column("code", sa.String), sa.column("label", sa.String))
    op.bulk_insert(theme, [{"code": code, "label": label} for code, label in THEMES])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE", "REPLACE"):
            op.execute(f"DROP TRIGGER history_line_{what}")
    else:
        op.execute("DROP TRIGGER history_line_change ON history_line")
        op.execute("DROP FUNCTION refuse_change_of_history()")
    op.execute("DELETE FROM theme")
    op.execute("DELETE FROM history_head")
