"""voice-coach hear: recognise sound files against a state's phrases or a grammar file, one line each."""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voice_coach.errors import SetupError
from voice_coach.hearing.recognizer import Grammar, GrammarReport, Growing

if TYPE_CHECKING:
    from voice_coach.hearing.hear import LookOn


def run(given: argparse.Namespace) -> int:
    """Recognise each file in turn."""
    from voice_coach.hearing.choice import choose_recognizer
    from voice_coach.hearing.hear import hear_files
    from voice_coach.hearing.noise_suppression import choose_suppressor

    choice = choose_recognizer(
        given.recognizer or "auto",
        Path(given.model) if given.model else None,
        given.language,
        second_ear=given.second_ear or "on",
        noise_suppression=given.noise_suppression or "auto",
    )
    suppress = choose_suppressor(given.noise_suppression or "auto")
    grammar, intent_of = _from_file(given.grammar) if given.grammar else _from_state(given)
    look_on = _show_growing(given.json) if given.partials else None
    on_dropped = _tell_dropped if given.grammar else None
    for heard in hear_files(
        given.files,
        grammar,
        choice,
        suppress=suppress,
        noisy=(given.noise_suppression or "auto") == "auto",
        look_on=look_on,
        on_dropped=on_dropped,
    ):
        found: dict[str, object] = {
            "file": str(heard.path),
            "hypothesis": heard.hypothesis.text,
            "intent": intent_of(heard.hypothesis.text),
            "confidence": round(heard.hypothesis.confidence, 3),
            "clean": heard.hypothesis.clean,
            "audio_seconds": round(heard.hypothesis.audio_seconds, 2),
            "compute_seconds": round(heard.hypothesis.compute_seconds, 3),
        }
        print(json.dumps(found, ensure_ascii=False) if given.json else _line(found), flush=True)
    return 0


def _tell_dropped(report: GrammarReport) -> None:
    """One line for the person who wrote the grammar."""
    phrases = "; ".join(sorted(report.dropped))
    print(f"Left out, as the recogniser does not know all words of them: {phrases}.", file=sys.stderr)


def _show_growing(as_json: bool) -> LookOn:
    """Prints the words so far, with the second of the file at which they were heard."""

    def show(path: Path, start: float, growing: Growing) -> None:
        at = round(start + growing.seconds, 2)
        found = {"file": str(path), "partial": growing.words, "at_seconds": at}
        line = json.dumps(found, ensure_ascii=False) if as_json else f"{path}: {at}s {growing.words!r} ..."
        print(line, flush=True)

    return show


def _line(found: dict[str, object]) -> str:
    return (
        f"{found['file']}: {found['hypothesis']!r} intent={found['intent']} confidence={found['confidence']}"
        f" audio={found['audio_seconds']}s compute={found['compute_seconds']}s"
    )


def _from_state(given: argparse.Namespace) -> tuple[Grammar, Callable[[str], str | None]]:
    from voice_coach.packs.load import load_pack
    from voice_coach.understanding.table import PhraseTable
    from voice_coach.understanding.understand import understand

    pack = load_pack(given.language)
    name = given.state or "LISTEN"
    state = pack.states.get(name)
    if state is None:
        raise SetupError(f"There is no state {name}; there are: {', '.join(sorted(pack.states))}.")
    table = PhraseTable.for_state(pack, name)
    gate = state.listen == "gate"
    grammar = Grammar(
        name,
        table.phrases,
        table.decoys,
        gate,
        table.taught,
        table.told,
        table.stopping,
        table.phrase_meanings,
    )
    return grammar, lambda text: understand(text, table, state.listen).intent


def _from_file(path: Path) -> tuple[Grammar, Callable[[str], str | None]]:
    from voice_coach.understanding.patterns import expand

    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        meanings = {
            phrase: intent
            for intent, table in tables.items()
            for say in table["say"]
            for phrase in expand(say)
        }
    except (OSError, UnicodeDecodeError) as problem:
        raise SetupError(f"The grammar {path} cannot be read; give the path of a TOML file.") from problem
    except (tomllib.TOMLDecodeError, ValueError) as problem:
        raise SetupError(f"The grammar {path} is not good: {problem}.") from problem
    except (KeyError, TypeError) as problem:
        raise SetupError(f'The grammar {path} must hold tables like [STOP] with say = ["stop"].') from problem
    lowered = {phrase.lower(): intent for phrase, intent in meanings.items()}
    return Grammar(path.stem, tuple(sorted(lowered))), lowered.get
