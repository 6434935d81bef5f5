"""Devices that come back as others, at another rate, or held back; and a default that is chosen anew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from live_session import LiveSession, live_session, short_pack
from virtual_sound_card import MICROPHONE, SPEAKER, Ear, SoundCard

import voice_coach.session as sessions
from voice_coach.audio.ports import SPEAKING_RATE
from voice_coach.speaking.stand_in import render_person
from voice_coach.speaking.voice import Speech, render_speech

HEADSET_MICROPHONE, HEADSET_SPEAKER = "headset_microphone", "headset_speaker"


@pytest.fixture
def live(sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSession]:
    monkeypatch.setattr(sessions, "pack_of", short_pack)
    with live_session(mode="look-back", time="short", second_ear="off") as live:
        live.wait("listen", state="PLACE")
        yield live


def devices(live: LiveSession, what: str) -> set[str]:
    """The next two devices that are lost, or back."""
    return {live.wait("device", what=what)["which"] for _ in range(2)}


def news(live: LiveSession) -> list[tuple[str, str]]:
    """What has happened to devices so far."""
    return [(event["which"], event["what"]) for event in live.events if event["event"] == "device"]


def pitch(sound: np.ndarray, rate: int) -> float:
    """Of a voice, in hertz: the median over all that is loud, whatever gaps there are in it."""
    found = []
    lags = np.arange(rate // 300, rate // 60)
    for at in range(0, sound.size - rate // 20, rate // 50):
        piece = sound[at : at + rate // 20].astype(np.float64)
        if np.abs(piece).max() > 0.05:
            spectrum = np.fft.rfft(piece - piece.mean(), 4 * piece.size)
            likeness = np.fft.irfft(np.abs(spectrum) ** 2)
            best = lags[np.argmax(likeness[lags])]
            if likeness[best] > 0.5 * likeness[0]:
                found.append(rate / best)
    return float(np.median(found))


def welcome_back(live: LiveSession, ear: Ear) -> tuple[float, float]:
    """The pitch of the line as it is rendered, and as it sounds at the speaker."""
    said = live.wait_for(lambda event: event["event"] == "prompt" and "WELCOME_BACK" in event["id"])
    begun = ear.heard().size
    assert live.wait("prompt_end")["how"] == "finished"
    return pitch(render_speech(Speech((said["text"],))), SPEAKING_RATE), pitch(
        ear.listen(0.1)[begun:], ear.rate
    )


def test_a_headset_that_goes_and_comes_back_as_other_devices(
    sound_card: SoundCard, live: LiveSession
) -> None:
    live.press("YES")
    live.wait("listen", state="CONSENT")
    yes = render_person("yes")
    sound_card.mouth().say(yes[: yes.size // 2]).wait()
    sound_card.unplug(MICROPHONE)
    sound_card.unplug(SPEAKER)
    lost = devices(live, "lost")
    live.wait("prompt_end", how="finished")  # nobody hears it, it takes its time all the same
    sound_card.plug_headset(HEADSET_MICROPHONE, HEADSET_SPEAKER)
    sound_card.choose(HEADSET_MICROPHONE, HEADSET_SPEAKER)
    ear, mouth = sound_card.ear(HEADSET_SPEAKER), sound_card.mouth(HEADSET_MICROPHONE)
    back = devices(live, "back")
    rendered, sounded = welcome_back(live, ear)
    live.wait("listen", state="CONSENT")
    assert not any(event["event"] == "heard" for event in live.events)
    mouth.say(yes)
    live.wait("heard", state="CONSENT", intent="YES")
    assert lost == back == {"microphone", "speaker"}
    assert sounded == pytest.approx(rendered, rel=0.08)


def test_a_device_that_comes_back_at_another_rate_sounds_and_hears_the_same(
    sound_card: SoundCard, live: LiveSession
) -> None:
    for rate in (44_100, 16_000, 96_000):
        sound_card.hush()
        for name in (MICROPHONE, SPEAKER):
            sound_card.unplug(name)
        devices(live, "lost")
        for name in (MICROPHONE, SPEAKER):
            sound_card.plug(name, rate=rate)
        ear, mouth = sound_card.ear(), sound_card.mouth()
        devices(live, "back")
        rendered, sounded = welcome_back(live, ear)
        live.wait("listen", state="PLACE")
        mouth.say(render_person("again"))
        live.wait("heard", state="PLACE", intent="REPEAT")
        assert sounded == pytest.approx(rendered, rel=0.08)


def test_devices_that_another_program_holds_back_are_back_once_sound_passes(
    sound_card: SoundCard, live: LiveSession
) -> None:
    for name in (MICROPHONE, SPEAKER):
        sound_card.hold_back(name, held=True)
    lost = devices(live, "lost")
    live.wait("listen", state="PAUSED")  # after the notice: some tries to open them again went by
    assert len(news(live)) == 2
    for name in (MICROPHONE, SPEAKER):
        sound_card.hold_back(name, held=False)
    back = devices(live, "back")
    live.wait("listen", state="PLACE")
    assert lost == back == {"microphone", "speaker"}


def test_a_session_follows_the_default_and_does_not_miss_the_one_before(
    sound_card: SoundCard, live: LiveSession
) -> None:
    sound_card.plug_headset(HEADSET_MICROPHONE, HEADSET_SPEAKER)
    sound_card.choose(HEADSET_MICROPHONE, HEADSET_SPEAKER)
    mouth, ear = sound_card.mouth(HEADSET_MICROPHONE), sound_card.ear(HEADSET_SPEAKER)
    for name in (MICROPHONE, SPEAKER):
        sound_card.unplug(name)
    live.press("REPEAT")
    live.wait("prompt_end", how="finished")
    assert np.abs(ear.heard()).max() > 0.01
    live.wait("listen", state="PLACE")
    mouth.say(render_person("again"))
    live.wait("heard", state="PLACE", intent="REPEAT")
    assert news(live) == []
    sound_card.unplug(HEADSET_SPEAKER)
    live.wait("device", which="speaker", what="lost")
