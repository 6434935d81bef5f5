"""The command line: what can be asked for, with an example for each.

In: arguments. Out: a namespace whose `run` does the command. Nothing heavy is imported here, so that
--help answers at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from voice_coach import __version__, stores

MODES = ("heard", "look-back", "get-ready", "together", "reminder")
LENGTHS = ("short", "long", "walking")
CAPTIONS = ("live", "lines", "off")
JOURNEYS = ("arriving", "heard", "look-back", "get-ready", "together", "reminder", "crisis", "notes")
RECOGNIZERS = ("auto", "vosk", "pocketsphinx")
ON_OFF = ("on", "off")
SUPPRESSIONS = ("auto", "on", "off")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse a command line; with no command it is `start`. Exits 2 on bad usage, 0 on --help."""
    given = list(arguments)
    if not given or (given[0].startswith("-") and given[0] not in {"-h", "--help", "--version"}):
        given.insert(0, "start")
    return _parser().parse_args(given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voice-coach",
        description="A calm, offline voice for reflecting: it connects first and listens.",
        epilog="With no command it starts a session. Example: voice-coach start --mode heard",
    )
    parser.add_argument("--version", action="version", version=f"voice-coach {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    sessions = (_start, _wait, _text, _rehearse, _hear, _say, _lists, _check, _map)
    for add in (*sessions, _setup, _card, _notes, _model, _privacy, _doctor, _settings):
        add(commands)
    return parser


def _command(commands: Any, name: str, help: str, example: str) -> argparse.ArgumentParser:
    """One command; its work is voice_coach.commands.NAME.run."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=help[0].upper() + help[1:] + ".", epilog=f"Example: {example}"
    )
    parser.set_defaults(run=_later(name))
    return parser


def _later(name: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        code: int = import_module(f"voice_coach.commands.{name}").run(options)
        return code

    return run


def _conversation_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mode", choices=MODES, help="what for; asked by voice when left out")
    parser.add_argument("--time", choices=LENGTHS, help="how long; asked by voice when left out")
    parser.add_argument("--language", metavar="TAG", help="language pack (default: en)")
    parser.add_argument(
        "--personal",
        action="store_true",
        default=None,
        help="nobody else uses this device: the welcome and the question to start are shorter",
    )
    parser.add_argument("--operator-file", metavar="PATH", help="the numbers to give, in the place of ours")
    parser.add_argument("--seed", type=int, metavar="N", help="make the choice of wordings repeatable")
    parser.add_argument("--events", metavar="PATH|-", help="write a log of events, JSON lines, no words said")


def _recognizer_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recognizer", choices=RECOGNIZERS, help="default: auto")
    parser.add_argument("--model", metavar="DIR", help="folder of a Vosk model")
    parser.add_argument("--noise-suppression", choices=SUPPRESSIONS, help="RNNoise (default: auto)")
    parser.add_argument("--second-ear", choices=ON_OFF, help="Moonshine beside PocketSphinx (default: on)")


def _speaker_option(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--speaker", metavar="WHERE", help=f"device, wav:PATH or none (default: {default})")


def _screen_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--screen",
        type=_port,
        nargs="?",
        const=0,
        metavar="PORT",
        help="pictures, captions and keys in the browser, on this device only (default: any free port)",
    )
    parser.add_argument("--kiosk", action="store_true", help="with --screen: fill the screen")
    parser.add_argument("--no-browser", action="store_true", help="with --screen: print its address only")
    parser.add_argument(
        "--captions",
        choices=CAPTIONS,
        help="captions and keys on the terminal: one live screen (the default there), lines, or off",
    )
    parser.add_argument(
        "--headset-keys", action="store_true", default=None, help="the key of a headset counts (Linux)"
    )


def _port(given: str) -> int:
    if not given.isdecimal() or int(given) > 65_535:
        raise argparse.ArgumentTypeError(f"{given!r} is no port; choose 1024 to 65535")
    return int(given)


def _start(commands: Any) -> None:
    parser = _command(
        commands, "start", "hold a session by voice", "voice-coach start --mode look-back --time short"
    )
    _conversation_options(parser)
    _recognizer_options(parser)
    parser.add_argument("--microphone", metavar="WHERE", help="device or wav:PATH (default: the system's)")
    _speaker_option(parser, "the system's")
    parser.add_argument("--voice", metavar="NAME", help="the coach's voice, by name or language")
    parser.add_argument(
        "--headphones",
        action="store_true",
        default=None,
        help="you wear headphones: the coach may be interrupted by voice",
    )
    parser.add_argument(
        "--open-speakers",
        action="store_true",
        default=None,
        help="no headphones: stop, pause, hush and just listen are heard over it (needs the extra aec)",
    )
    _screen_options(parser)
    parser.add_argument(
        "--demo", action="store_true", help="play a whole example session; needs no microphone"
    )


def _wait(commands: Any) -> None:
    parser = _command(
        commands,
        "wait",
        "wait for a few spoken words, then hold a session; again and again",
        "voice-coach wait --mode heard",
    )
    _conversation_options(parser)
    _recognizer_options(parser)
    parser.add_argument("--microphone", metavar="WHERE", help="device or wav:PATH (default: the system's)")
    _speaker_option(parser, "the system's")
    parser.add_argument("--voice", metavar="NAME", help="the coach's voice, by name or language")
    parser.add_argument("--phrase", metavar="WORDS", help="the words that begin a session (two to five)")
    parser.add_argument("--once", action="store_true", help="end after one session")
    _screen_options(parser)


def _text(commands: Any) -> None:
    parser = _command(
        commands,
        "text",
        "hold the same session typed and printed; an empty line is silence",
        "voice-coach text --mode heard",
    )
    _conversation_options(parser)


def _rehearse(commands: Any) -> None:
    parser = _command(
        commands,
        "rehearse",
        "hold a session with a simulated person from a plan, faster than real time",
        "voice-coach rehearse tests/sessions/just_listen.toml --events -",
    )
    parser.add_argument("plan", type=Path, metavar="PLAN.toml")
    _recognizer_options(parser)
    _speaker_option(parser, "none")
    parser.add_argument("--events", metavar="PATH|-", help="write a log of events, JSON lines")


def _hear(commands: Any) -> None:
    parser = _command(
        commands,
        "hear",
        "recognise sound files against a state's phrases",
        "voice-coach hear yes.wav --state CONSENT",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="WAV")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--state", metavar="STATE", help="the phrases of this state (default: LISTEN)")
    which.add_argument("--grammar", type=Path, metavar="FILE.toml", help="the phrases of a grammar file")
    _recognizer_options(parser)
    parser.add_argument("--language", default="en", metavar="TAG", help="language pack (default: en)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--partials", action="store_true", help="also the words as they grow (Vosk only)")


def _say(commands: Any) -> None:
    parser = _command(
        commands,
        "say",
        "speak a text with the coach's voice",
        'voice-coach say "Take your time." --output t.wav',
    )
    parser.add_argument("text", metavar="TEXT")
    parser.add_argument("--output", metavar="WAV", help="write a sound file instead of playing")
    _speaker_option(parser, "the system's")
    parser.add_argument("--voice", metavar="NAME", help="the coach's voice, by name or language")


def _setup(commands: Any) -> None:
    parser = _command(
        commands,
        "setup",
        "be asked, aloud, the few things this device needs to know",
        "voice-coach setup --screen",
    )
    _conversation_options(parser)
    _recognizer_options(parser)
    parser.add_argument("--microphone", metavar="WHERE", help="device or wav:PATH (default: the system's)")
    _speaker_option(parser, "the system's")
    parser.add_argument("--voice", metavar="NAME", help="the coach's voice, by name or language")
    _screen_options(parser)


def _card(commands: Any) -> None:
    parser = _command(
        commands,
        "card",
        "make a card to print: the words to know and the numbers",
        "voice-coach card --output card.pdf",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.pdf")
    parser.add_argument("--language", default="en", metavar="TAG", help="language pack (default: en)")


def _lists(commands: Any) -> None:
    parser = _command(
        commands, "voices", "list the voices of this device", "voice-coach voices --prepare --voice en-gb"
    )
    parser.add_argument("--voice", metavar="NAME", help="the one to prepare (default: as in a session)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--prepare",
        action="store_true",
        help="render the coach's own prompts once and keep them on this device: nothing anybody says",
    )
    which.add_argument("--forget", action="store_true", help="remove what was prepared")
    _command(commands, "devices", "list microphones and speakers", "voice-coach devices")


def _check(commands: Any) -> None:
    parser = _command(
        commands, "check", "check language packs and list every fault", "voice-coach check my-pack"
    )
    parser.add_argument("packs", nargs="*", metavar="PACK", help="its folder, or a language (default: en)")


def _map(commands: Any) -> None:
    parser = _command(
        commands, "map", "draw the conversation, as text or a picture", "voice-coach map --journey together"
    )
    parser.add_argument("--journey", choices=JOURNEYS, help="one journey (default: all, as text)")
    parser.add_argument(
        "--format", choices=("mermaid", "svg", "png"), default="mermaid", help="default: mermaid"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it there")
    parser.add_argument("--language", default="en", metavar="TAG", help="language pack (default: en)")


def _notes(commands: Any) -> None:
    parser = _command(
        commands, "notes", "list, play, export, seal or delete the notes you kept", "voice-coach notes list"
    )
    stores.notes(parser)


def _model(commands: Any) -> None:
    parser = _command(
        commands, "model", "list, fetch or remove models for the recogniser Vosk", "voice-coach model get"
    )
    stores.model(parser)


def _privacy(commands: Any) -> None:
    what = "what is kept on this device now, and what is promised"
    parser = _command(commands, "privacy", what, "voice-coach privacy")
    parser.add_argument("--language", default="en", metavar="TAG", help="language pack (default: en)")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _doctor(commands: Any) -> None:
    parser = _command(
        commands, "doctor", "try every part and name the remedy where one fails", "voice-coach doctor --talk"
    )
    parser.add_argument("--talk", action="store_true", help="also ask you, aloud, to say one word")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--microphone", metavar="WHERE", help="device or wav:PATH (default: as in a session)")
    _speaker_option(parser, "as in a session")


def _settings(commands: Any) -> None:
    parser = _command(
        commands, "settings", "where the settings file is, or begin one", "voice-coach settings init"
    )
    parser.add_argument("what", choices=("path", "init"))
