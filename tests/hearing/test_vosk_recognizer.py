"""The real libvosk with a toy model."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.recognizer import Grammar
from voice_coach.hearing.vosk_recognizer import VoskRecognizer
from voice_coach.packs.load import load_pack
from voice_coach.understanding.table import PhraseTable
from voice_coach.understanding.understand import understand


@pytest.fixture(scope="module")
def recognizer(toy_model: Path) -> VoskRecognizer:
    return VoskRecognizer(toy_model)


def spoken(text: str, quiet_seconds: float = 0.25) -> Pcm:
    """The text said by eSpeak NG, which the toy model was made from, with some quiet around it."""
    import soxr

    try:
        said = subprocess.run(["espeak-ng", "-v", "en-us", "--stdout", text], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("eSpeak NG is not installed")
    at_22050 = np.frombuffer(said.stdout[44:], np.int16).astype(np.float32) / 32768
    quiet = np.zeros(round(16_000 * quiet_seconds), np.float32)
    at_16000 = soxr.resample(at_22050, 22_050, 16_000)
    pcm: Pcm = (np.concatenate([quiet, at_16000, quiet]) * 32767).astype(np.int16)
    return pcm


def test_a_whole_phrase_of_the_grammar_is_heard(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no", "not ready")))
    heard = recognizer.decode(spoken("yes"))
    assert heard.text == "yes"
    assert heard.confidence > 0.9


def test_a_word_that_is_not_in_the_grammar_is_nothing(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no")))
    assert recognizer.decode(spoken("pause")).text == ""


def test_part_of_a_phrase_is_nothing(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("not ready", "no")))
    assert recognizer.decode(spoken("ready")).text == ""


def test_a_phrase_with_an_unknown_word_is_left_out_whole_and_reported(recognizer: VoskRecognizer) -> None:
    report = recognizer.use(Grammar("odd", ("yes", "yes xyzzy")))
    assert report.dropped == {"yes xyzzy": ("xyzzy",)}


def test_a_grammar_with_nothing_left_hears_nothing_and_ends_no_process(recognizer: VoskRecognizer) -> None:
    for phrases in ((), ("",), ("xyzzy",), ("YES",)):
        recognizer.use(Grammar("empty", phrases))
        assert recognizer.decode(spoken("yes")).text == ""


def test_every_peak_gives_the_same_words(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no")))
    sound = spoken("no")
    assert {recognizer.decode((sound / by).astype(np.int16)).text for by in (1, 10, 60)} == {"no"}


def test_silence_of_any_length_is_nothing(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no")))
    for samples in (0, 1, 320, 48_000):
        assert recognizer.decode(np.zeros(samples, np.int16)).text == ""


def test_every_state_has_its_own_grammar_on_the_same_sound(recognizer: VoskRecognizer) -> None:
    sound = spoken("not ready")
    for phrases, heard in (
        (("not ready", "yes"), "not ready"),
        (("yes", "no"), ""),
        (("not yet", "not ready", "ready"), "not ready"),
        (("ready", "i'm ready"), ""),
        (("not ready",), "not ready"),
    ):
        recognizer.use(Grammar("state", phrases))
        assert recognizer.decode(sound).text == heard


def test_a_word_of_no_grammar_is_the_unknown_one_and_no_phrase_may_be(recognizer: VoskRecognizer) -> None:
    marks = ("[unk]", "<eps>", "[unk] yes", "#0")
    report = recognizer.use(Grammar("marks", ("yes", *marks)))
    assert set(report.dropped) == set(marks)
    assert recognizer.decode(spoken("umbrella")).text == ""
    assert recognizer.decode(spoken("yes")).text == "yes"


def test_where_a_model_has_no_unknown_word_the_free_search_must_agree(
    tmp_path: Path, toy_model: Path
) -> None:
    without = Path(shutil.copytree(toy_model, tmp_path / "model"))
    words = without / "graph" / "words.txt"
    words.write_text(words.read_text().replace("[unk]", "spare"))
    ears = VoskRecognizer(without)
    ears.use(Grammar("small", ("done", "pause", "skip", "stop", "yes", "no", "help", "louder")))
    assert ears.decode(spoken("yes")).text == "yes"
    for word in ("two", "note", "keep", "one", "next", "quit", "four"):  # each becomes one of them, at 1.0
        assert ears.decode(spoken(word)).text == ""


def test_a_decoy_takes_what_was_said_away_from_a_phrase(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("decoys", ("yes", "no"), decoys=("pause", "maybe")))
    assert recognizer.decode(spoken("maybe")).text == ""
    assert recognizer.decode(spoken("yes")).text == "yes"


def test_a_right_phrase_is_surer_than_one_of_cut_sound(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("continue", "cancel", "quieter")))
    whole = recognizer.decode(spoken("continue"))
    assert (whole.text, round(whole.confidence, 1)) == ("continue", 1.0)
    noise = np.random.default_rng(3).normal(0, 2_000, 24_000).astype(np.int16)
    assert recognizer.decode(noise).text == ""


def test_a_yes_for_consent_needs_the_free_search_to_agree(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("gate", ("yes", "no"), consent=True))
    yes = spoken("yes", quiet_seconds=0.1)
    assert recognizer.decode(yes).clean
    assert not recognizer.decode(spoken("yes not ready", quiet_seconds=0.1)).clean
    assert not recognizer.decode(spoken("yes", quiet_seconds=0.5)).clean  # too long for a yes alone
    recognizer.use(Grammar("gate", ("yes", "no"), consent=False))
    assert not recognizer.decode(yes).clean


def test_a_model_that_lacks_most_of_what_people_are_told_to_say_is_refused(
    recognizer: VoskRecognizer,
) -> None:
    taught = ("ja", "nein", "pause", "hilfe", "weiter")
    with pytest.raises(
        SetupError, match=r"does not know ja, nein, hilfe, weiter: it must be for another language.*\.$"
    ):
        recognizer.use(Grammar("de", (*taught, "yes"), taught=taught))
    report = recognizer.use(Grammar("en", ("yes", "no", "hush"), taught=("yes", "no", "hush")))
    assert set(report.dropped) == {"hush"}


def test_at_a_gate_no_word_but_a_yes_is_taken_for_one(recognizer: VoskRecognizer) -> None:
    pack = load_pack("en")
    table = PhraseTable.for_state(pack, "CHALLENGE_GATE")
    recognizer.use(Grammar("gate", table.phrases, table.decoys, consent=True, taught=table.taught))

    def meant(words: str) -> tuple[str | None, bool]:
        heard = recognizer.decode(spoken(words, quiet_seconds=0.1))
        return understand(heard.text, table, "gate").intent, heard.clean

    assert meant("yes") == ("YES", True)
    for words in (
        *("maybe", "not ready", "ready", "i'm not ready", "not yet", "no", "just listen", "skip", "umbrella"),
        *("yes no", "yes maybe", "go ahead", "connected", "done", "not connected", "stop", "camel", "lemon"),
    ):
        intent, clean = meant(words)
        assert not (intent in {"YES", "ASK_ME"} and clean), words


def test_dictation_is_free_text_of_the_whole_model(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes",)))
    assert recognizer.dictate(spoken("give me a minute")) == "give me a minute"
    assert recognizer.dictate(np.zeros(16_000, np.int16)) == ""


def test_the_older_layout_with_all_in_one_folder_is_a_model_too(tmp_path: Path, toy_model: Path) -> None:
    for path in toy_model.rglob("*"):
        if path.is_file() and path.name != "model.conf":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    older = VoskRecognizer(tmp_path)
    older.use(Grammar("small", ("yes", "no")))
    assert older.decode(spoken("no")).text == "no"


def in_a_process(code: str, model: Path) -> str:
    """Run it where libvosk may end the process; what it printed. Fails when it did not end well."""
    root = Path(__file__).resolve().parents[2]
    start = (
        f"import sys; sys.path[:0] = {[str(root), str(root / 'tests'), str(root / 'tests/hearing')]}\n"
        "from pathlib import Path\n"
        "from test_vosk_recognizer import spoken\n"
        "from voice_coach.hearing.recognizer import Grammar\n"
        "from voice_coach.hearing.vosk_recognizer import VoskRecognizer\n"
        f"model = Path({str(model)!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", start + textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_library_comes_without_its_downloader(toy_model: Path) -> None:
    said = in_a_process(
        "VoskRecognizer(model); print({'requests', 'urllib3', 'tqdm'} & set(sys.modules))", toy_model
    )
    assert said == "set()\n"


def test_no_list_of_phrases_ends_the_process(toy_model: Path) -> None:
    said = in_a_process(
        """
        ears, yes = VoskRecognizer(model), spoken("yes")
        for phrases in (
            (), ("",), (" ",), ("[]",), ("not json",), ('{"a":1}',), ('"', "yes"), ("yes\\n",), ("yes\\0no",),
            ("\\ud83d\\ude00",), ("YES",), ("<eps>",), ("[unk]",), ("#0",), ("yes " * 500,), ("yes",) * 500,
            tuple(f"yes {word}" for word in ("no", "stop", "again")) * 300,
        ):
            ears.use(Grammar("odd", phrases))
            ears.decode(yes)
            ears.use(Grammar("odd", ("yes",)))
            assert ears.decode(yes).text == "yes", phrases
        print("all")
        """,
        toy_model,
    )
    assert said == "all\n"


def test_what_the_adapter_guards_against_is_still_so_in_the_library(toy_model: Path) -> None:
    """When this fails, libvosk has learnt to refuse an empty list, and the guard may go."""
    with pytest.raises(AssertionError):
        in_a_process("import vosk; vosk.KaldiRecognizer(vosk.Model(str(model)), 16000, '[]')", toy_model)


def test_threads_that_listen_at_once_hear_each_their_own(toy_model: Path) -> None:
    said = in_a_process(
        """
        import threading
        pieces = {word: spoken(word) for word in ("yes", "no", "stop", "again")}
        ears = [VoskRecognizer(model) for _ in range(3)]
        wrong = []
        def listen(one):
            one.use(Grammar("small", tuple(pieces)))
            for word, piece in list(pieces.items()) * 10:
                if one.decode(piece).text != word:
                    wrong.append(word)
        threads = [threading.Thread(target=listen, args=(one,)) for one in ears]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        print(wrong)
        """,
        toy_model,
    )
    assert said == "[]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_hundred_changes_of_grammar_leave_memory_flat(toy_model: Path) -> None:
    said = in_a_process(
        """
        ears, yes = VoskRecognizer(model), spoken("yes")
        ears.prepare()
        words = [line.split()[0] for line in (model / "graph" / "words.txt").read_text().splitlines()[1:]]
        def resident():
            return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
        def change(count):
            for number in range(count):
                phrases = tuple(f"{a} {b}" for a in words[number % 9 : 40] for b in words[:5]) + ("yes",)
                ears.use(Grammar(str(number), phrases, consent=number % 2 == 0))
                assert ears.decode(yes).text == "yes"
        change(40)
        before = resident()
        change(100)
        print(resident() - before)
        """,
        toy_model,
    )
    assert int(said) < 2_000_000


def parts(sound: Pcm, samples: int) -> Iterator[Pcm]:
    return (sound[at : at + samples] for at in range(0, sound.size, samples))


@pytest.mark.parametrize("samples", [320, 1_600, 16_000])
def test_the_words_grow_while_they_are_said_in_parts_of_any_length(
    recognizer: VoskRecognizer, samples: int
) -> None:
    recognizer.use(Grammar("small", ("give me a minute", "not ready")))
    sound = spoken("give me a minute")
    grown = list(recognizer.follow(parts(sound, samples)))
    assert grown[-1].words == "give me a minute"
    assert all("give me a minute".startswith(growing.words) for growing in grown)
    assert len(grown) >= (3 if samples < 16_000 else 1)
    assert len({growing.words for growing in grown}) == len(grown)
    times = [growing.seconds for growing in grown]
    assert times == sorted(set(times))
    assert times[-1] <= sound.size / 16_000


def test_words_that_grow_may_be_taken_back_and_are_no_hypothesis(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("gate", ("yes", "no", "not ready"), consent=True))
    half = next(recognizer.follow(parts(spoken("not ready"), 320)))
    assert half.words == "not"
    assert not hasattr(half, "confidence")
    guesses: list[str] = []
    for word in ("umbrella", "lemon", "zebra", "camel", "window"):
        guesses += [growing.words for growing in recognizer.follow(parts(spoken(word), 320))]
        assert recognizer.decode(spoken(word)).text == ""
    assert {"yes", "no", "not", "ready"} & set(guesses)  # and yet none of them was said
    assert any("[unk]" in words for words in guesses)
    assert recognizer.decode(spoken("yes")).text == "yes"


def test_nothing_grows_in_silence_nor_where_the_grammar_is_empty(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no")))
    assert list(recognizer.follow(parts(np.zeros(32_000, np.int16), 320))) == []
    assert list(recognizer.follow([])) == []
    recognizer.use(Grammar("empty", ()))
    assert list(recognizer.follow(parts(spoken("yes"), 320))) == []


def test_a_phrase_is_as_sure_as_its_least_sure_word(toy_model: Path, recognizer: VoskRecognizer) -> None:
    from voice_coach.hearing.vosk_library import load_vosk

    phrases = ("not ready", "not yet", "don't keep it", "keep it", "note that", "yes", "go back", "done")
    recognizer.use(Grammar("some", phrases))
    vosk = load_vosk()
    raw = vosk.KaldiRecognizer(vosk.Model(str(toy_model)), 16_000, json.dumps([*phrases, "[unk]"]))
    raw.SetWords(True)
    unlike = 0
    for number in range(12):
        said = spoken(phrases[number % 3])
        noise = np.random.default_rng(number).normal(0, 600 * (number % 4 + 2), said.size)
        noisy = np.clip(said + noise, -32_768, 32_767).astype(np.int16)
        raw.Reset()
        raw.AcceptWaveform(noisy.tobytes())
        sure = [word["conf"] for word in json.loads(raw.FinalResult()).get("result", [])]
        heard = recognizer.decode(noisy)
        if heard.text:
            assert heard.confidence == pytest.approx(min(sure), abs=0.01)
            unlike += min(sure) < max(sure) - 0.05
    assert unlike >= 2


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst"])
def test_a_broken_model_is_told_in_one_sentence(name: str, tmp_path: Path, toy_model: Path) -> None:
    broken = Path(shutil.copytree(toy_model, tmp_path / "model"))
    (broken / name).write_bytes((broken / name).read_bytes()[:64])
    with pytest.raises(SetupError, match=r"^The Vosk model .* could not be loaded: .*\.$"):
        VoskRecognizer(broken)
