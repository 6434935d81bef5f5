"""Kills a process at a random moment of making notes, again and again, and looks at what is left on the disk.

In: a folder for the notes, a seed, how often. Out: every fault found, in plain sentences; none when each kill
left the whole note or none, the next start left no unfinished file, and no byte of a sealed note was open.
"""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from voice_coach.audio.ports import Pcm
from voice_coach.conversation.cues import Turn
from voice_coach.notes.keeper import NoteKeeper
from voice_coach.notes.note import readable
from voice_coach.notes.recording import from_sound, to_flac, to_samples
from voice_coach.notes.store import Store
from voice_coach.speaking.stand_in import render_person

CANARY = "the quiet harbour keeps nine blue kettles"
TODAY = date(2031, 5, 6)
LONGEST_SECONDS = 0.3
"""Making some ten notes takes about so long here: kills fall everywhere in it."""


@cache
def a_voice() -> Pcm:
    """A second of speech with silence around it."""
    silence = np.zeros(3_200, np.int16)
    return np.concatenate([silence, render_person("i ask first"), silence])


def make_notes_for_ever(store: Store, voice: Pcm, started: int) -> None:
    """The notes flow without its pauses: start, say it, hear it back, keep it; every third is let go of."""
    keeper = NoteKeeper(store, today=lambda: TODAY)
    keeper.tidy()
    os.write(started, b".")
    turn = 0
    while True:
        turn += 1
        if turn % 2:
            keeper.typed(CANARY)
        else:
            keeper.answered("NOTE_KIND", Turn("VOICE"))
            keeper.listening("NOTE_SAY")
            for at in range(0, voice.size - 319, 320):
                keeper.frame(voice[at : at + 320])
            keeper.ends("NOTE_SAY", Turn("DONE", by="key"))
        if turn % 3:
            keeper.keep()
        else:
            keeper.forget()


def kill_once(store: Store, voice: Pcm, moment: float) -> None:
    """Start it in a process of its own and end that one at once after `moment` seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            make_notes_for_ever(store, voice, writing)
        finally:
            os._exit(1)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it ended by itself: nothing was killed"


def kill_again_and_again(folder: Path, times: int, seed: int, identity: object = None) -> list[str]:
    """Kill so often; with an identity the folder is sealed. Returns the faults."""
    chance = random.Random(seed)
    voice = a_voice()
    to_samples(from_sound(to_flac(voice)))  # the libraries are loaded once, before the copies are made
    store = Store(folder)
    faults: list[str] = []
    kinds: set[str] = set()
    for turn in range(times):
        moment = chance.uniform(0.0, LONGEST_SECONDS)
        kill_once(store, voice, moment)
        where = f"seed {seed}, kill {turn} after {moment * 1000:.1f} ms"
        faults += [f"{where}: {fault}" for fault in open_bytes(folder, voice) if identity is not None]
        store.tidy(TODAY)
        faults += [f"{where}: {fault}" for fault in left_behind(store, voice, identity)]
        kinds |= {note.kind for note in store.look().notes}
        if turn % 5 == 4:
            store.wipe()
    if times >= 20 and kinds != {"text", "voice"}:
        faults.append(f"only these kinds of notes were ever kept: {kinds}")
    return faults


def left_behind(store: Store, voice: Pcm, identity: object) -> list[str]:
    """What is wrong with the folder after the next start."""
    shelf = store.look()
    faults = [f"{each.name}: {each.why}" for each in shelf.foreign]
    faults += [f"{path.name} was left" for path in store.path.iterdir() if path.name.endswith(".part")]
    for note in shelf.notes:
        try:
            data = store.read(note, identity)
            if note.kind == "text" and readable(data) != CANARY:
                faults.append(f"{note.name} is not the whole text")
            if note.kind == "voice" and not _is_within(from_sound(data), voice):
                faults.append(f"{note.name} is not the whole sound")
        except ValueError as problem:
            faults.append(f"{note.name}: {problem}")
    return faults


def open_bytes(folder: Path, voice: Pcm) -> list[str]:
    """Files in a sealed folder, finished or not, in which something stands open."""
    loud = int(np.abs(voice.astype(np.int32)).argmax())
    marks = [CANARY.encode(), b"fLaC", to_flac(voice)[2000:2032], voice[loud : loud + 32].tobytes()]
    return [
        f"{path.name} holds an open part of a note"
        for path in folder.iterdir()
        if path.name != "recipient.txt" and any(mark in path.read_bytes() for mark in marks)
    ]


def _is_within(take: Pcm, voice: Pcm) -> bool:
    """Whether the take is the voice, but for the silence that was cut off around it."""
    return take.size > voice.size // 2 and take.tobytes() in voice.tobytes()
