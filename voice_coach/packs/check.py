"""Checks a pack as a careful reader would: all faults at once, each with its file and key.

Comes in: a pack, or a folder with packs. Goes out: faults; none means that a session may use it.
It never stops at the first fault and never changes a file.
"""

from __future__ import annotations

from pathlib import Path

from voice_coach.errors import SetupError
from voice_coach.packs.contacts import check_contacts
from voice_coach.packs.dictionary import check_dictionary
from voice_coach.packs.faults import Fault
from voice_coach.packs.flow import check_flow
from voice_coach.packs.load import PackError, is_language, is_own, load_pack
from voice_coach.packs.models import Pack
from voice_coach.packs.phrases import check_phrases
from voice_coach.packs.seed import check_seed
from voice_coach.packs.wording import check_wording
from voice_coach.screen.key_words import check_key_words

REFERENCE = "en"
"""The language whose states, lines and answers every other one must have too."""


def check_pack(pack: Pack, reference: Pack | None = None, folder: Path | None = None) -> list[Fault]:
    """Every fault of a pack, sorted by file; with a reference, also what is there and not here.

    `folder`: where it comes from, if from a folder of its own.
    """
    faults = [
        *check_flow(pack),
        *check_phrases(pack),
        *check_wording(pack),
        *check_seed(pack),
        *check_contacts(pack),
        *check_dictionary(pack),
        *check_key_words(pack, folder),
        *([] if reference is None else _compared(pack, reference)),
    ]
    return sorted(set(faults))


def load_checked(language: str) -> Pack:
    """The pack of a language for a session. Raises PackError with every fault.

    What ships was checked before it was shipped; any other words are checked whole before one is spoken.
    """
    pack = load_pack(language)
    if (language != REFERENCE or is_own(language)) and (faults := check_loaded(pack)):
        raise PackError(language, faults)
    return pack


def check_loaded(pack: Pack) -> list[Fault]:
    """Every fault of a pack, and what the English one has and it has not."""
    return check_pack(pack, None if pack.language == REFERENCE else load_pack(REFERENCE))


def check_folder(folder: Path) -> list[Fault]:
    """Check every language of a folder that holds content/xx or grammars/xx; loading faults count too.

    What a folder leaves out (only its own words, say) is taken from what ships, as in a session.
    """
    languages = sorted(
        {
            found.name
            for kind in ("content", "grammars")
            for found in ((folder / kind).iterdir() if (folder / kind).is_dir() else ())
            if found.is_dir() and is_language(found.name)
        }
    )
    if not languages:
        return [
            Fault(str(folder), "", "there is no content/<language> or grammars/<language> in this folder.")
        ]
    reference = load_pack(REFERENCE)
    faults: list[Fault] = []
    for language in languages:
        try:
            faults += check_pack(load_pack(language, folder), reference, folder)
        except PackError as error:
            faults += error.faults
        except SetupError as error:
            faults.append(Fault(str(folder), language, str(error)))
    return faults


def _compared(pack: Pack, reference: Pack) -> list[Fault]:
    here = f"content/{pack.language}"
    faults = [
        Fault(here, name, f"this state is missing; the pack {reference.language} has it.")
        for name in reference.states.keys() - pack.states.keys()
    ]
    faults += [
        Fault(f"{here}/lines.toml", name, f"this line is missing; the pack {reference.language} has it.")
        for name in reference.lines.keys() - pack.lines.keys()
    ]
    faults += [
        Fault(
            f"grammars/{pack.language}",
            name,
            f"this intent is missing; the pack {reference.language} has it.",
        )
        for name in reference.intents.keys() - pack.intents.keys()
    ]
    return faults
