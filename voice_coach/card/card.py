"""What stands on the card, and where.

In: a pack. Out: a PDF of one A6 page: the five words, the words at a gate, the numbers. It keeps nothing.
"""

from __future__ import annotations

from voice_coach.card.pdf import A6, Page, width
from voice_coach.packs.models import Contact, Pack
from voice_coach.screen.board import Board
from voice_coach.screen.pictograms import drawings

FIVE = ("STOP", "PAUSE", "SKIP", "REPEAT", "HELP")
"""The five words that are taught (conversation design, part 7)."""
AT_A_GATE = ("DONE", "ASK_ME", "JUST_LISTEN")
KINDS = ("own_person", "emergency", "crisis", "lived_experience", "violence", "lgbtiq", "poisons")
"""Which numbers come first."""
MARGIN = 20.0
MOST_NUMBERS = 7
NAME_SIZE, NUMBER_SIZE, LINE = 10.5, 14.0, 20.0


def make_card(pack: Pack) -> bytes:
    """The card of a language. Raises SetupError for words that cannot be printed."""
    board = Board(pack)
    words = board.words
    page = Page(words.title, words.language)
    page.words(words.title, MARGIN, 34, 18)
    page.words(words.card.any_time, MARGIN, 56, 12)
    _row(page, board, FIVE, top=64, size=36)
    page.rule(124, MARGIN)
    page.words(words.card.when_asked, MARGIN, 142, 12)
    _row(page, board, AT_A_GATE, top=150, size=36)
    page.rule(212, MARGIN)
    page.picture(drawings()["phone"], MARGIN, 220, 22)
    page.words(words.card.numbers, MARGIN + 30, 236, 14)
    for line, contact in enumerate(numbers(pack)):
        baseline = 264 + line * LINE
        page.words(_fitting(contact.name), MARGIN, baseline, NAME_SIZE)
        number_width = width(contact.dial, NUMBER_SIZE)
        page.words(contact.dial, A6[0] - MARGIN - number_width, baseline, NUMBER_SIZE)
    return page.bytes()


def numbers(pack: Pack) -> list[Contact]:
    """The numbers that go on the card, the most pressing first."""
    found = [contact for kind in KINDS for contact in pack.contacts.get(kind, ()) if contact.dial]
    return found[:MOST_NUMBERS]


def _row(page: Page, board: Board, intents: tuple[str, ...], *, top: float, size: float) -> None:
    column = (A6[0] - 2 * MARGIN) / len(intents)
    for place, intent in enumerate(intents):
        key = board.key(intent)
        middle = MARGIN + column * (place + 0.5)
        page.picture(drawings()[key.picto], middle - size / 2, top, size)
        page.centred(key.phrase, middle, top + size + 15, 12)


def _fitting(name: str) -> str:
    """A name that leaves room for its number."""
    room = A6[0] - 2 * MARGIN - 100
    while width(name, NAME_SIZE) > room:
        name = name[:-2].rstrip() + "."
    return name
