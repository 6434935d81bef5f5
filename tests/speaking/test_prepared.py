"""Prompts prepared on disk: the pack's own words only, private, used whole or not at all."""

from __future__ import annotations

import os
import queue
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voice_coach.__main__ import main
from voice_coach.packs.load import load_pack
from voice_coach.places import prompts_folder
from voice_coach.speaking import prepared
from voice_coach.speaking.pacing import Sentence
from voice_coach.speaking.prepared import (
    Prepared,
    fault_of,
    find_prepared,
    fixed_sentences,
    name_for,
    prepared_folder,
    write_prepared,
)
from voice_coach.speaking.speech import Rendered, Speech
from voice_coach.speaking.voice import Voice
from voice_coach.understanding.normalise import surface

PACK = load_pack("en")
NAME = "0123456789abcdef.prompts"
HELLO, BYE = Sentence("Hello.", 150), Sentence("Goodbye.", 150)
SOUND = (np.sin(np.arange(4410) / 20) * 0.3).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> prepared.Folder:
    made = prepared_folder(tmp_path / "prompts")
    write_prepared(made, NAME, [(HELLO, SOUND), (BYE, SOUND[::-1])])
    return made


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The person's own folders lie in a new place."""
    for name in ("CACHE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return prompts_folder()


def test_what_was_prepared_is_read_as_it_was_rendered(folder: prepared.Folder) -> None:
    with Prepared(folder, NAME) as found:
        assert found.sentences == (HELLO, BYE)
        sound = found.get(HELLO)
        assert sound is not None
        assert np.abs(sound - SOUND).max() < 2e-5
        assert found.get(Sentence("Hello.", 120)) is None
    assert fault_of(folder, NAME) == ""


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_nobody_else_may_read_it_or_have_written_it(folder: prepared.Folder) -> None:
    path = folder.path / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    path.chmod(0o622)
    assert find_prepared(folder, NAME) is None
    assert "others" in fault_of(folder, NAME)


def test_a_damaged_sentence_is_not_used_and_the_others_are(folder: prepared.Folder) -> None:
    path = folder.path / NAME
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    with Prepared(folder, NAME) as found:
        assert found.get(BYE) is None
        assert BYE not in found
        assert found.get(HELLO) is not None
    assert fault_of(folder, NAME).startswith("1 of 2")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:30],
        lambda data: b"x" + data[1:],
        lambda data: data[:90] + b"~" + data[91:],
        lambda data: data[:22] + b"\xff" * 8 + data[30:],
    ],
    ids=["empty", "cut in its head", "another kind", "index changed", "index without end"],
)
def test_a_file_with_a_damaged_head_is_not_used_at_all(folder: prepared.Folder, damage: Any) -> None:
    path = folder.path / NAME
    path.write_bytes(damage(path.read_bytes()))
    assert find_prepared(folder, NAME) is None
    assert fault_of(folder, NAME)


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX")
def test_a_link_is_not_followed(folder: prepared.Folder, tmp_path: Path) -> None:
    (folder.path / NAME).rename(tmp_path / "elsewhere")
    (folder.path / NAME).symlink_to(tmp_path / "elsewhere")
    assert find_prepared(folder, NAME) is None


def test_it_is_bounded_and_takes_the_place_of_what_was_there(
    folder: prepared.Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "MOST_BYTES", SOUND.size * 2 + 10)
    other = "fedcba9876543210.prompts"
    assert write_prepared(folder, other, [(HELLO, SOUND), (BYE, SOUND)]) == 1
    assert [name for name, _ in folder.entries()] == [other]


def test_only_words_of_the_pack_without_a_gap_for_what_somebody_said_are_prepared() -> None:
    said = " ".join(surface(part) for part in _everything_written())
    for sentence in fixed_sentences(PACK):
        assert "{" not in sentence.text
    assert len(fixed_sentences(PACK)) > 500
    respelt = [each for each in fixed_sentences(PACK) if surface(each.text) not in said]
    assert len(respelt) < 60  # Those that hold a word with a spelling for the voice.


def _everything_written() -> Iterator[str]:
    from voice_coach.packs.spoken import spoken_strings

    return (spoken.text for spoken in spoken_strings(PACK) if "{" not in spoken.text)


def test_another_voice_or_other_words_are_another_file() -> None:
    changed = PACK.model_copy(update={"lines": {**PACK.lines, "ASK": ["Something else."]}})
    names = {name_for(PACK, None), name_for(PACK, "en-gb"), name_for(changed, None)}
    assert len(names) == 3


def test_a_voice_says_what_is_prepared_without_rendering_it(folder: prepared.Folder) -> None:
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    voice = Voice(events.put)
    voice.use_prepared(Prepared(folder, NAME))
    voice.start()
    voice.need(Speech(("Hello.",)))
    event = events.get(timeout=20)
    assert isinstance(event, Rendered)
    assert event.samples is not None
    assert np.abs(event.samples - SOUND).max() < 2e-5
    voice.close()


def test_the_commands_prepare_list_examine_and_forget(
    away: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = prepared.fixed_sentences
    monkeypatch.setattr(prepared, "fixed_sentences", lambda pack: whole(pack)[:3])
    assert main(["voices", "--prepare"]) == 0
    assert "3 sentences" in capsys.readouterr().out
    [file] = away.iterdir()
    assert main(["privacy"]) == 0
    assert str(file) in capsys.readouterr().out
    file.write_bytes(file.read_bytes()[:-4])
    main(["doctor", "--speaker", "none", "--microphone", "wav:/nowhere"])
    [line] = [line for line in capsys.readouterr().out.splitlines() if " prompts " in line]
    assert "1 of 3 sentences" in line
    assert main(["voices", "--forget"]) == 0
    assert list(away.iterdir()) == []
