"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "definition_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_version")),
        sa.UniqueConstraint("name", "text_sha256", name=op.f("uq_definition_version_name_text_sha256")),
    )
    with op.batch_alter_table("definition_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_definition_version_name"), ["name"], unique=False)

    op.create_table(
        "history_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_head")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("to_name", sa.String(), nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("routine", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body_sha256", sa.String(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_message_sent_at")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'superseded', 'held', 'failed')", name=op.f("ck_message_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_kind_about"), ["kind", "about"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_state_due_at"), ["state", "due_at"], unique=False)

    op.create_table(
        "partnership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("areas", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
        sa.UniqueConstraint("code", name=op.f("uq_partnership_code")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("findings_stated", sa.Integer(), nullable=True),
        sa.Column("recommendations_stated", sa.Integer(), nullable=True),
        sa.Column("impact", sa.String(), nullable=False),
        sa.Column("measures", sa.String(), nullable=False),
        sa.Column("scrutiny_areas", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("code", name=op.f("uq_theme_code")),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("is_safeguarding_partner", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_agency_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("partnership_id", "name", name=op.f("uq_agency_partnership_id_name")),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "calendar_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_calendar_event_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_event")),
    )
    with op.batch_alter_table("calendar_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_event_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_closure_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("partnership_id", "on", name=op.f("uq_closure_partnership_id_on")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("themes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_finding_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_finding_review_id_number")),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("addressee", sa.String(200), nullable=True),
        sa.Column("themes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_recommendation_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_recommendation_review_id_number")),
    )
    op.create_table(
        "year_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.String(7), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_year_figure_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_figure")),
        sa.UniqueConstraint("partnership_id", "year", "name", name=op.f("uq_year_figure_partnership_id_year_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_until", sa.Date(), nullable=True),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("passes_to_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('person', 'post')", name=op.f("ck_person_kind")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_person_agency_id")),
        sa.ForeignKeyConstraint(["passes_to_id"], ["person.id"], name=op.f("fk_person_passes_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(100), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("report", sa.String(10), nullable=True),
        sa.Column("report_before", sa.String(10), nullable=True),
        sa.Column("level", sa.String(14), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("agency_name", sa.String(200), nullable=True),
        sa.Column("outside_body", sa.String(200), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_since", sa.Date(), nullable=True),
        sa.Column("timescale_kind", sa.String(10), nullable=False),
        sa.Column("timescale_words", sa.String(200), nullable=True),
        sa.Column("every", sa.String(30), nullable=True),
        sa.Column("due", sa.String(10), nullable=True),
        sa.Column("first_due", sa.String(10), nullable=True),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("review_on", sa.String(10), nullable=True),
        sa.Column("success_measure", sa.String(), nullable=True),
        sa.Column("baseline", sa.String(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("completed_on", sa.String(10), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.Column("loaded_id", sa.String(80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level IN ('single_agency', 'multi_agency', 'regional', 'national')", name=op.f("ck_action_level")
        ),
        sa.CheckConstraint(
            "report IN ('on_track', 'at_risk', 'stuck', 'done', 'not_mine')", name=op.f("ck_action_report")
        ),
        sa.CheckConstraint(
            "report_before IN ('on_track', 'at_risk', 'stuck', 'done', 'not_mine')",
            name=op.f("ck_action_report_before"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'in_progress', 'ongoing', 'complete', 'embedded', 'done_differently', 'not_taken_forward', 'merged')",
            name=op.f("ck_action_status"),
        ),
        sa.CheckConstraint(
            "timescale_kind IN ('date', 'recurring', 'continuing', 'triggered', 'several')",
            name=op.f("ck_action_timescale_kind"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_action_agency_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_action_owner_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_action_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("loaded_id", name=op.f("uq_action_loaded_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_action_reference")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_status"), ["status"], unique=False)

    op.create_table(
        "case_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("status", sa.String(30), nullable=False),
        sa.Column("pseudonym", sa.String(60), nullable=False),
        sa.Column("public_label", sa.String(120), nullable=True),
        sa.Column("harm", sa.String(20), nullable=True),
        sa.Column("area", sa.String(120), nullable=True),
        sa.Column("criteria", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("year", sa.String(7), nullable=True),
        sa.Column("coordinator_id", sa.Integer(), nullable=True),
        sa.Column("loaded_id", sa.String(80), nullable=True),
        sa.Column("loaded", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("harm IN ('death', 'serious_harm', 'other')", name=op.f("ck_case_record_harm")),
        sa.CheckConstraint(
            "status IN ('incident', 'considered', 'notified', 'rapid_review', 'sent_to_panel', 'recommended', 'decision_made', 'in_resolution', 'ratified', 'review_in_progress', 'contributing', 'assurance', 'improvement_programme', 'report_agreed', 'completed', 'evaluated', 'monitored', 'published', 'learning_shared', 'reflected_6m', 'reflected', 'updated', 'no_review', 'learning_actions', 'closed')",
            name=op.f("ck_case_record_status"),
        ),
        sa.ForeignKeyConstraint(["coordinator_id"], ["person.id"], name=op.f("fk_case_record_coordinator_id")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition_version.id"], name=op.f("fk_case_record_definition_id")
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_case_record_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_record")),
        sa.UniqueConstraint("loaded_id", name=op.f("uq_case_record_loaded_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_record_reference")),
    )
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_record_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_record_status"), ["status"], unique=False)

    op.create_table(
        "history_line",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(60), nullable=True),
        sa.Column("deed", sa.String(60), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_history_line_person_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_history_line")),
    )
    with op.batch_alter_table("history_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_line_about"), ["about"], unique=False)

    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(254), nullable=False),
        sa.Column("secret", sa.String(500), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_identity_kind_subject")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "intent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("intent", sa.String(100), nullable=False),
        sa.Column("deed", sa.String(60), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_intent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent")),
        sa.UniqueConstraint("person_id", "intent", name=op.f("uq_intent_person_id_intent")),
    )
    op.create_table(
        "partnership_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=True),
        sa.Column("escalates_to_id", sa.Integer(), nullable=True),
        sa.Column("sponsor_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["escalates_to_id"], ["partnership_group.id"], name=op.f("fk_partnership_group_escalates_to_id")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_partnership_group_partnership_id")
        ),
        sa.ForeignKeyConstraint(["sponsor_id"], ["person.id"], name=op.f("fk_partnership_group_sponsor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_group")),
        sa.UniqueConstraint("partnership_id", "code", name=op.f("uq_partnership_group_partnership_id_code")),
    )
    op.create_table(
        "post_holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_post_holding_holder_id")),
        sa.ForeignKeyConstraint(["post_id"], ["person.id"], name=op.f("fk_post_holding_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_holding")),
    )
    with op.batch_alter_table("post_holding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_holding_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_holding_post_id"), ["post_id"], unique=False)

    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reading_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_reading_person_id"), ["person_id"], unique=False)

    op.create_table(
        "role_holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("is_deputy", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('coordinator', 'panel', 'executive', 'commissioner', 'partner', 'lead_representative', 'group_chair', 'agency_lead', 'reviewer', 'scrutineer', 'owner', 'admin')",
            name=op.f("ck_role_holding_role"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_role_holding_agency_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_role_holding_partnership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_holding_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_holding")),
    )
    with op.batch_alter_table("role_holding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_holding_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index("ix_role_holding_of", ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_holding_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "rung_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rung_told_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rung_told")),
        sa.UniqueConstraint(
            "about", "person_id", "version", "name", name=op.f("uq_rung_told_about_person_id_version_name")
        ),
    )
    with op.batch_alter_table("rung_told", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rung_told_person_id"), ["person_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_setting_changed_by_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_setting_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setting_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "action_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("due", sa.String(10), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('several', 'moved')", name=op.f("ck_action_date_kind")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_date_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_date")),
    )
    with op.batch_alter_table("action_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_date_action_id"), ["action_id"], unique=False)

    op.create_table(
        "action_helper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_helper_action_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_action_helper_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_helper")),
        sa.UniqueConstraint("action_id", "person_id", name=op.f("uq_action_helper_action_id_person_id")),
    )
    with op.batch_alter_table("action_helper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_helper_person_id"), ["person_id"], unique=False)

    op.create_table(
        "action_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_hold_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_hold")),
    )
    with op.batch_alter_table("action_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_hold_action_id"), ["action_id"], unique=False)

    op.create_table(
        "action_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(200), nullable=True),
        sa.CheckConstraint(
            "kind IN ('case', 'recommendation', 'finding', 'audit', 'reflection', 'escalation', 'priority', 'outside_body')",
            name=op.f("ck_action_source_kind"),
        ),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_source_action_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_action_source_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_action_source_finding_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_action_source_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_source")),
    )
    with op.batch_alter_table("action_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_source_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_source_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_source_recommendation_id"), ["recommendation_id"], unique=False)

    op.create_table(
        "action_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_theme_action_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_action_theme_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_theme")),
        sa.UniqueConstraint("action_id", "theme_id", name=op.f("uq_action_theme_action_id_theme_id")),
    )
    with op.batch_alter_table("action_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_theme_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "action_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.String(10), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("expected_on", sa.String(10), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "report IN ('on_track', 'at_risk', 'stuck', 'done', 'not_mine')", name=op.f("ck_action_update_report")
        ),
        sa.CheckConstraint("state IN ('sent', 'accepted', 'queried', 'replaced')", name=op.f("ck_action_update_state")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_update_action_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_action_update_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_update")),
    )
    with op.batch_alter_table("action_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_update_action_id"), ["action_id"], unique=False)

    op.create_table(
        "agency_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_return_agency_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_agency_return_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_return")),
        sa.UniqueConstraint("case_id", "agency_id", name=op.f("uq_agency_return_case_id_agency_id")),
    )
    op.create_table(
        "case_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_case_access_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_access_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_access")),
    )
    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_access_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_access_person_id"), ["person_id"], unique=False)

    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "name IN ('incident', 'incident_known', 'notification', 'panel_convened', 'recommendation', 'sent_to_panel', 'panel_response', 'decision', 'ratification', 'resolution', 'report_agreed', 'evaluation', 'publication_planned', 'sent_before_publication', 'publication', 'learning_session', 'audit_held', 'audit_follow_up', 'reflection_6m', 'reflection_12m', 'update_report', 'update_report_due', 'criminal_proceedings', 'closure')",
            name=op.f("ck_case_event_name"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_case_event_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sa.UniqueConstraint("case_id", "name", name=op.f("uq_case_event_case_id_name")),
    )
    op.create_table(
        "case_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_case_name_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_name")),
    )
    with op.batch_alter_table("case_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_name_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_name_folded"), ["folded"], unique=False)

    op.create_table(
        "case_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_case_theme_case_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_case_theme_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_theme")),
        sa.UniqueConstraint("case_id", "theme_id", name=op.f("uq_case_theme_case_id_theme_id")),
    )
    with op.batch_alter_table("case_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_theme_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(12), nullable=False),
        sa.Column("direction", sa.String(6), nullable=False),
        sa.Column("start", sa.String(10), nullable=False),
        sa.Column("original_due", sa.String(10), nullable=False),
        sa.Column("due", sa.String(10), nullable=False),
        sa.Column("met_on", sa.String(10), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("stopped_why", sa.String(), nullable=True),
        sa.CheckConstraint("direction IN ('after', 'before')", name=op.f("ck_clock_direction")),
        sa.CheckConstraint("kind IN ('statutory', 'guidance', 'local')", name=op.f("ck_clock_kind")),
        sa.CheckConstraint("unit IN ('working_days', 'days', 'weeks', 'months', 'years')", name=op.f("ck_clock_unit")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_clock_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint("case_id", "code", name=op.f("uq_clock_case_id_code")),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_conflict_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_person_id"), ["person_id"], unique=False)

    op.create_table(
        "contributing_partnership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_contributing_partnership_case_id")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_contributing_partnership_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributing_partnership")),
        sa.UniqueConstraint("case_id", "name", name=op.f("uq_contributing_partnership_case_id_name")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.String(10), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("body", sa.String(200), nullable=False),
        sa.Column("against_recommendation", sa.Boolean(), nullable=False),
        sa.Column("against_panel_advice", sa.Boolean(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("outcome IN ('review', 'no_review', 'send_back')", name=op.f("ck_decision_outcome")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_decision_case_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_decision_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_case_id"), ["case_id"], unique=False)

    op.create_table(
        "delay_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("to", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_delay_notice_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delay_notice")),
    )
    with op.batch_alter_table("delay_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delay_notice_case_id"), ["case_id"], unique=False)

    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("revised_due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_hold_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_case_id"), ["case_id"], unique=False)

    op.create_table(
        "impact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=True),
        sa.Column("embedded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_impact_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact")),
    )
    with op.batch_alter_table("impact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_impact_action_id"), ["action_id"], unique=False)

    op.create_table(
        "learning_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("attendance", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_learning_session_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_session")),
    )
    with op.batch_alter_table("learning_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learning_session_case_id"), ["case_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=True),
        sa.Column("proposed_why", sa.String(), nullable=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("key_points", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('planned', 'cancelled', 'closed')", name=op.f("ck_meeting_status")),
        sa.ForeignKeyConstraint(["group_id"], ["partnership_group.id"], name=op.f("fk_meeting_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("reference", name=op.f("uq_meeting_reference")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_on"), ["on"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["partnership_group.id"], name=op.f("fk_membership_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "national_panel_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.String(10), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('agrees', 'advises_review', 'advises_against', 'national_review', 'query')",
            name=op.f("ck_national_panel_response_kind"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_national_panel_response_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_panel_response")),
    )
    with op.batch_alter_table("national_panel_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_national_panel_response_case_id"), ["case_id"], unique=False)

    op.create_table(
        "panel_recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.String(10), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("immediate_learning", sa.String(), nullable=True),
        sa.CheckConstraint("outcome IN ('review', 'no_review')", name=op.f("ck_panel_recommendation_outcome")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_panel_recommendation_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_recommendation")),
    )
    with op.batch_alter_table("panel_recommendation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_recommendation_case_id"), ["case_id"], unique=False)

    op.create_table(
        "reflection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("which", sa.String(10), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.CheckConstraint("which IN ('6m', '12m', 'update')", name=op.f("ck_reflection_which")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_reflection_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
        sa.UniqueConstraint("case_id", "which", name=op.f("uq_reflection_case_id_which")),
    )
    op.create_table(
        "review_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_review_case_case_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_case_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_case")),
        sa.UniqueConstraint("review_id", "case_id", name=op.f("uq_review_case_review_id_case_id")),
    )
    with op.batch_alter_table("review_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_case_case_id"), ["case_id"], unique=False)

    op.create_table(
        "acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("answer IN ('accepted', 'queried')", name=op.f("ck_acceptance_answer")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acceptance_person_id")),
        sa.ForeignKeyConstraint(["update_id"], ["action_update.id"], name=op.f("fk_acceptance_update_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
    )
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acceptance_update_id"), ["update_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("agency_name", sa.String(200), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("meeting_id", "agency_name", name=op.f("uq_attendance_meeting_id_agency_name")),
    )
    op.create_table(
        "decision_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(200), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_voice_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_voice")),
        sa.UniqueConstraint("decision_id", "partner", name=op.f("uq_decision_voice_decision_id_partner")),
    )
    op.create_table(
        "digest_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_digest_sent_meeting_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["digest_sent.id"], name=op.f("fk_digest_sent_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_sent")),
    )
    with op.batch_alter_table("digest_sent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_sent_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("ask", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(20), nullable=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_why", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'answered', 'told', 'withdrawn')", name=op.f("ck_escalation_status")),
        sa.ForeignKeyConstraint(["group_id"], ["partnership_group.id"], name=op.f("fk_escalation_group_id")),
        sa.ForeignKeyConstraint(["level_id"], ["partnership_group.id"], name=op.f("fk_escalation_level_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_escalation_meeting_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_escalation_partnership_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["person.id"], name=op.f("fk_escalation_raised_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("reference", name=op.f("uq_escalation_reference")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_status"), ["status"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("on", sa.String(10), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("looked_at_by_id", sa.Integer(), nullable=True),
        sa.Column("stale_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_evidence_action_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_evidence_given_by_id")),
        sa.ForeignKeyConstraint(["looked_at_by_id"], ["person.id"], name=op.f("fk_evidence_looked_at_by_id")),
        sa.ForeignKeyConstraint(["update_id"], ["action_update.id"], name=op.f("fk_evidence_update_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_action_id"), ["action_id"], unique=False)

    op.create_table(
        "method_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("done_on", sa.String(10), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "code IN ('single_agency_audit_and_assurance', 'multi_agency_audit', 'partner_led_workshop', 'commissioned_independent_reviewer_led_workshop', 'partner_authored_report', 'commissioned_independent_reviewer_report', 'independent_scrutineer_report', 'strategy_manager_report', 'family_child_engagement', 'cyp_workshop', 'cyp_outreach')",
            name=op.f("ck_method_work_code"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_method_work_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_method_work_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_work")),
    )
    with op.batch_alter_table("method_work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_method_work_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_method_work_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "ratification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(200), nullable=False),
        sa.Column("on", sa.String(10), nullable=True),
        sa.Column("answer", sa.String(3), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_ratification_answer")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_ratification_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratification")),
    )
    with op.batch_alter_table("ratification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ratification_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "reflection_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reflection_id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(12), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("gap_action_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("answer IN ('embedded', 'in_progress', 'gap')", name=op.f("ck_reflection_answer_answer")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_reflection_answer_action_id")),
        sa.ForeignKeyConstraint(["gap_action_id"], ["action.id"], name=op.f("fk_reflection_answer_gap_action_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_reflection_answer_recommendation_id")
        ),
        sa.ForeignKeyConstraint(["reflection_id"], ["reflection.id"], name=op.f("fk_reflection_answer_reflection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection_answer")),
    )
    with op.batch_alter_table("reflection_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reflection_answer_reflection_id"), ["reflection_id"], unique=False)

    op.create_table(
        "resolution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("participants", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_resolution_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
    )
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resolution_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "escalation_about",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_escalation_about_action_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_escalation_about_case_id")),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_about_escalation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_about")),
    )
    with op.batch_alter_table("escalation_about", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_about_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_about_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_about_escalation_id"), ["escalation_id"], unique=False)

    op.create_table(
        "escalation_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("by_whom", sa.String(200), nullable=True),
        sa.Column("by_when", sa.String(10), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('agreed', 'agreed_in_part', 'not_agreed', 'deferred', 'asked_back')",
            name=op.f("ck_escalation_response_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_response_escalation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_escalation_response_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_response")),
    )
    with op.batch_alter_table("escalation_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_response_escalation_id"), ["escalation_id"], unique=False)

    op.create_table(
        "escalation_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("from_group_id", sa.Integer(), nullable=False),
        sa.Column("to_group_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_step_escalation_id")),
        sa.ForeignKeyConstraint(
            ["from_group_id"], ["partnership_group.id"], name=op.f("fk_escalation_step_from_group_id")
        ),
        sa.ForeignKeyConstraint(["to_group_id"], ["partnership_group.id"], name=op.f("fk_escalation_step_to_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_step")),
        sa.UniqueConstraint("escalation_id", "to_group_id", name=op.f("uq_escalation_step_escalation_id_to_group_id")),
    )
    op.create_table(
        "method_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("method_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("agency", sa.String(200), nullable=True),
        sa.Column("level", sa.String(12), nullable=True),
        sa.Column("involvement", sa.String(10), nullable=True),
        sa.Column("declaration", sa.String(), nullable=True),
        sa.Column("appointed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.CheckConstraint("involvement IN ('none', 'direct', 'not_known')", name=op.f("ck_method_lead_involvement")),
        sa.CheckConstraint("level IN ('senior', 'operational')", name=op.f("ck_method_lead_level")),
        sa.ForeignKeyConstraint(["method_id"], ["method_work.id"], name=op.f("fk_method_lead_method_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_method_lead_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_lead")),
    )
    with op.batch_alter_table("method_lead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_method_lead_method_id"), ["method_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_method_lead_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("method_lead", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_method_lead_person_id"))
        batch_op.drop_index(batch_op.f("ix_method_lead_method_id"))

    op.drop_table("method_lead")
    op.drop_table("escalation_step")
    with op.batch_alter_table("escalation_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_response_escalation_id"))

    op.drop_table("escalation_response")
    with op.batch_alter_table("escalation_about", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_about_escalation_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_about_case_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_about_action_id"))

    op.drop_table("escalation_about")
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resolution_decision_id"))

    op.drop_table("resolution")
    with op.batch_alter_table("reflection_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reflection_answer_reflection_id"))

    op.drop_table("reflection_answer")
    with op.batch_alter_table("ratification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ratification_decision_id"))

    op.drop_table("ratification")
    with op.batch_alter_table("method_work", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_method_work_decision_id"))
        batch_op.drop_index(batch_op.f("ix_method_work_case_id"))

    op.drop_table("method_work")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_action_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_status"))
        batch_op.drop_index(batch_op.f("ix_escalation_partnership_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_group_id"))

    op.drop_table("escalation")
    with op.batch_alter_table("digest_sent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digest_sent_meeting_id"))

    op.drop_table("digest_sent")
    op.drop_table("decision_voice")
    op.drop_table("attendance")
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptance_update_id"))

    op.drop_table("acceptance")
    with op.batch_alter_table("review_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_case_case_id"))

    op.drop_table("review_case")
    op.drop_table("reflection")
    with op.batch_alter_table("panel_recommendation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_recommendation_case_id"))

    op.drop_table("panel_recommendation")
    with op.batch_alter_table("national_panel_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_national_panel_response_case_id"))

    op.drop_table("national_panel_response")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_membership_group_id"))

    op.drop_table("membership")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_on"))
        batch_op.drop_index(batch_op.f("ix_meeting_group_id"))

    op.drop_table("meeting")
    with op.batch_alter_table("learning_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_session_case_id"))

    op.drop_table("learning_session")
    with op.batch_alter_table("impact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_impact_action_id"))

    op.drop_table("impact")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hold_case_id"))

    op.drop_table("hold")
    with op.batch_alter_table("delay_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delay_notice_case_id"))

    op.drop_table("delay_notice")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_case_id"))

    op.drop_table("decision")
    op.drop_table("contributing_partnership")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_person_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_case_id"))

    op.drop_table("conflict")
    op.drop_table("clock")
    with op.batch_alter_table("case_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_theme_theme_id"))

    op.drop_table("case_theme")
    with op.batch_alter_table("case_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_name_folded"))
        batch_op.drop_index(batch_op.f("ix_case_name_case_id"))

    op.drop_table("case_name")
    op.drop_table("case_event")
    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_access_person_id"))
        batch_op.drop_index(batch_op.f("ix_case_access_case_id"))

    op.drop_table("case_access")
    op.drop_table("agency_return")
    with op.batch_alter_table("action_update", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_update_action_id"))

    op.drop_table("action_update")
    with op.batch_alter_table("action_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_theme_theme_id"))

    op.drop_table("action_theme")
    with op.batch_alter_table("action_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_source_recommendation_id"))
        batch_op.drop_index(batch_op.f("ix_action_source_case_id"))
        batch_op.drop_index(batch_op.f("ix_action_source_action_id"))

    op.drop_table("action_source")
    with op.batch_alter_table("action_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_hold_action_id"))

    op.drop_table("action_hold")
    with op.batch_alter_table("action_helper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_helper_person_id"))

    op.drop_table("action_helper")
    with op.batch_alter_table("action_date", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_date_action_id"))

    op.drop_table("action_date")
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_setting_partnership_id"))

    op.drop_table("setting")
    with op.batch_alter_table("rung_told", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rung_told_person_id"))

    op.drop_table("rung_told")
    with op.batch_alter_table("role_holding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_holding_partnership_id"))
        batch_op.drop_index("ix_role_holding_of")
        batch_op.drop_index(batch_op.f("ix_role_holding_agency_id"))

    op.drop_table("role_holding")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reading_person_id"))
        batch_op.drop_index(batch_op.f("ix_reading_about"))

    op.drop_table("reading")
    with op.batch_alter_table("post_holding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_holding_post_id"))
        batch_op.drop_index(batch_op.f("ix_post_holding_holder_id"))

    op.drop_table("post_holding")
    op.drop_table("partnership_group")
    op.drop_table("intent")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_person_id"))

    op.drop_table("identity")
    with op.batch_alter_table("history_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_line_about"))

    op.drop_table("history_line")
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_record_status"))
        batch_op.drop_index(batch_op.f("ix_case_record_partnership_id"))

    op.drop_table("case_record")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_status"))
        batch_op.drop_index(batch_op.f("ix_action_partnership_id"))
        batch_op.drop_index(batch_op.f("ix_action_owner_id"))
        batch_op.drop_index(batch_op.f("ix_action_due"))
        batch_op.drop_index(batch_op.f("ix_action_agency_id"))

    op.drop_table("action")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_agency_id"))

    op.drop_table("person")
    op.drop_table("year_figure")
    op.drop_table("recommendation")
    op.drop_table("finding")
    op.drop_table("closure")
    with op.batch_alter_table("calendar_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_event_partnership_id"))

    op.drop_table("calendar_event")
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_partnership_id"))

    op.drop_table("agency")
    op.drop_table("theme")
    op.drop_table("review")
    op.drop_table("partnership")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_message_person_id"))
        batch_op.drop_index(batch_op.f("ix_message_kind_about"))

    op.drop_table("message")
    op.drop_table("history_head")
    with op.batch_alter_table("definition_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_definition_version_name"))

    op.drop_table("definition_version")
    op.drop_table("counter")
