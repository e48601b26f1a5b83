"""Foods that were listed before anything was said of them: 'peanuts and eggs | make me ill'."""

import re

from bot.assistant.objects import Item, Items
from bot.assistant.pieces import Piece

_PURE = frozenset(
    "i have has got had my with a an the severe bad serious mild no not do does and or any also some all of am is it "
    "them those really very about both please hi hello sorry btw raw cooked fresh dried roasted so then eating even "
    "like my your these every ich bin gegen auf ik ben voor je suis soy sono sou jestem les des las los le la".split()
)
_WORD = re.compile(r"[^\W_]+")


class Loose:
    """The foods of the pieces just before that belong to no statement yet, and the words before the first."""

    def __init__(self, items: Items) -> None:
        self._items = items
        self.foods: list[Item] = []
        self.prefix = ""

    def clear(self) -> None:
        """Forget them: something was said of them, or something else came between."""
        self.foods, self.prefix = [], ""

    def keep(self, piece: Piece) -> None:
        """Add the foods of a piece that is a list and nothing else; other pieces end the list."""
        if not self.is_pure(piece):
            self.clear()
            return
        found = self._items.between(piece.start, piece.end)
        if found and not self.foods:
            self.prefix = self._items.text[piece.start : found[0].start]
        self.foods.extend(found)

    def is_pure(self, piece: Piece) -> bool:
        """Whether a piece is a list of foods and nothing else."""
        return all(
            match[0] in _PURE or self._items.in_food[match.start()]
            for match in _WORD.finditer(self._items.text, piece.start, piece.end)
        )
