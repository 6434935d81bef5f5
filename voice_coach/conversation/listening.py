"""How it listens in a state: the Listen cue with its patience, its pace and its bells.

Comes in: a state, the memory, the preset. Goes out: one Listen. It measures no time.
"""

from __future__ import annotations

from voice_coach.conversation.commands import SLOWEST
from voice_coach.conversation.consent import GATES_THAT_OPEN
from voice_coach.conversation.cues import Listen
from voice_coach.conversation.ladder import ladder, turn_name
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.preset import (
    DROPPED_SECONDS,
    FREE_BELL_SECONDS,
    LATE_SECONDS,
    PACES,
    SHORTEST_SECONDS,
    TOGETHER_BESIDE_SECONDS,
    TURN_BELL_SECONDS,
    Preset,
)
from voice_coach.conversation.protected import CHALLENGE_GATES
from voice_coach.packs.models import State

_OPENS = CHALLENGE_GATES | GATES_THAT_OPEN
_STORY_GROUPS = frozenset({"connect", "listen", "explore", "towards", "rehearse", "together"})
"""Groups in which the bell that two minutes are left may sound."""


def scale(memory: Memory, preset: Preset, pace: int) -> float:
    """How many times longer than usual it waits now."""
    unhurried = 2.0 if memory.unhurried else 1.0
    return unhurried * PACES[pace - SLOWEST] * (preset.patience or 1.0)


def look_at_the_time(memory: Memory, preset: Preset, at: float) -> None:
    """Note whether two minutes or less are left of the time the person gave, and what must be dropped."""
    if not preset.patience or memory.given is None or at <= SHORTEST_SECONDS - LATE_SECONDS:
        memory.late, memory.dropped = False, 0
        return
    left = memory.given * preset.patience - at
    memory.late = left < LATE_SECONDS
    memory.dropped = sum(left < seconds for seconds in DROPPED_SECONDS.values())


def listening(state: State, memory: Memory, preset: Preset, pace: int) -> Listen:
    """The cue to listen in this state."""
    longer = scale(memory, preset, pace)
    steps = ladder(state, memory.waiting)
    bell_at, bell_after = _bells(state, memory, preset)
    return Listen(
        state=state.name,
        turn=turn_name(state, memory.waiting),
        patience=tuple(rung.seconds * longer for rung in steps) if preset.patience else (),
        rung=min(memory.rung, len(steps) - 1),
        scale=longer,
        consent=state.name in _OPENS,
        bell_at=bell_at,
        bell_after=bell_after,
    )


def _bells(state: State, memory: Memory, preset: Preset) -> tuple[float | None, float | None]:
    """One soft bell when two minutes are left, and one towards the end of a long talk (part 4, 6.5)."""
    if not preset.patience:
        return None, None
    late = _bell_time(memory, preset)
    at = late if state.group in _STORY_GROUPS and late != _NEVER and not memory.late else None
    after = FREE_BELL_SECONDS if state.name == "LISTEN" else None
    if state.name == "T_TURN" and memory.given is not None:
        turn = (memory.given - TOGETHER_BESIDE_SECONDS) / 2
        after = max(TURN_BELL_SECONDS, turn - TURN_BELL_SECONDS) * preset.patience
    return at, after


def _bell_time(memory: Memory, preset: Preset) -> float:
    return _NEVER if memory.given is None else memory.given * preset.patience - LATE_SECONDS


_NEVER = float("inf")
