"""The words that answer the form whatever it asks: none, skip, done, yes, no. In every language there are messages in.

People mix languages, so that those of all are understood. The lists are messages (`form_words_…`), separated by commas.
"""

import re
from enum import StrEnum
from functools import cache

from bot.assistant.form import ABOUT_EATING, Step
from bot.messages import languages, say, speaking

_EDGES = " \t\n.,;:!¡?¿…\"'“”«»()-–—"


class Word(StrEnum):
    """What a short message says by itself."""

    YES = "yes"
    NO = "no"
    NONE = "none"
    SKIP = "skip"
    DONE = "done"
    QUIT = "quit"


def word_of(text: str) -> frozenset[Word]:
    """Return what a whole message may mean: 'no' is a no, and none as well."""
    bare = _bare(text)
    return frozenset(word for word in Word if bare in _list(f"form_words_{word}"))


def without_nones(text: str, step: Step) -> tuple[str, frozenset[Step]]:
    """Return `text` without what says that there is none, and the steps which that answers.

    'No allergies, but I hate olives' leaves 'I hate olives' and answers the allergies. A plain 'none' answers `step`,
    the one that is asked.
    """
    kept: list[str] = []
    none: set[Step] = set()
    for piece, separator in _pieces(text):
        answered = _nones(piece, step)
        none |= answered
        if not answered:
            kept.append(piece + separator)
    # Without any, the person's own words are left as they are.
    return ("".join(kept).strip() if none else text), frozenset(none)


def is_talk(text: str) -> bool:
    """Tell whether a few words are talk rather than the name of something: 'tell me more'."""
    return any(word in _list("form_words_talk") for word in re.findall(r"[\w']+", _bare(text)))


def items(text: str) -> list[str]:
    """Return the items of a list as people type it: 'nuts, milk and eggs'; commas within numbers stay."""
    return [bare for part in _BETWEEN.split(text) if (bare := part.strip(_EDGES))]


def pieces(text: str) -> list[str]:
    """Return what a message says one after the other, cut at commas, sentences and 'but'."""
    return [bare for piece, _ in _pieces(text) if (bare := piece.strip(_EDGES))]


_BETWEEN = re.compile(r"(?<!\d),|,(?!\d)|[;\n]|\s&\s")
_PIECES = re.compile(r"((?<!\d),|,(?!\d)|[;\n]|[.!?](?=\s|$))")


def _pieces(text: str) -> list[tuple[str, str]]:
    """Split a message into its pieces, each with what ends it; 'but' begins another."""
    but = "|".join(map(re.escape, sorted(_list("form_words_but"))))
    text = re.sub(rf"(?<![,;.])\s+(?=(?:{but})\s)", ", ", text, flags=re.IGNORECASE)
    split = [*_PIECES.split(text), ""]
    return [
        (re.sub(rf"^\s*(?:{but})\s+", " ", piece, flags=re.IGNORECASE), separator)
        for piece, separator in zip(split[::2], split[1::2], strict=False)
        if piece.strip()
    ]


def _nones(piece: str, step: Step) -> frozenset[Step]:
    bare = _bare(piece)
    found = {each for each in ABOUT_EATING if bare in _list(f"form_none_{each}")}
    if (match := _none_of().fullmatch(bare)) is not None:
        named = _AND.split(match["kinds"])
        found |= {each for each in ABOUT_EATING if not _list(f"form_kind_{each}").isdisjoint(named)}
    if step in ABOUT_EATING and bare in _list("form_words_none") - _list("form_words_no"):
        found.add(step)
    return frozenset(found)


@cache
def _none_of() -> re.Pattern[str]:
    """Return the pattern of 'no diets', 'I have no allergies or dislikes'."""
    no = _either(_list("form_lead_none"))
    kind = _either(frozenset().union(*(_list(f"form_kind_{each}") for each in ABOUT_EATING)))
    return re.compile(rf"(?:{no}) (?P<kinds>(?:{kind})(?: (?:{_JOINED}) (?:(?:{no}) )?(?:{kind}))*)")


_JOINED = "and|or|nor|y|o|ni"
_AND = re.compile(rf" (?:{_JOINED}) (?:no |sin )?")


def _either(words: frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _bare(text: str) -> str:
    """Return a text as the lists hold it: one space between words, small letters, nothing around them."""
    return " ".join(text.replace("’", "'").split()).strip(_EDGES).casefold()


@cache
def _list(key: str) -> frozenset[str]:
    words: set[str] = set()
    for language in languages():
        with speaking(language):
            words |= {_bare(word) for word in say(key).split(",")}
    return frozenset(words)
