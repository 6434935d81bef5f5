"""docs/licences.md names every package that is pinned, at its version, with a licence."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def test_every_pinned_package_stands_there_with_its_version_and_a_licence() -> None:
    pins = re.findall(
        r"^([a-z0-9-]+)==([^ \\]+)", (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8"), re.M
    )
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = {
        canonicalize_name(name): (versions.split(", "), licence)
        for name, versions, licence in re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \| ([^|]+) \|", page, re.M)
    }
    assert {name for name, _ in pins} <= rows.keys(), "run: scripts/licences"
    assert [pin for pin in pins if pin[1] not in rows[canonicalize_name(pin[0])][0]] == []
    assert [name for name, (_, licence) in rows.items() if not licence.strip()] == []
