"""The real PocketSphinx on recordings of real people."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from sound_pieces import read

from voice_coach.hearing.pocketsphinx_recognizer import CACHED_GRAMMARS, PocketSphinxRecognizer
from voice_coach.hearing.recognizer import Grammar

SMALL = Grammar("small", ("yes", "no", "stop", "just listen", "ask me"), taught=("yes", "no", "stop"))


@pytest.fixture(scope="module")
def recognizer() -> PocketSphinxRecognizer:
    return PocketSphinxRecognizer()


def test_most_people_saying_yes_no_or_stop_are_heard(recognizer: PocketSphinxRecognizer, words: Path) -> None:
    recognizer.use(SMALL)
    right = [
        recognizer.decode(read(path)).text == word
        for word in ("yes", "no", "stop")
        for path in sorted((words / word).iterdir())[::40]
    ]
    assert sum(right) >= 0.75 * len(right)


def test_most_other_words_are_not_believed(recognizer: PocketSphinxRecognizer, words: Path) -> None:
    recognizer.use(SMALL)
    heard = [recognizer.decode(read(path)) for path in sorted((words / "unknown").iterdir())[::18]]
    assert sum(hypothesis.confidence >= 0.5 for hypothesis in heard) <= 0.1 * len(heard)


def test_a_taught_word_wins_over_a_longer_phrase_that_sounds_like_it(
    recognizer: PocketSphinxRecognizer, words: Path
) -> None:
    def right(grammar: Grammar) -> int:
        recognizer.use(grammar)
        return sum(recognizer.decode(read(path)).text == "stop" for path in paths)

    paths = sorted((words / "stop").iterdir())[::20]
    phrases = ("stop", "stop it", "stop now", "speed up", "too slow", "just a moment")
    assert right(Grammar("taught", phrases, taught=("stop",))) > right(Grammar("plain", phrases))


def test_a_phrase_with_an_unknown_word_is_left_out_whole_and_reported(
    recognizer: PocketSphinxRecognizer,
) -> None:
    report = recognizer.use(Grammar("odd", ("yes", "keep zqxvy", "i'm okay")))
    assert report.dropped == {"keep zqxvy": ("zqxvy",)}


def test_a_grammar_with_nothing_left_hears_nothing(recognizer: PocketSphinxRecognizer, words: Path) -> None:
    recognizer.use(Grammar("empty", ("zqxvy",)))
    assert recognizer.decode(read(sorted((words / "yes").iterdir())[0])).text == ""


def test_a_decoy_takes_the_word_but_is_never_said(recognizer: PocketSphinxRecognizer, words: Path) -> None:
    path = sorted((words / "yes").iterdir())[0]
    recognizer.use(Grammar("without decoy", ("yes", "no")))
    assert recognizer.decode(read(path)).text == "yes"
    recognizer.use(Grammar("with decoy", ("no",), decoys=("yes",)))
    assert recognizer.decode(read(path)).text == ""


@pytest.mark.parametrize(
    "sound", [np.zeros(0, np.int16), np.zeros(100, np.int16), np.zeros(32_000, np.int16)]
)
def test_silence_of_any_length_is_nothing(
    recognizer: PocketSphinxRecognizer, sound: np.ndarray[tuple[int], np.dtype[np.int16]]
) -> None:
    recognizer.use(SMALL)
    assert recognizer.decode(sound).text == ""


def test_a_piece_is_heard_the_same_whatever_was_heard_before(
    recognizer: PocketSphinxRecognizer, words: Path
) -> None:
    recognizer.use(SMALL)
    yes, stop = (read(sorted((words / word).iterdir())[3]) for word in ("yes", "stop"))
    alone = recognizer.evidence(yes)
    recognizer.decode(np.random.default_rng(5).normal(0, 3000, 32_000).astype(np.int16))
    recognizer.decode(stop)
    assert recognizer.evidence(yes) == alone


def test_clean_is_given_only_where_consent_is_asked(recognizer: PocketSphinxRecognizer, words: Path) -> None:
    path = sorted((words / "yes").iterdir())[0]
    recognizer.use(Grammar("ordinary", ("yes", "no")))
    assert not recognizer.decode(read(path)).clean
    recognizer.use(Grammar("consent", ("yes", "no"), consent=True))
    assert recognizer.decode(read(path)).clean


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_asking_for_a_word_again_takes_no_memory(recognizer: PocketSphinxRecognizer) -> None:
    def ask(times: int) -> int:
        for _ in range(times):
            recognizer._decoder.knows("listen")
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    before = ask(1_000)
    assert ask(300_000) - before < 1_000_000


def test_a_grammar_used_long_ago_still_works(recognizer: PocketSphinxRecognizer, words: Path) -> None:
    path = sorted((words / "yes").iterdir())[0]
    first = Grammar("first", ("yes", "no"))
    recognizer.use(first)
    for number in range(CACHED_GRAMMARS + 2):
        recognizer.use(Grammar(f"other {number}", ("ask me", "skip")))
    recognizer.use(first)
    assert recognizer.decode(read(path)).text == "yes"
