"""The phrases that open, keep, wipe and end things, said by synthetic voices, through the real path."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.choice import choose_recognizer, load_recognizer
from voice_coach.hearing.hear import speech_pieces
from voice_coach.hearing.pocketsphinx_recognizer import PocketSphinxRecognizer
from voice_coach.hearing.recognizer import Grammar, Recognizer
from voice_coach.packs.load import load_pack
from voice_coach.speaking.stand_in import render_person
from voice_coach.turns.belief import believed, vouched
from voice_coach.understanding.table import CONSENT, PhraseTable
from voice_coach.understanding.understand import understand

pytestmark = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")

PACK = load_pack("en")
NEEDED = [
    ("NOTE_BACK", "keep it", "KEEP_IT"),
    ("NOTE_BACK", "bin it", "BIN_IT"),
    ("NOTES_WIPE", "wipe them", "WIPE_THEM"),
    ("CHALLENGE_GATE", "ask me", "ASK_ME"),
    ("CHALLENGE_GATE", "just listen", "JUST_LISTEN"),
    ("CHALLENGE_GATE", "no", "NO"),
    ("CONSENT", "yes", "YES"),
    ("LISTEN", "done", "DONE"),
    ("LISTEN", "stop", "STOP"),
]
MISSED = {
    "off": {("ask me", "rms"), ("bin it", "rms"), ("keep it", "slt")},
    "on": set(),
}
"""By whether the second ear listens. Each is asked for once more, and nothing is opened, kept or wiped
(docs/hearing.md)."""
CASES = [(*needed, voice) for needed in NEEDED for voice in ("slt", "rms")]


@pytest.fixture(scope="module")
def recognizer() -> PocketSphinxRecognizer:
    return PocketSphinxRecognizer()


@pytest.fixture(scope="module", params=["on", "off"])
def ears(request: pytest.FixtureRequest) -> tuple[str, Recognizer]:
    """The recogniser with its second ear, and without it."""
    choice = choose_recognizer("pocketsphinx", second_ear=request.param)
    if request.param == "on" and choice.second is None:
        pytest.skip("there is no package with Moonshine's weights for this machine")
    return request.param, load_recognizer(choice)


def in_a_room(sound: Pcm) -> Pcm:
    whole = np.random.default_rng(2).normal(0, 30, sound.size + 24_000)
    whole[8_000 : 8_000 + sound.size] += 0.4 * sound
    return whole.astype(np.int16)


@pytest.mark.parametrize(("state", "phrase", "intent", "voice"), CASES)
def test_it_is_heard_and_counts(
    ears: tuple[str, Recognizer], state: str, phrase: str, intent: str, voice: str
) -> None:
    second, recognizer = ears
    if (phrase, voice) in MISSED[second]:
        pytest.skip("known to be missed on the safe side")
    turn, table = PACK.states[state].listen, PhraseTable.for_state(PACK, state)
    parts = (table.taught, table.told, table.stopping, table.phrase_meanings)
    recognizer.use(Grammar(state, table.phrases, table.decoys, turn == "gate", *parts))
    sound = in_a_room(render_person(phrase, f"flite:{voice}"))
    (piece,) = speech_pieces(sound)
    heard = recognizer.decode(piece.piece)
    assert understand(heard.text, table, turn).intent == intent
    assert believed(intent, heard, turn)
    assert intent not in CONSENT or vouched(heard, state)


def test_a_longer_phrase_pays_nothing_for_the_lone_words_that_are_favoured(
    recognizer: PocketSphinxRecognizer,
) -> None:
    sound = in_a_room(render_person("keep it", "flite:slt"))
    (piece,) = speech_pieces(sound)
    phrases = ("keep it", "bin it", "yes", "no", "stop")
    recognizer.use(Grammar("none taught", phrases))
    alone = recognizer.evidence(piece.piece)
    recognizer.use(Grammar("some taught", phrases, taught=("yes", "no", "stop")))
    beside = recognizer.evidence(piece.piece)
    assert alone is not None
    assert beside is not None
    assert beside.llr == pytest.approx(alone.llr, abs=0.5)
