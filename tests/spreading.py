"""The order in which files of tests are handed out to workers: the longest first, so that all end together."""

import pytest

# Each takes ten seconds or more, the longest first. One that is missing here costs a worker that waits at the end, and
# nothing else; `--durations=100` shows how long they take.
LONGEST = """
    tests/tracker/web/test_in_browser.py
    tests/tracker/web/test_forms_in_browser.py
    tests/tracker/web/test_every_form.py
    tests/repository/test_migrations.py
    tests/tracker/reminders/test_killed.py
    tests/repository/test_bench.py
    tests/journeys/test_case_in_browser.py
    tests/tracker/web/test_states_in_browser.py
    tests/tracker/web/test_focus.py
    tests/tracker/web/test_doors.py
    tests/tracker/api/test_described.py
    tests/tracker/web/test_links_live.py
    tests/tracker/commands/test_demo.py
    tests/tracker/commands/test_schedule.py
    tests/tracker/web/test_number_of_queries.py
    tests/journeys/test_clicks_in_browser.py
    tests/tracker/web/test_imports_in_browser.py
    tests/tracker/web/test_print.py
    tests/tracker/test_two_at_once.py
    tests/tracker/web/test_without_scripts.py
    tests/tracker/reminders/test_days.py
    tests/tracker/commands/test_saying.py
    tests/tracker/web/test_links_in_browser.py
    tests/repository/test_wheel.py
    tests/tracker/web/test_briefing_in_browser.py
    tests/tracker/reminders/test_meanwhile.py
    tests/traps/test_post.py
    tests/tracker/reminders/test_help.py
    tests/tracker/web/test_reflections.py
    tests/tracker/reminders/test_runs.py
    tests/tracker/web/test_admin.py
    tests/tracker/web/test_actions.py
    tests/tracker/web/test_emails_in_browser.py
    tests/tracker/web/test_ending_in_browser.py
    tests/journeys/test_escalation_in_browser.py
    tests/tracker/web/test_sign_in.py
    tests/tracker/backups/test_damaged.py
    tests/tracker/api/test_routes.py
    tests/workflows/test_process_machine.py
""".split()


def put_longest_first(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first; all else stays in its order."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONGEST)))
