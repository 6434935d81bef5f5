"""Makes the parts of a session and joins them: which microphone, voice, recogniser and pack.

In: frozen options. Out: a Coach ready to run, and everything closed again afterwards. It decides nothing
about the conversation.
"""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from voice_coach.audio.devices import libraries_hushed, open_microphone, open_speaker
from voice_coach.audio.ports import Microphone, nobody_overhears
from voice_coach.coach import Coach, Parts
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.memory import Kinds
from voice_coach.conversation.preset import Preset
from voice_coach.errors import SetupError
from voice_coach.events import EventLog
from voice_coach.hearing.choice import choose_recognizer
from voice_coach.hearing.echo import MISSING, EchoCanceller, EchoFreeActivity, whole_canceller
from voice_coach.hearing.noise_suppression import choose_suppressor
from voice_coach.hearing.noisy_room import choose_activity
from voice_coach.hearing.process import HearingProcess
from voice_coach.hearing.segmenter import Segmenter
from voice_coach.mouth import Mouth
from voice_coach.notes.keeper import keeper_for
from voice_coach.packs.check import load_checked
from voice_coach.packs.models import Pack
from voice_coach.packs.own_contacts import with_own_contacts
from voice_coach.places import contacts_path, prompts_folder
from voice_coach.settings import Options
from voice_coach.speaking.early import EarlyVoice, begin_voice
from voice_coach.speaking.prepared import find_prepared, name_for, prepared_folder
from voice_coach.turns.devices import Devices
from voice_coach.turns.listener import Listener
from voice_coach.turns.opening import Openness
from voice_coach.turns.rules import ANSWER_CONFIDENCE, OPEN_SPEAKERS_CONFIDENCE

FORMAL_EVERY = 5
"""One session in so many may ask about set times to reflect (conversation design, 8.6)."""


@dataclass
class Session:
    """A session about to run, and the queue that keys may be put on."""

    coach: Coach
    events: queue.SimpleQueue[Any]
    log: EventLog
    pack: Pack
    hearing_notice: str


@cache
def pack_of(language: str, operator_file: str | None = None) -> Pack:
    """The pack of a language with the operator's own numbers, read once for all sessions of this process."""
    own = contacts_path(operator_file)
    if operator_file and not own.is_file():
        raise SetupError(f"There are no numbers at {own}; name the operator's file, or leave the option out.")
    return with_own_contacts(load_checked(language), own)


def all_made() -> None:
    """What is there when a session begins stays to its end: it is not looked through for waste."""
    gc.freeze()
    gc.enable()


def shuffled(seed: int) -> Any:
    """An order for the variants of every list, the same for the same seed."""

    def order(name: str, length: int) -> Sequence[int]:
        return random.Random(f"{seed} {name}").sample(range(length), length)

    return order


def new_conversation(pack: Pack, options: Options, kinds: Kinds = "text") -> Conversation:
    """The conversation these options ask for. `kinds`: the notes that can be made in it."""
    seed = options.seed if options.seed is not None else int.from_bytes(os.urandom(4))
    order = shuffled(seed)
    preset = Preset(
        mode=options.conversation_mode,
        length=options.time or "",
        patience=options.patience,
        pace=options.pace,
        personal=options.personal,
        notes_on=options.notes,
        note_kinds=kinds,
        formal_due=order("formal", FORMAL_EVERY)[0] == 0,
    )
    return Conversation(pack, preset, order)


def _canceller(options: Options, log: EventLog) -> EchoCanceller | None:
    """With open speakers; where it is lacking, that is told, and nothing is heard over the coach."""
    if not options.open_speakers:
        return None
    whole = whole_canceller()
    if whole is None:
        log.emit(0, "trouble", text=MISSING)
        return None
    return EchoCanceller(whole)


@contextlib.contextmanager
def open_session(
    options: Options,
    log: EventLog,
    microphone: Microphone | None = None,
    early: EarlyVoice | None = None,
    talk: Callable[[Pack], Conversation] | None = None,
) -> Iterator[Session]:
    """All parts of a session, started; closed again on leaving. Raises SetupError in one sentence.

    `microphone` stands in for the one the options name (a simulated person); `early` is the voice begun
    already; `talk` makes another conversation than the options ask for.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(libraries_hushed())
        early = early or begin_voice(options.voice, options.language)
        events, voice = early.events, early.voice
        stack.callback(voice.close)
        try:
            choice = choose_recognizer(
                options.recognizer,
                Path(options.model) if options.model else None,
                options.language,
                second_ear=options.second_ear,
                noise_suppression=options.noise_suppression,
            )
        except SetupError:
            pack_of(options.language, options.operator_file)  # A language nobody wrote is the plainer reason.
            raise
        hearing = HearingProcess(choice, events.put)
        stack.callback(hearing.close)
        pack = pack_of(options.language, options.operator_file)
        voice.use_style(pack.style.say_as, pack.style.choice_words)
        if prompts_folder().is_dir():
            voice.use_prepared(
                find_prepared(prepared_folder(prompts_folder()), name_for(pack, options.voice))
            )
        ears = microphone or open_microphone(options.microphone)
        echo = _canceller(options, log)
        overhear = nobody_overhears if echo is None else echo.played
        speaker = open_speaker(options.speaker, paced=not ears.live, overhear=overhear)
        devices = Devices(ears, speaker, events.put)
        stack.callback(devices.close)
        devices.open()
        mouth = Mouth(speaker, voice, log)
        mouth.begin_at(volume=options.volume, pace=options.pace)
        activity = choose_activity(options.noise_suppression) if echo is None else EchoFreeActivity(echo)
        segmenter = Segmenter(activity, suppress=choose_suppressor(options.noise_suppression))
        least = ANSWER_CONFIDENCE if echo is None else OPEN_SPEAKERS_CONFIDENCE
        listener = Listener(segmenter, hearing.decode, least)
        notes = keeper_for(options, hearing.write_down if choice.kind == "vosk" or choice.second else None)
        conversation = talk(pack) if talk is not None else new_conversation(pack, options, notes.kinds)
        parts = Parts(conversation, devices, mouth, hearing, listener, log, events, notes, echo)
        coach = Coach(parts, Openness(headphones=options.headphones, echo_free=echo is not None))
        hearing.start()  # Loads while the coach speaks: sooner, it would take time from the first word.
        all_made()
        stack.callback(gc.unfreeze)  # Where sessions follow one another, what this one was made of is waste.
        yield Session(coach, events, log, conversation.pack, choice.notice)
