"""What is measured: each function holds its sessions and adds its times (ms) to those there are."""

from __future__ import annotations

import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
from virtual_sound_card import MICROPHONE, SPEAKER, SoundCard

from turn_times.processes import cpu, resident
from turn_times.session import SOUNDS, Live, Stages, Times, first_sound, live
from voice_coach.speaking.stand_in import render_person

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"PLACE": "a question", "CONSENT": "a gate", "CONNECT": "talk"}
STAGES = ("until it is looked at", "recognising", "waiting for the turn's quiet", "to the speaker")


def answers(card: SoundCard, times: Times, turns: int, state: str, name: str, stages: Stages) -> None:
    """The word again, said at random moments of a turn."""
    chance, again, mouth = random.Random(1), render_person("again"), card.mouth()
    # What the voice has after its last loud sample is no part of the word.
    tail = (again.size - np.flatnonzero(np.abs(again) > 100)[-1]) / 16_000
    with live(card) as session:
        session.wait("listen", state="PLACE")
        if state == "CONSENT":
            session.press("YES")
            session.wait("listen", state="CONSENT")
        for _ in range(turns):
            ear = card.ear()
            time.sleep(chance.uniform(0.1, 0.4))
            done = mouth.say(again)
            done.wait()
            ended = time.perf_counter() - tail
            try:
                decided = session.wait("heard", within=5, state=state)
            except queue.Empty:
                # It listens on, or took the word for another and has paused.
                print("an answer was not heard", flush=True)
                session.press("RESUME")
                session.wait("listen")
                ear.close()
                card._parts.remove(ear)
                continue
            sounded = first_sound(ear, decided - 0.01)
            marks = (ended, stages.looked, stages.recognised, max(decided, stages.recognised), sounded)
            times.setdefault(name, []).append((sounded - ended) * 1000)
            for stage, one, other in zip(STAGES, marks, marks[1:], strict=False):
                times.setdefault(f"  {stage} ({name})", []).append((other - one) * 1000)
            session.wait("listen")
            ear.close()
            card._parts.remove(ear)
    card.hush()


def launches(card: SoundCard, times: Times, runs: int) -> None:
    """From the command to its first word."""
    for _ in range(runs):
        ear = card.ear()
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "voice_coach", "start", "--mode", "heard", "--captions", "off"],
            cwd=ROOT,
            env=card.environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        times.setdefault("launch to the first word", []).append((first_sound(ear, began, 20) - began) * 1000)
        process.send_signal(signal.SIGINT)
        process.wait(10)
        card.hush()


def stops(card: SoundCard, times: Times, runs: int) -> None:
    """The word stop over the coach's words with headphones on, and a key."""
    stop, mouth = render_person("stop"), card.mouth()
    for at in range(runs):
        by_key = bool(at % 2)
        with live(card, headphones=True) as session:
            ear = card.ear()
            session.wait("listen", state="PLACE")
            session.press("HELP")
            session.wait("prompt")
            first_sound(ear, time.perf_counter())
            ear.listen(0.5)
            if by_key:
                began = session.press("HUSH")
            else:
                mouth.say(stop).wait()
                began = time.perf_counter()
            told = session.wait("prompt_end")
            sound = ear.listen(0.05)
            loud = np.flatnonzero(np.abs(sound[: int((told - ear.began()) * ear.rate)]) > SOUNDS)
            silent = max(began, ear.began() + loud[-1] / ear.rate)
            name = "stop by key to silence" if by_key else "stop spoken to silence"
            times.setdefault(name, []).append((silent - began) * 1000)
        card.hush()
        mouth = card.mouth()


def go_to(session: Live, state: str) -> None:
    """By keys to a question (PLACE), a gate (CONSENT) or talk (CONNECT)."""
    session.wait("listen", state="PLACE")
    if state == "PLACE":
        return
    session.press("YES")
    session.wait("listen", state="CONSENT")
    if state == "CONNECT":
        session.press("YES")
        time.sleep(1.2)  # A consent by key takes two presses, well apart.
        session.press("YES")
        session.wait("listen", state="CONNECT")


def listening_stops(card: SoundCard, times: Times, runs: int, stages: Stages) -> None:
    """The word stop where the coach listens to silence: at a question, at a gate, in talk."""
    chance, stop = random.Random(4), render_person("stop")
    tail = (stop.size - np.flatnonzero(np.abs(stop) > 100)[-1]) / 16_000
    ways = tuple(KINDS)
    for at in range(runs):
        state = ways[at % len(ways)]
        with live(card) as session:
            go_to(session, state)
            ear, mouth = card.ear(), card.mouth()
            time.sleep(chance.uniform(1.2, 2.0))
            mouth.say(stop).wait()
            ended = time.perf_counter() - tail
            try:
                decided = session.wait("heard", within=4, intent="STOP", state=state)
            except queue.Empty:
                print(f"a stop was not heard in {state}", flush=True)
            else:
                sounded = first_sound(ear, decided - 0.01)
                name = "stop said while it listens to the reply"
                marks = (ended, stages.looked, stages.recognised, max(decided, stages.recognised), sounded)
                times.setdefault(name, []).append((sounded - ended) * 1000)
                for stage, one, other in zip(STAGES, marks, marks[1:], strict=False):
                    times.setdefault(f"  {stage} ({KINDS[state]})", []).append((other - one) * 1000)
        card.hush()


def losses(card: SoundCard, times: Times, runs: int) -> None:
    """The microphone and the speaker unplugged and plugged in again, by turns, in one session."""
    with live(card) as session:
        session.wait("listen", state="PLACE")
        before = places = 0
        for at in range(runs):
            which, device = (("microphone", MICROPHONE), ("speaker", SPEAKER))[at % 2]
            ear = card.ear() if which == "microphone" else None
            began = time.perf_counter()
            card.unplug(device)
            noticed = session.wait("device", which=which, what="lost")
            times.setdefault("device lost to noticed", []).append((noticed - began) * 1000)
            if ear is not None:
                said = first_sound(ear, noticed)
                times.setdefault("microphone lost to spoken notice", []).append((said - began) * 1000)
                ear.close()
                card._parts.remove(ear)
            began = time.perf_counter()
            card.plug(device)
            session.wait("device", which=which, what="back")
            times.setdefault("device back to going on", []).append((session.wait("prompt") - began) * 1000)
            session.wait("listen", state="PLACE")
            places += 1
            held = (len(os.listdir("/proc/self/fd")), threading.active_count(), resident())
            before = before if at > 1 else held
        more = [now - then for now, then in zip(held, before, strict=True)]
        print(
            f"{runs} losses: {places} recoveries at the same place; since the second: files {more[0]:+}, "
            f"threads {more[1]:+}, memory of all processes {more[2]:+.1f} MB",
            flush=True,
        )


def usage(card: SoundCard) -> None:
    """CPU and memory of this process and its children while it listens to silence."""
    with live(card) as session:
        session.wait("listen", state="PLACE")
        before, at = cpu(), time.perf_counter()
        time.sleep(5)
        share = (cpu() - before) / (time.perf_counter() - at) * 100
        print(
            f"listening in silence: {share:.1f} % of a core; {resident():.0f} MB resident, children included"
        )
