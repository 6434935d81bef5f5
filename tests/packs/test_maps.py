"""The maps show the conversation as it is: every state, every way of the machine, and they are drawn anew."""

from __future__ import annotations

import builtins
import runpy
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from voice_coach import cli
from voice_coach.__main__ import main
from voice_coach.conversation.machine import Walker
from voice_coach.conversation.protected import CHALLENGE_CARDS
from voice_coach.maps.journeys import BACK, JOURNEYS, graph
from voice_coach.maps.layout import lay_out
from voice_coach.maps.mermaid import mermaid
from voice_coach.maps.svg import svg
from voice_coach.packs.load import load_pack

PACK = load_pack("en")
ROOT = Path(__file__).parents[2]
GRAPHS = {name: graph(PACK, name) for name in JOURNEYS}


def test_the_page_of_maps_is_what_the_machine_is_now() -> None:
    written = runpy.run_path(str(ROOT / "scripts" / "draw_maps"))["written"]()
    assert (ROOT / "docs" / "conversation.md").read_text(encoding="utf-8") == written, "run scripts/draw_maps"


def test_a_changed_way_changes_its_map() -> None:
    state = PACK.states["CONNECT"]
    moved = state.model_copy(update={"go": {**state.go, "DONE": "HOPE"}})
    changed = PACK.model_copy(update={"states": {**PACK.states, "CONNECT": moved}})
    assert mermaid(graph(changed, "look-back")) != mermaid(GRAPHS["look-back"])


def test_every_state_stands_on_a_map() -> None:
    shown = {node.name for drawn in GRAPHS.values() for node in drawn.nodes if node.stance}
    assert shown == PACK.states.keys()


def test_every_way_that_is_drawn_is_a_way_of_the_running_machine() -> None:
    ways = {
        (str(way.source), str(way.dest), event)
        for event, found in Walker(PACK)._machine.events.items()
        for transitions in found.transitions.values()
        for way in transitions
    }
    for drawn in GRAPHS.values():
        for edge in drawn.edges:
            for intent in edge.intents:
                assert edge.dest == BACK or (edge.source, edge.dest, intent) in ways, edge


def test_every_way_a_pack_writes_is_drawn() -> None:
    drawn = {
        (edge.source, intent) for each in GRAPHS.values() for edge in each.edges for intent in edge.intents
    }
    written = {(state.name, intent) for state in PACK.states.values() for intent in state.go}
    # What crisis states do with "stop" is decided by the machine, not by the pack.
    assert {way for way in written - drawn if way[1] != "STOP"} == set()


def test_each_harder_question_is_shown_behind_its_lock() -> None:
    nodes = {node.name: node for node in GRAPHS["look-back"].nodes}
    assert all(nodes[name].locked and nodes[name].stance == "challenge" for name in CHALLENGE_CARDS)
    assert not nodes["CONNECT"].locked


@pytest.mark.parametrize("journey", sorted(JOURNEYS))
def test_a_picture_holds_each_state_once_and_none_over_another(journey: str) -> None:
    sheet = lay_out(GRAPHS[journey])
    places = {(box.x, box.y) for box in sheet.boxes}
    assert len(places) == len(sheet.boxes) == len(GRAPHS[journey].nodes)
    assert all(0 <= box.x < sheet.width and 0 <= box.y < sheet.height for box in sheet.boxes)
    drawn = ElementTree.fromstring(svg(sheet))
    words = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    for node in GRAPHS[journey].nodes:
        assert node.name in words


@pytest.mark.parametrize("journey", sorted(JOURNEYS))
def test_no_words_of_a_picture_stand_over_others_or_over_a_state(journey: str) -> None:
    sheet = lay_out(GRAPHS[journey])
    assert len(sheet.lines) == len(GRAPHS[journey].edges)
    areas = [(line.words, line.around) for line in sheet.lines]
    areas += [((box.node.name,), box.around) for box in sheet.boxes]
    for (words, one), (others, other) in combinations(areas, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (words, others)
    for _, (left, top, right, bottom) in areas:
        assert 0 <= left <= right <= sheet.width
        assert 0 <= top <= bottom <= sheet.height


def test_the_area_of_words_is_as_wide_as_they_are_drawn() -> None:
    font = pytest.importorskip("PIL.ImageFont").load_default(9)
    for drawn in GRAPHS.values():
        for line in lay_out(drawn).lines:
            left, _, right, _ = line.around
            assert max(font.getlength(words) for words in line.words) <= right - left + 2


def test_the_command_prints_text_and_writes_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["map", "--journey", "crisis"]) == 0
    assert capsys.readouterr().out == mermaid(GRAPHS["crisis"])
    assert main(["map"]) == 0
    assert capsys.readouterr().out.count("flowchart TD") == len(JOURNEYS)
    picture = tmp_path / "map.png"
    assert main(["map", "--journey", "notes", "--format", "png", "--output", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main(["map", "--journey", "notes", "--format", "svg", "--output", str(tmp_path / "m.svg")]) == 0
    assert (tmp_path / "m.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "svg"], "add --journey"),
        (["--journey", "heard", "--format", "png"], "add --output map.png"),
        (["--journey", "heard", "--output", "/nowhere/at/all"], "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["map", *arguments]) in {1, 2}
    said = capsys.readouterr().err.strip()
    assert told in said
    assert "\n" not in said


def test_without_the_extra_a_png_says_which_one_it_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without_pillow(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("PIL"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_pillow)
    arguments = ["--journey", "heard", "--format", "png", "--output", str(tmp_path / "m.png")]
    assert main(["map", *arguments]) == 2
    assert 'pip install "voice-coach[map]"' in capsys.readouterr().err


def test_the_command_line_names_the_journeys_there_are() -> None:
    assert tuple(JOURNEYS) == cli.JOURNEYS
