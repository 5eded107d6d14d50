"""Leases of processes that are dead, made older: what their end is waited for then is short, and never too short."""

from sqlalchemy import Engine

from notifications.leases import LEASE_SECONDS

_LEFT = 0.2


def age_leases(engine: Engine) -> None:
    """Let almost all of the time go by for which those hold their leases who renew them no more.

    The length itself stays: a process that lives, on a machine that is busy, loses nothing by it.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE lease SET expires_at = expires_at - {LEASE_SECONDS - _LEFT}")
