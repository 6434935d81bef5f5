"""Prompts rendered once and kept on disk, where a person asked for it: the pack's own words, nothing else.

In: the sentences of a pack that hold no placeholder, and a private folder. Out: one file, whole or not there;
the samples of a sentence, or None. No word that anybody said and no fact of a session is ever in it, and a
session only reads it. What is damaged is not used: that sentence is rendered anew.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from voice_coach.audio.ports import Samples
from voice_coach.errors import SetupError
from voice_coach.notes.folder import Folder
from voice_coach.packs.models import Pack
from voice_coach.packs.spoken import spoken_strings
from voice_coach.speaking.pacing import NORMAL_PACE, Sentence, plan

MOST_BYTES = 100_000_000
"""The English pack's prompts take some 90 MB (16 bit at 22.05 kHz); what comes later is left out."""
FILE = re.compile(r"[0-9a-f]{16}\.prompts")
_MAGIC = b"voice-coach prompts 1\n"
_LENGTH, _SUM = 8, 16
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class _Place:
    at: int
    size: int
    sum: str


def prepared_folder(path: Path) -> Folder:
    """The folder as a sentence calls it."""
    return Folder(path, "folder of prepared prompts")


def fixed_sentences(pack: Pack) -> tuple[Sentence, ...]:
    """What the pack says at the usual pace, each sentence once, without those that hold a placeholder."""
    style = pack.style
    found: dict[Sentence, None] = {}
    for text in _fixed_texts(pack):
        for step in plan((text,), NORMAL_PACE, say_as=style.say_as, choice_words=style.choice_words):
            if isinstance(step, Sentence):
                found[step] = None
    return tuple(found)


def name_for(pack: Pack, voice: str | None) -> str:
    """The file's name: other words, another pace, another voice, another file."""
    style = [pack.style.say_as, pack.style.choice_words]
    key = [voice or "", pack.language, NORMAL_PACE.words_per_minute, style, *_fixed_texts(pack)]
    return f"{_sum(json.dumps(key).encode())[:16]}.prompts"


def _fixed_texts(pack: Pack) -> list[str]:
    """Numbers are left out: they may be the operator's own."""
    every = spoken_strings(pack)
    return [each.text for each in every if "{" not in each.text and not each.file.endswith("contacts.toml")]


def write_prepared(folder: Folder, name: str, rendered: Iterable[tuple[Sentence, Samples]]) -> int:
    """Write the file in place of every other; returns how many sentences it holds. Raises RunError."""
    index, data, at = [], [], 0
    for sentence, samples in rendered:
        pcm = np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()
        if at + len(pcm) > MOST_BYTES:
            break
        index.append([sentence.text, sentence.words_per_minute, at, len(pcm), _sum(pcm)])
        data.append(pcm)
        at += len(pcm)
    table = json.dumps(index).encode()
    head = _MAGIC + len(table).to_bytes(_LENGTH, "big") + _sum(table).encode() + table
    folder.prepare()
    folder.replace(name, b"".join([head, *data]))
    folder.remove(*(other for other, _ in folder.entries(FILE) if other != name))
    return len(index)


def find_prepared(folder: Folder, name: str) -> Prepared | None:
    """The prompts of this name, open for reading; None where there are none or they cannot be used."""
    try:
        return Prepared(folder, name)
    except (OSError, ValueError, SetupError):
        return None


def fault_of(folder: Folder, name: str) -> str:
    """Why a file cannot be used, wholly or in part; "" where it is sound."""
    try:
        prepared = Prepared(folder, name)
    except (OSError, ValueError, SetupError) as problem:
        return str(problem)
    with prepared:
        every = prepared.sentences
        broken = sum(prepared.get(sentence) is None for sentence in every)
    return f"{broken} of {len(every)} sentences in it are damaged" if broken else ""


class Prepared:
    """One open file. Its index is in memory, its sound is read where it is needed."""

    def __init__(self, folder: Folder, name: str) -> None:
        """Open it and check its index. Raises OSError, ValueError or SetupError."""
        folder.check()
        self._handle = os.open(folder.path / name, _OPEN)
        try:
            self._check_owner()
            self._places, self._begin = self._read_index()
        except (OSError, ValueError):
            os.close(self._handle)
            raise

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All that are in it."""
        return tuple(self._places)

    def __contains__(self, sentence: Sentence) -> bool:
        return sentence in self._places

    def get(self, sentence: Sentence) -> Samples | None:
        """The samples of a sentence; None where it is not there or damaged."""
        place = self._places.get(sentence)
        if place is None:
            return None
        try:
            os.lseek(self._handle, self._begin + place.at, os.SEEK_SET)
            pcm = _read(self._handle, place.size)
        except OSError:
            pcm = b""
        if _sum(pcm) != place.sum:
            del self._places[sentence]
            return None
        samples: Samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
        return samples

    def close(self) -> None:
        """Let go of the file."""
        self._places = {}
        os.close(self._handle)

    def __enter__(self) -> Prepared:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_owner(self) -> None:
        found = os.fstat(self._handle)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("it is not a plain file")
        if os.name == "posix" and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
            raise ValueError("others may have written to it")

    def _read_index(self) -> tuple[dict[Sentence, _Place], int]:
        head = _read(self._handle, len(_MAGIC) + _LENGTH + 2 * _SUM)
        if not head.startswith(_MAGIC):
            raise ValueError("it holds no prepared prompts")
        size = int.from_bytes(head[len(_MAGIC) : len(_MAGIC) + _LENGTH], "big")
        table = _read(self._handle, size) if size < MOST_BYTES else b""
        if _sum(table).encode() != head[len(_MAGIC) + _LENGTH :]:
            raise ValueError("its index is damaged")
        index: list[list[Any]] = json.loads(table)
        places: Mapping[Sentence, _Place] = {
            Sentence(text, rate): _Place(at, length, digest) for text, rate, at, length, digest in index
        }
        return dict(places), len(head) + size


def _read(handle: int, size: int) -> bytes:
    """So many bytes, or fewer at the end."""
    parts, left = [], size
    while left and (part := os.read(handle, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _sum(data: bytes) -> str:
    return blake2b(data, digest_size=_SUM).hexdigest()
