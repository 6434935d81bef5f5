"""When a turn is over, in audio time: early answers, full endpoints, the pauses of somebody who thinks."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.conversation.cues import SPEECH_END, UNCLEAR, Listen
from voice_coach.hearing.recognizer import NOTHING, Hypothesis
from voice_coach.hearing.segmenter import Segmenter
from voice_coach.packs.load import load_pack
from voice_coach.turns.listener import Listener, Outcome
from voice_coach.understanding.table import PhraseTable

PACK = load_pack("en")
VOICE, ROOM = 6000.0, 20.0


def loud(frame: Pcm) -> bool:
    return float(np.abs(frame).max()) > 4 * ROOM + 3000


class Turn:
    """A turn of a state to which frames are given; every piece is heard as the same words."""

    def __init__(
        self,
        state: str,
        turn: str,
        words: str,
        *,
        consent: bool = False,
        room: float = ROOM,
        sure: float = 0.9,
    ) -> None:
        self.sent: list[int] = []
        self.listener = Listener(Segmenter(loud), lambda request, piece: self.sent.append(request))
        self.listener.begin(
            Listen(state, turn, (), consent=consent),  # type: ignore[arg-type]
            PhraseTable.for_state(PACK, state),
        )
        self.heard = Hypothesis(words, sure, True, 1.0, 0.1) if words else NOTHING
        self.room = room
        self.rng = np.random.default_rng(1)
        self.frames = 0

    def hears(self, plan: str) -> list[tuple[float, Outcome]]:
        """Outcomes with the seconds since the plan began; # is a tenth of a second of voice, . of quiet."""
        found = []
        for number, mark in enumerate(plan):
            for part in range(5):
                samples = self.rng.normal(0.0, self.room, 320)
                if mark == "#":
                    samples += VOICE * np.sign(np.sin(np.arange(320) / 5))
                at = round(number * 0.1 + (part + 1) * 0.02, 2)
                outcomes = self.listener.frame(samples.astype(np.int16), at)
                while self.sent:
                    outcomes += self.listener.recognized(self.sent.pop(0), self.heard, at)
                found += [(at, outcome) for outcome in outcomes]
        return found


def first(found: list[tuple[float, Outcome]]) -> tuple[float, str]:
    at, outcome = found[0]
    return at, outcome.turn.intent


def test_a_choice_is_answered_soon_after_a_whole_phrase() -> None:
    at, intent = first(Turn("PLACE", "choice", "pause").hears("....." + "#####" + ".........."))
    assert intent == "PAUSE"
    assert 1.25 <= at <= 1.35


def test_a_phrase_that_begins_one_with_another_intent_waits_for_the_whole_endpoint() -> None:
    table = PhraseTable.for_state(PACK, "PLACE")
    longer = {
        short: whole
        for whole, meaning in table.meanings.items()
        for short in [" ".join(whole.split()[:-1])]
        if short in table.meanings and table.meanings[short] not in {meaning, "STOP", "HUSH"}
    }
    at, _ = first(Turn("PLACE", "choice", sorted(longer)[0]).hears("....." + "#####" + ".........."))
    assert at >= 1.55


@pytest.mark.parametrize("words", ["yes", "just listen", "two of us", "short one"])
def test_an_answer_after_which_another_may_follow_in_the_same_breath_waits_for_it(words: str) -> None:
    at, _ = first(Turn("PLACE", "choice", words).hears("....." + "#####" + ".........."))
    assert at >= 1.55
    assert first(Turn("REM_AFTER", "choice", "yes").hears("....." + "#####" + ".........."))[0] <= 1.35


@pytest.mark.parametrize(
    ("state", "words"), [("CHALLENGE_GATE", "ask me"), ("NOTE_BACK", "keep it"), ("CONSENT", "yes")]
)
def test_consent_waits_for_the_whole_endpoint(state: str, words: str) -> None:
    at, _ = first(Turn(state, "gate", words, consent=True).hears("....." + "#####" + ".........."))
    assert at >= 1.65


@pytest.mark.parametrize(("turn", "end"), [("think", 4.0), ("short", 2.5)])
def test_talk_ends_after_its_own_quiet_and_not_in_a_pause_to_think(turn: str, end: float) -> None:
    pause = "." * round(end * 10 - 6)
    found = Turn("LISTEN", turn, "").hears("....." + "#" * 10 + pause + "#" * 10 + "." * 60)
    assert found[0][1].turn.intent == SPEECH_END
    assert found[0][0] == pytest.approx(0.5 + 2.0 + len(pause) * 0.1 + end, abs=0.1)


def test_free_talk_never_ends_by_quiet() -> None:
    assert Turn("LISTEN", "free", "").hears("....." + "#" * 10 + "." * 600) == []


def test_speech_in_the_grace_reopens_the_turn() -> None:
    said = "....." + "#####"
    assert first(Turn("LISTEN", "free", "done").hears(said + "." * 40))[1] == "DONE"
    talk = Turn("LISTEN", "free", "done")
    assert talk.hears(said + "." * 15) == []
    talk.heard = NOTHING
    assert talk.hears("#" * 20 + "." * 100) == []


@pytest.mark.parametrize(("room", "intent"), [(ROOM, "ASK_ME"), (4000.0, UNCLEAR)])
def test_speech_that_hardly_stands_out_of_the_room_consents_to_nothing(room: float, intent: str) -> None:
    gate = Turn("CHALLENGE_GATE", "gate", "ask me", consent=True, room=room)
    gate.listener._segmenter._voice_activity = lambda frame: float(np.abs(frame).mean()) > 5200
    found = gate.hears("." * 40 + "#######" + "." * 30)
    assert first(found)[1] == intent
    assert gate.listener.too_noisy is (intent == UNCLEAR)


@pytest.mark.parametrize(
    ("state", "turn"), [("PLACE", "choice"), ("CONSENT", "gate"), ("LISTEN", "free"), ("LISTEN", "think")]
)
def test_a_lone_stop_is_obeyed_after_a_quarter_of_a_second(state: str, turn: str) -> None:
    at, intent = first(Turn(state, turn, "stop").hears("....." + "#####" + ".........."))
    assert intent == "STOP"
    assert at <= 1.0 + 0.26


def test_a_stop_that_is_hardly_sure_waits_for_the_whole_endpoint() -> None:
    at, _ = first(Turn("LISTEN", "free", "stop", sure=0.56).hears("....." + "#####" + ".........."))
    assert at >= 1.65


def test_a_stop_soon_after_other_words_is_a_part_of_the_talk_until_its_end() -> None:
    talk = Turn("LISTEN", "free", "")
    assert talk.hears("....." + "#######" + "........") == []
    stop = Turn("LISTEN", "free", "stop").heard
    talk.heard = stop
    at, _ = first(talk.hears("#####" + ".........."))
    assert at >= 1.15
