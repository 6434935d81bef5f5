"""A small whole pack on disk, for tests to break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voice_coach.packs.load import PackError, load_pack

CONTENT = {
    "arrive.toml": """
[HELLO]
purpose = "say hello"
stance = "none"
listen = "choice"
seed = ["H1"]
picto = "hand"
prompts = ["Hello. Shall we go on?", "Hi. Go on?", {text = "Back again. Go on?", when = "returning"}]
silence = "Yes, or no?"
unclear = "I missed that."
help = "Say yes or no."

[HELLO.go]
YES = "END"
NO = "END"
DEFAULT = "END"
""",
    "lines.toml": 'SKIPPED = ["Skipped."]\n',
    "feelings.toml": 'words = ["sad"]\n',
    "contacts.toml": '[[crisis]]\nname = "A line"\ndigits = "one two three"\n',
    "style.toml": 'people = ["One", "Two"]\n[forbidden]\nadvice = ["you should"]\n',
}
GRAMMARS = {
    "shared.toml": '[YES]\nsay = ["yes", "(go|carry) on"]\n\n[NO]\nsay = ["no [thanks]"]\n',
    "rules.toml": 'fillers = ["um"]\nnegations = ["no"]\nhedges = ["but"]\n',
}


@pytest.fixture
def pack_folder(tmp_path: Path) -> Path:
    for kind, files in (("content", CONTENT), ("grammars", GRAMMARS)):
        folder = tmp_path / kind / "xx"
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    return tmp_path


Breaker = Callable[..., list[str]]


@pytest.fixture
def broken(pack_folder: Path) -> Breaker:
    """Change one file of the small pack, load it, and give the faults as lines of text."""

    def change(path: str, old: str, new: str) -> list[str]:
        kind, _, name = path.partition("/")
        file = pack_folder / kind / "xx" / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(PackError) as caught:
            load_pack("xx", pack_folder)
        return [str(fault) for fault in caught.value.faults]

    return change
