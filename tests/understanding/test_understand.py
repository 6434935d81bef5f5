"""What a person can mean in each state, and above all what never counts as a yes."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.packs.load import load_pack
from voice_coach.understanding.patterns import expand
from voice_coach.understanding.table import CONSENT, PSEUDO, SHARED, PhraseTable
from voice_coach.understanding.understand import understand

PACK = load_pack("en")
GATES = sorted(name for name, state in PACK.states.items() if state.listen == "gate")
ASKING = sorted(name for name, state in PACK.states.items() if state.listen in {"gate", "choice"})
TALKING = sorted(name for name, state in PACK.states.items() if state.listen in {"think", "free", "short"})
SAFETY = {name: intent for name, intent in PACK.intents.items() if name.startswith("CR_")}


@cache
def table(state: str) -> PhraseTable:
    return PhraseTable.for_state(PACK, state)


def intent(text: str, state: str) -> str | None:
    return understand(text, table(state), PACK.states[state].listen).intent


def phrases(name: str) -> list[str]:
    return [phrase for pattern in PACK.intents[name].say for phrase in expand(pattern)]


def target(state: str, name: str | None) -> str:
    return PACK.states[state].go.get(name or "", f"shared {name}")


@pytest.mark.parametrize("state", sorted(PACK.states))
def test_every_phrase_of_a_state_leads_where_its_intent_leads(state: str) -> None:
    for name in set(PACK.states[state].go) - PSEUDO:
        for phrase in phrases(name):
            assert target(state, intent(phrase, state)) == target(state, name), phrase


@pytest.mark.parametrize("state", sorted(PACK.states))
def test_shared_commands_and_safety_phrases_are_understood_in_every_state(state: str) -> None:
    own = {p for name in set(PACK.states[state].go) - PSEUDO for p in phrases(name)}
    own |= set(PACK.feelings) if PACK.states[state].echo else set()
    for name in ("STOP", "HUSH", "PAUSE", *SHARED, *SAFETY):
        for phrase in phrases(name):
            assert intent(phrase, state) == name or phrase in own, (phrase, name)


def test_the_first_phrase_of_each_intent_of_a_state_is_taught() -> None:
    assert {"yes", "no", "stop", "skip"} <= set(table("CONSENT").taught)
    assert {"keep it", "just listen"} <= set(table("NOTE_BACK").told)
    for state in PACK.states:
        found = table(state)
        assert set(found.taught) <= {phrase for phrase in found.phrases if " " not in phrase}
        assert set(found.told) <= {phrase for phrase in found.phrases if " " in phrase}


@pytest.mark.parametrize("state", sorted(PACK.states))
def test_what_the_recogniser_may_answer_is_understood_and_decoys_are_not(state: str) -> None:
    found = table(state)
    assert list(found.phrases) == sorted(set(found.phrases))
    for phrase in found.phrases:
        turn = "choice" if phrase in found.one_breath else "free"
        assert understand(phrase, found, turn).intent is not None, phrase
    for decoy in found.decoys:
        for turn in ("gate", "choice", "free"):
            assert understand(decoy, found, turn).intent is None, decoy


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ask me", "ASK_ME"),
        ("um, ask me please", "ASK_ME"),
        ("Yes, ask me.", "ASK_ME"),
        ("yes", "YES"),
        ("yes yes", "YES"),
        ("yeah nah", "NO"),
        ("no no no", "NO"),
        ("nah yeah", "UNSURE"),
        ("not ready", "JUST_LISTEN"),
        ("I am not ready yet", "JUST_LISTEN"),
        ("maybe just listen for now", "JUST_LISTEN"),
        ("ask me but just listen first", "JUST_LISTEN"),
        ("yes but", "UNSURE"),
        ("yes I guess", "UNSURE"),
        ("ask me, maybe", "UNSURE"),
        ("I don't know, yes", "UNSURE"),
        ("yes... no", "NO"),
        ("don't ask me", "NO"),
        ("ask me not", "NO"),
        ("I did not say yes", "NO"),
        ("ready", None),
        ("yet", None),
        ("sure", None),
        ("challenge me", None),
        ("I said to her ask me about it", None),
        ("no I would not like that at all", None),
        ("", None),
        ("[unk] yes", None),
    ],
)
def test_the_careful_reading_wins_at_a_challenge_gate(said: str, meant: str | None) -> None:
    assert intent(said, "CHALLENGE_GATE") == meant


def test_not_is_not_lost_when_the_recogniser_drops_it() -> None:
    """Whatever is left of a refusal that loses its "not" must not agree to anything."""
    for state in GATES:
        for name in ("JUST_LISTEN", "NO", "UNSURE"):
            for phrase in phrases(name):
                words = phrase.split()
                for lost in ("not", "don't", "no", "nope"):
                    if lost in words:
                        left = " ".join(word for word in words if word != lost)
                        assert intent(left, state) not in CONSENT, (state, phrase, left)


@pytest.mark.parametrize(
    ("said", "state", "meant"),
    [
        ("he wouldn't stop", "LISTEN", None),
        ("stop", "LISTEN", "STOP"),
        ("please stop", "LISTEN", "STOP"),
        ("it was too soon", "LISTEN", None),
        ("too soon", "LISTEN", "JUST_LISTEN"),
        ("so that's it between us then", "LISTEN", None),
        ("that's it", "LISTEN", "DONE"),
        ("I needed help with it", "LISTEN", None),
        ("help", "LISTEN", "HELP"),
        ("sad", "HEARD", "FEELING"),
        ("worn out", "HEARD", "FEELING"),
        ("sad and tired", "HEARD", None),
        ("sad", "LISTEN", None),
        ("done", "HEARD", "DONE"),
        ("just listen", "SOLO_CHOICE", "BE_HEARD"),
        ("can you just listen", "SOLO_CHOICE", "BE_HEARD"),
        ("just listen", "R_NEED", "WANT_LISTEN"),
        ("just listen", "EX_CONNECTION", "JUST_LISTEN"),
        ("another day", "T_ANSWER", "LATER"),
        ("I don't know", "T_ANSWER", "UNSURE"),
        ("reminder", "MODE", "REMIND"),
        ("keep", "NOTE_BACK", None),
        ("don't keep it", "NOTE_BACK", "BIN_IT"),
        ("a mate", "R_WHO", "SAME_POWER"),
        ("a", "R_WHO", None),
        ("so so", "CONNECT_CHECK", "BETWEEN"),
        ("so", "CONNECT_CHECK", None),
    ],
)
def test_a_command_counts_only_as_the_whole_of_what_was_said(
    said: str, state: str, meant: str | None
) -> None:
    assert intent(said, state) == meant


def test_a_feeling_is_given_back_as_the_pack_spells_it() -> None:
    found = understand("Worn out!", table("HEARD"), "short")
    assert (found.intent, found.word) == ("FEELING", "worn out")


def test_hush_and_stop_come_before_everything_and_safety_before_the_rest() -> None:
    assert intent("hush", "CR_DANGER") == "HUSH"
    assert intent("yes I want to die", "CONSENT") == "CR_SELF"
    assert intent("I want to die, just listen", "CHALLENGE_GATE") == "CR_SELF"
    assert intent("he hit me and I took an overdose", "LISTEN") == "CR_POISON"


@pytest.mark.parametrize(
    "said",
    [
        "I'm dying for a coffee",
        "I was dying to know",
        "just killing time",
        "my feet are killing me",
        "I wish I was dead tired so I could sleep",
        "I'm thinking about suicide prevention training",
        "they talked about suicide training",
        "we have a deadline",
        "I cut him off in the meeting",
        "I hurt my back",
    ],
)
@pytest.mark.parametrize("state", ["LISTEN", "CHALLENGE_GATE", "CONNECT"])
def test_false_friends_do_not_raise_the_check(said: str, state: str) -> None:
    assert not (intent(said, state) or "").startswith("CR_")


@pytest.mark.parametrize(
    "said",
    [
        "I want to die, I'm dying for a coffee too",
        "my feet are killing me and I want to kill myself",
        "I am thinking about suicide, not suicide prevention",
        "um I like want to die",
        "I used to want to die",
        "I wanna die",
        "im suicidal",
    ],
)
def test_a_false_friend_beside_it_does_not_hide_a_safety_phrase(said: str) -> None:
    assert intent(said, "LISTEN") == "CR_SELF"


_WORDS = st.lists(st.sampled_from(["she", "said", "work", "the", "because", "green", "monday"]), max_size=6)


@given(st.sampled_from(sorted(SAFETY)), st.data())
def test_a_safety_phrase_is_found_anywhere_in_any_turn(name: str, data: st.DataObject) -> None:
    phrase = data.draw(st.sampled_from(phrases(name)))
    before, after = data.draw(_WORDS), data.draw(_WORDS)
    state = data.draw(st.sampled_from(sorted(PACK.states)))
    found = intent(" ".join([*before, phrase, *after]), state)
    assert found is not None
    assert found.startswith("CR_")


_AGREEING = [phrase for name in sorted(CONSENT) for phrase in phrases(name)]
_CAREFUL = [
    *PACK.rules.negations,
    *PACK.rules.hedges,
    *phrases("JUST_LISTEN"),
    *phrases("NO"),
    *phrases("UNSURE"),
]


@given(st.sampled_from(_AGREEING), st.sampled_from(_CAREFUL), st.sampled_from(ASKING), st.data())
def test_a_consent_phrase_with_a_negation_or_a_hedge_is_never_consent(
    agreeing: str, careful: str, state: str, data: st.DataObject
) -> None:
    words = agreeing.split()
    at = data.draw(st.integers(0, len(words)))
    said = " ".join([*words[:at], careful, *words[at:]])
    for turn in ("gate", "choice", "free"):
        assert understand(said, table(state), turn).intent not in CONSENT, said


@given(st.sampled_from(sorted(set(SHARED) | CONSENT | {"STOP", "DONE"})), st.sampled_from(TALKING), st.data())
def test_in_talk_nothing_acts_on_a_part_of_what_was_said(name: str, state: str, data: st.DataObject) -> None:
    phrase = data.draw(st.sampled_from(phrases(name)))
    said = f"and then she {phrase} on monday"
    assert intent(said, state) is None


@given(st.text(max_size=80), st.sampled_from(sorted(PACK.states)))
def test_anything_at_all_gives_a_live_intent_or_nothing(text: str, state: str) -> None:
    for turn in ("gate", "choice", "short", "think", "free", "rest", "paused"):
        found = understand(text, table(state), turn).intent
        assert found is None or found in table(state).intents


@pytest.mark.parametrize("state", sorted(PACK.states))
def test_while_the_coach_speaks_nothing_can_agree_or_go_on(state: str) -> None:
    speaking = PhraseTable.while_speaking(PACK, state)
    assert speaking.intents == {"STOP", "PAUSE", "HUSH", "JUST_LISTEN", "NUMBERS"}
    for phrase in (*_AGREEING, "done", "skip", "sad"):
        assert understand(phrase, speaking, "choice").intent not in CONSENT | {"DONE", "SKIP", "FEELING"}


def test_a_table_gives_back_none_of_what_was_said_beside_the_phrase() -> None:
    found = understand("my boss Kim said just listen to him", table("NEED"), "choice")
    assert found.phrase == "just listen"
    assert "kim" not in repr(found).lower()


def test_a_hostile_pack_cannot_make_a_refusal_mean_yes() -> None:
    yes = PACK.intents["ASK_ME"]
    hostile = yes.model_copy(update={"say": ["just listen", "no", "not now", "maybe ask me", "ask me"]})
    pack = PACK.model_copy(update={"intents": {**PACK.intents, "ASK_ME": hostile}})
    for state in ("CHALLENGE_GATE", "NEED", "CH_CONFIRM"):
        found = PhraseTable.for_state(pack, state)
        for said in ("just listen", "no", "not now", "maybe ask me"):
            assert understand(said, found, "gate").intent != "ASK_ME", (state, said)
        assert understand("ask me", found, "gate").intent == "ASK_ME"
