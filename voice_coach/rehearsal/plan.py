"""A rehearsal plan: what the simulated person says when, and what must come of it.

In: a TOML file. Out: a frozen plan, or one sentence that names every fault. It renders and plays nothing.
"""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from voice_coach.errors import SetupError
from voice_coach.settings import Options


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlannedTurn(_Strict):
    """One thing the person does at a listening turn."""

    state: str = ""
    """Used the next time this state listens; empty: used in order where no other turn claims the state."""
    say: str | None = None
    wav: str | None = None
    """A recording, relative to the plan."""
    silence: float | None = Field(default=None, ge=0)
    """Seconds of saying nothing."""
    key: str | None = None
    """An intent, given by key."""
    voice: str = "flite:slt"
    rate: int | None = Field(default=None, ge=60, le=400)
    noise: str | None = None
    """A recording of noise, relative to the plan, around what is said."""
    snr_db: float = 10.0
    delay: float = 0.3
    """Seconds between the opening of the microphone and speech; negative: over the end of the prompt."""

    @model_validator(mode="after")
    def _one_thing(self) -> PlannedTurn:
        given = [name for name in ("say", "wav", "silence", "key") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"a turn holds exactly one of say, wav, silence, key (this one: {given or 'none'})"
            )
        return self


class Expectation(_Strict):
    """What must, and must not, have happened by the end."""

    states: list[str] = Field(default_factory=list)
    """In this order, others between allowed."""
    never_states: list[str] = Field(default_factory=list)
    never_stance: str | None = None
    ends: bool | None = None


class _File(_Strict):
    settings: dict[str, Any] = Field(default_factory=dict)
    turn: list[PlannedTurn] = Field(default_factory=list)
    expect: Expectation = Field(default_factory=Expectation)


@dataclasses.dataclass(frozen=True)
class Plan:
    """A checked plan."""

    path: Path
    options: Options
    turns: tuple[PlannedTurn, ...]
    expect: Expectation


def read_plan(path: Path) -> Plan:
    """Read and check a plan. Raises SetupError that names each fault with its key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise SetupError(f"The plan {path} cannot be read; give the path of a TOML file.") from problem
    return parse_plan(text, path)


def parse_plan(text: str, path: Path) -> Plan:
    """As read_plan, from text already read; `path` is named in faults, its folder holds the recordings."""
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise SetupError(f"The plan {path} is not good TOML: {problem}.") from problem
    except ValidationError as problem:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'plan'}: {fault['msg']}"
            for fault in problem.errors()
        )
        raise SetupError(f"The plan {path} has faults: {faults}.") from problem
    for turn in file.turn:
        for name in (turn.wav, turn.noise):
            if name is not None and not (path.parent / name).is_file():
                raise SetupError(
                    f"The plan {path} names a recording that is not there: {path.parent / name}."
                )
    return Plan(path, _options(file.settings, path), tuple(file.turn), file.expect)


def _options(settings: dict[str, Any], path: Path) -> Options:
    names = {field.name for field in dataclasses.fields(Options)}
    given = {key.replace("-", "_"): value for key, value in settings.items()}
    unknown = sorted(set(given) - names)
    if unknown:
        known = ", ".join(sorted(names))
        raise SetupError(
            f"The plan {path} has settings that do not exist: {', '.join(unknown)} (there are: {known})."
        )
    options = Options(**given)
    options.check(str(path))
    return options
