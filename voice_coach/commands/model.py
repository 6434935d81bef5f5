"""voice-coach model: list, fetch, find and remove the models of the recogniser Vosk.

Only `get` goes to the network, only after a yes, and only for the one file it has named before.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

from voice_coach.errors import RunError, SetupError
from voice_coach.models.catalogue import PREFIX, Entry, catalogue, check_name, find, first_for
from voice_coach.models.install import Wanted, install
from voice_coach.models.shelf import folders, installed, remove
from voice_coach.places import models_folder, settings_path
from voice_coach.settings import Options
from voice_coach.settings_file import read_settings


def run(given: argparse.Namespace) -> int:
    """Do one of them."""
    return {"list": _list, "get": _get, "path": _path, "remove": _remove}[given.what](given)


def _list(given: argparse.Namespace) -> int:
    place = models_folder()
    here = installed(place)
    offered = [entry for entry in catalogue() if not given.language or entry.speaks(given.language)]
    used = _listened_with()
    if given.json:
        there = [{**asdict(model), "path": str(model.path), "used": model.path == used} for model in here]
        print(
            json.dumps({"folder": str(place), "installed": there, "catalogue": [asdict(e) for e in offered]})
        )
        return 0
    print(f"Here, in {place}:")
    for model in here:
        state = model.fault or ("sessions listen with it" if model.path == used else "ready")
        print(f"  {model.name:<34} {model.language or '?':<6} {_mb(model.bytes):>8}  {state}")
    if not here:
        print("  none; without one, listening is with PocketSphinx, which brings its own (English)")
    print("\nTo fetch, once, with voice-coach model get NAME:")
    for entry in offered:
        licence = entry.licence or "licence: see its page"
        print(f"  {entry.name:<34} {entry.language:<6} {_mb(entry.bytes):>8}  {licence:<21}  {_known(entry)}")
    if not offered:
        print(f"  none for {given.language}")
    return 0


def _listened_with() -> Path | None:
    """The model a session takes when none is named, in the language of the settings."""
    from voice_coach.hearing.choice import choose_recognizer

    options = Options(**read_settings(settings_path()))
    try:
        named = Path(options.model) if options.model else None
        return choose_recognizer(options.recognizer, named, options.language).model
    except SetupError:
        return None


def _path(given: argparse.Namespace) -> int:
    place = models_folder()
    if given.name is None:
        print(place)
        return 0
    found = _here(place, given.name)
    if found is None:
        raise SetupError(f"There is no model {given.name} in {place}; to fetch it: voice-coach model get.")
    print(found)
    return 0


def _remove(given: argparse.Namespace) -> int:
    place = models_folder()
    found = _here(place, given.name)
    if found is not None and not given.yes and not _agreed(f"Remove {found}?", "Nothing was removed"):
        return 0
    print(f"Removed; {_mb(remove(place, given.name))} freed.")
    return 0


def _here(place: Path, name: str) -> Path | None:
    return next((path for path in folders(place) if path.name in {name, PREFIX + name}), None)


# -- fetching ---------------------------------------------------------------------------------------------


def _get(given: argparse.Namespace) -> int:
    entry = _chosen(given)
    place = models_folder()
    target = place / entry.name
    if target.exists():
        print(f"{entry.name} is here already: {target}")
        return 0
    wanted = _wanted(entry, given)
    print(_told(entry, wanted, target), file=sys.stderr)
    if not _may_fetch(wanted, given):
        return 0
    progress = Progress(entry.name)
    try:
        path, sums = install(wanted, place, progress=progress.step)
    except KeyboardInterrupt as stopped:
        raise RunError("Stopped. What came so far is kept; the same command goes on from there.") from stopped
    finally:
        progress.end()
    print(f"{path}\nSHA-256 of what was fetched: {sums.sha256}")
    if path == _listened_with():
        print("It loads. Sessions listen with it from now on, unless --recognizer pocketsphinx is given.")
    else:
        print("It loads. Sessions listen with another now (voice-coach model list); to use it: --model DIR.")
    return 0


def _chosen(given: argparse.Namespace) -> Entry:
    """What to fetch: the model named, or the archive, or the first of the language."""
    if given.name is not None:
        known = find(check_name(given.name))
        if known is None and given.url is None:
            raise SetupError(
                f"There is no model {given.name} in the catalogue (voice-coach model list shows it); for"
                " another one give its archive with --url."
            )
        return known or _unlisted(given.name, given.url)
    if given.url is not None:
        name = check_name(Path(given.url.partition("?")[0]).name.removesuffix(".zip"))
        return find(name) or _unlisted(name, given.url)
    language = given.language or Options(**read_settings(settings_path())).language
    first = first_for(language)
    if first is None:
        raise SetupError(
            f"There is no model for {language} in the catalogue: voice-coach model list shows all."
        )
    return first


def _unlisted(name: str, url: str) -> Entry:
    return Entry(name, url, language="", bytes=0, licence="", md5="", sha256="")


def _wanted(entry: Entry, given: argparse.Namespace) -> Wanted:
    """What is fetched and how it is known: a sum that is given counts alone, as for an archive made anew."""
    url = given.url or entry.url
    if given.sha256 is None:
        return Wanted(entry.name, url, entry.bytes, entry.sha256, entry.md5)
    if not re.fullmatch(r"[0-9a-fA-F]{64}", given.sha256):
        raise SetupError("--sha256 takes 64 signs from 0 to 9 and a to f.")
    return Wanted(entry.name, url, 0 if given.url else entry.bytes, given.sha256)


def _told(entry: Entry, wanted: Wanted, target: Path) -> str:
    size = _mb(wanted.bytes) if wanted.bytes else "a size that is not known"
    if wanted.sha256:
        sum_ = "a SHA-256 sum that is known"
    elif wanted.md5:
        sum_ = "its makers' MD5 sum; that shows a bad line, and is weak against forgery"
    else:
        sum_ = "nothing: no sum of it is known here"
    return (
        f"{entry.name}: {size} from {wanted.url}\n"
        f"  to {target}\n"
        f"  licence: {entry.licence or 'see the page it comes from'}\n"
        f"  compared with: {sum_} (a sum is no signature)"
    )


def _may_fetch(wanted: Wanted, given: argparse.Namespace) -> bool:
    """The person's word; for an archive that can be compared with nothing, their word on that."""
    refusal = "Nothing was fetched"
    if not wanted.sha256 and not wanted.md5:
        if not sys.stdin.isatty():
            raise SetupError(
                f"{refusal}: no sum is known for {wanted.name}; give the right one with --sha256."
            )
        return _agreed("Nothing shows that this is the right file. Fetch it all the same?", refusal)
    return given.yes or _agreed("Fetch it?", refusal)


def _agreed(question: str, refusal: str) -> bool:
    if not sys.stdin.isatty():
        raise SetupError(f"{question} {refusal}: add --yes where there is no terminal to ask on.")
    if input(f'{question} Type "yes" to do it: ').strip().lower() == "yes":
        return True
    print(f"{refusal}.")
    return False


class Progress:
    """How far it is: one line that changes on a terminal, else a line for every tenth."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._live = sys.stderr.isatty()
        self._shown = -1

    def step(self, done: int, whole: int) -> None:
        """So many bytes are there, of so many (0: not known)."""
        share = 100 * done // whole if whole else done // 1_000_000
        step = share if self._live else share // 10
        if step == self._shown:
            return
        self._shown = step
        text = f"{self._name}: {_mb(done)}" + (f" of {_mb(whole)}, {share} %" if whole else "")
        print(
            f"\r{text}" if self._live else text, end="" if self._live else "\n", file=sys.stderr, flush=True
        )

    def end(self) -> None:
        """Go on in a new line."""
        if self._live and self._shown >= 0:
            print(file=sys.stderr)


def _mb(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"


def _known(entry: Entry) -> str:
    return "SHA-256 known" if entry.sha256 else "MD5 known" if entry.md5 else "no sum known"
