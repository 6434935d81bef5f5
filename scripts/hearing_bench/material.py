"""What is said to the recogniser, by whom, and what it means.

In: the pack, the recordings beside the checkout and the installed voices. Out: utterances in one fixed random
order, and their sound. Recordings stay where they are; rendered speech lives in a temporary folder.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import tempfile
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.audio.wavefile import read_pcm
from voice_coach.hearing.acceptance import NEGATING, negated
from voice_coach.packs.load import load_pack
from voice_coach.understanding.table import CONSENT, PhraseTable
from voice_coach.understanding.understand import understand

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = ROOT.parent / "shared" / "recordings"
SENTENCES = ROOT / "tests" / "hearing" / "sentences.toml"
STATE = "CHALLENGE_GATE"
"""All shared commands are live in it, and a yes in it opens a harder question."""
WORDS = {"yes": "YES", "no": "NO", "stop": "STOP", "go": None, "unknown": None}
VOICES = {
    "tune": ("flite:slt", "flite:rms"),
    "report": ("flite:awb", "flite:kal16", "festival:ked_diphone"),
}
ACCENTS = ("espeak:en-us", "espeak:en-gb", "espeak:en-gb-scotland", "espeak:en-029")
"""Said apart from the voices: PocketSphinx understood 0.43 of espeak-ng's phrases and 0.99 of the others'
(recognition study), so that it tells little about people."""
LEVELS = (None, 20, 10, 5, 0)
"""dB of noise under the speech; None is clean."""
OTHERS = 60
"""Phrases beside the taught and the consenting ones, chosen at random once."""
TAUGHT = (
    "yes",
    "no",
    "stop",
    "just listen",
    "ask me",
    "not sure",
    "help",
    "numbers",
    "pause",
    "hush",
    "done",
)


@dataclass(frozen=True)
class Utterance:
    """One thing said in one condition."""

    kind: str
    """A word of a real person, a phrase of the pack, an accent's phrase, or the kind of a sentence."""
    voice: str
    text: str
    level: int | None
    path: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.voice}/{self.text}/{self.level}/{self.path}"


class Material:
    """The state's table, what is said, and its sound."""

    def __init__(self, half: str) -> None:
        pack = load_pack("en")
        self.turn = pack.states[STATE].listen
        self.table = PhraseTable.for_state(pack, STATE)
        self._half = half
        self._folder = tempfile.TemporaryDirectory()

    def intent(self, text: str) -> str | None:
        return understand(text, self.table, self.turn).intent if text else None

    def wanted(self, said: Utterance) -> str | None:
        """The intent that should be heard; None for what is no phrase."""
        if said.kind == "word":
            return WORDS[said.text]
        return self.intent(said.text) if said.kind in ("phrase", "accent") else None

    def utterances(self, *, noisy: bool) -> list[Utterance]:
        """All of them, the same order every time."""
        found: list[Utterance] = []
        for level in LEVELS if noisy else LEVELS[:1]:
            found += self._words(level) + self._voices(level)
            if level in (None, 10):
                found += self._accents(level)
        random.Random(7).shuffle(found)
        return found

    def sound(self, said: Utterance) -> Pcm:
        """What was said, in a room that is not quite quiet, with a pause before and after."""
        if said.kind == "word":
            return in_a_room(read_pcm(RECORDINGS / "words" / said.text / said.path)[0])
        return in_a_room((self._rendered(said) * 0.4).astype(np.int16), least=30.0)

    @cached_property
    def _phrases(self) -> list[str]:
        phrases = list(self.table.phrases)
        random.Random(3).shuffle(phrases)
        consenting = [phrase for phrase in phrases if self.intent(phrase) in CONSENT]
        others = [phrase for phrase in phrases if phrase not in consenting and self.intent(phrase)]
        return list(dict.fromkeys([*TAUGHT, *consenting, *others[:OTHERS]]))

    def _negated(self, natural: list[str]) -> list[str]:
        """Each wish with one negation before it, or that of a word of its own; and what people would say.

        Within other places it makes no sense: nobody says "ask me a hard don't one now".
        """
        wishes = [phrase for phrase in self._phrases if self.intent(phrase) in CONSENT]
        chosen = []
        for at, wish in enumerate(wishes):
            first, own = negated(wish)[: len(NEGATING)], negated(wish)[len(NEGATING) * len(wish.split()) :]
            chosen.append(own[0] if own else first[at % len(first)])
        return [text for text in chosen if self.intent(text) not in CONSENT and text not in natural]

    def _words(self, level: int | None) -> list[Utterance]:
        found = []
        for word in WORDS:
            for path in _different(sorted((RECORDINGS / "words" / word).glob("*.flac"))):
                speaker = path.name.split("_nohash")[0].split("_")[-1]
                if (int(speaker, 16) % 2 == 0) == (self._half == "tune"):
                    found.append(Utterance("word", speaker, word, level, path.name))
        return found

    def _voices(self, level: int | None) -> list[Utterance]:
        sentences = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
        found = []
        for voice in filter(is_there, VOICES[self._half]):
            found += [Utterance("phrase", voice, text, level) for text in self._phrases]
            for kind, texts in (*sentences.items(), ("negated", self._negated(sentences["negated"]))):
                found += [Utterance(kind, voice, text, level) for text in texts]
        return found

    def _accents(self, level: int | None) -> list[Utterance]:
        return [
            Utterance("accent", voice, text, level)
            for voice in ACCENTS
            if self._half == "report" and is_there(voice)
            for text in TAUGHT
        ]

    def _rendered(self, said: Utterance) -> Pcm:
        """Rendered once, however many conditions it is heard in."""
        named = "".join(letter if letter.isalnum() else "_" for letter in f"{said.voice} {said.text}")
        path = Path(self._folder.name) / f"{named}.wav"
        if not path.exists():
            render(said.voice, said.text, path)
        return read_pcm(path)[0]


def _different(paths: list[Path]) -> list[Path]:
    """Each recording once: 53 lie there under two names, and would count as two people's words."""
    found = {hashlib.sha256(path.read_bytes()).digest(): path for path in reversed(paths)}
    return sorted(found.values())


def render(voice: str, text: str, path: Path, stretch: float = 1.0) -> None:
    """Have an engine's voice say it into a WAV file; `stretch`: so many times as long (festival only)."""
    engine, _, name = voice.partition(":")
    if engine == "flite":
        subprocess.run(["flite", "-voice", name, "-t", text, "-o", str(path)], check=True)
    elif engine == "espeak":
        subprocess.run(["espeak-ng", "-v", name, "-s", "150", "-w", str(path), text], check=True)
    else:
        slowly = f"(Parameter.set 'Duration_Stretch {stretch:.3f})"
        command = ["text2wave", "-eval", f"(voice_{name})", "-eval", slowly]
        command += ["-F", str(HEARING_RATE), "-o", str(path)]
        subprocess.run(command, input=text, text=True, check=True, stderr=subprocess.DEVNULL)


def is_there(voice: str) -> bool:
    """Whether the program of a voice is installed (and, of festival, the voice)."""
    engine, _, name = voice.partition(":")
    if engine == "festival":
        return any(Path("/usr/share/festival/voices").glob(f"*/{name}")) and bool(shutil.which("text2wave"))
    return bool(shutil.which("flite" if engine == "flite" else "espeak-ng"))


def in_a_room(sound: Pcm, least: float = 1.0) -> Pcm:
    """A recording in its own background, from half a second before to 1.25 s after it, in whole frames."""
    frames = sound[: sound.size // 320 * 320].reshape(-1, 320).astype(np.float64)
    before, after = HEARING_RATE // 2, 5 * HEARING_RATE // 4
    rng = np.random.default_rng(1)
    room = rng.normal(0.0, max(least, float(frames.std(axis=1).min())), before + sound.size + after)
    room[before : before + sound.size] *= 0.0 if least == 1.0 else 1.0
    room[before : before + sound.size] += sound
    whole = np.clip(room, -32768, 32767).astype(np.int16)
    return whole[: whole.size // 320 * 320]
