"""A machine that sleeps in the middle of a session, with the sound server or without, and goes on."""

from __future__ import annotations

import time

import numpy as np
import pytest
from live_session import live_session, short_pack
from session_by_pipe import PipedSession, piped_session
from virtual_sound_card import Mouth, SoundCard

import voice_coach.session as sessions
from voice_coach import awake
from voice_coach.hearing.segmenter import ONSET_FRAMES
from voice_coach.speaking.stand_in import render_person

ASLEEP_SECONDS = 2.5
REACTION_SECONDS = 0.4
TO_THE_GATE = {
    "WELCOME": "SKIP",
    "PLACE": "YES",
    "CONNECT": "DONE",
    "RAW_CHECK": "ROOM",
    "NEED": "EXPLORE",
    "HOPE": "SKIP",
    "LISTEN": "DONE",
    "HEARD": "SKIP",
    "CONNECT_CHECK": "STEADY",
}


def person(words: str) -> np.ndarray:
    """Who heard the note, and answers as soon as anybody can."""
    pause = np.zeros(round(16_000 * REACTION_SECONDS), np.int16)
    return np.concatenate([pause, render_person(words)])


def go_to(coach: PipedSession, state: str, mouth: Mouth) -> None:
    """By keys, without waiting for a prompt to be said; but a gate wants to be asked and answered."""
    while (now := coach.wait("state")["name"]) != state:
        if now == "CONSENT":
            coach.wait("listen", state=now)
            mouth.say(person("yes"))
        else:
            coach.press(TO_THE_GATE[now])
    coach.wait("listen", state=state)


def came_back(coach: PipedSession) -> None:
    """It has noticed the gap, and is through with saying so."""
    coach.wait("device", which="microphone", what="lost")
    coach.wait("state", name="PAUSED")
    coach.wait("device", which="microphone", what="back")
    coach.wait_for(lambda event: event["event"] == "prompt" and "WELCOME_BACK" in event["id"])


def half_of(answer: np.ndarray) -> int:
    """Samples until the middle of what is said; by then a voice has been noticed."""
    spoken = np.flatnonzero(np.abs(answer) > 500)
    middle = int(spoken[0] + spoken[-1]) // 2
    assert middle - spoken[0] > ONSET_FRAMES * 320
    return middle


def heard(coach: PipedSession) -> int:
    return sum(event["event"] == "heard" for event in coach.events)


def test_what_is_said_before_a_sleep_and_in_it_opens_nothing_and_no_child_is_taken_to_hang(
    sound_card: SoundCard,
) -> None:
    mouth, yes = sound_card.mouth(), person("yes")
    middle = half_of(yes)
    quiet = np.zeros(round(16_000 * ASLEEP_SECONDS), np.int16)
    with piped_session(mode="look-back", time="short", second_ear="off") as coach:
        go_to(coach, "CONSENT", mouth)
        children = coach.children()
        mouth.say(yes[:middle]).wait()
        coach.sleep()
        # The sound server is awake, and keeps what the microphone brings for whoever wakes.
        mouth.say(np.concatenate([yes[middle:], quiet])).wait()
        coach.wake()
        came_back(coach)
        coach.wait("listen", state="CONSENT")
        assert heard(coach) == 0
        mouth.say(yes)
        coach.wait("heard", state="CONSENT", intent="YES")

        coach.wait("prompt", state="CONNECT")
        coach.sleep()
        mouth.say(quiet).wait()
        coach.wake()
        came_back(coach)
        coach.wait("prompt", state="CONNECT")
        assert coach.children() == children
    assert not {event["event"] for event in coach.events} & {"silence", "trouble"}


def test_a_sleep_of_the_whole_machine_carries_no_yes_to_a_harder_question(sound_card: SoundCard) -> None:
    mouth, ask_me = sound_card.mouth(), person("ask me")
    middle = half_of(ask_me)
    with piped_session(mode="look-back", time="short", second_ear="off") as coach:
        go_to(coach, "CHALLENGE_GATE", mouth)
        before = heard(coach)
        mouth.say(ask_me[:middle]).wait()
        coach.sleep()
        sound_card.freeze()
        time.sleep(ASLEEP_SECONDS)  # nothing is awake that could tell
        sound_card.thaw()
        coach.wake()
        mouth.say(ask_me[middle:])
        came_back(coach)
        coach.wait("listen", state="NOT_READY")  # where a pause at such a gate leads
        assert heard(coach) == before
        mouth.say(person("close"))
        coach.wait("heard", state="NOT_READY", intent="CLOSE")
    assert "challenge" not in {event.get("stance") for event in coach.events}


def test_a_gap_is_noticed_though_sound_is_there_at_once(
    sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, slept = awake.clock, [0.0]
    monkeypatch.setattr(awake, "clock", lambda: real() + slept[0])
    monkeypatch.setattr(sessions, "pack_of", short_pack)
    with live_session(second_ear="off") as live:
        live.wait("listen", state="PLACE")
        slept[0] = 8.0
        lost = live.wait("device", which="microphone", what="lost")
        live.wait("device", which="microphone", what="back")
        live.wait("listen", state="PLACE")
    assert "stood still" in lost["reason"]
