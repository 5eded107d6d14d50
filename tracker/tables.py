"""Every table of the house in one place, for migrations: importing this module knows them all."""

from sqlmodel import SQLModel

import notifications.leases
import notifications.outbox  # noqa: F401
import tracker.actions.imported
import tracker.actions.models
import tracker.actions.pair_models
import tracker.briefings.models
import tracker.cases.decision_models
import tracker.cases.drafts
import tracker.cases.models
import tracker.escalations.models
import tracker.files.models
import tracker.groups.models
import tracker.history
import tracker.papers.models
import tracker.people.models
import tracker.people.sign_in_models
import tracker.reflections.models
import tracker.reminders.models
import tracker.reviews.models  # noqa: F401

METADATA = SQLModel.metadata
