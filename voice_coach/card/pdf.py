"""A PDF of one page, written by hand: pictures as lines and curves, words in the reader's own Helvetica.

In: pictures and words with their places, in points from the top left. Out: bytes, the same for the same card.
Letters that Helvetica's Latin set has not are refused.
"""

from __future__ import annotations

from voice_coach.card.shapes import operators
from voice_coach.errors import SetupError

A6 = (297.64, 419.53)
"""Width and height in points: 105 by 148 mm."""
_ASCII = (
    *(278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, *[556] * 10),
    *(333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833),
    *(722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333),
    *(556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333),
    *(611, 556, 778, 556, 556, 500, 389, 280, 389, 584),
)
"""Widths of Helvetica-Bold from space to tilde, in thousandths of the size (Adobe's font metrics)."""
_OTHER = 611


def width(text: str, size: float) -> float:
    """How wide a text is, in points."""
    letters = (ord(letter) - 32 for letter in text)
    return sum(_ASCII[at] if 0 <= at < len(_ASCII) else _OTHER for at in letters) * size / 1000


class Page:
    """One A6 page."""

    def __init__(self, title: str, language: str) -> None:
        self._title, self._language = title, language
        self._drawn: list[str] = ["1 J 1 j"]

    def picture(self, shapes: str, left: float, top: float, size: float) -> None:
        """A drawing, in a square."""
        scale = size / 48
        place = f"q {scale:.4f} 0 0 {-scale:.4f} {left:.2f} {A6[1] - top:.2f} cm"
        self._drawn += [place, operators(shapes), "Q"]

    def words(self, text: str, left: float, baseline: float, size: float) -> None:
        """One line. Raises SetupError for a letter it has not."""
        place = f"{left:.2f} {A6[1] - baseline:.2f} Td"
        self._drawn.append(f"BT /F {size:g} Tf {place} {_string(text)} Tj ET")

    def centred(self, text: str, middle: float, baseline: float, size: float) -> None:
        """One line around a middle."""
        self.words(text, middle - width(text, size) / 2, baseline, size)

    def rule(self, top: float, margin: float) -> None:
        """A line across the page."""
        y = A6[1] - top
        self._drawn.append(f"1.5 w {margin:g} {y:.2f} m {A6[0] - margin:.2f} {y:.2f} l S")

    def bytes(self) -> bytes:
        """The whole file."""
        content = "\n".join(self._drawn).encode("cp1252")
        font = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding"
        box = f"/MediaBox [0 0 {A6[0]} {A6[1]}]"
        objects: list[str | bytes] = [
            f"<< /Type /Catalog /Pages 2 0 R /Lang {_string(self._language)}"
            " /ViewerPreferences << /DisplayDocTitle true >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R {box} /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> >>",
            f"<< {font} >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            f"<< /Title {_string(self._title)} >>",
        ]
        out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, each in enumerate(objects, 1):
            places.append(len(out))
            body = each if isinstance(each, bytes) else each.encode("cp1252")
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\n" % (len(objects) + 1)
        out += b"startxref\n%d\n%%%%EOF\n" % table
        return bytes(out)


def _string(text: str) -> str:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError as problem:
        raise SetupError(
            f'The card cannot print "{text}": it knows the Latin letters of western Europe only.'
        ) from problem
    return "(" + text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"
