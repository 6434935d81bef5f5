"""A memory, and an observer's log, that note which fields were read before they were written.

The conversation is a function of its memory and of what was heard. Two memories that agree on all that was
read give the same cues and the same writes: so one run stands for all of them, and none need be repeated.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from observer import Log, Witnessed

from voice_coach.conversation.memory import OWN_FIELDS, PERSON_FIELDS, Memory, Person

_LOG_FIELDS = tuple(f.name for f in fields(Log) if f.name != "people")
_WITNESSED = tuple(f.name for f in fields(Witnessed))
FIELDS = (
    *OWN_FIELDS,
    *(f"log.{name}" for name in _LOG_FIELDS),
    *(f"{i}.{name}" for i in (0, 1) for name in PERSON_FIELDS),
    *(f"log.{i}.{name}" for i in (0, 1) for name in _WITNESSED),
)
"""The places of a configuration: all that later ways depend on, and all that the observer remembers."""
PLACE = {name: place for place, name in enumerate(FIELDS)}
_BESIDE = {
    *(
        "state",
        "paused_from",
        "checking",
        "crisis",
        "alarm",
        "asked_sure",
        "consented",
        "facts_heard",
        "facts",
    ),
    *("waiting", "speaker", "0.token", "1.token", "personal", "notes_on", "note_kinds", "notes_there"),
}
STORY = frozenset(place for name, place in PLACE.items() if name.removeprefix("log.") not in _BESIDE)
"""Places that a detour (a pause, a reminder, a check) hardly looks at: the story and the locks in it."""
CHANCE, WALKING = len(FIELDS), len(FIELDS) + 1
"""Not fields of a configuration: which of equally used cards comes next, and whether somebody walks."""
STATE = PLACE["state"]
SOME_TIME = 300.0
"""Every session walked has a time that can be nearly over."""

Configuration = tuple[Any, ...]

_OWN = {name: PLACE[name] for name in OWN_FIELDS}
_OWN_LOG = {name: PLACE[f"log.{name}"] for name in _LOG_FIELDS}
_PERSONS = [{name: PLACE[f"{i}.{name}"] for name in PERSON_FIELDS} for i in (0, 1)]
_WATCHED = [{name: PLACE[f"log.{i}.{name}"] for name in _WITNESSED} for i in (0, 1)]


class Notes:
    """What one run read, in order, and wrote."""

    def __init__(self) -> None:
        self.read: dict[int, Any] = {}
        self.written: dict[int, Any] = {}
        self.said_walking = False


class _Noting:
    """Reads and writes of the fields in `_places` are noted; all others pass."""

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        place = object.__getattribute__(self, "_places").get(name)
        if place is not None:
            notes = object.__getattribute__(self, "_notes")
            if place not in notes.written and place not in notes.read:
                notes.read[place] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        notes = object.__getattribute__(self, "_notes")
        if name == "people":
            places = object.__getattribute__(self, "_people_places")
            for person, theirs in zip(value, places, strict=True):
                notes.written.update({place: getattr(person, field) for field, place in theirs.items()})
            value = _noting_people(type(value[0]), [vars(person) for person in value], places, notes)
        place = object.__getattribute__(self, "_places").get(name)
        if place is not None:
            notes.written[place] = value
        object.__setattr__(self, name, value)


class _NotingPerson(_Noting, Person):
    pass


class _NotingMemory(_Noting, Memory):
    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        notes = object.__getattribute__(self, "_notes")
        if name == "walking" and not notes.said_walking:
            notes.read.setdefault(WALKING, value)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "walking":
            object.__getattribute__(self, "_notes").said_walking = True
        super().__setattr__(name, value)


class _NotingWitnessed(_Noting, Witnessed):
    pass


class _NotingLog(_Noting, Log):
    pass


def noting_memory(at: Configuration, wording: dict[str, Any], notes: Notes) -> Memory:
    """A memory in this configuration that keeps notes."""
    values = {**_DEFAULTS, "given": SOME_TIME, **{name: at[place] for name, place in _OWN.items()}, **wording}
    memory: Memory = _made(_NotingMemory, values, _OWN, notes)
    people = [{"token_at": 0.0, **_values(at, places)} for places in _PERSONS]
    _give_people(memory, _noting_people(Person, people, _PERSONS, notes), _PERSONS)
    return memory


def noting_log(at: Configuration, notes: Notes) -> Log:
    """An observer's log in this configuration that keeps notes."""
    log: Log = _made(_NotingLog, _values(at, _OWN_LOG), _OWN_LOG, notes)
    people = [_values(at, places) for places in _WATCHED]
    _give_people(log, _noting_people(Witnessed, people, _WATCHED, notes), _WATCHED)
    return log


def configuration(memory: Memory, log: Log) -> Configuration:
    """A plain memory and log as a configuration."""
    found = {place: getattr(memory, name) for name, place in _OWN.items()}
    found |= {place: getattr(log, name) for name, place in _OWN_LOG.items()}
    for person, places in zip((*memory.people, *log.people), (*_PERSONS, *_WATCHED), strict=True):
        found |= {place: getattr(person, name) for name, place in places.items()}
    return tuple(found[place] for place in range(len(FIELDS)))


def plain_memory(at: Configuration) -> Memory:
    """An ordinary memory in this configuration."""
    memory = Memory(**{name: at[place] for name, place in _OWN.items()}, given=SOME_TIME)
    for person, places in zip(memory.people, _PERSONS, strict=True):
        vars(person).update(_values(at, places))
    return memory


def _values(at: Configuration, places: dict[str, int]) -> dict[str, Any]:
    return {name: at[place] for name, place in places.items()}


def _noting_people(kind: type, values: list[dict[str, Any]], places: Any, notes: Notes) -> tuple[Any, ...]:
    noting = _NotingPerson if issubclass(kind, Person) else _NotingWitnessed
    return tuple(_made(noting, theirs, at, notes) for theirs, at in zip(values, places, strict=True))


def _give_people(holder: Any, people: tuple[Any, ...], places: Any) -> None:
    object.__getattribute__(holder, "__dict__").update({"people": people, "_people_places": places})


def _made(kind: type, values: dict[str, Any], places: dict[str, int], notes: Notes) -> Any:
    made = object.__new__(kind)
    object.__getattribute__(made, "__dict__").update({**values, "_places": places, "_notes": notes})
    return made


_DEFAULTS = {f.name: getattr(Memory(), f.name) for f in fields(Memory) if f.name != "people"}
