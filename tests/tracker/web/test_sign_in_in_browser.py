"""Signing in, in a real browser: from the invitation to the first page, accessible and narrow enough at every step."""

from tests.browser import new_window
from tests.tracker.web.signing import PASSWORD, at, code, give_proofs
from tests.tracker.web.test_joining import invited
from tests.tracker.web.windows import wrong_with


def looked_at(window):
    """Give what is wrong with the page that stands open, by its heading."""
    wrong = wrong_with(window)
    return window.inner_text("h1"), wrong


def test_newcomer_chooses_a_password_sets_up_her_authenticator_and_keeps_her_codes(chromium, world, tmp_path):
    path = invited(world, tmp_path)
    with at(world) as base, new_window(chromium) as context:
        window = context.new_page()
        window.goto(base + path)
        seen = [looked_at(window)]
        window.fill("#password", "short")
        window.click("text=Save and continue")
        seen.append(looked_at(window))
        window.fill("#password", PASSWORD)
        window.click("text=Save and continue")
        seen.append(looked_at(window))
        key = window.inner_text(".app-secret").replace(" ", "")
        window.fill("#code", code(key=key))
        window.click("text=Confirm and continue")
        seen.append(looked_at(window))
        window.click("text=I have kept them: continue")
        seen.append((window.inner_text("h1"), {}))

    assert seen == [
        ("Welcome: choose a password", {}),
        ("Welcome: choose a password", {}),
        ("Set up your authenticator", {}),
        ("Keep your recovery codes", {}),
        ("What needs you today", {}),
    ]


def test_coordinator_signs_in_with_a_recovery_code(chromium, world):
    recovery_code, *_ = give_proofs(world)
    with at(world) as base, new_window(chromium) as context:
        window = context.new_page()
        window.goto(base)
        seen = [looked_at(window)]
        window.click("text=Continue")
        seen.append(looked_at(window))
        window.fill("#email", "coordinator@thscp.example")
        window.fill("#password", PASSWORD)
        window.click("text=Continue")
        seen.append(looked_at(window))
        window.click("text=I cannot use my authenticator")
        seen.append(looked_at(window))
        window.fill("#code", recovery_code)
        window.click("main button:has-text('Sign in')")
        banner = window.inner_text(".govuk-notification-banner__content")
        window.goto(f"{base}/reset/no-such-link")
        seen.append(looked_at(window))

    assert seen == [
        ("Sign in", {}),
        ("Sign in", {}),
        ("Enter the code from your authenticator app", {}),
        ("Enter a recovery code", {}),
        ("This link does not work", {}),
    ]
    assert banner.startswith("You have used a recovery code: 9 are left.")
