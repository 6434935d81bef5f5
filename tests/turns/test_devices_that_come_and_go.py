"""Devices lost and found again in the middle of a real session on the virtual sound card."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from live_session import LiveSession, live_session, short_pack
from virtual_sound_card import MICROPHONE, SPEAKER, SoundCard

from voice_coach import session
from voice_coach.audio.ports import DeviceLost
from voice_coach.notes.store import Store


def prompts(live: LiveSession, count: int) -> list[str]:
    return [live.wait("prompt")["id"] for _ in range(count)]


@pytest.mark.parametrize(
    ("device", "which", "line"), [(MICROPHONE, "microphone", "MIC"), (SPEAKER, "speaker", "SPEAKER")]
)
def test_a_device_that_goes_pauses_the_session_and_its_return_goes_on_where_it_was(
    sound_card: SoundCard, device: str, which: str, line: str
) -> None:
    with live_session() as live:
        live.wait("prompt", state="WELCOME")
        sound_card.unplug(device)
        live.wait("device", which=which, what="lost")
        live.wait("state", name="PAUSED")
        [notice] = prompts(live, 1)
        sound_card.plug(device)
        live.wait("device", which=which, what="back")
        back, again, place = prompts(live, 3)
    assert notice.startswith(f"lines.{line}_LOST")
    assert back.startswith(f"lines.{line}_BACK")
    assert again.startswith("lines.WELCOME_BACK")
    assert place.startswith("WELCOME.prompts")


def test_a_sound_server_that_dies_takes_both_devices_and_gives_both_back(sound_card: SoundCard) -> None:
    with live_session() as live:
        live.wait("prompt", state="WELCOME")
        sound_card.kill_daemon()
        lost = {live.wait("device", what="lost")["which"], live.wait("device", what="lost")["which"]}
        live.wait("prompt_end", how="finished")
        sound_card.mend()
        back = {live.wait("device", what="back")["which"], live.wait("device", what="back")["which"]}
        live.wait_for(lambda event: event["event"] == "prompt" and "WELCOME_BACK" in event["id"])
    assert lost == back == {"microphone", "speaker"}


@pytest.mark.parametrize("which", ["microphone", "speaker"])
def test_a_device_that_goes_just_after_hush_does_not_keep_the_session_alive(
    sound_card: SoundCard, which: str
) -> None:
    with live_session() as live:
        live.wait("prompt", state="WELCOME")
        live.press("HUSH")
        live.session.events.put(DeviceLost(which, "as it is told"))
        assert live.wait("end")["why"] == "hushed"


def test_notes_are_wiped_as_decided_though_the_speaker_goes_that_moment(
    sound_card: SoundCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "pack_of", short_pack)
    store = Store(tmp_path / "notes")
    store.add("md", b"a note", date.today())
    with live_session(notes=True, notes_folder=str(store.path)) as live:
        live.wait("listen", state="PLACE")
        live.press("DELETE_NOTES")
        live.wait("prompt", state="NOTES_WIPE")
        live.press("WIPE_THEM")
        live.wait("listen", state="NOTES_WIPE")
        live.press("REPEAT")
        live.wait("prompt", state="NOTES_WIPE")
        live.press("WIPE_THEM")
        live.session.events.put(DeviceLost("speaker", "as it is told"))
        live.wait("device", what="lost")
        live.wait("prompt", state="PAUSED")
        assert not store.look().notes


def test_what_the_sound_libraries_print_stays_away_from_the_person(
    sound_card: SoundCard, capfd: pytest.CaptureFixture[str]
) -> None:
    with live_session() as live:
        live.wait("prompt", state="WELCOME")
        sound_card.kill_daemon()
        live.wait("device", what="lost")
        live.wait("prompt")
        sound_card.mend()
        live.wait("device", what="back")
    assert capfd.readouterr().err == ""
