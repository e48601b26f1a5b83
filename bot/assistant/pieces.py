"""Sentences cut into pieces at commas, brackets and conjunctions, the places where a statement may change."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """`sentence[start:end]`, and the word or sign that stands before it ('but', ',')."""

    start: int
    end: int
    text: str
    joint: str


def pieces(sentence: str, in_food: bytearray) -> Iterator[Piece]:
    """Cut a sentence of plain text; never within a food's name ('fish and chips', marked in `in_food`)."""
    start, joint = 0, ""
    for match in _JOINT.finditer(sentence):
        if in_food[match.start()] and in_food[match.end() - 1]:
            continue
        yield from _piece(sentence, start, match.start(), joint)
        start = match.end()
        joint = match[0].strip() or joint
    yield from _piece(sentence, start, len(sentence), joint)


_LONGEST = 300
"""Characters. What one phrase rules is shorter; a longer run of words is cut, so that reading takes linear time."""

_JOINT = re.compile(
    r"\s*(?:[,:()\[\]{}\"/|&+]|(?<=\s)[-–—*•]+(?=\s)|[–—]"
    r"|(?<![\w'-])(?:and|or|(?<!everything )(?<!anything )(?<!all )but|because(?! of)|although|though"
    r"|however|while|whereas|yet|nor"
    r"|(?<!suis )(?<!mange )plus(?! (?:d'|de |du |aucun|manger|allerg|v[ée]g|tol))|as well as"
    r"|und|aber|weil|oder|pero|porque|maar|но|(?<=, )ale(?= (?:nie|uczul\w*|alerg\w*|mam|to|lubi\w*|jem|mog\w*)\b)"
    r"|so(?= (?:i|we|no|what|can|could|please|the|is|my|do not|nothing|he|she|they|it|suggest|give|which)\b))"
    r"(?![\w'-]))\s*"
)


def _piece(sentence: str, start: int, end: int, joint: str) -> Iterator[Piece]:
    while start < end and sentence[start] in " -*•'.":
        start += 1
    while end > start and sentence[end - 1] in " -*•":
        end -= 1
    while start < end:
        stop = end if end - start <= _LONGEST else sentence.find(" ", start + _LONGEST, end)
        stop = stop if stop > 0 else end
        yield Piece(start, stop, sentence[start:stop], joint)
        start = stop + 1
