"""What an action allows in each of its statuses."""

from workflows.action import ENDED_STATUSES, ActionStatus, deeds_in, why_closed


def test_only_an_open_action_takes_updates():
    taking = [status.value for status in ActionStatus if "update-action" in deeds_in(status)]

    assert taking == ["planned", "in_progress", "ongoing"]


def test_a_complete_action_is_looked_at_again_and_its_impact_recorded():
    assert deeds_in(ActionStatus.COMPLETE)[:3] == ("edit-action", "review-action", "record-impact")


def test_an_action_joined_with_another_allows_only_to_be_split_from_it():
    assert deeds_in(ActionStatus.MERGED) == ("split-action",)


def test_every_closed_action_says_why_it_takes_no_more():
    assert [why_closed("A214", status) for status in ENDED_STATUSES] == [
        "A214 is complete. Thank you.",
        "A214 is complete and embedded. Thank you.",
        "A214 is closed: it was done differently.",
        "A214 is closed: it is not taken forward.",
        "A214 was joined with another action. Use that one.",
    ]
