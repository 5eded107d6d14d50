"""Passwords: which may be chosen, and how they are compared."""

import threading
import time
from statistics import median

import pytest
from argon2 import PasswordHasher

from tests.waiting import until
from tracker.people import passwords
from tracker.people.passwords import fits, hashed, is_outdated, wrong_with

GOOD = "walnut-ferry-lantern-42"
NAMES = ("Casey Morgan", "c.ordinator@thscp.example")
COMMON = "This password is one that many people choose. Choose another one, like four words that do not belong"
OWN = "The password must not hold your name or your email address"


@pytest.mark.parametrize(
    "password", [GOOD, "x7#Qm2!pLw9z", "Wörter über alle Berge", "密码是由十二个以上不同汉字组成的", "a b c d e f g h"]
)
def test_good_password_may_be_chosen(password):
    assert wrong_with(password, NAMES) is None


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "The password must have 12 characters or more"),
        ("elevenchars", "The password must have 12 characters or more"),
        ("x7" * 101, "The password must have 200 characters or fewer"),
        ("password1234", COMMON),
        ("Pass-word-1234", COMMON),
        ("PASSWORD 123456", COMMON),
        ("123456789012", COMMON),
        ("aaaaaaaaaaaaaaa", COMMON),
        ("abababababab", COMMON),
        ("------------", COMMON),
        ("Safeguarding 1234", COMMON),
        ("casey-walnut-lantern", OWN),
        ("MORGAN walnut ferry", OWN),
        ("walnut c.ordinator 42", OWN),
    ],
)
def test_password_that_is_easily_guessed_is_refused_with_what_to_do(password, sentence):
    assert wrong_with(password, NAMES) == sentence


def test_what_is_kept_is_argon2id_and_never_the_same_twice():
    kept = [hashed(GOOD), hashed(GOOD)]

    assert [one.startswith("$argon2id$") for one in kept] == [True, True]
    assert (kept[0] == kept[1], GOOD in kept[0]) == (False, False)


@pytest.mark.parametrize("wrong", ["", GOOD + " ", GOOD.upper(), GOOD[:-1], GOOD + "\x00", "x" * 100_000])
def test_only_the_same_password_fits(wrong):
    kept = hashed(GOOD)

    assert (fits(GOOD, kept), fits(wrong, kept)) == (True, False)


def test_letters_fit_whether_the_keyboard_composes_them_or_not():
    assert fits("Caf\u00e9 walnut ferry", hashed("Cafe\u0301 walnut ferry"))


def test_nobody_has_no_password_that_fits():
    assert [fits(GOOD, None), fits("of nobody at all", None), fits(GOOD, "no hash at all")] == [False, False, False]


def test_what_was_kept_with_other_costs_is_outdated():
    cheaper = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)

    assert (is_outdated(cheaper), is_outdated(hashed(GOOD))) == (True, False)


def test_unknown_and_known_accounts_take_the_same_time():
    kept = hashed(GOOD)
    fits("x", None)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(15):
        for known in taken:
            began = time.thread_time()
            fits("wrong-wrong-wrong", kept if known else None)
            taken[known].append(time.thread_time() - began)

    assert median(taken[True]) == pytest.approx(median(taken[False]), rel=0.5)


def test_four_are_compared_at_once_and_no_more(monkeypatch):
    now, most, lock = [0], [0], threading.Lock()
    let_go = threading.Event()

    class Slow:
        def verify(self, *_: object) -> None:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            let_go.wait(60)
            with lock:
                now[0] -= 1

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    monkeypatch.setattr(passwords, "_LONGEST_WAIT", 120)
    threads = [threading.Thread(target=fits, args=(GOOD, "kept")) for _ in range(9)]
    for thread in threads:
        thread.start()
    until(lambda: now[0] == 4)
    # Time for a fifth.
    time.sleep(0.2)
    reached = now[0]
    let_go.set()
    for thread in threads:
        thread.join()

    assert (reached, most[0]) == (4, 4)
