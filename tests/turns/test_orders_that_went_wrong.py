"""Orders of events that once broke a promise, each as short as it can be."""

from __future__ import annotations

from pathlib import Path

import pytest
from any_order import AnyOrder

from voice_coach.conversation.preset import Preset
from voice_coach.turns.opening import Openness

NOTES = Preset(mode="heard", notes_on=True)


def session(folder: Path, state: str, openness: Openness | None = None, preset: Preset = NOTES) -> AnyOrder:
    return AnyOrder(folder, preset, state, openness or Openness(), notes=1)


def press_twice(live: AnyOrder, intent: str) -> None:
    live.press(intent)
    live.pass_frames(35)
    live.press(intent)
    live.settle()


def prompts(live: AnyOrder) -> list[str]:
    return [event["id"] for event in live.seen if event["event"] == "prompt"]


def wipe_over_a_prompt(live: AnyOrder) -> None:
    """It is said again, so that the wipe waits for the end of a sound."""
    live.press("DELETE_NOTES")
    live.pass_frames(60)
    live.press("WIPE_THEM")
    live.pass_frames(35)
    live.press("REPEAT")
    live.pass_frames(3)
    live.press("WIPE_THEM")
    live.settle()


def test_hush_is_silent_though_a_wipe_that_still_waits_fails(tmp_path: Path) -> None:
    live = session(tmp_path, "HEARD")
    live.pass_frames(60)
    wipe_over_a_prompt(live)
    live.store.full = True
    before = prompts(live)
    live.press("HUSH")
    live.pass_frames(60)
    assert live.over
    assert prompts(live) == before


@pytest.mark.parametrize("which", ["microphone", "speaker"])
def test_it_still_listens_though_a_wipe_fails_as_a_device_goes(tmp_path: Path, which: str) -> None:
    live = session(tmp_path, "HEARD")
    live.pass_frames(60)
    wipe_over_a_prompt(live)
    live.store.full = True
    live.lose(which)
    live.pass_frames(120)
    assert live.state == "PAUSED"
    assert live.listener.is_open
    assert any(said.startswith("lines.NOTES_NOT_WIPED") for said in prompts(live))
    assert len(live.store.look().notes) == 1


def test_what_could_not_be_done_is_never_said_to_be_done_when_it_is_said_again(tmp_path: Path) -> None:
    live = session(tmp_path, "HEARD")
    live.store.full = True
    live.pass_frames(60)
    live.press("DELETE_NOTES")
    live.pass_frames(60)
    press_twice(live, "WIPE_THEM")
    live.pass_frames(4)
    live.press("REPEAT")
    live.pass_frames(60)
    assert not any(said.startswith("NOTES_WIPED.") for said in prompts(live))


def test_news_over_a_prompt_that_was_broken_off_leaves_the_question_standing(tmp_path: Path) -> None:
    preset = Preset(mode="look_back", length="short")
    live = session(tmp_path, "EX_UNTOLD", Openness(headphones=True), preset)
    live.pass_frames(80)
    live.voice.longer = 100
    live.press("NUMBERS")
    while not live.mouth.sounding_words:
        live.pass_frames(1)
    live.say("", frames=60)
    for _ in range(90):
        if not live.mouth.interrupted:
            live.pass_frames(1)
    assert live.mouth.interrupted
    asked = prompts(live)[-1]
    live.fail_hearing()
    live.settle()
    live.pass_frames(200)
    assert prompts(live)[-1] == asked


def test_a_note_begun_anew_is_not_ended_by_the_text_of_the_one_before(tmp_path: Path) -> None:
    live = session(tmp_path, "NOTE_KIND")
    live.pass_frames(60)
    live.press("TEXT")
    live.settle()
    while not live.notes._recording.is_open:
        live.pass_frames(1)
    live.pass_frames(25)
    live.be_late(10_000)
    live.say("", frames=60)
    live.pass_frames(110)
    live.press("DONE")
    live.settle()
    assert live.notes.awaits
    live.press("REPEAT")
    live.settle()
    live.voice.render()
    live.pass_frames(60)
    assert live.notes._recording.is_open
    live.be_late(0)
    live.pass_frames(25)
    live.say("", frames=60)
    live.pass_frames(110)
    assert live.state == "NOTE_SAY"
    assert live.listener.is_open


def test_a_microphone_that_gave_zeros_before_it_went_is_back_when_it_is_back(tmp_path: Path) -> None:
    live = session(tmp_path, "HEARD")
    live.pass_frames(60)
    live.devices.mute(muted=True)
    live.pass_frames(60)
    live.lose("microphone")
    live.pass_frames(60)
    live.devices.come_back("microphone")
    live.pass_frames(120)
    assert live.state == "HEARD"


def test_a_pause_of_the_person_s_own_holds_though_a_device_comes_back(tmp_path: Path) -> None:
    live = session(tmp_path, "HEARD")
    live.pass_frames(60)
    live.lose("speaker")
    live.pass_frames(60)
    live.press("RESUME")
    live.pass_frames(60)
    live.press("PAUSE")
    live.pass_frames(60)
    live.devices.come_back("speaker")
    live.pass_frames(120)
    assert live.state == "PAUSED"
