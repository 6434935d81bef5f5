"""A sound server that stands still in the middle of a session: keys work, and the session can end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from live_session import LiveSession, live_session, short_pack
from session_by_pipe import piped_session
from virtual_sound_card import SPEAKER, SoundCard

import voice_coach.session as sessions


@contextlib.contextmanager
def hung(card: SoundCard) -> Iterator[None]:
    card.freeze()
    try:
        yield
    finally:
        card.thaw()


def devices(live: LiveSession, what: str) -> set[str]:
    """The next two devices that are lost, or back."""
    return {live.wait("device", what=what)["which"] for _ in range(2)}


@pytest.mark.parametrize("key", ["STOP", "HUSH"])
def test_a_session_is_ended_by_key_and_its_program_too_while_the_sound_server_hangs(
    sound_card: SoundCard, key: str
) -> None:
    with piped_session(second_ear="off") as coach:
        coach.wait("listen", state="PLACE")
        with hung(sound_card):
            devices(coach, "lost")
            coach.press(key)
            coach.wait("end")
            assert coach.exit_code() == 0


def test_keys_are_answered_while_the_sound_server_hangs_and_then_it_goes_on_where_it_was(
    sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "pack_of", short_pack)
    with live_session(mode="look-back", time="short", second_ear="off") as live:
        live.wait("listen", state="PLACE")
        live.press("YES")
        live.wait("listen", state="CONSENT")
        with hung(sound_card):
            lost = devices(live, "lost")
            live.wait("listen", state="PAUSED")
            live.press("REPEAT")
            live.wait("prompt", id="PAUSED.prompts.0")
        back = devices(live, "back")
        live.wait("listen", state="CONSENT")
    assert lost == back == {"microphone", "speaker"}


def test_it_hangs_while_a_lost_device_is_looked_for(
    sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "pack_of", short_pack)
    with live_session(mode="look-back", time="short", second_ear="off") as live:
        live.wait("listen", state="PLACE")
        sound_card.unplug(SPEAKER)
        live.wait("device", which="speaker", what="lost")
        with hung(sound_card):
            live.wait("device", which="microphone", what="lost")
            live.press("REPEAT")
            live.wait("prompt", state="PAUSED")
        sound_card.plug(SPEAKER)
        devices(live, "back")
        live.wait("listen", state="PLACE")
