"""Turns the tables of a pack's files into a Pack, and every fault of shape into a sentence.

Comes in: the files of a content and a grammar folder. Goes out: a Pack, or faults. It never guesses
what a writer meant: an unknown key is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Contact, Intent, Pack, Rules, State, Style
from voice_coach.packs.read import File
from voice_coach.understanding.patterns import PatternError, expand

MAX_PHRASES = 20_000
"""Phrases of a whole pack, patterns expanded; the English pack has about a thousand."""
MAX_SPELLING = 40

_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,40}")
_PROMPTS = ("prompts", "again_prompts", "harm_prompts")
_SHARED_FILES = ("lines", "feelings", "contacts", "style")
_Shape = TypeVar("_Shape", bound=BaseModel)
_Item = TypeVar("_Item")


def build_pack(language: str, content: list[File], grammars: list[File]) -> tuple[Pack | None, list[Fault]]:
    """Build the pack; with any fault it is None."""
    faults: list[Fault] = []
    shared = {file.name: file for file in content if file.name in _SHARED_FILES}
    journeys = [file for file in content if file.name not in _SHARED_FILES]
    phrases = [file for file in grammars if file.name != "rules"]
    present = set(shared)
    for name in _SHARED_FILES:
        if name not in shared:
            faults.append(Fault(f"content/{language}/{name}.toml", "", "this file is missing."))
            shared[name] = File(name, f"content/{language}/{name}.toml", {})
    rules_file = next((file for file in grammars if file.name == "rules"), None)
    if rules_file is None:
        faults.append(Fault(f"grammars/{language}/rules.toml", "", "this file is missing."))

    states = _named(journeys, _state_table, State, faults)
    intents = _named(phrases, _intent_table, Intent, faults)
    lines = _lists(shared["lines"], str, faults)
    contacts, more = contacts_of(shared["contacts"])
    faults += more
    feelings = _lists(shared["feelings"], str, faults)
    style = _whole(shared["style"], Style, faults) if "style" in present else None
    rules = None if rules_file is None else _whole(rules_file, Rules, faults)
    faults += _only_key(shared["feelings"], "words")
    said = _patterns(intents, phrases)
    if rules is not None and rules_file is not None:
        faults += _long_spellings(rules, rules_file)
        said += [(rules_file.label, f"one_breath.{n}", each) for n, each in enumerate(rules.one_breath)]
    faults += _faulty_patterns(said)
    if faults or style is None or rules is None:
        return None, faults
    # Every part was validated above; validating the whole again would only cost time.
    pack = Pack.model_construct(
        language=language,
        states=states,
        intents=intents,
        lines=lines,
        feelings=feelings["words"],
        contacts=contacts,
        style=style,
        rules=rules,
    )
    return pack, faults


def contacts_of(file: File) -> tuple[dict[str, list[Contact]], list[Fault]]:
    """The contacts of a file by their kind, and every fault of shape."""
    faults: list[Fault] = []
    return _lists(file, Contact, faults), faults


def _state_table(file: File, name: str, table: dict[str, Any]) -> dict[str, Any]:
    shaped = {**table, "name": name, "group": file.name}
    for key in _PROMPTS:
        if isinstance(shaped.get(key), list):
            shaped[key] = [{"text": item} if isinstance(item, str) else item for item in shaped[key]]
    return shaped


def _intent_table(file: File, name: str, table: dict[str, Any]) -> dict[str, Any]:
    return {**table, "name": name, "group": file.name}


_Shaping = Callable[[File, str, dict[str, Any]], dict[str, Any]]


def _named(
    files: list[File], shaping: _Shaping, model: type[_Shape], faults: list[Fault]
) -> dict[str, _Shape]:
    """Tables named after a state or an intent, gathered over files; a name stands once."""
    found: dict[str, _Shape] = {}
    where: dict[str, str] = {}
    for file in files:
        for name, table in file.tables.items():
            if not _NAME.fullmatch(name):
                sentence = "a name is written in capitals, digits and underscores."
            elif not isinstance(table, dict):
                sentence = f"it must be a table: write [{name}] and its keys below."
            elif name in where:
                sentence = f"it stands in {where[name]} already; keep one of the two."
            elif "name" in table or "group" in table:
                sentence = "its name and group come from the heading and the file; take them out."
            else:
                where[name] = file.label
                try:
                    found[name] = model.model_validate(shaping(file, name, table))
                except ValidationError as error:
                    faults += _sentences(file.label, name, error)
                continue
            faults.append(Fault(file.label, name, sentence))
    return found


def _lists(file: File, item: type[_Item], faults: list[Fault]) -> dict[str, list[_Item]]:
    """A file in which every key holds a list."""
    shape: TypeAdapter[list[_Item]] = TypeAdapter(list[item])  # type: ignore[valid-type]
    found: dict[str, list[_Item]] = {}
    for name, value in file.tables.items():
        try:
            found[name] = shape.validate_python(value, strict=True)
        except ValidationError as error:
            faults += _sentences(file.label, name, error)
    return found


def _whole(file: File, model: type[_Shape], faults: list[Fault]) -> _Shape | None:
    """A file that is one table."""
    try:
        return model.model_validate(file.tables)
    except ValidationError as error:
        faults += _sentences(file.label, "", error)
        return None


def _only_key(file: File, key: str) -> list[Fault]:
    faults = [
        Fault(file.label, name, f'this key is not known here; the file holds only "{key}".')
        for name in file.tables
        if name != key
    ]
    if file.tables and key not in file.tables:
        faults.append(Fault(file.label, key, "this key is missing."))
    return faults


def _long_spellings(rules: Rules, file: File) -> list[Fault]:
    """Contractions are put into what people say: a long one would let a few words grow without end."""
    return [
        Fault(file.label, f"contractions.{long}"[:80], f"a spelling may have {MAX_SPELLING} letters.")
        for long, short in rules.contractions.items()
        if len(long) > MAX_SPELLING or len(short) > MAX_SPELLING
    ]


def _patterns(intents: dict[str, Intent], files: list[File]) -> list[tuple[str, str, str]]:
    """Every pattern of the intents, with its file and key."""
    where = {name: file.label for file in files for name in file.tables}
    return [
        (where[name], f"{name}.say.{place}", pattern)
        for name, intent in intents.items()
        for place, pattern in enumerate(intent.say)
    ]


def _faulty_patterns(said: list[tuple[str, str, str]]) -> list[Fault]:
    faults = []
    count = 0
    for label, key, pattern in said:
        try:
            count += len(expand(pattern))
        except PatternError as error:
            faults.append(Fault(label, key, f'the phrase "{pattern[:60]}" cannot be used: {error}.'))
    if count > MAX_PHRASES:
        faults.append(Fault(said[0][0], "", f"the grammars stand for {count} phrases; {MAX_PHRASES} may be."))
    return faults


_WANTED = {
    "string_type": "it must be text in quotes.",
    "list_type": "it must be a list in square brackets.",
    "dict_type": "it must be a table of keys and values.",
    "model_type": "it must be text in quotes or a table in braces.",
    "model_attributes_type": "it must be text in quotes or a table in braces.",
    "missing": "this key is missing.",
    "extra_forbidden": "this key is not known here; is it misspelt?",
}


def _sentences(label: str, name: str, error: ValidationError) -> list[Fault]:
    faults = []
    for detail in error.errors(include_url=False):
        key = ".".join(str(part) for part in (name, *detail["loc"]) if part != "")
        kind = detail["type"]
        if kind == "literal_error":
            sentence = f"it must be one of {detail['ctx']['expected'].replace(' or ', ', ')}."
        else:
            sentence = _WANTED.get(kind) or f"{detail['msg'][:1].lower()}{detail['msg'][1:]}."
        faults.append(Fault(label, key, sentence))
    return faults
