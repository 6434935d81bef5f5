"""voice-coach map: the journeys, drawn from what the conversation's machine is built from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from voice_coach.errors import RunError, SetupError


def run(given: argparse.Namespace) -> int:
    """Draw one journey, or all of them as text."""
    from voice_coach.maps.journeys import JOURNEYS, graph
    from voice_coach.maps.layout import lay_out
    from voice_coach.maps.mermaid import mermaid
    from voice_coach.maps.png import png
    from voice_coach.maps.svg import svg
    from voice_coach.packs.load import load_pack

    pack = load_pack(given.language)
    if given.journey is None and given.format != "mermaid":
        raise SetupError(f"A picture shows one journey; add --journey, one of: {', '.join(JOURNEYS)}.")
    if given.format == "png":
        if given.output is None:
            raise SetupError("A PNG goes to a file; add --output map.png")
        _write(given.output, png(lay_out(graph(pack, given.journey))))
        return 0
    if given.format == "svg":
        text = svg(lay_out(graph(pack, given.journey)))
    else:
        names = [given.journey] if given.journey else list(JOURNEYS)
        text = "\n".join(
            mermaid(graph(pack, name)) if given.journey else f"%% {name}\n{mermaid(graph(pack, name))}"
            for name in names
        )
    if given.output is None:
        sys.stdout.write(text)
    else:
        _write(given.output, text.encode())
    return 0


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise RunError(
            f"The map {path} cannot be written ({problem.strerror}); name a file in a folder of yours."
        ) from problem
