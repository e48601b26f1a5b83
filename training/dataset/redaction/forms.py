"""The forms that a name takes in a sentence: folded, possessive, declined."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_RUSSIAN_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ия", ("ия", "ии", "ию", "иеи", "ией")),
    ("ья", ("ья", "ьи", "ье", "ью", "ьеи")),
    ("я", ("я", "и", "е", "ю", "еи", "ею")),
    ("а", ("а", "ы", "и", "е", "у", "ои", "ою", "еи", "ею")),
    ("ии", ("ии", "ия", "ию", "ием", "ие")),
    ("и", ("и", "я", "ю", "ем", "е")),  # й is folded to и
    ("ь", ("ь", "я", "ю", "ем", "е", "и", "ью")),
)
_CONSONANT = ("", "а", "у", "ом", "ем", "е", "ым")
# Letters that no decomposition takes the sign off.
_SIGNED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "’": "'", "ʼ": "'"}
)
_FLEETING = {"павел": "павл", "лев": "льв", "петр": "петр"}


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """Return a word without case, accents and a possessive ending: "Zoë's" → 'zoe'."""
    lower = word.lower()
    if not lower.isascii():
        decomposed = unicodedata.normalize("NFKD", lower.translate(_SIGNED))
        lower = "".join(char for char in decomposed if not unicodedata.combining(char))
    return lower[:-2] if lower.endswith("'s") else lower.rstrip("'")


def forms(name: str) -> Iterator[str]:
    """Yield the folded forms of a folded name: itself, and the cases of a Russian one."""
    yield name
    if not name or not "а" <= name[-1] <= "я":
        return
    for ending, others in _RUSSIAN_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            stem = name[: -len(ending)]
            yield from (stem + other for other in others if len(stem + other) > 2)
            return
    stem = _FLEETING.get(name, name)
    yield from (stem + other for other in _CONSONANT if other)
