"""What a pack puts on the screen: the keys of each state, their pictures and words, the screen's own words.

In: a pack. Out: keys and words. It never decides what a key does: a press is an intent, as if it were said.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from voice_coach.packs.load import pack_folder
from voice_coach.packs.models import Pack, State
from voice_coach.screen.pictograms import key_table
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
    """One key: the intent it stands for, the word that is also said for it, and its picture."""

    intent: str
    word: str
    picto: str


@dataclass(frozen=True)
class Words:
    """The words that only the screen and the card show."""

    language: str
    direction: str
    """ltr or rtl."""
    title: str
    choices: str
    always: str
    shortcuts: str
    phases: dict[str, str]
    signs: dict[str, str]
    card: dict[str, str]
    """Headings of the printed card."""
    called: dict[str, str]
    """While the coach waits to be called: a caption, and the word on the key that begins."""


class Board:
    """The keys of one pack."""

    def __init__(self, pack: Pack, words: Words | None = None) -> None:
        self.pack = pack
        self.words = words or load_words(pack.language)
        self.always = tuple(self.key(intent) for intent in key_table()["always"])

    def key(self, intent: str) -> Key:
        """The key for an intent: its word is the phrase the pack teaches."""
        known = self.pack.intents.get(intent)
        word = expand(known.say[0])[0] if known is not None else intent.lower().replace("_", " ")
        return Key(intent, word, key_table()["pictures"].get(intent, WITHOUT_A_KEY))

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


def load_words(language: str) -> Words:
    """The screen's own words in a language; in English where the language has none."""
    file = pack_folder("content", language) / "screen" / "words.toml"
    if not file.is_file():
        language, file = "en", pack_folder("content", "en") / "screen" / "words.toml"
    read: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Words(language=language, **read)
