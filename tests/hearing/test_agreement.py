"""How two recognisers' findings become one."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from voice_coach.hearing.acceptance import Evidence, negated
from voice_coach.hearing.agreement import Heard, confidence, is_clean, leading, together
from voice_coach.hearing.by_sound import (
    AGAINST,
    AGAINST_LOUD,
    AGAINST_WRITTEN,
    DOUBTED,
    LEAST_SURE,
    least_against,
    stands_alone,
    with_phones,
    with_words,
    word_for,
)

MEANING = {"yes": "YES", "yeah": "YES", "no": "NO", "ask me": "ASK_ME", "okay": "YES", "now": "now"}
PHRASES = frozenset(MEANING) - {"now"}


def chances(**said: float) -> dict[str, float]:
    return {text.replace("_", " "): math.log(chance) for text, chance in said.items()}


def test_phrases_that_mean_the_same_do_not_compete() -> None:
    best = leading(chances(yes=0.3, yeah=0.3, no=0.35), MEANING, PHRASES)[0]
    assert (best.meaning, best.text) == ("YES", "yes")
    assert best.chance == pytest.approx(0.6)


def test_a_decoy_is_never_heard() -> None:
    assert leading(chances(now=0.9), MEANING, PHRASES) == ()


def test_the_other_ear_decides_between_two_likely_meanings() -> None:
    found = leading(chances(okay=0.2, no=0.15), MEANING, PHRASES)
    assert found[0].meaning == "YES"
    assert together(found, "NO", Evidence("no", 0.4, 0.5, 0.0))[0].meaning == "NO"


def test_a_lone_word_needs_more_than_a_longer_phrase() -> None:
    assert confidence("yes", 0.02) < 0.3 < confidence("ask me", 0.02)


def test_what_the_other_ear_heard_too_is_surer_and_what_it_did_not_is_not() -> None:
    assert confidence("stop", 0.1, agrees=False) < confidence("stop", 0.1, agrees=True)


def test_in_noise_the_other_ear_is_believed_sooner_for_a_longer_phrase_than_for_a_lone_word() -> None:
    assert confidence("ask me", 1e-4, agrees=True, noisy=True) > 0.8 > confidence("ask me", 1e-4, agrees=True)
    assert confidence("yes", 1e-4, agrees=True, noisy=True) == confidence("yes", 1e-4, agrees=True)


def test_two_of_three_readings_must_tell_of_the_very_phrase() -> None:
    found = leading(chances(ask_me=0.01, yes=0.9), MEANING, PHRASES)
    both = together(found, "ASK_ME", Evidence("ask me", 0.6, 0.5, 2.0), exact=0.01)
    same = with_phones(both, {"ask me": -2.0, "yes": -30.0, "no": -1.0}, MEANING, PHRASES)
    assert {heard.text: (heard.very, heard.odds > 2.0) for heard in same} == {
        "ask me": ("ask me", True),
        "yes": ("", False),
        "no": ("", False),
    }
    sounds = with_phones(found, {"ask me": -0.5, "yes": -30.0, "no": -20.0}, MEANING, PHRASES)
    assert {heard.text for heard in sounds if heard.odds > 2.0} == {"ask me"}


def test_a_phrase_that_pocketsphinx_does_not_hear_must_be_nearer_by_its_sounds() -> None:
    found = leading(chances(ask_me=0.01), MEANING, PHRASES)
    near = {"ask me": -12.0, "no": -20.0}
    alone = with_phones(found, near, MEANING, PHRASES)[0]
    both = together(found, "ASK_ME", Evidence("ask me", 0.6, 0.5, 2.0), exact=0.01)
    assert alone.odds < 2.0 < with_phones(both, near, MEANING, PHRASES)[0].odds


def test_what_moonshine_writes_of_a_voice_without_a_word_is_no_reading_of_a_yes() -> None:
    okay, near = leading(chances(okay=0.9), MEANING, PHRASES), {"yes": -1.0, "no": -20.0}
    assert with_phones(okay, near, MEANING, PHRASES)[0].very == ""
    yes = leading(chances(yes=0.1), MEANING, PHRASES)
    assert with_phones(yes, near, MEANING, PHRASES)[0].very == "yes"


def test_a_phrase_that_pocketsphinx_finds_far_is_not_heard_by_it() -> None:
    found = leading(chances(ask_me=1e-6), MEANING, PHRASES, also="ASK_ME")
    for llr, very in ((-13.0, "ask me"), (-15.0, "")):
        both = together(found, "ASK_ME", Evidence("ask me", 0.6, 0.5, llr), exact=1e-6)
        near = {"ask me": -1.0, "no": -0.5}
        heard = {each.meaning: each for each in with_phones(both, near, MEANING, PHRASES)}
        assert heard["ASK_ME"].very == very


def test_pocketsphinx_may_hear_another_phrase_of_the_meaning_but_not_what_stands_for_a_voice() -> None:
    meaning, phrases = {**MEANING, "ask me then": "ASK_ME"}, PHRASES | {"ask me then"}
    near = {"ask me": -1.0, "ask me then": -40.0, "yes": -1.0, "no": -30.0, "okay": -40.0}
    for said, other, odds in (("ask me", "ask me then", 1.0), ("yes", "okay", -9.0)):
        found = leading(chances(**{said.replace(" ", "_"): 1e-6}), meaning, phrases, also=meaning[said])
        both = together(found, meaning[said], Evidence(other, 0.6, 0.5, 2.0), exact=1e-6)
        nearest = {phrase: near[phrase] for phrase in (said, other, "no")}
        heard = with_phones(both, nearest, meaning, phrases)[0]
        assert (heard.very == said) == (odds > 0.0), heard


def test_far_from_the_sounds_of_a_phrase_it_opens_nothing() -> None:
    found = leading(chances(ask_me=0.01), MEANING, PHRASES)
    same = together(found, "ASK_ME", Evidence("ask me", 0.6, 0.5, 2.0), exact=0.01)
    near = with_phones(same, {"ask me": -2.0, "now": -30.0}, MEANING, PHRASES)[0]
    far = with_phones(same, {"ask me": -25.0, "now": -1.0}, MEANING, PHRASES)[0]
    assert is_clean(near, "asked me")
    assert not is_clean(far, "asked me")
    assert far.confidence < 0.4 < near.confidence


def test_a_longer_phrase_that_both_tell_of_beats_a_lone_word_of_the_same_meaning() -> None:
    meaning, phrases = {**MEANING, "all good": "YES"}, PHRASES | {"all good"}
    found = leading(chances(okay=0.003), meaning, phrases, also="YES")
    both = together(found, "YES", Evidence("all good", 0.6, 0.5, 2.0), exact=1e-5)
    best = with_phones(both, {"all good": -3.0, "okay": -20.0, "no": -25.0}, meaning, phrases)[0]
    assert (best.text, best.confidence > 0.5) == ("all good", True)


def test_a_negation_that_moonshine_writes_counts_unless_the_sounds_are_far_from_any() -> None:
    heard = Heard("ASK_ME", "ask me", 0.1, 0.9, True, "ask me", exact=0.01, very="ask me", odds=8.0)
    assert not is_clean(heard, "don't ask", against=8.0)
    assert is_clean(heard, "don't ask", against=20.0)
    assert not is_clean(replace(heard, odds=4.0), "don't ask", against=20.0)


def test_a_negation_may_stand_anywhere_in_a_wish() -> None:
    ways = {*negated("i want it"), *negated("i'm up for it"), *negated("i can hear it now")}
    assert {"i don't want it", "i'm not up for it", "i can't hear it now", "never i want it"} <= ways


def test_a_meaning_that_only_its_sounds_tell_of_is_looked_at_and_a_decoy_is_not() -> None:
    found = with_phones((), {"ask me": -1.0, "now": -0.5, "no": -20.0}, MEANING, PHRASES)
    assert [heard.meaning for heard in found] == ["ASK_ME"]
    assert found[0].odds == -math.inf


def test_the_sound_of_a_word_decides_whether_it_was_that_word() -> None:
    found = (Heard("NO", "no", 0.4, 0.8), Heard("YES", "okay", 0.3, 0.6))
    go = with_words(found, {"yes": 0.01, "no": 0.01, "stop": 0.01}, MEANING, PHRASES)
    assert go[0].meaning == "YES", "okay is no word that it knows"
    assert next(heard for heard in go if heard.meaning == "NO").confidence < 0.3
    stop = with_words(
        found, {"yes": 0.01, "no": 0.01, "stop": 0.95}, {**MEANING, "stop": "STOP"}, PHRASES | {"stop"}
    )
    assert all(heard.confidence < go[0].confidence for heard in stop if heard.meaning != "STOP")
    no = with_words(found, {"yes": 0.01, "no": 0.95, "stop": 0.01}, MEANING, PHRASES)
    assert (no[0].meaning, no[0].confidence > 0.85) == ("NO", True)


@pytest.mark.parametrize(("chance", "heard"), [(0.95, True), (0.15, False)])
def test_a_no_that_may_be_go_is_not_heard_and_gives_way_to_nothing(chance: float, heard: bool) -> None:
    found = (Heard("NO", "no", 0.4, 0.8), Heard("ASK_ME", "ask me", 0.2, 0.45))
    first, *_ = with_words(found, {"no": chance, "stop": 0.01}, MEANING, PHRASES)
    assert first.meaning == "NO"
    assert (first.confidence >= LEAST_SURE["no"], first.confidence > DOUBTED) == (heard, heard)


def test_a_word_that_no_recogniser_heard_counts_by_half_and_opens_nothing() -> None:
    heard = with_words((), {"yes": 1.0, "no": 0.0, "stop": 1.0}, MEANING, PHRASES)[0]
    assert heard.text == "yes"
    assert 0.4 < heard.confidence < 0.6
    assert not is_clean(heard, "yes")
    okay = with_words((Heard("YES", "okay", 0.95, 0.4),), {"yes": 1.0}, MEANING, PHRASES)[0]
    assert not is_clean(okay, "okay")


@pytest.mark.parametrize(
    ("text", "chance", "same", "odds", "written", "clean"),
    [
        ("yes", 0.9, "", -9.0, "yes", True),
        ("yes", 0.5, "", -9.0, "yes", False),
        ("yes", 0.5, "yes", 2.2, "yes yes yes", True),
        ("yes", 0.5, "yes", 1.8, "yes", False),
        ("yeah", 0.5, "yes", 2.2, "yeah", True),
        ("okay", 0.95, "", -9.0, "okay", False),
        ("okay", 0.95, "okay", 1.5, "okay", False),
        ("okay", 0.95, "okay", 2.5, "okay", True),
        ("okay", 0.95, "okay", 2.5, "no okay", False),
        ("ask me", 0.2, "", -9.0, "ask me", True),
        ("ask me", 0.9, "ask me", 6.0, "don't ask me", False),
        ("ask me", 0.2, "", -9.0, "tell me", False),
        ("ask me", 0.3, "", -9.0, "asked me", True),
        ("ask me", 0.01, "ask me", 2.2, "bask in", True),
        ("ask me", 0.01, "ask me", 2.6, "and the sea was calm", True),
        ("ask me", 0.01, "ask me", 2.2, "and the sea was calm", False),
        ("ask me", 0.01, "ask me", 1.8, "ask me", False),
        ("ask me", 0.02, "", -9.0, "ask me", False),
        ("ask me", 0.9, "ask me", 6.0, "she said they ask me that", False),
    ],
)
def test_when_a_wish_is_clean(
    text: str, chance: float, same: str, odds: float, written: str, clean: bool
) -> None:
    exact = 0.01 if same else 0.0
    heard = Heard(MEANING[text], text, chance, 0.9, bool(same), same, exact=exact, very=same, odds=odds)
    assert is_clean(heard, written) is clean


@pytest.mark.parametrize(
    ("text", "sure", "written", "spoken", "word"),
    [
        ("yeah", 0.9, "yeah", {"yes": 0.95, "no": 0.01}, "yes"),
        ("yeah", 0.9, "yeah", {"yes": 0.75, "no": 0.01}, ""),
        ("yeah", 0.5, "yeah", {"yes": 0.95, "no": 0.01}, ""),
        ("yeah", 0.9, "no", {"yes": 0.95, "no": 0.01}, ""),
        ("yeah", 0.9, "yeah no", {"yes": 0.95, "no": 0.01}, ""),
        ("yeah", 0.9, "yeah", {"yes": 0.01, "no": 0.95}, ""),
        ("ask me", 0.9, "ask", {"yes": 0.95, "no": 0.01}, ""),
    ],
)
def test_a_word_that_opens_nothing_may_be_another_by_its_sound(
    text: str, sure: float, written: str, spoken: dict[str, float], word: str
) -> None:
    assert word_for(Heard(MEANING[text], text, 0.5, sure), written, spoken, MEANING) == word


def test_a_wish_that_is_written_without_a_negation_may_lie_nearer_to_one() -> None:
    wish, yes = Heard("ASK_ME", "ask me", 0.5, 0.9), Heard("YES", "yes", 0.5, 0.9)
    least = [least_against(wish, written, MEANING, loud=False) for written in ("ask me", "ask meg", "yes")]
    assert least == [AGAINST_WRITTEN, AGAINST, AGAINST]
    assert least_against(yes, "yeah", MEANING, loud=False) == AGAINST
    assert least_against(wish, "ask me", MEANING, loud=True) == AGAINST_LOUD


@pytest.mark.parametrize(
    ("text", "near", "word", "alone"),
    [
        ("yes", -1.0, -1.5, True),
        ("yes", -1.0, -0.5, False),
        ("ask me", -12, -1, True),
        ("ask me", -14, -1, False),
    ],
)
def test_what_opens_something_stands_apart_from_other_words(
    text: str, near: float, word: float, alone: bool
) -> None:
    heard = Heard(MEANING[text], text, 0.9, 0.9, near=near)
    assert stands_alone(heard, word, {"yes": 0.8, "no": 0.95}, MEANING) == alone
    assert stands_alone(heard, word, {"yes": 0.95}, MEANING) == (alone or text == "yes")


def test_where_one_ear_is_enough_its_own_confidence_counts_for_its_phrase_only() -> None:
    found = leading(chances(okay=0.2, no=0.0001), MEANING, PHRASES, also="NO")
    evidence = Evidence("no", 0.4, 0.5, 0.0)
    both = {heard.meaning: heard for heard in together(found, "NO", evidence, 0.0001)}
    alone = {heard.meaning: heard for heard in together(found, "NO", evidence, 0.0001, alone=0.8)}
    assert both["NO"].confidence < 0.5
    assert alone["NO"].confidence == 0.8
    assert alone["YES"] == both["YES"]
