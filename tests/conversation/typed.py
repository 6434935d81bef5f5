"""A person who types into the pure conversation: words in, the states whose prompts were said out."""

from __future__ import annotations

from functools import cache

from voice_coach.conversation.cues import AUTO, SILENCE, UNCLEAR, Cue, Listen, Next, Say, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.preset import Preset
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack
from voice_coach.understanding.table import PhraseTable
from voice_coach.understanding.understand import understand


@cache
def english() -> Pack:
    return load_pack("en")


@cache
def _table(state: str) -> PhraseTable:
    return PhraseTable.for_state(english(), state)


class Person:
    """Hears each prompt to its end, unless told otherwise, and answers in words."""

    def __init__(self, preset: Preset | None = None, *, at: float = 0.0) -> None:
        self.talk, self.at = Conversation(english(), preset), at
        self.prompts: list[str] = []
        self.said: list[Say] = []
        self.cues: list[Cue] = []
        self.listen: Listen | None = None
        self._take(self.talk.begin())

    def says(self, words: str) -> Person:
        """One utterance, at once or at `self.at`."""
        assert self.listen is not None
        meaning = understand(words, _table(self.listen.state), self.listen.turn)
        talk = self.listen.turn in {"short", "think", "free"}
        intent = meaning.intent or ("SPEECH_END" if talk else UNCLEAR)
        turn = Turn(intent, by="text", at=self.at, word=meaning.word, also=meaning.also)
        return self._take(self.talk.hear(turn))

    def is_silent(self, rung: int = 0) -> Person:
        """Says nothing until this step of patience."""
        return self._take(self.talk.hear(Turn(SILENCE, by="text", at=self.at, rung=rung)))

    @property
    def state(self) -> str:
        return self.talk.memory.state

    def _take(self, cues: list[Cue]) -> Person:
        self.cues = cues
        for cue in cues:
            if isinstance(cue, Say):
                self.said.append(cue)
                self.talk.spoken(cue)
                if ".prompts." in cue.id:
                    self.prompts.append(cue.state)
            elif isinstance(cue, Listen):
                self.listen = cue
        if cues and isinstance(cues[-1], Next):
            self._take(self.talk.hear(Turn(AUTO, by="text", at=self.at)))
        return self


def straight_to_a_gate(preset: Preset) -> Person:
    """Somebody who is asked gentle questions and is steady: at the offer of a harder one, or past it."""
    person = Person(preset)
    for words in ("yes", "yes", "done", "skip", "explore", "done", "done", "done", "steady"):
        person.says(words)
    return person
