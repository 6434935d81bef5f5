"""A pack's faults are all found, each at its place; the pack that ships has none."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from voice_coach.packs.check import check_folder, check_pack
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Contact, Pack, Prompt
from voice_coach.packs.readability import grade, seconds, sentences, syllables_of, words

PACK = load_pack("en")
ROOT = Path(__file__).parents[2]


def with_state(name: str, pack: Pack = PACK, **changes: Any) -> Pack:
    state = pack.states[name].model_copy(update=changes)
    return pack.model_copy(update={"states": {**pack.states, name: state}})


def with_say(name: str, *say: str, **changes: Any) -> Pack:
    intent = PACK.intents[name].model_copy(update={"say": list(say), **changes} if say else changes)
    return PACK.model_copy(update={"intents": {**PACK.intents, name: intent}})


def with_prompt(name: str, text: str) -> Pack:
    return with_state(name, prompts=[*PACK.states[name].prompts, Prompt(text=text)])


def with_go(name: str, pack: Pack = PACK, **changes: str | None) -> Pack:
    go = {**pack.states[name].go, **changes}
    return with_state(name, pack, go={intent: target for intent, target in go.items() if target is not None})


def with_crisis_line(**contact: str) -> Pack:
    return PACK.model_copy(update={"contacts": {**PACK.contacts, "crisis": [Contact(**contact)]}})


def faults(pack: Pack) -> list[str]:
    return [str(fault) for fault in check_pack(pack)]


def test_the_english_pack_has_no_fault() -> None:
    assert faults(PACK) == []


def test_the_english_pack_as_a_folder_has_no_fault() -> None:
    assert check_folder(ROOT) == []


MODE = PACK.states["MODE"].prompts
FIRST_YES = PACK.intents["YES"].say

BROKEN: dict[str, tuple[Pack, str]] = {
    "a target that is not there": (
        with_go("CONNECT", DONE="RAW_CHEK"),
        'content/en/connect.toml, CONNECT.go.DONE: it leads to "RAW_CHEK", which is no state',
    ),
    "an answer no grammar has": (
        with_go("MODE", TRIO="T_INTRO"),
        'content/en/arrive.toml, MODE.go.TRIO: no grammar has an intent "TRIO"',
    ),
    "no way on after two failed tries": (with_go("MODE", DEFAULT=None), "MODE.go: DEFAULT is missing"),
    "a telling state that asks": (with_go("T_INTRO", YES="T_NAMES"), "T_INTRO.go: a state that does not"),
    "a listening state that goes on": (with_go("MODE", AUTO="TIME"), "MODE.go.AUTO: a state that"),
    "any speech as an answer": (
        with_go("CONSENT", SPEECH_END="MODE"),
        "CONSENT.go.SPEECH_END: a state with set choices cannot take any speech",
    ),
    "a no that leads to a harder question": (
        with_go("NOT_READY", NO="CH_OTHER"),
        'NOT_READY.go.NO: a careful answer may not lead to "CH_OTHER"',
    ),
    "a skip that leads to an explore card": (
        with_go("EXPLORE_OFFER", SKIP="EX_NEXT"),
        "EXPLORE_OFFER.go.SKIP: a careful answer may not lead",
    ),
    "a line no answer brings": (
        with_state("NEED", lines={"DONE": "We'll go on."}),
        "NEED.lines.DONE: this line is never said",
    ),
    "two prompts only": (with_state("MODE", prompts=MODE[:2]), "MODE.prompts: it has 2; 3"),
    "prompts for returning people only": (
        with_state("MODE", prompts=[Prompt(text="Just you?", when="returning")] * 3),
        "MODE.prompts: each has a condition",
    ),
    "a prompt without words": (with_prompt("MODE", ""), "MODE.prompts.3: it needs either text or parts"),
    "no line for silence": (with_state("MODE", silence=""), "MODE.silence: it is empty"),
    "no line for noise": (with_state("MODE", unclear=""), "MODE.unclear: it is empty"),
    "no help": (with_state("GOODBYE", help=""), "GOODBYE.help: it is empty"),
    "a trap too few": (with_state("LENS_CARD", traps=["C3a"]), "LENS_CARD.traps: it must name one trap"),
    "a challenge card that says it only listens": (
        with_state("CH_OTHER", stance="listen"),
        'CH_OTHER.stance: it must be "challenge"',
    ),
    "another state that claims to challenge": (
        with_state("TOWARDS", stance="challenge"),
        'TOWARDS.stance: no state of this name may take the stance "challenge"',
    ),
    "a gate that hides its stance": (
        with_state("CHALLENGE_GATE", stance="listen"),
        'CHALLENGE_GATE.stance: it must be "permission"',
    ),
    "a challenge question in a listening state": (
        with_prompt("HEARD", "What else could be true here?"),
        "HEARD.prompts.5: it repeats the words of a challenge card outside the locks",
    ),
    "a challenging quote of the seed outside the locks": (
        with_state("EX_WORLDVIEW", help="What might the other person\u2019s worldview have been?"),
        "EX_WORLDVIEW.help: it repeats the words of a challenge card",
    ),
    "a state nobody reaches": (
        with_go("R_NO", **dict.fromkeys(("DONE", "SPEECH_END", "SKIP", "DEFAULT"), "R_SHARE")),
        "R_TOO_SOON: no answer leads to this state",
    ),
    "a card that is gone": (
        PACK.model_copy(update={"states": {k: v for k, v in PACK.states.items() if k != "CH_OTHER"}}),
        "content/en, CH_OTHER: this state is missing",
    ),
    "too few ways to say it": (with_say("SOLO", "just me", "alone"), "arrive.toml, SOLO.say: it has 2"),
    "too many ways to say it": (
        with_say("SOLO", *(f"just me {n}" for n in "abcdefghijklmnop")),
        "SOLO.say: it has 16 entries",
    ),
    "a phrase twice": (
        with_say("SOLO", *PACK.intents["SOLO"].say, "Just me!"),
        'SOLO.say.10: "Just me!" is there already',
    ),
    "a yes that says maybe": (
        with_say("YES", *FIRST_YES, "yes I guess"),
        'holds "i guess": it will never be taken as a yes',
    ),
    "a yes that is a no without its not": (
        with_say("YES", *FIRST_YES, "sure"),
        '"sure" is what is left of "not sure" when one word is not heard',
    ),
    "a phrase with two meanings": (
        with_say("SHORT", *PACK.intents["SHORT"].say, "longer"),
        'content/en/arrive.toml, TIME.go: "longer" would mean both SHORT and LONG here',
    ),
    "a phrase that a pause takes away": (
        with_say("TALK", *PACK.intents["TALK"].say, "hold on"),
        '"hold on" would mean both PAUSE and TALK here',
    ),
    "an answer that holds a safety phrase": (
        with_say("ROOM", *PACK.intents["ROOM"].say, "I don't want to live there now"),
        "live there now\" holds the safety phrase",
    ),
    "a safety intent that must stand alone": (with_say("CR_SELF", scope="alone"), 'it must be "anywhere"'),
    "a yes found anywhere": (with_say("YES", scope="anywhere"), 'YES.scope: it must be "alone"'),
    "an answer nobody takes": (
        PACK.model_copy(
            update={
                "intents": {
                    **PACK.intents,
                    "TRIO": PACK.intents["SOLO"].model_copy(update={"name": "TRIO"}),
                    "CR_NEW": PACK.intents["CR_SELF"].model_copy(update={"name": "CR_NEW"}),
                }
            }
        ),
        "grammars/en/arrive.toml, TRIO: no state takes this answer",
    ),
    "no way to stop": (
        PACK.model_copy(update={"intents": {k: v for k, v in PACK.intents.items() if k != "STOP"}}),
        "grammars/en, STOP: this intent is missing",
    ),
    "too many words": (with_prompt("MODE", "We can go on now. " * 10), "MODE.prompts.3: it has 50 words"),
    "too long to say": (with_prompt("MODE", "Yes. No. " * 22), "seconds to say; 20 is the most"),
    "a long sentence": (
        with_prompt("MODE", "You can say that " + "you want to go on or " * 3 + "stop?"),
        "MODE.prompts.3: a sentence has 23 words",
    ),
    "hard words": (
        with_prompt("MODE", "Consider interpersonal communication difficulties encountered."),
        "MODE.prompts.3: it reads at grade",
    ),
    "four choices": (with_prompt("EASE", "Rest, talk, walk, or close?"), "EASE.prompts.3: it puts 4 choices"),
    "a placeholder nobody fills": (with_prompt("MODE", "{name}, just you?"), '"{name}" is filled in nowhere'),
    "a brace left open": (with_prompt("MODE", "Is it {just you?"), "a brace has no partner"),
    "advice": (with_prompt("MODE", "Maybe YOU should, now?"), '"you should", which is forbidden (advice)'),
    "praise": (with_state("NEED", help="Well done. Say explore."), 'NEED.help: it says "well done"'),
    "a claim to feel, in a line": (
        PACK.model_copy(update={"lines": {**PACK.lines, "SKIPPED": ["I\u2019m sorry to hear that."]}}),
        'content/en/lines.toml, SKIPPED.0: it says "i\'m sorry to hear", which is forbidden (false empathy)',
    ),
    "a line without words": (
        PACK.model_copy(update={"lines": {**PACK.lines, "SKIPPED": []}}),
        "SKIPPED: it has no variant to say",
    ),
    "a quote that is not word for word": (
        with_state(
            "CH_OTHER",
            prompts=[Prompt(from_seed="Q8", text="What could their worldview have been?")] * 3,
        ),
        "CH_OTHER.prompts.0: it is not word for word Q8",
    ),
    "an adapted quote that leaves words out": (
        with_state(
            "CH_CONNECT",
            prompts=[
                Prompt(from_seed="Q7", adapted="cut", text="What might have helped to build connection?")
            ]
            * 3,
        ),
        'CH_CONNECT.prompts.0: it leaves out "do" of Q7',
    ),
    "a quote of nothing": (
        with_state("MODE", prompts=[*MODE, Prompt(from_seed="Q9", text="Just you?")]),
        'it quotes "Q9", whose words are not in style.toml',
    ),
    "a passage left out": (with_state("FORMAL_TOO", seed=["A1"]), "content/en, A6: no state takes up"),
    "a passage that is not there": (with_state("MODE", seed=["Z9"]), 'the seed has no passage "Z9"'),
    "no crisis line": (
        PACK.model_copy(update={"contacts": {**PACK.contacts, "crisis": []}}),
        "content/en/contacts.toml, crisis: there must be at least one",
    ),
    "figures the voice would stumble over": (
        with_crisis_line(name="A line", dial="1", digits="13 11 14"),
        "crisis.0.digits: write figures as words",
    ),
    "a kind nobody reads out": (
        PACK.model_copy(update={"contacts": {**PACK.contacts, "crises": []}}),
        "crises: there is no such kind",
    ),
    "a number with letters": (
        with_crisis_line(name="A line", dial="1800 CALL", digits="one"),
        'crisis.0.dial: "1800 CALL" holds more than figures',
    ),
    "a word no recogniser knows": (
        with_say("SOLO", *PACK.intents["SOLO"].say, "just zorblified me"),
        'grammars/en/arrive.toml, SOLO.say.10: the recogniser does not know "zorblified"',
    ),
    "a decoy no recogniser knows": (
        PACK.model_copy(update={"rules": PACK.rules.model_copy(update={"decoys": ["zorblified"]})}),
        'grammars/en/rules.toml, decoys.0: the recogniser does not know "zorblified"',
    ),
    "something else among several answers in one breath": (
        PACK.model_copy(
            update={"rules": PACK.rules.model_copy(update={"one_breath": ["just listen [and my boss]"]})}
        ),
        'grammars/en/rules.toml, one_breath.0: "just listen and my boss" is not made of several answers',
    ),
    "a feeling no recogniser knows": (
        PACK.model_copy(update={"feelings": [*PACK.feelings, "zorblified"]}),
        'the recogniser does not know "zorblified"',
    ),
    "telling states that go round and round": (
        with_go("REM_TASKS", with_go("REM_TRAPS", AUTO="REM_TASKS"), AUTO="REM_TRAPS"),
        "content/en/remind.toml, REM_TASKS.go.AUTO: it leads back to itself",
    ),
    "a date that is none": (
        with_crisis_line(name="A line", dial="1", digits="one", checked_on="last May"),
        "crisis.0.checked_on: it must be a date",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_fault_of_a_pack_is_found(name: str) -> None:
    pack, expected = BROKEN[name]
    found = faults(pack)
    assert any(expected in line for line in found), found


def test_all_faults_are_found_at_once() -> None:
    pack = with_state("MODE", help="You should say yes.", silence="")
    pack = with_state("NEED", pack, go={"YES": "NOWHERE"})
    assert {fault.key for fault in check_pack(pack)} >= {
        "MODE.help",
        "MODE.silence",
        "NEED.go.YES",
        "NEED.go",
    }


def test_forbidden_words_are_whole_words_and_do_not_reach_over_a_full_stop() -> None:
    assert faults(with_state("MODE", help="In any case. Just you?"))
    assert not faults(with_state("MODE", help="Put it in the suitcase. Let it come. On we go."))


def test_a_folder_of_a_persons_own_is_checked_with_what_ships(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content" / "en", tmp_path / "content" / "en")
    lines = tmp_path / "content" / "en" / "lines.toml"
    lines.write_text(lines.read_text("utf-8").replace("SKIPPED = ", "SKIPED = "), "utf-8")
    (tmp_path / "content" / "zz").mkdir()
    found = [str(fault) for fault in check_folder(tmp_path)]
    assert "content/en/lines.toml, SKIPPED: this line is missing; the pack en has it." in found
    assert any('there is no grammars for the language "zz"' in line for line in found)


def test_a_folder_with_a_pack_that_cannot_be_loaded_gives_its_faults(pack_folder: Path) -> None:
    (pack_folder / "content/xx/lines.toml").write_text("SKIPPED = 1", "utf-8")
    (found,) = check_folder(pack_folder)
    assert str(found) == "content/xx/lines.toml, SKIPPED: it must be a list in square brackets."


def test_a_pack_of_another_language_must_have_every_state_line_and_answer(pack_folder: Path) -> None:
    found = [str(fault) for fault in check_folder(pack_folder)]
    assert "content/xx, CHALLENGE_GATE: this state is missing; the pack en has it." in found
    assert "grammars/xx, CR_SELF: this intent is missing; the pack en has it." in found
    assert "content/xx/lines.toml, HELP_GENERAL: this line is missing; the pack en has it." in found


def test_a_folder_without_a_pack_says_so(tmp_path: Path) -> None:
    (found,) = check_folder(tmp_path)
    assert "there is no content/<language>" in found.sentence


def test_syllables_come_from_the_pronouncing_dictionary_or_from_vowels() -> None:
    counts = syllables_of(["connection", "area", "feel", "zorblified"])
    assert counts == {"connection": 3, "area": 3, "feel": 1, "zorblified": 3}


def test_a_plain_question_reads_easily_and_an_official_one_does_not() -> None:
    plain = "What would you like to move towards from here? It can be very small."
    official = "Kindly articulate the professional considerations underpinning your intervention."
    counts = syllables_of([*words(plain), *words(official)])
    assert grade(plain, counts) < 3
    assert grade(official, counts) > 15


def test_seconds_count_words_and_the_quiet_before_the_question() -> None:
    assert sentences("Okay. Rest, or talk?") == ["Okay.", "Rest, or talk?"]
    assert seconds("Okay. Rest, or talk?") == pytest.approx(4 * 0.4 + 0.9)
    assert seconds("Okay. Rest. Talk.") == pytest.approx(3 * 0.4 + 2 * 0.45)
