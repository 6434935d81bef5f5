"""Each guard is taken away in turn, and the walk must find what goes wrong, by a shortest path.

Some guards stand behind others, so that no honest pack can show them at work: those are tried with a pack
that has a hostile edge, which the guard alone stops. With its guards, the same pack must show no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from walk import DETOURS, WALKED, Walker, presets

from voice_coach.conversation import answers, arrivals, consent, dialogue, ladder, machine, targets
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.preset import Preset
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack

pytestmark = pytest.mark.timeout(900)

SOLO = tuple(presets(["heard"]) + presets(["look_back"], ["short"]))
LONG = tuple(presets(["look_back"], ["long"]))
PAIR = tuple(presets(["together"]))
NOTES = tuple(presets(["heard"], notes_on=True))

Patch = Callable[[pytest.MonkeyPatch], None]


def always(answer: object) -> Callable[..., object]:
    return lambda *_, **__: answer


def put(module: object, name: str, value: object) -> Patch:
    return lambda patch: patch.setattr(module, name, value)


def without_guard(state: str) -> Patch:
    return lambda patch: patch.setitem(machine.BY_NAME, state, ())


def reopening_always(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consent, "may_reopen", always(True))
    patch.setitem(machine.BY_NAME, "REOPEN_GATE", ())


def listens_on(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(targets.COMPUTED, "WITHDRAW", always(""))


def moves(intent: str, target: str) -> Patch:
    return lambda patch: patch.setitem(targets.MOVES, intent, target)


def asked_again(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(ladder._BY_NAME, "CHALLENGE_GATE", ladder._GATE_ONCE_MORE)


def yes_is_kept(memory: Memory, source: str) -> list[object]:
    return []


def flags_move_on_a_swap(patch: pytest.MonkeyPatch) -> None:
    real = answers._together

    def together(memory: Memory, state: str, intent: str) -> None:
        real(memory, state, intent)
        if state == "T_SWAP" and intent == "YES":
            memory.people = (memory.people[1], memory.people[0])

    patch.setattr(answers, "_together", together)


def check_is_never_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consent, "lock", always([]))


@dataclass(frozen=True)
class Removal:
    """A guard taken away."""

    patch: Patch
    found: str
    """The invariant that must be found broken."""
    presets: tuple[Preset, ...] = SOLO
    edges: dict[str, dict[str, str]] = field(default_factory=dict)
    """Hostile edges of the pack: state -> intent -> target."""
    detours: tuple[str, ...] = ()
    """Detours that are needed to show it."""


REMOVALS = {
    "consent to a harder question": Removal(
        put(consent, "may_ask_challenge", always(True)), "I-03", edges={"HEARD": {"DONE": "CH_OTHER"}}
    ),
    "consent to a harder question, of two": Removal(
        put(consent, "may_ask_challenge", always(True)), "I-03", PAIR, {"T_TURN": {"DONE": "T_CH_CARD"}}
    ),
    "the lock before the offer": Removal(
        without_guard("CHALLENGE_GATE"), "I-02", edges={"HEARD": {"DONE": "CHALLENGE_GATE"}}
    ),
    "the offer is made once": Removal(put(consent, "offered", always(False)), "I-04", LONG),
    "not ready holds": Removal(
        put(consent, "refuse", always([])), "I-04", edges={"NOT_READY": {"TALK": "CHALLENGE_GATE"}}
    ),
    "a yes is spent": Removal(
        put(consent, "spend", yes_is_kept), "I-03", edges={"DISCOMFORT": {"MOVE_ON": "CH_OTHER"}}
    ),
    "a check-in before more talk counts no more": Removal(put(arrivals, "_talk_more", always(None)), "I-02"),
    "the facts were heard": Removal(put(consent, "all_heard", always(True)), "I-27"),
    "consent to the session": Removal(
        put(machine, "has_consented", always(True)), "I-27", edges={"PLACE": {"YES": "CONNECT"}}
    ),
    "what is not clean opens nothing": Removal(put(consent, "doubtful", always(False)), "I-27"),
    "a single press opens nothing": Removal(put(consent, "_pressed_twice", always(True)), "I-27"),
    "what is heard over the coach leads nowhere": Removal(put(dialogue, "_is_let_go", always(False)), "I-08"),
    "be heard does not move towards": Removal(without_guard("TOWARDS"), "I-17"),
    "be heard is not curious": Removal(
        put(consent, "may_explore", always(True)), "I-17", edges={"HEARD": {"DONE": "LENS"}}
    ),
    "curious questions are chosen": Removal(
        without_guard("EX_UNTOLD"), "5.1", edges={"HEARD": {"DONE": "EX_UNTOLD"}}
    ),
    "reopening needs connection": Removal(
        reopening_always, "I-02", edges={"NEED": {"REOPEN": "REOPEN_GATE"}}
    ),
    "a crisis locks": Removal(check_is_never_open, "I-18", detours=("CR_SELF", "CR_DANGER")),
    "no set time after a crisis": Removal(
        without_guard("FORMAL_TOO"),
        "I-18",
        edges={"TOWARDS": {"DONE": "FORMAL_TOO"}},
        detours=("CR_OTHER",),
    ),
    "no note after a crisis": Removal(
        without_guard("NOTE_OFFER"),
        "I-18",
        NOTES,
        {"HEARD": {"DONE": "NOTE_OFFER"}},
        ("CR_OTHER",),
    ),
    "Two's own yes": Removal(
        put(machine, "two_agreed", always(True)), "I-20", PAIR, {"T_ANSWER": {"NO": "T_CONNECT"}}
    ),
    "a yes from each": Removal(
        put(machine, "both_agreed", always(True)), "I-20", PAIR, {"T_AGREE": {"NO": "T_CHECK"}}
    ),
    "the listener's own yes": Removal(
        without_guard("T_CH_GATE"), "I-20", PAIR, {"T_CH_WILLING": {"NO": "T_CH_GATE"}}
    ),
    "flags stay with their person": Removal(flags_move_on_a_swap, "5.1", PAIR),
    "just listen leaves a curious question": Removal(listens_on, "I-16", LONG),
    "stop stops": Removal(moves("STOP", "CLOSE_CONNECT"), "I-13"),
    "the numbers are near": Removal(moves("NUMBERS", "PREVIOUS"), "I-19", detours=("NUMBERS",)),
    "silence at the gate is a no": Removal(asked_again, "I-05"),
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("en")


@pytest.fixture(autouse=True)
def _fresh_machines() -> Iterator[None]:
    """Machines are built once for a pack: with a guard taken away they are built anew."""
    machine._rules_of.cache_clear()
    yield
    machine._rules_of.cache_clear()


def with_edges(pack: Pack, edges: dict[str, dict[str, str]]) -> Pack:
    states = dict(pack.states)
    for name, go in edges.items():
        states[name] = states[name].model_copy(update={"go": {**states[name].go, **go}})
    return pack.model_copy(update={"states": states})


def walked(pack: Pack, removal: Removal) -> Walker:
    unheard = set(DETOURS) - set(removal.detours)
    walker = Walker(pack, from_presets=True, without=unheard)
    return walker.walk(removal.presets, first_only=True)


@pytest.mark.parametrize("name", REMOVALS)
def test_a_guard_taken_away_is_found(name: str, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    removal = REMOVALS[name]
    removal.patch(monkeypatch)
    walker = walked(with_edges(pack, removal.edges), removal)
    assert [fault.invariant for fault in walker.faults], f"nothing was found in {walker}"
    assert removal.found in {fault.invariant for fault in walker.faults}, walker.faults
    WALKED.append(f"without {name!r}, found in {walker}:")
    for fault in walker.faults[:1]:
        WALKED.append(f"    {fault}")


@pytest.mark.parametrize("pair", [False, True], ids=["alone", "together"])
def test_with_its_guards_no_hostile_edge_opens_anything(pair: bool, pack: Pack) -> None:
    hostile: dict[str, dict[str, str]] = {}
    for removal in REMOVALS.values():
        for state, go in removal.edges.items():
            if state.startswith("T_") == pair:
                hostile.setdefault(state, {}).update(go)
    walker = Walker(with_edges(pack, hostile), from_presets=True, without=set(DETOURS) - {"CR_OTHER"})
    walker.walk(PAIR if pair else (*SOLO, *NOTES))
    WALKED.append(f"with hostile edges: {walker}")
    assert {fault.invariant for fault in walker.faults} <= {"I-12"}, walker.faults
