"""Imported once before processes are begun: what each would otherwise read anew and a service has long read."""

from sqlalchemy.orm import configure_mappers

import tests.tracker.racing  # noqa: F401
from workflows.definition import shipped, shipped_names
from workflows.working_days import bank_holidays

configure_mappers()
bank_holidays(2021)
for name in shipped_names():
    shipped(name)
