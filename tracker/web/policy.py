"""Who may ask for what, as pages declare it; the JSON interface declares it the same way."""

from tracker.policy import (
    ANYBODY,
    BY_LINK,
    HALF_SIGNED_IN,
    SIGNED_IN,
    Door,
    Policy,
    Who,
    doors,
    for_roles,
    must_all_be_declared,
    policy,
    policy_of,
)

__all__ = [
    "ANYBODY",
    "BY_LINK",
    "HALF_SIGNED_IN",
    "SIGNED_IN",
    "Door",
    "Policy",
    "Who",
    "doors",
    "for_roles",
    "must_all_be_declared",
    "policy",
    "policy_of",
]
