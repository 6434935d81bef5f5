"""Runs told apart by what they read: a run is made once for all configurations that agree on that.

A configuration is split in two: its small part (where the session is, and what a detour looks at) and its
rest (the story and its locks), which is kept by number. Many rests with one small part go through together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from tracked import CHANCE, FIELDS, STATE, STORY, WALKING, Configuration

from voice_coach.conversation.protected import CHALLENGE_CARDS

_SMALL = tuple(place for place in range(len(FIELDS)) if place not in STORY)
_REST = tuple(place for place in range(len(FIELDS)) if place in STORY)
IN_SMALL = {place: at for at, place in enumerate(_SMALL)}
IN_REST = {place: at for at, place in enumerate(_REST)}
assert _SMALL[0] == STATE

Small = tuple[Any, ...]
Ids = set[int]
Leaf = TypeVar("Leaf")


class Free(NamedTuple):
    """What a run may find either way: all of it is tried."""

    chance: int = 0
    walking: bool = False

    def all(self, place: int) -> list[tuple[Any, Free]]:
        """Every value it may have at this place."""
        if place == CHANCE:
            return [(chance, self._replace(chance=chance)) for chance in range(len(CHALLENGE_CARDS))]
        assert place == WALKING
        return [(walking, self._replace(walking=walking)) for walking in (False, True)]


class Rests:
    """The rests that were met, by number."""

    def __init__(self) -> None:
        self._numbers: dict[Configuration, int] = {}
        self.by_number: list[Configuration] = []

    def number(self, rest: Configuration) -> int:
        """The number of a rest; a new one where it was not met before."""
        if rest not in self._numbers:
            self._numbers[rest] = len(self.by_number)
            self.by_number.append(rest)
        return self._numbers[rest]


class Group:
    """Some that are in one small place together, and how they part by what is read of their rests."""

    __slots__ = ("_parts", "_rests", "done", "ids")

    def __init__(self, ids: Ids, rests: Rests) -> None:
        self.ids = ids
        self.done: set[int] = set()
        """What all of them have gone through here."""
        self._rests = rests
        self._parts: dict[int, list[tuple[Any, Group]]] = {}

    def by(self, at: int) -> list[tuple[Any, Group]]:
        """Each value found here in a rest, with those who have it."""
        found = self._parts.get(at)
        if found is None:
            holding: dict[Any, Ids] = {}
            rests = self._rests.by_number
            for each in self.ids:
                holding.setdefault(rests[each][at], set()).add(each)
            if len(holding) == 1:
                found = [(next(iter(holding)), self)]
            else:
                found = [(value, Group(ids, self._rests)) for value, ids in holding.items()]
            self._parts[at] = found
        return found

    def somebody(self, small: Small) -> Configuration:
        """One of them, whole."""
        return joined(small, self._rests.by_number[next(iter(self.ids))])


class _Branch:
    """Which place was read next, and what follows for each value found there."""

    __slots__ = ("in_rest", "in_small", "place", "then")

    def __init__(self, place: int) -> None:
        self.place, self.then = place, dict[Any, Any]()
        self.in_small, self.in_rest = IN_SMALL.get(place, -1), IN_REST.get(place, -1)


Run = Callable[[Configuration, Free], tuple[Iterable[tuple[int, Any]], Leaf]]
"""A configuration, and what it may find either way -> what was read, in order, and what came of it."""


class Tree(Generic[Leaf]):
    """All that can come of one thing, by what is read."""

    def __init__(self, run: Run[Leaf]) -> None:
        self._run = run
        self._root: Any = None

    def at_once(self, small: Small, group: Group) -> Leaf | None:
        """What comes of it for everybody here, where that hangs on no rest; else None."""
        if self._root is None:
            self._make(small, group, Free())
        tree = self._root
        while tree.__class__ is _Branch:
            if tree.in_small < 0:
                return None
            tree = self._then(tree, small[tree.in_small], small, group, Free())
        found: Leaf = tree
        return found

    def leaves(self, small: Small, group: Group) -> list[tuple[Leaf, Group]]:
        """What comes of it, with those for whom it does; what is not known is run."""
        if self._root is None:
            self._make(small, group, Free())
        found: list[tuple[Leaf, Group]] = []
        self._follow(self._root, small, group, Free(), found)
        return found

    def _follow(self, tree: Any, small: Small, group: Group, free: Free, found: list[Any]) -> None:
        while tree.__class__ is _Branch:
            if tree.in_small >= 0:
                value = small[tree.in_small]
            elif tree.in_rest >= 0:
                (value, first), *others = group.by(tree.in_rest)
                for other, part in others:
                    self._follow(self._then(tree, other, small, part, free), small, part, free, found)
                group = first
            else:
                for value, chosen in free.all(tree.place):
                    then = self._then(tree, value, small, group, chosen)
                    self._follow(then, small, group, chosen, found)
                return
            following = tree.then.get(value)
            tree = self._then(tree, value, small, group, free) if following is None else following
        found.append((tree, group))

    def _then(self, branch: _Branch, value: Any, small: Small, group: Group, free: Free) -> Any:
        if value not in branch.then:
            self._make(small, group, free)
        return branch.then[value]

    def _make(self, small: Small, group: Group, free: Free) -> None:
        """One real run, and its branch."""
        read, leaf = self._run(group.somebody(small), free)
        branch, value = None, None
        for place, found in read:
            following = self._grown(branch, value, _Branch(place))
            assert following.place == place
            branch, value = following, found
        self._grown(branch, value, leaf)

    def _grown(self, branch: _Branch | None, value: Any, new: Any) -> Any:
        if branch is not None:
            return branch.then.setdefault(value, new)
        if self._root is None:
            self._root = new
        return self._root


def split(at: Configuration) -> tuple[Small, Configuration]:
    """A configuration in its two parts."""
    return tuple(at[place] for place in _SMALL), tuple(at[place] for place in _REST)


def joined(small: Small, rest: Configuration) -> Configuration:
    """The two parts as one again."""
    found: list[Any] = [None] * len(FIELDS)
    for place, value in zip(_SMALL, small, strict=True):
        found[place] = value
    for place, value in zip(_REST, rest, strict=True):
        found[place] = value
    return tuple(found)
