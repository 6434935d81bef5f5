"""An exhaustive walk of the pure conversation: every configuration, and everything that can be heard there.

A configuration is all that the conversation's ways depend on (Memory.key()) together with what an observer
remembers who saw only what was said and heard (observer.py). What a run did not read cannot have mattered to
it (tracked.py): each run is made once for all that agree on what it read, and what the observer
makes of it once for all that agree on what was read of its log (reading.py). The walk goes level by level, so
whatever is found comes with a shortest path; where only the truth is wanted, the largest crowd goes first.
"""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from heard import Heard, heard_in
from observer import SAFETY, Broken, Event, Log, Observer, demands
from reading import IN_REST, IN_SMALL, Free, Group, Ids, Rests, Small, Tree, joined, split
from tracked import CHANCE, PLACE, Configuration, Notes, configuration, noting_log, noting_memory

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
_FACTS_HEARD = IN_SMALL[PLACE["facts_heard"]]
_NOTHING = Heard(Turn(""), "")

Writes = tuple[tuple[int, Any], ...]
Read = list[tuple[int, Any]]
Root = tuple[str, int, bool]
"""State, number of what is heard there, whether all that follows was said to its end."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What the observer made of an event: for all who agree on what was read of its log."""

    written: dict[int, Any]
    broken: Broken | None


@dataclass(frozen=True, eq=False)
class Done:
    """What came of one run of the conversation: for all who agree on what it read."""

    event: Event
    written: dict[int, Any]
    holds_facts: bool
    seen: Tree[Seen]
    """What the observer makes of this event."""
    outcomes: dict[Seen, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a run, and what the observer made of that."""

    event: Event
    small: Writes
    """What was written, by place within a Small."""
    rest: Writes
    moves: dict[int, int]
    """Number of a rest -> its number once `rest` is written; shared by all that write just that."""
    effect: int
    """The same for all that write the same."""
    broken: Broken | None
    holds_facts: bool


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
        self._trees: dict[Root, Tree[Done]] = {}
        self._seeing: dict[Event, Tree[Seen]] = {}
        self._rests = Rests()
        self._moves: dict[Writes, dict[int, int]] = defaultdict(dict)
        self._effects: dict[tuple[Writes, Writes], int] = {}
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
        if place in IN_SMALL:
            return {small[IN_SMALL[place]] for small in self._seen if len(small) > 1}
        return {rest[IN_REST[place]] for rest in self._rests.by_number}

    def at(self, state: str) -> Iterator[tuple[Configuration, tuple[str, ...]]]:
        """Every configuration reached in a state, with a shortest path."""
        for small, ids in self._seen.items():
            if small[0] == state:
                for each in ids:
                    yield joined(small, self._rests.by_number[each]), self._path(small, each)

    def walk(self, presets: Iterable[Preset], *, first_only: bool = False, shortest: bool = True) -> Walker:
        """Everything reachable; with `first_only` until something is wrong.

        Not `shortest`: faster, and what is found comes with some path.
        """
        gc.disable()  # All that is made here is kept: looking for waste costs a tenth of the time.
        try:
            waiting: dict[Small, Ids] = defaultdict(set)
            for preset in presets:
                for at in self._starts(preset):
                    small, rest = split(at)
                    self._reach(
                        small, {self._rests.number(rest)}, waiting, None, f"[{preset.mode or 'asked'}]"
                    )
            return self._by_levels(waiting, first_only) if shortest else self._by_crowds(waiting)
        finally:
            gc.enable()

    def _by_levels(self, level: dict[Small, Ids], first_only: bool) -> Walker:
        while level and not (first_only and self.faults):
            following: dict[Small, Ids] = defaultdict(set)
            for small, ids in level.items():
                self._around(small, ids, following)
            level = following
        return self

    def _by_crowds(self, waiting: dict[Small, Ids]) -> Walker:
        while waiting:
            small = max(waiting, key=lambda each: len(waiting[each]))
            self._around(small, waiting.pop(small), waiting)
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
        everybody = Group(ids, self._rests)
        plan = self._plans.get(small)
        if plan is None:
            plan = self._plans[small] = self._plan(small, everybody)
        self.edges += plan.idle * len(ids)
        for number, outcome in plan.turns:
            heard = self._heard[small[0]][number]
            if outcome is not None:
                self._take(small, everybody, heard, outcome, following)
                continue
            for found, group in self._outcomes((small[0], number, False), small, everybody):
                self._take(small, group, heard, found, following)
                if found.holds_facts:
                    for said, whole in self._outcomes((small[0], number, True), small, group):
                        self._take(small, whole, heard, said, following)

    def _plan(self, small: Small, group: Group) -> Plan:
        """What can be told of each turn without looking at the story: most change nothing at all."""
        plan = Plan()
        for number, heard in enumerate(self._heard.get(small[0], ())):
            if small[0] == "WELCOME" and heard.turn.intent == AUTO and not small[_FACTS_HEARD]:
                continue  # It goes on by itself only from what was said to its end.
            done = self._tree((small[0], number, False)).at_once(small, group)
            seen = None if done is None or done.holds_facts else done.seen.at_once(small, group)
            if done is None or seen is None:
                plan.turns.append((number, None))
                continue
            found = self._outcome(done, seen)
            if found.broken or found.rest or any(small[place] != value for place, value in found.small):
                plan.turns.append((number, found))
            else:
                plan.idle += 1
        return plan

    def _take(
        self, small: Small, group: Group, heard: Heard, outcome: Outcome, following: dict[Small, Ids]
    ) -> None:
        ids = group.ids
        self.edges += len(ids)
        if outcome.broken is not None:
            self._fault(outcome.broken, small, next(iter(ids)), heard)
            return
        if heard.turn.intent == "SKIP" and demands(outcome.event) > 1:
            self._skipped(small, group, heard, outcome)
        if outcome.effect in group.done:
            return
        group.done.add(outcome.effect)
        after = small
        if outcome.small:
            changed = list(small)
            for place, value in outcome.small:
                changed[place] = value
            after = tuple(changed)
        moved = self._moved(outcome, ids)
        if moved is not None:
            self._reach(after, set(moved), following, small, heard.label, moved)
        elif after != small:
            self._reach(after, ids, following, small, heard.label)

    def _moved(self, outcome: Outcome, ids: Ids) -> dict[int, int] | None:
        """Number after -> number before; None where nobody's rest changes."""
        if not outcome.rest:
            return None
        moves, moved, changes = outcome.moves, {}, False
        for each in ids:
            after = moves.get(each)
            if after is None:
                after = moves[each] = self._changed(outcome.rest, each)
            moved[after] = each
            changes = changes or after != each
        return moved if changes else None

    def _changed(self, written: Writes, each: int) -> int:
        rest = list(self._rests.by_number[each])
        for place, value in written:
            rest[place] = value
        return self._rests.number(tuple(rest))

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

    def _skipped(self, small: Small, group: Group, heard: Heard, outcome: Outcome) -> None:
        """I-12: no answer may have led to less than skipping does."""
        name = small[0]
        go = self._pack.states[name].go.keys() - {"SKIP"}
        answers = [
            number
            for number, other in enumerate(self._heard[name])
            if other.turn.intent in go and other.turn.at == heard.turn.at
        ]
        left = set(group.ids)
        for number in answers:
            for found, some in self._outcomes((name, number, False), small, group):
                if demands(found.event) >= demands(outcome.event):
                    left -= some.ids
            if not left:
                return
        sentence = f"skip in {name} asks more than answering: {outcome.event.said[-1].state}"
        self._fault(Broken("I-12", sentence), small, left.pop(), heard)

    # -- runs -------------------------------------------------------------------------------------------

    def _outcomes(self, root: Root, small: Small, group: Group) -> list[tuple[Outcome, Group]]:
        """What comes of this turn, with those for whom it does; what is not known is run."""
        return [
            (done.outcomes.get(seen) or self._outcome(done, seen), part)
            for done, some in self._tree(root).leaves(small, group)
            for seen, part in done.seen.leaves(small, some)
        ]

    def _outcome(self, done: Done, seen: Seen) -> Outcome:
        written = (done.written | seen.written).items()
        small = tuple((IN_SMALL[place], value) for place, value in written if place in IN_SMALL)
        rest = tuple((IN_REST[place], value) for place, value in written if place in IN_REST)
        effect = self._effects.setdefault((small, rest), len(self._effects))
        holds_facts = done.holds_facts and seen.broken is None
        done.outcomes[seen] = Outcome(
            done.event, small, rest, self._moves[rest], effect, seen.broken, holds_facts
        )
        return done.outcomes[seen]

    def _tree(self, root: Root) -> Tree[Done]:
        if root not in self._trees:
            self._trees[root] = Tree(lambda at, free: self._run(root, at, free))
        return self._trees[root]

    def _run(self, root: Root, at: Configuration, free: Free) -> tuple[Read, Done]:
        """One real run of the conversation."""
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
        self.runs += 1
        event = self._observer.event(name, heard, cues, finished)
        if event not in self._seeing:
            self._seeing[event] = Tree(lambda at, free: self._see(event, at))
        holds_facts = not finished and _holds_facts(cues)
        return list(notes.read.items()), Done(event, notes.written, holds_facts, self._seeing[event])

    def _see(self, event: Event, at: Configuration) -> tuple[Read, Seen]:
        """The observer sees one event."""
        notes, broken, speaker = Notes(), None, PLACE["speaker"]
        if event.state.startswith("T_"):
            notes.read[speaker] = at[speaker]
        try:
            self._observer.see(noting_log(at, notes), event, at[speaker])
        except Broken as found:
            broken = found
        return list(notes.read.items()), Seen(notes.written, broken)


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


def presets(modes: Iterable[str], lengths: Iterable[str] = ("",), **others: Any) -> list[Preset]:
    """A preset for each mode and length."""
    return [Preset(mode=mode, length=length, **others) for mode in modes for length in lengths]  # type: ignore[arg-type]
