"""What a pack puts on the screen: the keys of each state, their pictures and words, the screen's own words.

In: a pack. Out: keys and words. It never decides what a key does: a press is an intent, as if it were said.
"""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.packs.models import Pack, State
from voice_coach.screen.pictograms import key_table
from voice_coach.screen.words import Words, load_words
from voice_coach.understanding.patterns import expand
from voice_coach.understanding.table import PSEUDO

PLAIN_ANSWERS = ("YES", "NO", "UNSURE")
"""Keys only where a state has no more exact ones of its own."""
WITHOUT_A_KEY = "speech_bubble"
"""The picture of an answer for which none was drawn."""
MOST_CHOICES = 3
"""As many as can be kept in mind (conversation design, I-26); the others can still be said."""


@dataclass(frozen=True)
class Key:
    """One key: the intent it stands for, its word and its picture."""

    intent: str
    word: str
    """What stands on it: one word."""
    phrase: str
    """What is taught to be said for it; the word alone may not be understood."""
    picto: str

    @property
    def name(self) -> str:
        """What a screen reader says: the phrase, with the word that is seen in it (WCAG 2.5.3)."""
        seen = self.word.casefold() in self.phrase.casefold().split()
        return self.phrase if seen else f"{self.word}: {self.phrase}"


class Board:
    """The keys of one pack."""

    def __init__(self, pack: Pack, words: Words | None = None) -> None:
        self.pack = pack
        self.words = words or load_words(pack.language)
        self.always = tuple(self.key(intent) for intent in key_table()["always"])

    def key(self, intent: str) -> Key:
        """The key for an intent: its word is the language's own for it, else the phrase that is taught."""
        known = self.pack.intents.get(intent)
        phrase = expand(known.say[0])[0] if known is not None else intent.lower().replace("_", " ")
        own = self.words.keys if self.words.language == self.pack.language else {}
        picture = key_table()["pictures"].get(intent, WITHOUT_A_KEY)
        return Key(intent, own.get(intent, phrase), phrase, picture)

    def choices(self, state: State) -> tuple[Key, ...]:
        """The big keys of a state: what its question offers; none where it only tells."""
        if state.listen == "none":
            return ()
        named = key_table()["choices"].get(state.name)
        return tuple(
            self.key(intent) for intent in (named or self._own(state)) if intent in self.pack.intents
        )

    def _own(self, state: State) -> list[str]:
        always = {key.intent for key in self.always}
        own = [intent for intent in state.go if intent not in PSEUDO and intent not in always]
        exact = [i for i in own if i not in PLAIN_ANSWERS and i not in {"WRONG", "HUSH"}]
        return (exact or [intent for intent in PLAIN_ANSWERS if intent in own])[:MOST_CHOICES]

    def pictures(self) -> set[str]:
        """Every picture that this pack's states and keys may show."""
        named = {state.picto for state in self.pack.states.values()}
        for state in self.pack.states.values():
            named |= {key.picto for key in self.choices(state)}
        return (
            named
            | {key.picto for key in self.always}
            | set(PHASE_PICTURES.values())
            | set(SIGN_PICTURES.values())
        )


PHASE_PICTURES = {
    "starting": "waiting",
    "speaking": "speaker_waves",
    "listening": "ear",
    "waiting": "waiting",
    "paused": "pause",
    "off": "power",
}
"""What is going on -> its small picture beside its word."""
SIGN_PICTURES = {
    "press_again": "press_again",
    "unheard": "ear_crossed",
    "no_hurry": "cup_of_tea",
    "bell": "bell",
    "use_screen": "keyboard",
    "elsewhere": "two_doors",
}
