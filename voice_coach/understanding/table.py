"""The phrases that count in one state, and what each of them means there.

In: a pack and the name of a state. Out: the words a recogniser listens for, and a look-up from a whole
phrase to one intent. It never guesses at a phrase it does not hold; precedence is settled here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from voice_coach.packs.models import Pack, State
from voice_coach.understanding.normalise import Normaliser, normaliser, surface
from voice_coach.understanding.patterns import expand

PSEUDO = frozenset({"AUTO", "SPEECH_END", "DEFAULT", "SILENCE", "UNCLEAR", "FEELING"})
"""Keys of a state's `go` that nobody says."""
CONSENT = frozenset({"YES", "ASK_ME", "KEEP_IT", "EXPLORE", "REOPEN", "WIPE_THEM"})
"""Intents that can open, keep or wipe something: never granted beside a negation or a hedge."""
SHARED = (
    *("JUST_LISTEN", "WRONG", "NUMBERS", "HELP", "FORGET", "SKIP", "REPEAT", "BACK", "RESUME"),
    *("SLOWER", "FASTER", "VOLUME_UP", "VOLUME_DOWN", "REMIND", "CHECK_US"),
    *("HUMAN_Q", "RECORD_Q", "ADVICE_ASK", "JUDGE_Q", "REOPEN"),
    *("PLAY_NOTES", "DELETE_NOTES", "DELETE_LAST"),
)
"""Live in every state beside its own, the more careful first."""
WHILE_SPEAKING = ("HUSH", "STOP", "PAUSE", "JUST_LISTEN", "NUMBERS")
"""All that may be heard over the coach's own voice: nothing that agrees to anything."""
OVER_OPEN_SPEAKERS = ("HUSH", "STOP", "PAUSE", "JUST_LISTEN")
"""The same where that voice reaches the microphone: what is not offered is not mistaken."""
COMBINED = frozenset(
    {
        *("YES", "ON_PHONES", "IN_HEAD", "SOLO", "PAIR", "BE_HEARD", "LOOK_BACK", "GET_READY"),
        *("SHORT", "LONG", "WALKING"),
    }
)
"""Answers of the arriving questions that may be given in one breath: where, with whom, what for, how long."""
MOST_WORDS = 24
"""More in one breath is no list of short answers."""
SAFETY_PREFIX = "CR_"
SAFETY_ORDER = ("CR_MEDICAL", "CR_POISON", "CR_SELF", "CR_HARM", "CR_DANGER", "CR_HURT_OTHER", "CR_OTHER")
"""Which one counts when several are heard: what cannot wait comes first."""

_CAREFUL_FIRST = ("JUST_LISTEN", "NO", "UNSURE", "NUMBERS", "HELP")
_AGREEING_LAST = ("WIPE_THEM", "REOPEN", "EXPLORE", "KEEP_IT", "ASK_ME", "YES")


@dataclass(frozen=True)
class PhraseTable:
    """Everything that can be understood in one state. Made once per state and kept by the caller."""

    state: str
    phrases: tuple[str, ...]
    """What the recogniser is given: whole phrases, sorted."""
    decoys: tuple[str, ...]
    """Near misses for the recogniser, none of which is a phrase here."""
    taught: tuple[str, ...]
    """The lone words among them that we tell people to say: the first phrase of each intent."""
    told: tuple[str, ...]
    """The longer ones that we tell people to say."""
    stopping: tuple[str, ...]
    """All among them that mean stop."""
    intents: frozenset[str]
    """Intents that can come out."""
    normaliser: Normaliser
    meanings: MappingProxyType[str, str]
    """Normalised whole phrase -> intent."""
    feelings: MappingProxyType[str, str]
    """Normalised feeling word -> the word as the pack spells it (only where it may be said back)."""
    safety: tuple[tuple[str, str], ...]
    """(" phrase ", intent): found anywhere in what was said."""
    combinable: frozenset[str]
    """Normalised phrases of which several may be said in one breath; none where a gate is."""
    one_breath: frozenset[str]
    """Normalised: several of those, as the pack says that people put them together."""
    false_friends: tuple[str, ...]
    just_listen: tuple[str, ...]
    agreeing: tuple[str, ...]
    refusing: tuple[str, ...]
    unsure: tuple[str, ...]

    @property
    def phrase_meanings(self) -> tuple[str, ...]:
        """What each of the phrases means, in their order; a safety phrase its safety intent."""
        safety = {phrase.strip(): intent for phrase, intent in reversed(self.safety)}
        keys = (self.normaliser.listed(phrase)[0] for phrase in self.phrases)
        return tuple(self.meanings.get(key) or safety.get(key, key) for key in keys)

    @classmethod
    def for_state(cls, pack: Pack, state: str) -> PhraseTable:
        """What a person can say in this state once the coach has finished speaking."""
        return _Builder(pack).table(pack.states[state])

    def goes_on(self, phrase: str) -> bool:
        """Whether a longer phrase that means something else, or a further answer, may begin with this one."""
        begins, intent = f"{phrase} ", self.meanings.get(phrase)
        longer = (whole for whole, meant in self.meanings.items() if meant != intent)
        return any(whole.startswith(begins) for each in (longer, self.one_breath) for whole in each)

    @classmethod
    def while_speaking(cls, pack: Pack, state: str, intents: tuple[str, ...] = WHILE_SPEAKING) -> PhraseTable:
        """What can be heard while the coach speaks: it can stop or calm things, never agree."""
        return _Builder(pack).table(pack.states[state], intents)


def answers_in(said: str, combinable: frozenset[str]) -> tuple[str, ...]:
    """The answers that make up a normalised utterance, one after another; () where anything else is in it."""
    words = said.split()
    if len(words) > MOST_WORDS:
        return ()
    ways: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(words) + 1):
        for start in range(end):
            phrase = " ".join(words[start:end])
            if start in ways and phrase in combinable:
                ways[end] = (*ways[start], phrase)
                break
    return ways.get(len(words), ())


def hesitation(pack: Pack, phrase: str) -> str:
    """The negation, hedge or just-listen phrase in a pack's phrase, which bars it from agreeing; else ""."""
    return _Builder(pack).hesitation(phrase)


class _Builder:
    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._normal = normaliser(pack.rules)
        self._refusing = self._padded([*pack.rules.negations, *self._phrases("NO")])
        self._unsure = self._padded([*pack.rules.hedges, *self._phrases("UNSURE")])
        self._just_listen = self._padded(self._phrases("JUST_LISTEN"))

    def table(self, state: State, over: tuple[str, ...] = ()) -> PhraseTable:
        """`over`: the intents that count over the coach's voice; none: its turn to listen."""
        pack, while_speaking = self._pack, bool(over)
        live = over or self._live(state)
        safety = () if while_speaking else self._safety()
        echo = state.echo is not None and not while_speaking
        feelings = {self._normal.listed(word)[0]: word for word in pack.feelings} if echo else {}
        meanings: dict[str, str] = {}
        spoken: set[str] = set()
        for intent in live:
            for phrase in self._usable(intent):
                key = self._normal.listed(phrase)[0]
                # FEELING stands between a state's own intents and the shared ones.
                if intent in SHARED and intent not in state.go and key in feelings:
                    continue
                meanings.setdefault(key, intent)
                spoken.add(surface(phrase))
        self._add_lean(meanings)
        for key, word in feelings.items():
            if key not in meanings:
                meanings[key] = "FEELING"
                spoken.add(surface(word))
        if not while_speaking:
            spoken.update(surface(phrase) for name in self._safety_names() for phrase in self._phrases(name))
        combinable = self._combinable(state, meanings) if not while_speaking else frozenset()
        several = self._one_breath(combinable)
        spoken.update(several)
        first = sorted(self._taught(live) & spoken)
        return PhraseTable(
            state=state.name,
            phrases=tuple(sorted(spoken)),
            decoys=self._decoys(meanings),
            taught=tuple(phrase for phrase in first if " " not in phrase),
            told=tuple(phrase for phrase in first if " " in phrase),
            stopping=tuple(sorted(spoken & {surface(phrase) for phrase in self._phrases("STOP")})),
            intents=frozenset(meanings.values()) | {intent for _, intent in safety},
            normaliser=self._normal,
            meanings=MappingProxyType(meanings),
            feelings=MappingProxyType(feelings),
            safety=safety,
            combinable=combinable,
            one_breath=frozenset(several.values()),
            false_friends=self._padded(pack.rules.false_friends),
            just_listen=self._just_listen,
            agreeing=self._padded(phrase for intent in sorted(CONSENT) for phrase in self._phrases(intent)),
            refusing=self._refusing,
            unsure=self._unsure,
        )

    def _combinable(self, state: State, meanings: dict[str, str]) -> frozenset[str]:
        if state.group != "arrive" or state.listen != "choice":
            return frozenset()
        own = COMBINED & state.go.keys()
        return frozenset(phrase for phrase, intent in meanings.items() if intent in own)

    def _one_breath(self, combinable: frozenset[str]) -> dict[str, str]:
        """What a recogniser is given of several answers in one breath -> the same, normalised."""
        if not combinable:
            return {}
        said = (phrase for pattern in self._pack.rules.one_breath for phrase in expand(pattern))
        plain = {surface(phrase): self._normal.listed(phrase)[0] for phrase in said}
        return {phrase: key for phrase, key in plain.items() if len(answers_in(key, combinable)) > 1}

    def _live(self, state: State) -> list[str]:
        """Intents in the order in which they claim a phrase (part 7 of the design, rules 3 and 4)."""
        first = ["HUSH", "STOP", "PAUSE"]
        if state.listen == "gate" or state.stance in {"explore", "challenge"}:
            first.append("JUST_LISTEN")
        own = sorted((intent for intent in state.go if intent not in PSEUDO), key=_carefulness)
        gate = ["NO", "UNSURE"] if state.listen == "gate" else []
        return [
            intent for intent in dict.fromkeys([*first, *own, *gate, *SHARED]) if intent in self._pack.intents
        ]

    def _taught(self, live: Iterable[str]) -> set[str]:
        return {surface(next(iter(self._phrases(intent)), "")) for intent in live} - {""}

    def _usable(self, intent: str) -> Iterator[str]:
        """Its phrases; a phrase that agrees and refuses in one breath is not used at all."""
        for phrase in self._phrases(intent):
            if intent not in CONSENT or not self.hesitation(phrase):
                yield phrase

    def hesitation(self, phrase: str) -> str:
        padded = f" {self._normal.listed(phrase)[0]} "
        parts = (*self._just_listen, *self._refusing, *self._unsure)
        return next((part.strip() for part in parts if part in padded), "")

    def _add_lean(self, meanings: dict[str, str]) -> None:
        """Let a phrase that itself holds a filler be said without it, unless too little would be left."""
        for key, intent in list(meanings.items()):
            lean = self._normal.listed(key)[1]
            if " " in lean:
                meanings.setdefault(lean, intent)

    def _safety(self) -> tuple[tuple[str, str], ...]:
        names = self._safety_names()
        return tuple((phrase, name) for name in names for phrase in self._padded(self._phrases(name)))

    def _safety_names(self) -> list[str]:
        others = sorted(name for name in self._pack.intents if name.startswith(SAFETY_PREFIX))
        return list(dict.fromkeys([name for name in SAFETY_ORDER if name in others] + others))

    def _decoys(self, meanings: dict[str, str]) -> tuple[str, ...]:
        decoys = {surface(decoy) for decoy in self._pack.rules.decoys} - {""}
        return tuple(sorted(decoy for decoy in decoys if self._normal.listed(decoy)[0] not in meanings))

    def _phrases(self, intent: str) -> list[str]:
        found = self._pack.intents.get(intent)
        return [] if found is None else [phrase for pattern in found.say for phrase in expand(pattern)]

    def _padded(self, phrases: Iterable[str]) -> tuple[str, ...]:
        """Plain and lean forms with a space at each end, so that `in` finds whole words only."""
        found: dict[str, None] = {}
        for phrase in phrases:
            for form in self._normal.listed(phrase):
                if form:
                    found[f" {form} "] = None
        return tuple(found)


def _carefulness(intent: str) -> tuple[int, int]:
    if intent in _CAREFUL_FIRST:
        return 0, _CAREFUL_FIRST.index(intent)
    if intent in _AGREEING_LAST:
        return 2, _AGREEING_LAST.index(intent)
    return 1, 0
