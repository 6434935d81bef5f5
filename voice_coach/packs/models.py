"""The shape of a language pack: states, prompts, intents and lines, as strict frozen data.

Comes in: tables read from TOML. Goes out: objects nothing can change. It holds words and never acts.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Stance = Literal["none", "listen", "explore", "challenge", "permission", "setup"]
TurnType = Literal["none", "choice", "gate", "short", "think", "free"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Prompt(_Strict):
    """One thing the coach may say in a state. Spoken as lead + text + tail, or as separate parts."""

    text: str = ""
    lead: str = ""
    tail: str = ""
    parts: list[str] = Field(default_factory=list)
    """Said one after another with a longer gap; used instead of text."""
    from_seed: str = ""
    """Id of the seed question this quotes (Q1 to Q8)."""
    adapted: str = ""
    """What was changed against the seed, in words."""
    when: str = ""
    """Only under this condition, named by the conversation (an earlier answer, or "returning")."""

    @property
    def spoken(self) -> tuple[str, ...]:
        """The parts as they are said, placeholders still in braces."""
        if self.parts:
            return tuple(self.parts)
        return (" ".join(piece for piece in (self.lead, self.text, self.tail) if piece),)


class Echo(_Strict):
    """Say one feeling word back (only a word from the pack's list of feelings)."""

    lines: list[str]


class State(_Strict):
    """One place in the conversation: what is said there, how it listens, where answers lead."""

    name: str
    group: str
    """The file it stands in: arrive, connect, listen, explore, challenge, ..."""
    purpose: str
    stance: Stance
    listen: TurnType
    seed: list[str]
    picto: str
    prompts: list[Prompt]
    again_prompts: list[Prompt] = Field(default_factory=list)
    harm_prompts: list[Prompt] = Field(default_factory=list)
    silence: str
    unclear: str
    help: str
    default: str = ""
    """Said when two tries failed and the gentler way is taken; empty: a shared line."""
    go: dict[str, str]
    """Intent -> next state, or a target worked out by code (ROUTE, EX_NEXT, RETURN, ...)."""
    lines: dict[str, str] = Field(default_factory=dict)
    """Intent -> a sentence said on the way out."""
    traps: list[str] = Field(default_factory=list)
    echo: Echo | None = None
    note: str = ""
    """For writers; never spoken."""


class Intent(_Strict):
    """Something a person can mean, and the phrases that say it."""

    name: str
    scope: Literal["alone", "anywhere"] = "alone"
    """alone: only as the whole utterance. anywhere: also inside longer speech."""
    say: list[str]
    """Patterns: plain words, [may be left out], (either|or). The first one is the phrase we teach."""
    group: str = ""
    """The grammar file it stands in: shared, crisis, arrive, ..."""


class Contact(_Strict):
    """A number a person can call."""

    name: str = ""
    what: str = ""
    dial: str = ""
    digits: str = ""
    """As spoken: "one three, one one, one four"."""
    hours: str = ""
    also: str = ""
    web: str = ""
    note: str = ""
    checked_on: str = ""
    """ISO date on which a person last rang it; empty: never."""


class Style(_Strict):
    """What the pack's words must keep to, and how the voice should say some of them."""

    forbidden: dict[str, list[str]] = Field(default_factory=dict)
    """Reason -> phrases that may never be spoken."""
    hard_words: list[str] = Field(default_factory=list)
    """Words the reading-grade check lets pass."""
    people: list[str] = Field(min_length=2, max_length=2)
    """What the one who shares first and the other are called, where two are together."""
    choice_words: list[str] = Field(default_factory=list)
    """Words between the last two choices of a question ("or"): choices are counted by them."""
    say_as: dict[str, str] = Field(default_factory=dict)
    """Shown word -> spelling for the voice."""
    seed_quotes: dict[str, str] = Field(default_factory=dict)
    """Seed question id -> its words in the seed."""


class Rules(_Strict):
    """Words the careful reading of an answer needs (understanding)."""

    fillers: list[str]
    """Dropped before matching: um, uh, please."""
    contractions: dict[str, str] = Field(default_factory=dict)
    """Spelling -> the one spelling used for matching: i am -> i'm."""
    negations: list[str]
    hedges: list[str]
    decoys: list[str] = Field(default_factory=list)
    """Near misses a recogniser is offered so that they need not become a command."""
    one_breath: list[str] = Field(default_factory=list)
    """Patterns of several answers of the arriving questions, one after the other: heard as a whole."""
    false_friends: list[str] = Field(default_factory=list)
    """Sayings that hold no danger: a safety phrase that overlaps one does not count."""


class Pack(_Strict):
    """All the words of one language."""

    language: str
    states: dict[str, State]
    intents: dict[str, Intent]
    lines: dict[str, list[str]]
    """Name -> variants, said from anywhere (HELP_GENERAL, SKIPPED, ...)."""
    feelings: list[str]
    contacts: dict[str, list[Contact]]
    """Kind -> contacts, in the order they are read out."""
    style: Style
    rules: Rules
