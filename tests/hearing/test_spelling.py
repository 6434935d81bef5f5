"""What may follow a beginning of a phrase."""

from __future__ import annotations

from voice_coach.hearing.spelling import OtherSpellings, Spellings, Vocabulary, plain

TOKENS = ("", "", " Yes", " yes", " No", " not", "t", ".", ",", " ok", " read", "y", "!", " n", "o")
WORDS = Vocabulary(TOKENS)


def follow(spellings: Spellings, beginning: str) -> set[str]:
    return {f"{TOKENS[number]}>{end}" for number, end in zip(*_pair(spellings, beginning), strict=True)}


def _pair(spellings: Spellings, beginning: str) -> tuple[list[int], list[str]]:
    step = spellings.step(beginning)
    return [int(number) for number in step.ids], list(step.ends)


def test_case_does_not_matter_and_only_beginnings_of_phrases_may_follow() -> None:
    spellings = Spellings(("yes", "no"), WORDS, OtherSpellings())
    assert follow(spellings, "") == {" Yes> yes", " yes> yes", " No> no", " n> n"}


def test_a_word_may_be_written_in_pieces_and_punctuation_stands_after_words_only() -> None:
    spellings = Spellings(("not ready",), WORDS, OtherSpellings())
    assert follow(spellings, " no") == {"t> not"}
    assert follow(spellings, " not") == {" read> not read", ".> not", ",> not", "!> not"}
    assert spellings.step(" not ready").phrase == "not ready"
    assert spellings.step(" not").phrase is None


def test_another_spelling_leads_to_the_same_phrase() -> None:
    assert Spellings(("okay",), WORDS, OtherSpellings({"okay": "ok"})).step(" ok").phrase == "okay"


def test_a_breath_may_come_before_a_lone_word_only() -> None:
    spellings = Spellings(("no", "not ready"), WORDS, OtherSpellings(breaths=("yes",)))
    assert spellings.step(" yes no").phrase == "no"
    assert spellings.step(" yes not ready").phrase is None


def test_the_other_spellings_are_read_from_lines() -> None:
    assert OtherSpellings.read("# why\nokay ok\n* oh\n") == OtherSpellings({"okay": "ok"}, ("oh",))


def test_plain_text_has_no_case_and_no_punctuation() -> None:
    assert plain(" I\u2019m  not ready, yet. ") == "i'm not ready yet"
