"""CTranslate2's model.bin as arrays: for each its name, sizes, kind of number, and numbers.

The format is that of CTranslate2 4 (its python/ctranslate2/specs/model_spec.py).
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = (np.float32, np.int8, np.int16, np.int32, np.float16)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self, kind: str) -> int:
        (found,) = struct.unpack_from(f"<{kind}", self._data, self._at)
        self._at += struct.calcsize(kind)
        return int(found)

    def part(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def text(self) -> str:
        """Its length, then the text and a zero."""
        return self.part(self.number("H"))[:-1].decode()


def read_model(data: bytes) -> dict[str, NDArray[Any]]:
    """Name -> array, as float32. Raises struct.error, UnicodeDecodeError or ValueError for another format."""
    reader, found = _Reader(data), {}
    reader.number("I")
    reader.text()
    reader.number("I")
    for _ in range(reader.number("I")):
        name = reader.text()
        shape = [reader.number("I") for _ in range(reader.number("B"))]
        kind = KINDS[reader.number("B")]
        array = np.frombuffer(reader.part(reader.number("I")), kind)
        found[name] = array.reshape(shape).astype(np.float32)
    return found
