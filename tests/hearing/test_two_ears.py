"""PocketSphinx and Moonshine together, on people's recordings and on synthetic voices."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sound_pieces import in_a_room, read

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.by_sound import AGAINST, AGAINST_LOUD, LOUD_ROOM_DB
from voice_coach.hearing.choice import choose_recognizer, load_recognizer
from voice_coach.hearing.hear import speech_pieces
from voice_coach.hearing.moonshine import model_folder
from voice_coach.hearing.piece_suppression import stands_out
from voice_coach.hearing.recognizer import Grammar, Hypothesis, Recognizer
from voice_coach.hearing.two_ears import TwoEars
from voice_coach.packs.load import load_pack
from voice_coach.speaking.stand_in import render_person
from voice_coach.turns.rules import OPEN_SPEAKERS_CONFIDENCE
from voice_coach.understanding.table import CONSENT, OVER_OPEN_SPEAKERS, PhraseTable

pytestmark = pytest.mark.skipif(
    model_folder() is None, reason="there is no package with Moonshine's weights for this machine"
)
flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")


@pytest.fixture(scope="module")
def ears() -> Recognizer:
    return load_recognizer(choose_recognizer("pocketsphinx"))


def at_the_gate(ears: Recognizer) -> PhraseTable:
    table = PhraseTable.for_state(load_pack("en"), "CHALLENGE_GATE")
    parts = (table.taught, table.told, table.stopping, table.phrase_meanings)
    ears.use(Grammar("CHALLENGE_GATE", table.phrases, table.decoys, True, *parts))
    return table


def as_cut(path: Path) -> Pcm:
    """A recorded word with a little of its room, as a session hears it."""
    pieces = speech_pieces(in_a_room(read(path)), gap=0.7)
    return pieces[0].piece if pieces else np.zeros(16_000, np.int16)


def spoken(ears: Recognizer, text: str, voice: str = "rms") -> Hypothesis:
    sound = render_person(text, f"flite:{voice}")
    room = np.random.default_rng(2).normal(0, 10, sound.size + 3200)
    room[1600:-1600] += 0.4 * sound
    return ears.decode(room.astype(np.int16))


@pytest.mark.parametrize(("word", "intent"), [("yes", "YES"), ("no", "NO"), ("stop", "STOP")])
def test_nearly_all_people_are_heard(ears: Recognizer, words: Path, word: str, intent: str) -> None:
    table = at_the_gate(ears)
    heard = [ears.decode(as_cut(path)) for path in sorted((words / word).iterdir())[::7]]
    right = [one for one in heard if table.meanings.get(one.text) == intent and one.confidence >= 0.3]
    assert len(right) >= 0.9 * len(heard)


def test_other_words_are_hardly_ever_taken_for_a_command_and_never_consent(
    ears: Recognizer, words: Path
) -> None:
    table = at_the_gate(ears)
    heard = [ears.decode(as_cut(path)) for path in sorted((words / "unknown").iterdir())[::4]]
    assert sum(one.confidence >= 0.4 for one in heard) <= 0.07 * len(heard)
    assert not any(one.clean and table.meanings[one.text] in CONSENT for one in heard)


@pytest.mark.parametrize("name", ["6379c6a2_nohash_0", "f297e878_nohash_0", "798f702a_nohash_0"])
def test_a_yes_that_is_written_as_yeah_may_open(ears: Recognizer, words: Path, name: str) -> None:
    table = at_the_gate(ears)
    heard = ears.decode(as_cut(words / "yes" / f"{name}.flac"))
    assert (table.meanings[heard.text], heard.clean) == ("YES", True)


@flite
@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("mess", "slt"),
        ("test", "slt"),
        ("best", "rms"),
        ("death", "rms"),
        ("gas", "kal16"),
        ("guess", "kal16"),
    ],
)
def test_a_word_that_sounds_most_like_a_yes_opens_nothing(ears: Recognizer, text: str, voice: str) -> None:
    table = at_the_gate(ears)
    said = 0.4 * render_person(text, f"flite:{voice}").astype(np.float64)
    room = np.random.default_rng(7).normal(0.0, float(said.std()) / 5.0, said.size + 6_400)
    room[3_200:-3_200] += said
    heard = ears.decode(room.astype(np.int16))
    assert not heard.clean or table.meanings[heard.text] not in CONSENT


@flite
@pytest.mark.parametrize("text", ["ask me", "yes ask me", "go on ask me"])
def test_a_clear_wish_is_clean(ears: Recognizer, text: str) -> None:
    at_the_gate(ears)
    heard = spoken(ears, text)
    assert heard.clean, heard


@flite
@pytest.mark.parametrize(
    "text",
    ["don't ask me", "please don't ask me that", "yes but not now", "are you ready", "ask her about it"],
)
def test_what_is_no_wish_is_never_clean(ears: Recognizer, text: str) -> None:
    table = at_the_gate(ears)
    heard = spoken(ears, text)
    assert not heard.clean or table.meanings[heard.text] in {"NO", "JUST_LISTEN", "UNSURE"}, heard


@flite
def test_one_sound_from_its_negation_a_wish_that_is_written_as_it_was_said_is_clean(ears: Recognizer) -> None:
    at_the_gate(ears)
    heard = {text: spoken(ears, text) for text in ("i can hear it now", "i can't hear it now")}
    assert {text: each.clean for text, each in heard.items()} == {
        "i can hear it now": True,
        "i can't hear it now": False,
    }


@flite
def test_words_are_written_down_for_a_note(ears: Recognizer) -> None:
    sound = render_person("i want to ask before i help", "flite:awb")
    written = ears.dictate(sound)
    assert written is not None
    said = set(written.lower().strip(".").split())
    assert len(said & {"i", "want", "to", "ask", "before"}) >= 4, written


def test_the_second_ear_can_be_left_out(ears: Recognizer) -> None:
    choice = choose_recognizer("pocketsphinx", second_ear="off")
    assert choice.second is None
    assert "Moonshine" not in choice.notice
    assert load_recognizer(choice).dictate(np.ones(16_000, np.int16)) is None


def test_nothing_of_the_package_that_could_fetch_anything_is_loaded() -> None:
    program = (
        "import sys; from voice_coach.hearing.choice import *;"
        "load_recognizer(choose_recognizer('pocketsphinx'));"
        "print([name for name in sys.modules if name.split('.')[0] in ('moonshine_voice', 'requests')])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_wish_is_denied_by_what_denies_any_wish_that_means_the_same(ears: Recognizer) -> None:
    table = at_the_gate(ears)
    assert isinstance(ears, TwoEars)
    denied = ears._denied(dict(zip(table.phrases, table.phrase_meanings, strict=True))["ask me"])
    ways = {phrase for group in denied.groups for phrase in group.phrases}
    assert {"don't ask me", "please don't ask me", "never go for it", "i'm not up for it"} <= ways
    assert not ways & {phrase for phrase in table.phrases if table.meanings.get(phrase) == "ASK_ME"}


@flite
def test_in_a_loud_room_a_wish_must_be_farther_from_its_negations(
    ears: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_gate(ears)
    voice = 0.4 * render_person("ask me a hard one", "flite:rms").astype(np.float64)
    room = np.random.default_rng(5).normal(0.0, 1.0, voice.size + 6_400)
    clean = {}
    for loud in (10.0, float(voice.std()) / 2.2):
        sound = loud * room
        sound[3_200:-3_200] += voice
        piece = sound.astype(np.int16)
        for against in (AGAINST + 1.0, AGAINST_LOUD + 1.0):
            monkeypatch.setattr(TwoEars, "_against_a_negation", lambda *_, far=against: far)
            clean[stands_out(piece) < LOUD_ROOM_DB, against > AGAINST_LOUD] = ears.decode(piece).clean
    assert clean == {(False, False): True, (False, True): True, (True, False): False, (True, True): True}


def test_silence_and_a_piece_that_is_too_long_are_nothing(ears: Recognizer) -> None:
    at_the_gate(ears)
    rng = np.random.default_rng(4)
    for piece in (np.zeros(16_000, np.int16), rng.normal(0, 300, 160_000).astype(np.int16)):
        assert ears.decode(piece).text == ""


def test_stop_is_heard_in_noise(ears: Recognizer, words: Path) -> None:
    table = at_the_gate(ears)
    rng = np.random.default_rng(6)
    heard = []
    for path in sorted((words / "stop").iterdir())[3::9]:
        word = as_cut(path).astype(np.float64)
        loud = np.sort(word[: word.size // 320 * 320].reshape(-1, 320).std(axis=1))[-10:].mean()
        noisy = word + rng.normal(0, loud / 10**0.5, word.size)
        heard.append(ears.decode(np.clip(noisy, -32768, 32767).astype(np.int16)))
    stops = [one for one in heard if table.meanings.get(one.text) == "STOP" and one.confidence >= 0.4]
    assert len(stops) >= 0.7 * len(heard)


def over_open_speakers(ears: Recognizer, *, either: bool) -> PhraseTable:
    table = PhraseTable.while_speaking(load_pack("en"), "PLACE", OVER_OPEN_SPEAKERS)
    parts = (False, table.taught, table.told, table.stopping, table.phrase_meanings)
    ears.use(Grammar("PLACE", table.phrases, table.decoys, *parts, either=either))
    return table


@flite
def test_over_open_speakers_a_word_that_one_ear_hears_well_is_enough(ears: Recognizer) -> None:
    heard = {}
    for either in (False, True):
        table = over_open_speakers(ears, either=either)
        said = [spoken(ears, "hush"), spoken(ears, "shush")]
        heard[either] = [one.confidence if table.meanings.get(one.text) == "HUSH" else 0.0 for one in said]
    assert min(heard[True]) >= OPEN_SPEAKERS_CONFIDENCE
    assert all(one > both for one, both in zip(heard[True], heard[False], strict=True))


def test_over_open_speakers_other_words_of_people_are_hardly_ever_taken(
    ears: Recognizer, words: Path
) -> None:
    table = over_open_speakers(ears, either=True)
    meant: dict[str, list[str]] = {}
    for word in ("stop", "yes", "no", "go"):
        for path in sorted((words / word).iterdir())[::16]:
            one = ears.decode(as_cut(path))
            sure = one.text and one.confidence >= OPEN_SPEAKERS_CONFIDENCE
            meant.setdefault(word, []).append(table.meanings[one.text] if sure else "")
    stops, others = meant.pop("stop"), [each for those in meant.values() for each in those]
    assert set(stops) <= {"STOP", ""}
    assert len([each for each in others if each]) <= 0.05 * len(others)
