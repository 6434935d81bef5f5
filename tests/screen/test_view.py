"""What is seen follows from what happens, and holds nothing else."""

from __future__ import annotations

import pytest
from shown_page import views

from voice_coach.events import Event
from voice_coach.screen.board import Board
from voice_coach.screen.letters import LETTERS, pressed
from voice_coach.screen.view import Screen, View


@pytest.fixture
def screen(board: Board) -> Screen:
    return Screen(board, lambda view: None)


def after(screen: Screen, *events: Event) -> View:
    for event in events:
        screen.notice(event)
    return screen.view


def at(name: str) -> Event:
    return {"event": "state", "name": name}


def test_it_is_seen_who_speaks_and_who_listens(screen: Screen) -> None:
    assert screen.view.phase == "starting"
    said = {"event": "prompt", "state": "PLACE", "text": "Is it okay to talk here?"}
    assert after(screen, at("PLACE"), said).phase == "speaking"
    assert after(screen, {"event": "prompt_end"}).phase == "waiting"
    assert after(screen, {"event": "listen", "turn": "choice"}).phase == "listening"
    assert after(screen, at("PAUSED"), {"event": "listen", "turn": "paused"}).phase == "paused"


def test_a_caption_stays_until_the_next_one(screen: Screen) -> None:
    said = {"event": "prompt", "state": "PLACE", "text": "Exactly this."}
    after(screen, at("PLACE"), said, {"event": "prompt_end"}, at("CONSENT"))
    assert screen.view.caption == "Exactly this."


def test_one_press_of_a_key_that_would_open_something_asks_for_another(screen: Screen) -> None:
    after(screen, at("CONSENT"))
    press = {"event": "key", "state": "CONSENT", "intent": "YES"}
    assert after(screen, press, {"event": "chime", "name": "tick"}).sign == "press_again"
    assert after(screen, at("MODE")).sign == ""


def test_a_key_that_opens_nothing_asks_for_nothing(screen: Screen) -> None:
    press = {"event": "key", "state": "CONSENT", "intent": "NO"}
    assert after(screen, at("CONSENT"), press).sign == ""


def test_earcons_and_what_was_not_heard_are_seen(screen: Screen) -> None:
    after(screen, at("LISTEN"), {"event": "listen", "turn": "free"})
    assert after(screen, {"event": "chime", "name": "tick"}).sign == "no_hurry"
    assert after(screen, {"event": "chime", "name": "bell"}).sign == "bell"
    assert after(screen, {"event": "heard", "intent": None, "turn": "free"}).sign == ""
    assert after(screen, {"event": "heard", "intent": None, "turn": "gate"}).sign == "unheard"
    assert after(screen, {"event": "trouble", "text": "x"}).sign == "use_screen"
    assert after(screen, {"event": "device", "which": "microphone", "what": "back"}).sign == ""


def test_the_end_leaves_no_words_and_no_keys(screen: Screen) -> None:
    said = {"event": "prompt", "state": "GOODBYE", "text": "Bye."}
    view = after(screen, at("GOODBYE"), said, {"event": "end", "why": "finished"})
    assert (view.caption, view.choices, view.always, view.phase) == ("", (), (), "off")
    assert view.picto == "power"
    assert not view.offers("STOP")


def test_after_hush_nothing_at_all_is_seen(screen: Screen) -> None:
    said = {"event": "prompt", "state": "CR_DANGER", "text": "You may not be safe."}
    view = after(screen, at("CR_DANGER"), said, {"event": "end", "why": "hushed"})
    assert (view.picto, view.caption, view.sign) == ("", "", "")


def test_it_changes_only_when_there_is_something_new(board: Board) -> None:
    found, publish = views()
    screen = Screen(board, publish)
    after(screen, at("PLACE"), {"event": "chime", "name": "open"}, {"event": "silence"})
    after(screen, {"event": "listen", "turn": "choice"}, {"event": "listen", "turn": "choice"})
    assert len(found) == 3


def test_a_press_counts_for_the_question_it_was_meant_for(screen: Screen) -> None:
    first = after(screen, at("PLACE")).turn
    assert after(screen, {"event": "listen", "turn": "choice"}).turn == first
    assert after(screen, at("CONSENT")).turn > first


def test_digits_press_choices_and_letters_what_is_always_there(screen: Screen) -> None:
    view = after(screen, at("CONNECT_CHECK"))
    assert [pressed(view, digit) for digit in "1234"] == ["STEADY", "BETWEEN", "STIRRED", None]
    assert [pressed(view, letter) for letter in "spkahnq"] == list(LETTERS.values())
    assert pressed(view, "S") == "STOP"
    assert [pressed(view, other) for other in ("x", "é", "0", "\x1b", "²")] == [None] * 5
