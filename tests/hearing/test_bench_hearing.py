"""The measuring bench: several recognisers on the same utterances, and the page that compares them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from voice_coach.hearing.moonshine import model_folder

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture(autouse=True)
def scripts_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield
    for name in [name for name in sys.modules if name.startswith("hearing_bench")]:
        del sys.modules[name]


def row(recognizer: str, text: str, kind: str = "phrase", **more: Any) -> dict[str, Any]:
    wanted = {"yes": "YES", "no": "NO"}.get(text)
    shared = {"level": None, "noise": "", "voice": "a", "granted": False, "late": None, "cpu": 0.1}
    name = f"{kind}/{text}/{more.get('level')}"
    heard = {"name": name, "intent": None, "wanted": wanted}
    return {"recognizer": recognizer, "text": text, "kind": kind, **heard, **shared, **more}


def test_the_bound_of_no_error_in_three_thousand_is_a_tenth_of_a_per_cent() -> None:
    from hearing_bench.figures import bound

    assert round(bound(0, 3_000), 2) == 0.10
    assert round(bound(0, 100), 2) == 2.95
    assert round(bound(3, 100), 2) == 7.57


def test_the_page_sets_the_recognisers_side_by_side_before_each_alone() -> None:
    from hearing_bench.page import page

    rows = [
        *(row(name, "no", intent=intent) for name, intent in (("one", "NO"), ("two", None))),
        row("one", "ready for what", "near_consent"),
        row("two", "ready for what", "near_consent", intent="YES", granted=True),
        *(row("two", "yes", level=10, granted=True, intent="YES") for _ in range(3)),
    ]
    text = page(rows)
    compared, alone = text.split("## two")[0], text.split("## two")[1]
    assert "| voices: phrases, right | two | 0 % of 1 | - | 100 % of 3 |" in compared
    assert "|  | one | 100 % of 1 | - | - |" in compared
    assert "| two | 1 of 2 | 97.47 % | 0 of 3 (0 %) |" in compared
    assert "- **False consent: 1 of 2** utterances that were none; 95 % upper bound 97.47 %." in alone


def test_a_recording_under_two_names_is_said_once() -> None:
    from hearing_bench.material import RECORDINGS, Material

    if not RECORDINGS.is_dir():
        pytest.skip("there are no recordings of words beside the checkout")
    for half in ("tune", "report"):
        said = [said for said in Material(half).utterances(noisy=False) if said.kind == "word"]
        sounds = [(RECORDINGS / "words" / word.text / word.path).read_bytes() for word in said]
        assert len(sounds) > 500
        assert len(set(sounds)) == len(sounds)


def test_words_that_sound_most_like_a_yes_are_counted_apart() -> None:
    from hearing_bench.page import page

    rows = [row("one", "no", intent="NO"), row("one", "mess", "nearly_yes", intent="YES", granted=True)]
    text = page(rows)
    assert "False consent: 0 of 1" in text
    assert "lone words that sound most like a yes (mess, guess, yet): 1 of 1 opened" in text
    assert "| voices: a lone word most like a yes, granted | 100 % of 1 |" in text


def test_what_the_toy_model_cannot_know_is_heard_and_counted_in_false_consent_alone(toy_model: Path) -> None:
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    from hearing_bench.material import Utterance
    from hearing_bench.measure import BEYOND, TOY, Bench
    from hearing_bench.page import page

    bench = Bench("report", ["vosk"], None, "auto")
    said = [Utterance("phrase", "flite:awb", text, None) for text in ("just listen", "numbers")]
    rows = [found for one in said for found in bench.hear(one, set())]
    assert [(one["recognizer"], one["kind"], one["intent"]) for one in rows] == [
        (TOY, "phrase", "JUST_LISTEN"),
        (TOY, BEYOND, None),
    ]
    assert list(bench.hear(said[0], {(TOY, said[0].name)})) == []
    text = page(rows)
    assert "1 of its 2 utterances are phrases with a word it lacks" in text
    assert "| voices: phrases, right | 100 % of 1 |" in text
    assert "False consent: 0 of 2" in text


@pytest.mark.skipif(model_folder() is None, reason="Moonshine's weights are not installed")
@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
def test_a_wish_with_a_negation_before_it_is_never_granted_in_noise() -> None:
    from hearing_bench.material import RECORDINGS, Utterance
    from hearing_bench.measure import Bench

    if not RECORDINGS.is_dir():
        pytest.skip("there are no recordings of noise beside the checkout")
    bench = Bench("tune", ["both"], None, "auto")
    negated = ("no try a hard one now", "never go for it", "no try me", "never yes i do", "not alright")
    said = [
        Utterance("phrase", voice, text, level)
        for text in negated
        for voice in ("flite:slt", "flite:rms")
        for level in (10, 5)
    ]
    rows = [row for one in said for row in bench.hear(one, set())]
    assert len(rows) == len(said)
    assert [row["text"] for row in rows if row["granted"] or row["told"]] == []


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
def test_pocketsphinx_alone_asks_about_a_negation_too() -> None:
    from hearing_bench.material import RECORDINGS, Utterance
    from hearing_bench.measure import Bench

    if not RECORDINGS.is_dir():
        pytest.skip("there are no recordings of noise beside the checkout")
    bench = Bench("report", ["pocketsphinx"], None, "auto")
    (denied,) = bench.hear(Utterance("negated", "flite:awb", "no go for it", 20), set())
    (wished,) = bench.hear(Utterance("phrase", "flite:awb", "go for it", 20), set())
    assert (denied["granted"], wished["granted"]) == (False, True)
