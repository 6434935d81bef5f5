"""The command line as others drive it: real processes, exit codes, one sentence for each fault."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.speaking.stand_in import render_person

COMMANDS = ("start", "text", "rehearse", "hear", "say", "devices", "check")


def voice_coach(*arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voice_coach", *arguments],
        input=typed,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
        env=os.environ | {"PULSE_SERVER": "unix:/nowhere", "XDG_DATA_HOME": "/nowhere"} | environment,
    )


def one_sentence(run: subprocess.CompletedProcess[str], *said: str) -> None:
    """Exit code 2 and a single plain line that says all of this."""
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    line = run.stderr.strip().splitlines()[-1]
    for part in said:
        assert part in line, line


@pytest.fixture
def silence(tmp_path: Path) -> str:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(16000, np.int16), 16000)
    return f"wav:{path}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    run = voice_coach(command, "--help")
    assert run.returncode == 0
    assert f"Example: voice-coach {command}" in " ".join(run.stdout.split())


def test_a_whole_session_can_be_typed() -> None:
    typed = "yes\nyes\njust me\nbe heard\ntired\nit was a long day\ndone\nheavy\nsteady\nmy sister\n"
    run = voice_coach("text", "--seed", "1", "--events", "/dev/stderr", typed=typed)
    events = [json.loads(line) for line in run.stderr.splitlines()]
    states = [event["name"] for event in events if event["event"] == "state"]
    assert run.returncode == 0
    assert states[:3] == ["WELCOME", "PLACE", "CONSENT"]
    assert states[-2:] == ["CLOSE_CONNECT", "GOODBYE"]
    assert events[-1] == {**events[-1], "event": "end", "why": "finished"}


def test_an_empty_line_is_silence_and_silence_at_consent_starts_nothing() -> None:
    run = voice_coach("text", "--events", "/dev/stderr", typed="yes\n\n\n")
    assert '"NOT_STARTED"' in run.stderr
    assert '"CONNECT"' not in run.stderr


def test_the_end_of_the_input_ends_a_typed_session() -> None:
    run = voice_coach("text", "--events", "/dev/stderr", typed="yes\n")
    assert run.returncode == 0
    assert '"input ended"' in run.stderr


def test_a_session_by_voice_logs_no_words(tmp_path: Path) -> None:
    sound = np.concatenate([np.zeros(16000 * 19, np.int16), render_person("yes"), np.zeros(16000, np.int16)])
    soundfile.write(tmp_path / "yes.wav", sound, 16000)
    run = voice_coach(
        *("start", "--mode", "heard", "--seed", "1", "--recognizer", "pocketsphinx"),
        *("--microphone", f"wav:{tmp_path}/yes.wav", "--speaker", f"wav:{tmp_path}/out.wav", "--events", "-"),
    )
    events = [json.loads(line) for line in run.stdout.splitlines()]
    heard = [event for event in events if event["event"] == "heard"]
    assert run.returncode == 0
    assert [event["intent"] for event in heard] == ["YES"]
    assert all("words" not in event for event in events)
    assert soundfile.info(tmp_path / "out.wav").duration == pytest.approx(events[-1]["seconds"], abs=0.1)


def test_say_writes_a_file_that_is_speech(tmp_path: Path) -> None:
    run = voice_coach("say", "Take your time.", "--output", str(tmp_path / "said.wav"))
    sound, rate = soundfile.read(tmp_path / "said.wav")
    assert run.returncode == 0
    assert 0.5 < sound.size / rate < 3.0
    assert np.abs(sound).max() > 0.05


def test_hear_tells_hypothesis_and_intent_of_each_file(tmp_path: Path) -> None:
    for name, words in (("yes", "yes"), ("no", "no thanks")):
        soundfile.write(tmp_path / f"{name}.wav", render_person(words), 16000)
    files = [str(tmp_path / "yes.wav"), str(tmp_path / "no.wav")]
    run = voice_coach("hear", *files, "--state", "CONSENT", "--recognizer", "pocketsphinx", "--json")
    heard = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["intent"] for line in heard] == ["YES", "NO"]
    assert [line["file"] for line in heard] == files
    assert {"hypothesis", "confidence", "audio_seconds", "compute_seconds"} <= heard[0].keys()


def test_hear_takes_a_grammar_file(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "go.wav", render_person("open the door"), 16000)
    (tmp_path / "doors.toml").write_text(
        '[OPEN]\nsay = ["open [the] door"]\n[SHUT]\nsay = ["shut the door"]\n'
    )
    grammar = str(tmp_path / "doors.toml")
    run = voice_coach("hear", str(tmp_path / "go.wav"), "--grammar", grammar, "--recognizer", "pocketsphinx")
    assert "intent=OPEN" in run.stdout, run.stdout + run.stderr


def test_check_finds_the_shipped_pack_good() -> None:
    run = voice_coach("check")
    assert run.returncode == 0, run.stdout
    assert run.stdout.strip() == "en: good"


# -- bad input ------------------------------------------------------------------------------------------


def test_no_microphone_and_no_terminal_names_the_demo() -> None:
    one_sentence(voice_coach("start", "--speaker", "none"), "No microphone was found", "start --demo")
    one_sentence(voice_coach("start"), "No speaker was found", "start --demo")


def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "gone.wav")
    one_sentence(voice_coach("start", "--microphone", f"wav:{missing}", "--speaker", "none"), missing)


def test_a_file_that_is_no_sound_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not sound")
    one_sentence(voice_coach("hear", str(tmp_path / "text.wav")), "text.wav", "cannot be read as sound")


def test_a_recording_with_three_channels_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "three.wav", np.zeros((1600, 3)), 16000)
    one_sentence(voice_coach("hear", str(tmp_path / "three.wav")), "three.wav", "channels")


def test_a_missing_model_folder_is_named(silence: str, tmp_path: Path) -> None:
    model = str(tmp_path / "no-model")
    run = voice_coach("start", "--microphone", silence, "--speaker", "none", "--model", model)
    one_sentence(run, model)


def test_a_folder_that_is_no_model_is_named(silence: str, tmp_path: Path) -> None:
    run = voice_coach("start", "--microphone", silence, "--speaker", "none", "--model", str(tmp_path))
    one_sentence(run, str(tmp_path), "model")


def test_an_unknown_state_is_named(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "yes.wav", np.zeros(1600, np.int16), 16000)
    one_sentence(voice_coach("hear", str(tmp_path / "yes.wav"), "--state", "NOWHERE"), "NOWHERE", "CONSENT")


def test_an_unknown_language_is_named(silence: str) -> None:
    run = voice_coach("start", "--microphone", silence, "--speaker", "none", "--language", "xx")
    one_sentence(run, '"xx"')


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("[settings", "not good TOML"),
        ("[settings]\nspeed = 3\n", "speed"),
        ('[settings]\nmode = "sideways"\n', "sideways"),
        ('[[turn]]\nsay = "yes"\nsilence = 3\n', "exactly one of"),
        ('[[turn]]\nshout = "yes"\n', "shout"),
        ('[[turn]]\nwav = "gone.wav"\n', "gone.wav"),
    ],
)
def test_a_broken_plan_is_one_sentence(plan: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(plan)
    one_sentence(voice_coach("rehearse", str(tmp_path / "plan.toml")), "plan.toml", said)


def test_an_unmet_expectation_is_printed_and_fails(tmp_path: Path) -> None:
    plan = '[[turn]]\nstate = "PLACE"\nkey = "STOP"\n[expect]\nstates = ["CONNECT"]\n'
    (tmp_path / "plan.toml").write_text(plan)
    run = voice_coach("rehearse", str(tmp_path / "plan.toml"))
    assert run.returncode == 1
    assert "CONNECT was not reached" in run.stderr


def test_an_unwritable_event_log_is_named(silence: str) -> None:
    log = "/nowhere/events"
    run = voice_coach("start", "--microphone", silence, "--speaker", "none", "--events", log)
    one_sentence(run, log)


def test_an_interrupt_ends_a_session_cleanly(silence: str) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "voice_coach",
            "start",
            "--microphone",
            silence,
            "--speaker",
            "none",
            "--events",
            "-",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_interrupts,  # noqa: PLW1509 (one thread)
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert json.loads((first + rest).splitlines()[-1])["event"] == "end"


def hears_interrupts() -> None:
    """For a child: tests in the background of a shell would hand on that interrupts are not heard."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def hidden(library: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command on a machine that lacks a library: it is hidden in a private mount namespace."""
    found = sorted(Path("/usr/lib").glob(f"*/{library}.so.*.*"))
    if not found or os.geteuid() != 0:
        pytest.skip(f"hiding {library} needs root and the library")
    hide = "; ".join(f"mount --bind /dev/null {path}" for path in found)
    run = f'{hide}; exec "$0" -m voice_coach "$@"'
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", run, sys.executable, *arguments],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
    )


def test_without_portaudio_the_package_is_named() -> None:
    one_sentence(hidden("libportaudio", "start"), "PortAudio", "libportaudio2")


def test_without_a_speech_engine_the_package_is_named(silence: str) -> None:
    run = hidden("libespeak-ng", "start", "--microphone", silence, "--speaker", "none")
    one_sentence(run, "espeak-ng")


@pytest.mark.parametrize("speaker", [["--speaker", "none"], []], ids=["no microphone", "no sound at all"])
def test_without_a_microphone_but_with_a_terminal_it_goes_on_typed(speaker: list[str]) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_coach", "start", "--mode", "heard", *speaker],
        env=os.environ | {"PULSE_SERVER": "unix:/nowhere"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(theirs)
    os.write(ours, b"yes\nno thanks\n")
    printed, errors = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert "was found" in errors
    assert "We go on typed" in errors
    assert "okay" in printed.lower() or "start" in printed.lower()
