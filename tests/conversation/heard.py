"""Everything that listening in a state can bring.

Each phrase by voice and key, clean and not, over the coach and not; silence at each step; noise; and all of
them when time is nearly over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from voice_coach.conversation.answers import MISHEARD_AT_MOST
from voice_coach.conversation.consent import OPENING
from voice_coach.conversation.cues import AUTO, SILENCE, SPEECH_END, UNCLEAR, Turn
from voice_coach.conversation.ladder import ladder
from voice_coach.conversation.routes import REPLACED, ROUTES
from voice_coach.conversation.targets import SAFETY
from voice_coach.packs.models import Pack, State
from voice_coach.understanding.table import PhraseTable

LATE = 10_000.0
"""An audio time at which every time budget is over."""


@dataclass(frozen=True)
class Heard:
    """One outcome of listening, with what the turn remembers of itself (how often it was unclear, say)."""

    turn: Turn
    label: str
    wording: dict[str, Any] = field(default_factory=dict, compare=False)


def heard_in(pack: Pack, state: State) -> list[Heard]:
    """All that can be heard in this state."""
    return list(_telling(pack, state) if state.listen == "none" else _listening(pack, state))


def _telling(pack: Pack, state: State) -> Iterator[Heard]:
    yield Heard(Turn(AUTO), "(goes on)")
    for intent in sorted(PhraseTable.while_speaking(pack, state.name).intents):
        yield Heard(Turn(intent, while_speaking=True), f"{intent} over the coach")
        yield Heard(Turn(intent, by="key", while_speaking=True), f"{intent} by key over the coach")


def _listening(pack: Pack, state: State) -> Iterator[Heard]:
    intents = sorted(PhraseTable.for_state(pack, state.name).intents | OPENING)
    for intent in intents:
        yield Heard(Turn(intent, word="heavy" if intent == "FEELING" else ""), intent)
        yield Heard(Turn(intent, while_speaking=True), f"{intent} over the coach")
        if intent in OPENING or intent in {"NUMBERS", "STOP"}:
            yield Heard(Turn(intent, by="key"), f"{intent} by key once")
            yield Heard(Turn(intent, clean=False), f"{intent} not clean")
            yield Heard(Turn(intent, by="key", at=2.0), f"{intent} by key twice", {"armed_at": 0.5})
        if intent in SAFETY:
            often = {"misheard": (intent.replace("POISON", "MEDICAL"),) * MISHEARD_AT_MOST}
            yield Heard(Turn(intent), f"{intent} misheard before", often)
    for unclear in range(3):
        yield Heard(Turn(UNCLEAR), f"(unclear {unclear + 1})", {"unclear": unclear})
    yield Heard(Turn("HELP"), "HELP again", {"helped": 1})
    yield Heard(Turn(SPEECH_END), "(talk)")
    steps = max(len(ladder(state)), len(ladder(state, "rest")) if state.name == "EASE" else 0)
    for rung in range(steps):
        yield Heard(Turn(SILENCE, rung=rung), f"(silence {rung + 1})")
    if any(
        REPLACED.get((state.name, target), target) in {*ROUTES, "TOWARDS"} for target in state.go.values()
    ):
        for intent in [*state.go.keys() - {"DEFAULT"}, SPEECH_END]:
            yield Heard(Turn(intent, at=LATE), f"{intent} late")
        yield Heard(Turn(SILENCE, at=LATE, rung=steps - 1), "(silence) late")
