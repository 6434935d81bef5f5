"""An exhaustive walk of the pure conversation: every configuration, and everything that can be heard there.

A configuration is all that the conversation's ways depend on (Memory.key()) together with what an observer
remembers who saw only what was said and heard (observer.py). What a run did not read cannot have mattered to
it (tracked.py): each run is made once for all configurations that agree on what it read. The walk goes level
by level, so whatever is found comes with a shortest path. Configurations that differ only in the story and
its locks move together as long as nothing looks at those, as in a pause or a reminder.
"""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from heard import Heard, heard_in
from observer import SAFETY, Broken, Event, Log, Observer, demands
from tracked import (
    CHANCE,
    FIELDS,
    PLACE,
    STATE,
    STORY,
    WALKING,
    Configuration,
    Notes,
    configuration,
    noting_log,
    noting_memory,
)

from voice_coach.conversation.cues import AUTO, Cue, Say, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.memory import There
from voice_coach.conversation.preset import Preset
from voice_coach.conversation.protected import CHALLENGE_CARDS, ENDINGS, EXPLORE_CARDS
from voice_coach.packs.models import Pack

FACTS = frozenset({"WELCOME", "CONSENT"})
"""Prompts that must be heard to their end: both ends of them are walked."""
WAYS_IN = ("SOLO", "PAIR", "BE_HEARD", "LOOK_BACK", "GET_READY", "SHORT", "LONG", "WALKING")
"""Answers that say what a session is for, or how long."""
DETOURS = ("PAUSE", "REMIND", "NUMBERS", "PLAY_NOTES", "DELETE_NOTES", "DELETE_LAST", *sorted(SAFETY))
"""What leads away from the journey and back."""
_SMALL = tuple(place for place in range(len(FIELDS)) if place not in STORY)
_REST = tuple(place for place in range(len(FIELDS)) if place in STORY)
_IN_SMALL = {place: at for at, place in enumerate(_SMALL)}
_IN_REST = {place: at for at, place in enumerate(_REST)}
_FACTS_HEARD = _IN_SMALL[PLACE["facts_heard"]]
_NOTHING = Heard(Turn(""), "")
assert _SMALL[0] == STATE

Small = tuple[Any, ...]
Ids = set[int]
Root = tuple[str, int, bool]
"""State, number of what is heard there, whether all that follows was said to its end."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of one run: for all configurations that agree on what it read."""

    event: Event
    small: tuple[tuple[int, Any], ...]
    """What it wrote, by place within a Small."""
    rest: tuple[tuple[int, Any], ...]
    broken: Broken | None
    holds_facts: bool


@dataclass
class Branch:
    """Which place was read next, and what follows for each value found there."""

    place: int
    then: dict[Any, Branch | Outcome] = field(default_factory=dict)


class Free(NamedTuple):
    """What a run may find either way: all of it is tried."""

    chance: int = 0
    walking: bool = False


@dataclass
class Plan:
    """What is to be tried in a Small: turn -> its outcome, where that hangs on nothing else."""

    turns: list[tuple[int, Outcome | None]] = field(default_factory=list)
    idle: int = 0
    """Turns that change nothing and break nothing."""


WALKED: list[str] = []
"""What is told at the end of a run: what was walked, and how large it was."""


@dataclass(frozen=True)
class Fault:
    """An invariant that did not hold, with the shortest way there."""

    invariant: str
    sentence: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.invariant}: {self.sentence}\n    {' > '.join(self.path)}"


class Walker:
    """Walks one pack from some presets."""

    def __init__(
        self,
        pack: Pack,
        *,
        from_presets: bool = False,
        without: Iterable[str] = (),
        notes_there: There = "none",
    ) -> None:
        """`from_presets`: what for and how long is not said but known. `without`: intents never heard."""
        self._pack, self._observer, self._notes_there = pack, Observer(pack), notes_there
        ways_in = WAYS_IN if from_presets else ()
        unheard = frozenset(without)
        self._heard = {
            name: [
                heard
                for heard in heard_in(pack, state)
                if (state.group != "arrive" or heard.turn.intent not in ways_in)
                and heard.turn.intent not in unheard
            ]
            for name, state in pack.states.items()
        }
        self._trees: dict[Root, Branch | Outcome] = {}
        self._rests: dict[Configuration, int] = {}
        self._rest_of: list[Configuration] = []
        self._holders: list[dict[Any, Ids]] = [defaultdict(set) for _ in _REST]
        """For each place of a rest: value -> who has it."""
        self._moved: dict[tuple[tuple[tuple[int, Any], ...], int], int] = {}
        self._fixed: dict[tuple[tuple[int, Any], ...], Ids] = defaultdict(set)
        """Writes -> those that already hold just that."""
        self._seen: dict[Small, Ids] = defaultdict(set)
        self._ways: dict[Small, list[tuple[Ids | dict[int, int], Small | None, str]]] = defaultdict(list)
        """Small -> how its members were first reached: (ids, or id -> id before), from where, by what."""
        self._plans: dict[Small, Plan] = {}
        self._talk = Conversation(pack)
        self.edges = 0
        self.runs = 0
        self.faults: list[Fault] = []

    def __str__(self) -> str:
        return f"{self.configurations:,} configurations, {self.edges:,} edges, {self.runs:,} runs"

    @property
    def configurations(self) -> int:
        """How many were reached."""
        return sum(len(ids) for ids in self._seen.values())

    @property
    def states(self) -> set[str]:
        """Names of all states that were reached."""
        return {small[0] for small in self._seen}

    def values(self, name: str) -> set[Any]:
        """All that a field ever held."""
        place = PLACE[name]
        if place in _IN_SMALL:
            return {small[_IN_SMALL[place]] for small in self._seen if len(small) > 1}
        return {rest[_IN_REST[place]] for rest in self._rest_of}

    def at(self, state: str) -> Iterator[tuple[Configuration, tuple[str, ...]]]:
        """Every configuration reached in a state, with a shortest path."""
        for small, ids in self._seen.items():
            if small[0] == state:
                for each in ids:
                    yield _joined(small, self._rest_of[each]), self._path(small, each)

    def walk(self, presets: Iterable[Preset], *, first_only: bool = False) -> Walker:
        """Everything reachable; with `first_only` until something is wrong."""
        gc.disable()  # All that is made here is kept: looking for waste costs a tenth of the time.
        try:
            return self._walk(presets, first_only)
        finally:
            gc.enable()

    def _walk(self, presets: Iterable[Preset], first_only: bool) -> Walker:
        level: dict[Small, Ids] = defaultdict(set)
        for preset in presets:
            for at in self._starts(preset):
                small, rest = _split(at)
                self._reach(small, {self._id(rest)}, level, None, f"[{preset.mode or 'asked'}]")
        while level and not (first_only and self.faults):
            following: dict[Small, Ids] = defaultdict(set)
            for small, ids in level.items():
                self._around(small, ids, following)
            level = following
        return self

    def _starts(self, preset: Preset) -> Iterator[Configuration]:
        for finished in (False, True):
            talk = Conversation(self._pack, preset)
            talk.memory.notes_there = self._notes_there
            cues = talk.begin()
            if finished:
                _finish(talk, cues)
            log = Log(mode=preset.mode)
            self._observer.see(log, self._observer.event("", _NOTHING, cues, finished), 0)
            yield configuration(talk.memory, log)

    # -- one configuration, or many that are alike ------------------------------------------------------

    def _around(self, small: Small, ids: Ids, following: dict[Small, Ids]) -> None:
        """Everything that can be heard in configurations that differ only in the story and its locks."""
        plan = self._plans.get(small)
        if plan is None:
            plan = self._plans[small] = self._plan(small, ids)
        self.edges += plan.idle * len(ids)
        for number, outcome in plan.turns:
            heard = self._heard[small[0]][number]
            if outcome is not None:
                self._take(small, ids, heard, outcome, following)
                continue
            for found, group in self._outcomes((small[0], number, False), small, ids):
                self._take(small, group, heard, found, following)
                if found.holds_facts:
                    for said, whole in self._outcomes((small[0], number, True), small, group):
                        self._take(small, whole, heard, said, following)

    def _plan(self, small: Small, ids: Ids) -> Plan:
        """What can be told of each turn without looking at the story: most change nothing at all."""
        plan = Plan()
        for number, heard in enumerate(self._heard.get(small[0], ())):
            if small[0] == "WELCOME" and heard.turn.intent == AUTO and not small[_FACTS_HEARD]:
                continue  # It goes on by itself only from what was said to its end.
            root = (small[0], number, False)
            if root not in self._trees:
                self._run(root, _joined(small, self._rest_of[next(iter(ids))]), Free())
            tree: Branch | Outcome = self._trees[root]
            while isinstance(tree, Branch) and tree.place in _IN_SMALL:
                tree = self._then(root, tree, small[_IN_SMALL[tree.place]], small, ids, Free())
            if isinstance(tree, Branch) or tree.holds_facts:
                plan.turns.append((number, None))
            elif tree.broken or tree.rest or any(small[place] != value for place, value in tree.small):
                plan.turns.append((number, tree))
            else:
                plan.idle += 1
        return plan

    def _take(
        self, small: Small, ids: Ids, heard: Heard, outcome: Outcome, following: dict[Small, Ids]
    ) -> None:
        self.edges += len(ids)
        if outcome.broken is not None:
            self._fault(outcome.broken, small, next(iter(ids)), heard)
            return
        if heard.turn.intent == "SKIP" and demands(outcome.event) > 1:
            self._skipped(small, ids, heard, outcome)
        after = small
        if outcome.small:
            changed = list(small)
            for place, value in outcome.small:
                changed[place] = value
            after = tuple(changed)
        if not outcome.rest or ids <= self._fixed[outcome.rest]:
            if after != small:
                self._reach(after, ids, following, small, heard.label)
            return
        moved = {self._changed(outcome.rest, each): each for each in ids}
        self._reach(after, set(moved), following, small, heard.label, moved)

    def _reach(
        self,
        small: Small,
        ids: Ids,
        following: dict[Small, Ids],
        before: Small | None,
        label: str,
        moved: dict[int, int] | None = None,
    ) -> None:
        if small[0] in ENDINGS:
            if moved is None:
                moved = dict.fromkeys(ids, next(iter(ids)))
            small, ids, moved = (small[0],), {0}, {0: next(iter(moved.values()))}
        new = ids - self._seen[small]
        if new:
            self._seen[small] |= new
            following[small] |= new
            self._ways[small].append((new if moved is None else moved, before, label))

    def _path(self, small: Small | None, each: int, *last: str) -> tuple[str, ...]:
        heard = list(reversed(last))
        while small is not None:
            way = next(way for way in self._ways[small] if each in way[0])
            each = way[0][each] if isinstance(way[0], dict) else each
            small = way[1]
            heard.append(way[2])
        return tuple(reversed(heard))

    def _fault(self, broken: Broken, small: Small, each: int, heard: Heard) -> None:
        if not any((f.invariant, f.sentence) == (broken.invariant, broken.sentence) for f in self.faults):
            path = self._path(small, each, heard.label)
            self.faults.append(Fault(broken.invariant, broken.sentence, path))

    def _skipped(self, small: Small, ids: Ids, heard: Heard, outcome: Outcome) -> None:
        """I-12: no answer may have led to less than skipping does."""
        name = small[0]
        go = self._pack.states[name].go.keys() - {"SKIP"}
        answers = [
            number
            for number, other in enumerate(self._heard[name])
            if other.turn.intent in go and other.turn.at == heard.turn.at
        ]
        left = set(ids)
        for number in answers:
            for found, group in self._outcomes((name, number, False), small, ids):
                if demands(found.event) >= demands(outcome.event):
                    left -= group
            if not left:
                return
        sentence = f"skip in {name} asks more than answering: {outcome.event.said[-1].state}"
        self._fault(Broken("I-12", sentence), small, left.pop(), heard)

    # -- configurations ---------------------------------------------------------------------------------

    def _id(self, rest: Configuration) -> int:
        if rest not in self._rests:
            self._rests[rest] = len(self._rest_of)
            for holders, value in zip(self._holders, rest, strict=True):
                holders[value].add(len(self._rest_of))
            self._rest_of.append(rest)
        return self._rests[rest]

    def _changed(self, written: tuple[tuple[int, Any], ...], each: int) -> int:
        found = self._moved.get((written, each))
        if found is None:
            rest = list(self._rest_of[each])
            for place, value in written:
                rest[place] = value
            found = self._moved[written, each] = self._id(tuple(rest))
            self._fixed[written].add(found)
        return found

    # -- runs -------------------------------------------------------------------------------------------

    def _outcomes(self, root: Root, small: Small, ids: Ids) -> Iterator[tuple[Outcome, Ids]]:
        """What comes of this turn, with the configurations for which it does; what is not known is run."""
        if root not in self._trees:
            self._run(root, _joined(small, self._rest_of[next(iter(ids))]), Free())
        yield from self._follow(root, self._trees[root], small, ids, Free())

    def _follow(
        self, root: Root, tree: Branch | Outcome, small: Small, ids: Ids, free: Free
    ) -> Iterator[tuple[Outcome, Ids]]:
        while isinstance(tree, Branch):
            place = tree.place
            if place in _IN_SMALL:
                value = small[_IN_SMALL[place]]
            elif place == CHANCE:
                for chance in range(len(CHALLENGE_CARDS)):
                    chosen = free._replace(chance=chance)
                    found = self._then(root, tree, chance, small, ids, chosen)
                    yield from self._follow(root, found, small, ids, chosen)
                return
            elif place == WALKING:
                for walking in (False, True):
                    chosen = free._replace(walking=walking)
                    found = self._then(root, tree, walking, small, ids, chosen)
                    yield from self._follow(root, found, small, ids, chosen)
                return
            else:
                holders = self._holders[_IN_REST[place]]
                value = self._rest_of[next(iter(ids))][_IN_REST[place]]
                if not ids <= holders[value]:
                    for value, holding in list(holders.items()):
                        if group := ids & holding:
                            found = self._then(root, tree, value, small, group, free)
                            yield from self._follow(root, found, small, group, free)
                    return
            tree = self._then(root, tree, value, small, ids, free)
        yield tree, ids

    def _then(
        self, root: Root, branch: Branch, value: Any, small: Small, ids: Ids, free: Free
    ) -> Branch | Outcome:
        if value not in branch.then:
            self._run(root, _joined(small, self._rest_of[next(iter(ids))]), free)
        return branch.then[value]

    def _run(self, root: Root, at: Configuration, free: Free) -> None:
        """One real run of the conversation, and of the observer beside it."""
        name, number, finished = root
        heard = self._heard[name][number]
        notes = Notes()
        talk = self._talk
        memory = noting_memory(at, {"walking": free.walking, **heard.wording}, notes)
        talk._session.memory, talk._session.usage = memory, _chooser(notes, free.chance)
        talk._pace, talk._said_once, talk.book._said = 0, frozenset(), Counter()
        talk._last = (Say(name, f"{name}.prompts.0", self._pack.states[name].stance, ("",)),)
        cues = talk.hear(heard.turn)
        if finished:
            _finish(talk, cues)
        event = self._observer.event(name, heard, cues, finished)
        broken = None
        if name.startswith("T_"):
            notes.read.setdefault(PLACE["speaker"], at[PLACE["speaker"]])
        try:
            self._observer.see(noting_log(at, notes), event, at[PLACE["speaker"]])
        except Broken as found:
            broken = found
        self.runs += 1
        written = notes.written.items()
        outcome = Outcome(
            event,
            tuple((_IN_SMALL[place], value) for place, value in written if place in _IN_SMALL),
            tuple((_IN_REST[place], value) for place, value in written if place in _IN_REST),
            broken,
            not finished and broken is None and _holds_facts(cues),
        )
        self._plant(root, list(notes.read.items()), outcome)

    def _plant(self, root: Root, read: list[tuple[int, Any]], outcome: Outcome) -> None:
        branch = self._trees.setdefault(root, Branch(read[0][0]))
        for (place, value), (following, _) in pairwise(read):
            assert isinstance(branch, Branch)
            assert branch.place == place
            branch = branch.then.setdefault(value, Branch(following))
        assert isinstance(branch, Branch)
        assert branch.place == read[-1][0]
        branch.then[read[-1][1]] = outcome


def _chooser(notes: Notes, chance: int) -> Any:
    favoured = {EXPLORE_CARDS[chance % len(EXPLORE_CARDS)], CHALLENGE_CARDS[chance]}

    def usage(state: str) -> float:
        notes.read.setdefault(CHANCE, chance)
        return 0.0 if state in favoured else 1.0

    return usage


def _finish(talk: Conversation, cues: list[Cue]) -> None:
    for cue in cues:
        if isinstance(cue, Say):
            talk.spoken(cue)


def _holds_facts(cues: list[Cue]) -> bool:
    return any(isinstance(cue, Say) and cue.state in FACTS and ".prompts." in cue.id for cue in cues)


def _split(at: Configuration) -> tuple[Small, Configuration]:
    return tuple(at[place] for place in _SMALL), tuple(at[place] for place in _REST)


def _joined(small: Small, rest: Configuration) -> Configuration:
    found: list[Any] = [None] * len(FIELDS)
    for place, value in zip(_SMALL, small, strict=True):
        found[place] = value
    for place, value in zip(_REST, rest, strict=True):
        found[place] = value
    return tuple(found)


def presets(modes: Iterable[str], lengths: Iterable[str] = ("",), **others: Any) -> list[Preset]:
    """A preset for each mode and length."""
    return [Preset(mode=mode, length=length, **others) for mode in modes for length in lengths]  # type: ignore[arg-type]
