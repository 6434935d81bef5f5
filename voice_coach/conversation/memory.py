"""What one session remembers: flags, never words.

Comes in: answers, as the consent rules record them. Goes out: facts the guards read. It holds nothing a
person said, only which door was opened or shut, and is gone when the session ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import itemgetter
from typing import Any, Literal, TypeVar

Mode = Literal["", "heard", "look_back", "get_ready", "together", "reminder"]
Check = Literal["none", "steady", "between", "stirred"]
Crisis = Literal["", "checking", "other", "locked"]

_Flags = TypeVar("_Flags")

WELCOME_FACTS = 1
"""It is a tool, and stop works: said to the end."""
CONSENT_FACTS = 2
"""Nothing is kept, leave out names, it cannot call for help: said to the end."""
ALL_FACTS = WELCOME_FACTS | CONSENT_FACTS


@dataclass
class Person:
    """The locks of one person; they never move to the other."""

    connect_answered: bool = False
    check: Check = "none"
    """The answer of the last check-in, forgotten when a CONNECT or LISTEN turn comes after it."""
    exploring: bool = False
    not_ready: bool = False
    wants_challenge: bool = False
    """Said "ask me" before it was time: remembered, but no consent."""
    token: bool = False
    token_at: float = 0.0
    offered: bool = False
    """The one unasked offer of a harder question is used up."""
    in_run: bool = False
    """A harder question was just asked on this person's yes: "one more?" belongs to the same yes."""
    challenges: int = 0
    explore_offered: bool = False
    agreed: bool = False
    """Two together: this person's own yes to the ground rules."""
    need_asked: bool = False


@dataclass
class Memory:
    """Everything the conversation knows in one session."""

    state: str = ""
    people: tuple[Person, Person] = field(default_factory=lambda: (Person(), Person()))
    speaker: int = 0
    """Whose turn it is: 0 is One, 1 is Two."""
    mode: Mode = ""
    length: Literal["", "short", "long", "walking"] = ""
    facts_heard: int = 0
    consented: bool = False
    two_agreed: bool = False
    """Two said yes at their own door (T_ANSWER)."""
    listener_willing: bool = False
    quiet: bool = False
    """Answers in the head: longer gaps, nothing is expected aloud."""
    crisis: Crisis = ""
    came_from: str = ""
    """Where a detour (pause, reminder, numbers, check) returns to."""
    previous: str = ""
    """Where "go back" leads."""
    cards: int = 0
    lens_used: bool = False
    eased: int = 0
    resting: bool = False
    formal_due: bool = False
    notes_on: bool = False
    note_kept: bool = False
    late: bool = False
    """Two minutes or less are left of the time the person gave."""
    rung: int = 0
    unclear: int = 0
    helped: int = 0
    lines_said: int = 0
    defaults: int = 0
    """How many times in a row nothing was understood and the gentler way was taken."""
    armed_at: float = -1.0
    """When the consent key was pressed once; a second, well apart press is the consent."""
    powers: str = ""
    """The last answer to R_WHO, for prompts that depend on it."""

    @property
    def person(self) -> Person:
        """The person whose turn it is."""
        return self.people[self.speaker]

    @property
    def listener(self) -> Person:
        """The other one."""
        return self.people[1 - self.speaker]

    def copy(self) -> Memory:
        """An independent copy: what happens to it does not happen here."""
        other = _twin(self)
        other.people = (_twin(self.people[0]), _twin(self.people[1]))
        return other

    def key(self) -> tuple[Any, ...]:
        """All that a later answer can depend on, as one hashable value: with one key, one behaviour.

        Left out are times, counters that only choose between wordings or soft sounds, and how often this turn
        was unclear (who walks must try each).
        """
        one, two = self.people
        return (*_own_key(self.__dict__), *_person_key(one.__dict__), *_person_key(two.__dict__))


def _twin(original: _Flags) -> _Flags:
    other = object.__new__(type(original))
    other.__dict__.update(original.__dict__)
    return other


_BESIDE = {"people", "armed_at", "late", "rung", "unclear", "lines_said", "helped", "defaults"} | {
    "quiet",
    "powers",
}
_own_key = itemgetter(*[f.name for f in fields(Memory) if f.name not in _BESIDE])
_person_key = itemgetter(*[f.name for f in fields(Person) if f.name != "token_at"])
