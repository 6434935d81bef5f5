"""The journeys as graphs: states, and where each answer leads, as the machine is built from a pack.

Comes in: a pack. Goes out: plain nodes and edges, in the order of the pack's files. It draws nothing, and
leaves out only what works from everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.conversation.machine import guards
from voice_coach.conversation.protected import ENDINGS
from voice_coach.conversation.targets import MOVES, candidates, edges
from voice_coach.packs.models import Pack, State

JOURNEYS: dict[str, tuple[str, ...]] = {
    "arriving": ("arrive", "global"),
    "heard": ("connect", "listen", "close"),
    "look-back": ("connect", "listen", "explore", "challenge", "towards", "close"),
    "get-ready": ("rehearse",),
    "together": ("together",),
    "reminder": ("remind",),
    "crisis": ("crisis",),
    "notes": ("notes", "my_notes"),
}
"""Name -> the files of the pack whose states it goes through."""
BACK = "BACK"
"""A place that is no state: where the person was before a detour."""
_RETURNING = frozenset({"RETURN", "PREVIOUS"})


@dataclass(frozen=True)
class Node:
    """A state, or a place beyond this map."""

    name: str
    purpose: str = ""
    stance: str = ""
    """Empty for a place beyond this map."""
    locked: bool = False
    """A guard must hold for it to be entered, beyond the session's own consent."""


@dataclass(frozen=True)
class Edge:
    """All answers that lead from one place to another."""

    source: str
    dest: str
    intents: tuple[str, ...]
    perhaps: bool = False
    """The target is worked out: it is one of several."""


@dataclass(frozen=True)
class Graph:
    """One journey."""

    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph(pack: Pack, journey: str) -> Graph:
    """The graph of a journey, a key of JOURNEYS."""
    inside = [state for group in JOURNEYS[journey] for state in pack.states.values() if state.group == group]
    if journey == "heard":
        inside = [state for state in inside if _in_heard(state)]
    found: dict[tuple[str, str, bool], list[str]] = {}
    for state in inside:
        for intent, target in own_ways(pack, state).items():
            dests = _dests(pack, state, target, journey)
            for dest in dests:
                found.setdefault((state.name, dest, len(dests) > 1), []).append(intent)
    nodes = {state.name: _node(state) for state in inside}
    for _, dest, _ in found:
        nodes.setdefault(dest, Node(dest, _purpose(pack, dest)))
    ways = tuple(Edge(*key[:2], tuple(intents), key[2]) for key, intents in found.items())
    return Graph(journey, tuple(nodes.values()), ways)


def own_ways(pack: Pack, state: State) -> dict[str, str]:
    """Intent -> target for what is this state's own: without what works from everywhere."""
    return {
        intent: target
        for intent, target in edges(pack, state).items()
        if intent in state.go or MOVES.get(intent) != target
    }


def _dests(pack: Pack, state: State, target: str, journey: str) -> list[str]:
    if target in _RETURNING:
        return [BACK]
    dests = list(dict.fromkeys(candidates(pack, target, state.name)))
    if journey == "heard":
        # The locks keep these out of "be heard" (I-17), whatever the pack says.
        dests = [dest for dest in dests if dest in ENDINGS or _in_heard(pack.states[dest])] or dests
    return dests


def _in_heard(state: State) -> bool:
    only_elsewhere = state.name in {"RAW_CHECK", "NEED", "HOPE", "FORMAL_TOO"}
    return state.group in {"connect", "listen", "close", "notes", "global", "arrive"} and not only_elsewhere


def _node(state: State) -> Node:
    return Node(
        state.name, state.purpose, state.stance, any(g.__name__ != "has_consented" for g in guards(state))
    )


def _purpose(pack: Pack, name: str) -> str:
    return pack.states[name].purpose if name in pack.states else ""
