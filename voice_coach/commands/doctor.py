"""voice-coach doctor: one line for every part, good or with a plain remedy.

Each part is really used: a device is opened, a sentence is rendered, the recogniser is loaded. Nothing heard
is kept. The exit code is 1 where a session by voice would fail.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import queue
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from voice_coach.commands.contacts import look_at_contacts
from voice_coach.commands.finding import BAD, GOOD, REMARK, Finding, bad
from voice_coach.errors import RunError, SetupError
from voice_coach.notes.store import Store
from voice_coach.places import models_folder, notes_folder, settings_path
from voice_coach.settings import Options
from voice_coach.settings_file import read_settings

METER_SECONDS = 1.0
TALK_SECONDS = 5.0
LEAST_SPACE_BYTES = 50_000_000
QUIET_DBFS, LOUD_DBFS = -70.0, -35.0
"""A room under the first may be a muted microphone; over the second, words get lost."""
ASK = "DOCTOR_ASK"
"""The line of the pack that asks for one word."""
_MARKS = {GOOD: "ok", REMARK: "note", BAD: "FAIL"}


def run(given: argparse.Namespace) -> int:
    """Look at every part; 1 when a session by voice would fail."""
    findings: list[Finding] = []
    for finding in examine(given):
        findings.append(finding)
        if not given.json:
            _print(finding)
    fails = any(found.state == BAD and found.needed for found in findings)
    if given.json:
        parts = [dataclasses.asdict(found) for found in findings]
        print(json.dumps({"fit": not fails, "parts": parts}))
    elif fails:
        print("A session by voice would fail now; one that is typed may work: voice-coach text")
    return 1 if fails else 0


def examine(given: argparse.Namespace) -> Iterator[Finding]:
    """Every finding, as it is made."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("python", GOOD, version)
    options = Options()
    try:
        options = Options(**read_settings(settings_path()))
        yield Finding(
            "settings", GOOD, str(settings_path()) if settings_path().is_file() else "none; not needed"
        )
    except SetupError as fault:
        yield bad("settings", fault)
    typed = {name: getattr(given, name) for name in ("microphone", "speaker") if getattr(given, name)}
    options = dataclasses.replace(options, **typed)
    yield _looked("portaudio", _portaudio, options)
    yield _looked("words", _words, options)
    yield from look_at_contacts(options)
    for part, look in (
        ("recogniser", _recogniser),
        ("voice", _voice),
        ("prompts", _prompts),
        ("speaker", _speaker),
        ("microphone", _microphone),
        *((("talk", _talk),) if given.talk else ()),
        ("notes", _notes),
        ("space", _space),
    ):
        yield _looked(part, look, options)


def _looked(part: str, look: Callable[[Options], Finding], options: Options) -> Finding:
    try:
        return look(options)
    except (SetupError, RunError) as fault:
        return bad(part, fault)


def _print(finding: Finding) -> None:
    remedy = f" -> {finding.remedy}" if finding.remedy else ""
    print(f"{_MARKS[finding.state]:4}  {finding.part:10}  {finding.what}{remedy}", flush=True)


# -- the parts --------------------------------------------------------------------------------------------


def _portaudio(options: Options) -> Finding:
    if _is_file(options.microphone) and _is_file(options.speaker):
        return Finding("portaudio", GOOD, "not needed: sound comes from and goes to files")
    from voice_coach.audio.devices import list_devices, load_sounddevice

    version = str(load_sounddevice().get_portaudio_version()[1]).split(",")[0]
    return Finding("portaudio", GOOD, f"{version}, {len(list_devices())} devices")


def _words(options: Options) -> Finding:
    from voice_coach.packs.check import check_loaded
    from voice_coach.packs.load import load_pack

    pack = load_pack(options.language)
    faults = check_loaded(pack)
    if faults:
        return Finding(
            "words",
            REMARK,
            f"{len(faults)} faults in the pack {options.language}",
            "voice-coach check",
            False,
        )
    return Finding(
        "words", GOOD, f"{options.language}: {len(pack.states)} states, {len(pack.intents)} intents"
    )


def _recogniser(options: Options) -> Finding:
    from voice_coach.hearing.choice import choose_recognizer, load_recognizer
    from voice_coach.models.shelf import installed

    choice = choose_recognizer(
        options.recognizer,
        Path(options.model) if options.model else None,
        options.language,
        second_ear=options.second_ear,
        noise_suppression=options.noise_suppression,
    )
    load_recognizer(choice)
    what = choice.notice.removeprefix("Listening with ").rstrip(".")
    unfit = [model for model in installed(models_folder()) if model.fault]
    if unfit and choice.kind != "vosk":
        what = f"{what}; the model {unfit[0].name} {unfit[0].fault}"
        return Finding("recogniser", REMARK, what, "voice-coach model list", needed=False)
    return Finding("recogniser", GOOD, what)


def _voice(options: Options) -> Finding:
    samples = _rendered(options)
    return Finding(
        "voice", GOOD, f"{options.voice or 'the default one'}: {samples.size / 22_050:.1f} s rendered"
    )


def _prompts(options: Options) -> Finding:
    """Prompts prepared on disk, where there are any."""
    from voice_coach.places import prompts_folder
    from voice_coach.speaking.prepared import FILE, fault_of, prepared_folder

    folder = prepared_folder(prompts_folder())
    for name, found in folder.entries(FILE):
        if fault := fault_of(folder, name):
            what = f"those prepared in {folder.path} are rendered anew in each session: {fault}"
            return Finding("prompts", REMARK, what, "voice-coach voices --prepare", needed=False)
        return Finding("prompts", GOOD, f"{found.st_size / 1e6:.0f} MB prepared", needed=False)
    return Finding("prompts", GOOD, "rendered as they are needed; none prepared", needed=False)


def _rendered(options: Options) -> Any:
    from voice_coach.packs.load import load_pack
    from voice_coach.speaking.speech import Speech
    from voice_coach.speaking.voice import render_speech

    pack = load_pack(options.language)
    return render_speech(Speech((pack.lines[ASK][0],)), voice=options.voice, say_as=pack.style.say_as)


def _speaker(options: Options) -> Finding:
    from voice_coach.audio.devices import find_device, open_speaker

    if _is_file(options.speaker):
        return Finding("speaker", GOOD, str(options.speaker))
    speaker = open_speaker(options.speaker)
    speaker.open(lambda event: None)
    speaker.close()
    return Finding("speaker", GOOD, find_device("speaker", _number(options.speaker)).name)


def _microphone(options: Options) -> Finding:
    from voice_coach.hearing.level import dbfs

    levels = [dbfs(frame) for frame in _frames(options, METER_SECONDS)]
    if not levels:
        return Finding(
            "microphone", BAD, "it opens, and brings nothing", "plug it in again, or choose another"
        )
    quiet, loud = min(levels), max(levels)
    what = f"{_meter(loud)} {loud:.0f} dBFS, the room {quiet:.0f} dBFS"
    if loud < QUIET_DBFS:
        return Finding("microphone", REMARK, what, "it may be muted: say something and look again", False)
    if quiet > LOUD_DBFS:
        return Finding("microphone", REMARK, what, "it is loud here: move, or use a headset", False)
    return Finding("microphone", GOOD, what)


def _meter(level: float) -> str:
    bars = max(0, min(20, round((level + 80) / 4)))
    return f"[{'#' * bars}{'.' * (20 - bars)}]"


def _talk(options: Options) -> Finding:
    """Ask aloud for one word, and say whether it was understood."""
    import numpy as np

    from voice_coach.audio.devices import open_speaker
    from voice_coach.commands.say import play_samples
    from voice_coach.hearing.choice import choose_recognizer, load_recognizer
    from voice_coach.hearing.hear import speech_pieces
    from voice_coach.hearing.recognizer import Grammar
    from voice_coach.packs.load import load_pack
    from voice_coach.understanding.table import PhraseTable
    from voice_coach.understanding.understand import understand

    recognizer = load_recognizer(
        choose_recognizer(
            options.recognizer,
            Path(options.model) if options.model else None,
            options.language,
            second_ear=options.second_ear,
            noise_suppression=options.noise_suppression,
        )
    )
    table = PhraseTable.for_state(load_pack(options.language), "PLACE")
    recognizer.use(Grammar("PLACE", table.phrases, table.decoys, meanings=table.phrase_meanings))
    play_samples(open_speaker(options.speaker, paced=True), _rendered(options))
    frames = list(_frames(options, TALK_SECONDS))
    pieces = speech_pieces(np.concatenate(frames)) if frames else []
    for piece in pieces:
        if understand(recognizer.decode(piece.piece).text, table, "choice").intent == "YES":
            return Finding("talk", GOOD, "your yes was understood")
    heard = "something was said, but no yes" if pieces else "nobody was heard"
    return Finding("talk", BAD, heard, "speak a little nearer, where it is quieter, then try again")


def _frames(options: Options, seconds: float) -> Iterator[Any]:
    """So many seconds of the microphone, 20 ms each."""
    from voice_coach.audio.devices import open_microphone
    from voice_coach.audio.ports import FRAME_SECONDS, DeviceLost, FrameArrived

    microphone = open_microphone(options.microphone)
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    microphone.open(events.put)
    try:
        for _ in range(round(seconds / FRAME_SECONDS)):
            if not microphone.live:
                yield microphone.read()
                continue
            try:
                event = events.get(timeout=2.0)
            except queue.Empty:
                return
            if isinstance(event, DeviceLost):
                raise RunError(f"The microphone was lost ({event.reason}); plug it in again.")
            if isinstance(event, FrameArrived):
                yield event.samples
    finally:
        microphone.close()


def _notes(options: Options) -> Finding:
    store = Store(Path(options.notes_folder).expanduser() if options.notes_folder else notes_folder())
    state = "on" if options.notes else "off"
    if not store.exists:
        return Finding("notes", GOOD, f"{state}; none kept", needed=False)
    try:
        shelf = store.look()
    except (SetupError, RunError) as fault:
        return dataclasses.replace(bad("notes", fault), needed=False)
    mode = store.path.stat().st_mode & 0o777
    sealed = ", sealed" if store.sealed else ""
    what = f"{state}; {len(shelf.notes)} kept{sealed}, folder {mode:o}"
    if mode != 0o700 and sys.platform != "win32":
        return Finding("notes", REMARK, what, f"chmod 700 {store.path}", False)
    if store.sealed and any(not note.sealed for note in shelf.notes):
        return Finding("notes", REMARK, f"{what}, not all sealed", "voice-coach notes seal", False)
    if shelf.foreign:
        return Finding(
            "notes", REMARK, f"{what}, {len(shelf.foreign)} foreign", "voice-coach notes list", False
        )
    return Finding("notes", GOOD, what, needed=False)


def _space(options: Options) -> Finding:
    folder = Path(options.notes_folder).expanduser() if options.notes_folder else notes_folder()
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    what = f"{free / 1e6:,.0f} MB free in {place}"
    if free < LEAST_SPACE_BYTES:
        return Finding("space", REMARK, what, "make some room before you keep a note", False)
    return Finding("space", GOOD, what, needed=False)


def _is_file(spec: str | None) -> bool:
    return spec is not None and (spec == "none" or spec.startswith("wav:"))


def _number(spec: str | None) -> str | int | None:
    return int(spec) if spec is not None and spec.isdecimal() else spec
