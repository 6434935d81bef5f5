"""A session's ears with a real Vosk model, and a model that goes bad under them."""

from __future__ import annotations

import os
import queue
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_vosk_recognizer import spoken

from voice_coach.errors import SetupError
from voice_coach.hearing.choice import choose_recognizer
from voice_coach.hearing.messages import GrammarUsed, HearingEvent, HearingFailed, HearingReady, Recognized
from voice_coach.hearing.process import HearingProcess
from voice_coach.hearing.recognizer import Grammar

GRAMMAR = Grammar("small", ("yes", "no"))


@pytest.fixture
def model(tmp_path: Path, toy_model: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copytree(toy_model, tmp_path / "model"))


class Ears:
    def __init__(self, model: Path) -> None:
        self.events: queue.Queue[HearingEvent] = queue.Queue()
        self.hearing = HearingProcess(choose_recognizer("vosk", model), self.events.put)

    def until(self, *kinds: type) -> HearingEvent:
        while not isinstance(event := self.events.get(timeout=60), kinds):
            pass
        return event

    def hears(self, words: str) -> str:
        self.hearing.decode(1, spoken(words))
        answer = self.until(Recognized)
        assert isinstance(answer, Recognized)
        return answer.hypothesis.text

    def kill(self) -> None:
        assert self.hearing.pid is not None
        os.kill(self.hearing.pid, signal.SIGKILL)


@pytest.fixture
def ears(model: Path) -> Iterator[Ears]:
    ears = Ears(model)
    ears.hearing.start()
    ears.hearing.use(GRAMMAR)
    yield ears
    ears.hearing.close()


def test_it_listens_with_the_model_it_names(ears: Ears) -> None:
    ready = ears.until(HearingReady)
    assert isinstance(ready, HearingReady)
    assert ready.name == "vosk"
    assert ears.hears("no") == "no"


def test_a_model_removed_under_it_is_heard_with_until_the_end(ears: Ears, model: Path) -> None:
    ears.until(GrammarUsed)
    shutil.rmtree(model)
    assert ears.hears("yes") == "yes"
    ears.hearing.use(Grammar("other", ("stop", "again")))
    assert ears.hears("stop") == "stop"


def remove_it(model: Path) -> None:
    shutil.rmtree(model)


def put_another_in_its_place(model: Path) -> None:
    words = model / "graph" / "words.txt"
    words.write_text(words.read_text().replace("yes 57", "no 57").replace("no 32", "yes 32"))


@pytest.mark.parametrize("spoil", [remove_it, put_another_in_its_place])
def test_no_other_model_is_loaded_in_its_place(
    spoil: Callable[[Path], None], ears: Ears, model: Path
) -> None:
    ears.until(GrammarUsed)
    spoil(model)
    ears.kill()
    failed = ears.until(HearingFailed)
    assert isinstance(failed, HearingFailed)
    assert failed.sentence == f"The model {model} was changed or removed while it was in use: start again."


def test_a_model_for_another_language_ends_in_keys_and_a_plain_sentence(model: Path) -> None:
    ears = Ears(model)
    ears.hearing.start()
    ears.hearing.use(Grammar("de", ("ja", "nein"), taught=("ja", "nein")))
    failed = ears.until(HearingFailed)
    ears.hearing.close()
    assert isinstance(failed, HearingFailed)
    assert "it must be for another language" in failed.sentence


@pytest.mark.parametrize(
    "name",
    ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst", "conf/mfcc.conf", "graph/phones/word_boundary.int"],
)
def test_whatever_file_of_a_model_is_spoilt_it_ends_in_one_sentence_or_listens(
    name: str, model: Path
) -> None:
    file = model / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2] + b"\0\xff--=!")
    ears = Ears(model)
    ears.hearing.start()
    ears.hearing.use(GRAMMAR)
    end = ears.until(HearingFailed, GrammarUsed)
    ears.hearing.close()
    if isinstance(end, HearingFailed):
        assert end.sentence.endswith(".")


def test_a_model_known_to_be_for_another_language_is_not_taken(
    tmp_path: Path, toy_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "models"
    german = Path(shutil.copytree(toy_model, place / "vosk-model-small-de-0.15"))
    monkeypatch.setattr("voice_coach.hearing.choice.models_folder", lambda: place)
    with pytest.raises(SetupError, match="is for the language de, and en is spoken"):
        choose_recognizer("auto", german, "en")
    chosen = choose_recognizer("auto", language="en")
    assert chosen.kind == "pocketsphinx"
    assert "no Vosk model for en is installed" in chosen.notice
    with pytest.raises(SetupError, match="No Vosk model for en was found"):
        choose_recognizer("vosk", language="en")
    english = Path(shutil.copytree(toy_model, place / "vosk-model-small-en-us-0.15"))
    assert choose_recognizer("auto", language="en-GB").model == english
