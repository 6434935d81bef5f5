"""voice-coach start in its own process, through PortAudio, heard and spoken to on a virtual sound card."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pocketsphinx
import pytest
import soxr
from live_person import LivePerson
from virtual_sound_card import SoundCard

from voice_coach.packs.load import load_pack

TO_THE_GATE = {
    "PLACE": ["yes"],
    "CONSENT": ["yes"],
    "CONNECT": ["done"],
    "RAW_CHECK": ["some room"],
    "NEED": ["explore"],
    "HOPE": ["skip"],
    "LISTEN": ["done"],
    "HEARD": ["skip"],
    "CONNECT_CHECK": ["steady"],
    "CHALLENGE_GATE": ["just listen"],
    "NOT_READY": ["close"],
    "TOWARDS": ["stop"],
}


def start(card: SoundCard, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "voice_coach", "start", *arguments],
        env=card.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.timeout(420)
def test_someone_says_just_listen_at_the_gate_and_hears_no_harder_question(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    ear, log = sound_card.ear(), tmp_path / "events"
    options = ["--mode", "look-back", "--time", "short", "--seed", "1", "--events", str(log)]
    coach = start(sound_card, *options, "--recognizer", "pocketsphinx")
    person = LivePerson(sound_card.mouth(), log, TO_THE_GATE)
    events = person.converse(lambda: coach.poll() is None, at_most=300)
    if coach.poll() is None:
        coach.kill()
        pytest.fail("it does not come to an end:\n" + "\n".join(map(str, events)) + str(coach.communicate()))
    assert coach.wait(10) == 0, coach.communicate()[1]

    states = [event["name"] for event in events if event["event"] == "state"]
    assert [
        state for state in states if state in {"CONNECT", "CONNECT_CHECK", "CHALLENGE_GATE", "NOT_READY"}
    ] == ["CONNECT", "CONNECT_CHECK", "CHALLENGE_GATE", "NOT_READY"]
    assert "challenge" not in {event.get("stance") for event in events}
    assert not any("words" in event for event in events), "a session by voice logs no words"

    said = recognised_prompts(ear.heard(), ear.rate)
    assert any(state == "CONNECT" for state in said), said
    assert not any(state.startswith("CH_") and state not in {"CH_CONFIRM"} for state in said), said


def recognised_prompts(sound: np.ndarray, rate: int) -> list[str]:
    """States whose sentences the large recogniser finds in a recording, each pause apart."""
    sentences = {}
    pack = load_pack("en")
    for state in pack.states.values():
        for prompt in [*state.prompts, *state.again_prompts]:
            for part in prompt.spoken:
                for sentence in part.replace("?", ".").split("."):
                    words = " ".join(w for w in sentence.lower().replace(",", " ").replace("-", " ").split())
                    if len(words.split()) >= 4 and "{" not in words:
                        sentences.setdefault(words, state.name)
    decoder = pocketsphinx.Decoder(
        lm=None, bestpath=False, beam=1e-64, pbeam=1e-64, wbeam=1e-40, loglevel="FATAL"
    )
    known = {s: state for s, state in sentences.items() if all(decoder.lookup_word(w) for w in s.split())}
    decoder.add_jsgf_string("all", "#JSGF V1.0; grammar all; public <s> = " + " | ".join(sorted(known)) + ";")
    decoder.activate_search("all")
    pcm = (soxr.resample(sound, rate, 16000) * 32767).astype(np.int16)
    found = []
    for piece in _between_pauses(pcm):
        decoder.start_utt()
        decoder.process_raw(piece.tobytes(), full_utt=True)
        decoder.end_utt()
        hypothesis = decoder.hyp()
        if hypothesis is not None and hypothesis.hypstr in known:
            found.append(known[hypothesis.hypstr])
    return found


def _between_pauses(pcm: np.ndarray) -> list[np.ndarray]:
    frames = pcm[: pcm.size // 320 * 320].reshape(-1, 320).astype(np.float64)
    loud = np.sqrt((frames**2).mean(axis=1)) > 150
    pieces, start, quiet = [], None, 0
    for at, is_loud in enumerate(loud):
        if is_loud:
            start, quiet = at if start is None else start, 0
        elif start is not None:
            quiet += 1
            if quiet > 15:
                pieces.append(pcm[max(0, start - 5) * 320 : (at - 10) * 320])
                start = None
    return [piece for piece in pieces if piece.size > 16000 * 0.7]
