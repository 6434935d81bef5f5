"""What can be asked of the two things that are kept on a device: notes, and models.

In: the parser of a command. Out: the same with its own commands below it. Nothing heavy is imported here.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def notes(parser: argparse.ArgumentParser) -> None:
    """list, show, play, export, delete, wipe, seal, unseal, path, on, off."""
    does = parser.add_subparsers(dest="what", metavar="WHAT", required=True)

    def add(name: str, help: str, *, which: str | None = None) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = does.add_parser(
            name, help=help, description=f"{help[0].upper()}{help[1:]}."
        )
        if which is not None:
            sub.add_argument("number", type=int, nargs=which, metavar="N", help="a note's number, as listed")
        return sub

    add("list", "which notes there are; none is opened").add_argument("--json", action="store_true")
    add("show", "print text notes; all of them when no number is given", which="*")
    add("play", "play notes aloud, the last one when no number is given", which="*").add_argument(
        "--speaker", metavar="WHERE", help="device, wav:PATH or none (default: the system's)"
    )
    export = add("export", "copy notes, opened, to a folder, or the text ones to one Markdown file")
    export.add_argument("target", type=Path, metavar="FOLDER|FILE.md")
    export.add_argument("--sealed", action="store_true", help="copy sealed notes and keys as they are")
    add("delete", "delete notes", which="+").add_argument("--yes", action="store_true", help="do not ask")
    wipe = add("wipe", "delete every note")
    wipe.add_argument("--keys", action="store_true", help="the keys of sealed notes too")
    wipe.add_argument("--yes", action="store_true", help="do not ask")
    seal = add("seal", "lock all notes, and those to come, with a pass phrase")
    seal.add_argument("--change", action="store_true", help="change the pass phrase")
    add("unseal", "open all notes for good, and keep new ones open")
    add("path", "where the notes are")
    add("on", "let a session offer to keep a note")
    add("off", "let no session offer it")


def model(parser: argparse.ArgumentParser) -> None:
    """list, get, path, remove."""
    does = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    which = does.add_parser("list", help="which are here, and which can be fetched")
    which.add_argument("--language", metavar="TAG", help="only those for this language")
    which.add_argument("--json", action="store_true", help="one JSON object")
    get = does.add_parser("get", help="fetch one, after a yes; takes up where a cut line broke")
    get.add_argument(
        "name", nargs="?", metavar="NAME", help="as listed (default: a small one, your language)"
    )
    get.add_argument("--language", metavar="TAG", help="which language, when no name is given")
    get.add_argument("--url", metavar="URL|PATH", help="another address, file: or path of the archive")
    get.add_argument("--sha256", metavar="HEX", help="the sum the archive must have")
    get.add_argument("--yes", action="store_true", help="do not ask")
    path = does.add_parser("path", help="where the models are, or one of them")
    path.add_argument("name", nargs="?", metavar="NAME")
    remove = does.add_parser("remove", help="remove one, and what was fetched of it")
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--yes", action="store_true", help="do not ask")
