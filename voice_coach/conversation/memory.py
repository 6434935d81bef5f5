"""What one session remembers: flags, never words.

Comes in: answers, as the consent rules record them. Goes out: facts the guards read. It holds nothing a
person said, only which door was opened or shut, and is gone when the session ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Literal, TypeVar

Mode = Literal["", "solo", "heard", "look_back", "get_ready", "together", "reminder"]
"""What the session is for; "solo": one person, who has not said yet what for."""
Length = Literal["", "short", "long"]
Kinds = Literal["voice", "text", "both"]
There = Literal["none", "some", "sealed"]
Crisis = Literal["", "other", "locked"]

_Flags = TypeVar("_Flags")

WELCOME_FACTS = 1
"""It is a tool, and stop works: said to the end."""
CONSENT_FACTS = 2
"""Nothing is kept, leave out names, it cannot call for help: said to the end."""
ALL_FACTS = WELCOME_FACTS | CONSENT_FACTS


@dataclass
class Person:
    """The locks of one person; they never move to the other."""

    connection: Literal["none", "answered", "checked"] = "none"
    """CONNECT was answered; and a later check-in said steady or between (forgotten by more talk)."""
    curious: Literal["unasked", "listening", "exploring"] = "unasked"
    """Gentle questions: not offered yet, offered and not wanted (any more), or wanted."""
    harder: Literal["unasked", "wished", "once", "twice", "over", "refused"] = "unasked"
    """Harder questions: wished for before their time; once or twice asked on one run of yeses, so that one
    more may follow; over: the one offer is used up; refused: not ready, which holds (I-04)."""
    token: bool = False
    token_at: float = 0.0
    agreed: bool = False
    """Two together: this person's own yes to the ground rules."""

    def copy(self) -> Person:
        """An independent copy."""
        return _twin(self)


@dataclass
class Memory:
    """Everything the conversation knows in one session."""

    state: str = ""
    people: tuple[Person, Person] = field(default_factory=lambda: (Person(), Person()))
    speaker: int = 0
    """Whose turn it is: 0 is One, 1 is Two."""
    mode: Mode = ""
    length: Length = ""
    """How much a look back may hold; other modes take the time and forget it."""
    facts_heard: int = 0
    consented: bool = False
    two_agreed: bool = False
    """Two said yes at their own door (T_ANSWER)."""
    listener_willing: bool = False
    crisis: Crisis = ""
    """Words of danger were heard: about someone else, or not taken back (then it is locked for good)."""
    checking: bool = False
    """Words of danger were heard and the check is still open."""
    asked_sure: bool = False
    """Said no to "is it about you, someone else, or did I mishear?", and asked which no it was."""
    came_from: str = ""
    """Where a detour (reminder, numbers, check) returns to."""
    paused_from: str = ""
    previous: str = ""
    """Where "go back" leads."""
    cards: int = 0
    eased: bool = False
    """Was already slowed down once, just before this."""
    waiting: Literal["", "rest", "stretch"] = ""
    """A quiet minute, or a stretch of walking, within the state."""
    notes_on: bool = False
    note_kept: bool = False
    note_kinds: Kinds = "both"
    notes_there: There = "none"
    """Whether notes were kept before, and whether they can be played."""
    more_notes: bool = False
    """There is an older note than the one that was just played."""
    personal: bool = False
    """The device is one person's own: the short welcome and consent will do."""
    formal_due: bool = False
    """This session may also ask about set times to reflect."""

    # What follows chooses between wordings, soft sounds and repeats; it opens and shuts nothing.
    quiet: bool = False
    """Answers in the head: longer gaps, nothing is expected aloud."""
    walking: bool = False
    unhurried: bool = False
    """Walking, or answering in the head: every wait is longer."""
    given: float | None = None
    """Seconds the person gave for this session; None for as long as wanted."""
    late: bool = False
    """Two minutes or less are left of the time the person gave."""
    dropped: int = 0
    """How many parts of the session there is no time for any more, in the order of part 4."""
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
    contact: int = 0
    """Which of the numbers is being read out."""
    numbers_for: Literal["", "danger", "poison"] = ""
    """What the numbers were asked for: it changes which come first."""
    harm: bool = False
    """The words heard were about hurting oneself, not about dying: the check says so."""
    misheard: tuple[str, ...] = ()
    """Kinds of danger whose check was answered with "wrong", once for each time."""

    @property
    def person(self) -> Person:
        """The person whose turn it is."""
        return self.people[self.speaker]

    @property
    def listener(self) -> Person:
        """The other one."""
        return self.people[1 - self.speaker]

    @property
    def alarmed(self) -> bool:
        """Whether words of danger were heard and not taken back as misheard."""
        return self.checking or self.crisis != ""

    def copy(self) -> Memory:
        """An independent copy: what happens to it does not happen here."""
        other = _twin(self)
        other.people = (self.people[0].copy(), self.people[1].copy())
        return other

    def key(self) -> tuple[Any, ...]:
        """All that a later way can depend on, as one hashable value.

        Left out is what only chooses between wordings, soft sounds and repeats, and times.
        """
        return (*_own_key(self), *_person_key(self.people[0]), *_person_key(self.people[1]))


def _twin(original: _Flags) -> _Flags:
    other = object.__new__(type(original))
    other.__dict__.update(original.__dict__)
    return other


WORDING = frozenset(
    {
        *(
            "quiet",
            "walking",
            "unhurried",
            "given",
            "late",
            "dropped",
            "rung",
            "unclear",
            "helped",
            "lines_said",
        ),
        *("defaults", "armed_at", "powers", "contact", "numbers_for", "harm", "misheard"),
    }
)
"""Fields that are no part of the key."""
OWN_FIELDS = tuple(f.name for f in fields(Memory) if f.name not in WORDING | {"people"})
PERSON_FIELDS = tuple(f.name for f in fields(Person) if f.name != "token_at")
_own_key = attrgetter(*OWN_FIELDS)
_person_key = attrgetter(*PERSON_FIELDS)
