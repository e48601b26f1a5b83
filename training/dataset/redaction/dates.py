"""Dates of birth: dates that are called one, and full dates too old to be about a meal."""

import bisect
import re
from collections.abc import Iterator

from training.dataset.redaction.spans import Kind, Span

_MONTHS = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
)
_YEAR = r"(?:19|20)\d{2}"
_NUMERIC = (
    rf"\d{{1,2}}[ ]?[./-][ ]?\d{{1,2}}[ ]?[./-][ ]?(?:{_YEAR}|\d{{2}})(?!\d)"
    rf"|{_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}(?!\d)"
)
_WRITTEN = (
    rf"\d{{1,2}}(?:st|nd|rd|th|\.|º)?[ -](?:of[ ]|de[ ])?{_MONTHS}\.?(?:,?[ -](?:de[ ]|del[ ])?"
    rf"(?:{_YEAR}|['’]\d{{2}})(?:[ ]?г(?:ода|\.)?)?)?(?!\w)"
    rf"|{_MONTHS}\.?[ ](?:the[ ])?\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ](?:{_YEAR}|['’]\d{{2}}))?(?!\w)"
)
_DATE = re.compile(rf"(?<![\w./-])(?:{_NUMERIC}|{_WRITTEN})", re.IGNORECASE)
_SHORT = re.compile(
    r"(?<![\w./-])(?:(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|[12]\d|3[01])\.?(?![\w/]|\.\d)|(?:19[2-9]"
    r"|20[0-2])\d(?!\d))"
)
_CUE = re.compile(
    r"(?:(?<!\w)born|birth|\bb-?day|\bd\.?o\.?b\b|geboren|geburt|\bgeb\b|nac[ií]|cumplea|\bcumplo"
    r"|\bcumple\b|родил|рожден|рождён|\bд\.?[ ]?р\b|\bг\.?[ ]?р\b|именин)",
    re.IGNORECASE,
)
# Something of every cue, searched for first: a pattern of alternatives takes a hundred times as long.
_STEMS = (
    "born", "birth", "bday", "b-day", "dob", "d.o.b", "gebor", "geburt", "geb.", "geb ", "naci", "nací", "cumpl",
)  # fmt: skip
_RUSSIAN_STEMS = ("родил", "рожд", "именин", "д.р", "д. р", "др.", "др ", "др:", "г.р", "г. р", "гр.")
_SINCE = re.compile(r"(?<!\w)(?:since|seit|desde|с)[ ]$", re.IGNORECASE)  # of an illness, a diet
_FOUR_DIGITS = re.compile(r"(?:19|20)\d\d")
_BEFORE = 45  # characters in which "born" makes a date a date of birth
_AFTER_CUE = re.compile(
    r"[ ,]{0,3}(?:(?:is|was|ist|war|es|—|-)[ ])?(?:(?:my|his|her|our|mein|meine|ihr|sein|mi|su|мой"
    r"|день)[ ])?(?:\w{1,12}['’]s[ ])?(?:birth|b-?day|geb|geboren|cumple|рожд|г\.?[ ]?р)",
    re.IGNORECASE,
)
_OLDEST, _YOUNGEST = 1915, 2016


def find_birth_dates(text: str) -> Iterator[Span]:
    """Yield dates of birth; to be called for texts that hold digits."""
    lower = text.lower()
    is_cued = any(stem in lower for stem in _STEMS) or (
        not text.isascii() and any(stem in lower for stem in _RUSSIAN_STEMS)
    )
    if not is_cued and not _FOUR_DIGITS.search(text):
        return
    cues = [match.end() for match in _CUE.finditer(text)] if is_cued else []
    for match in _DATE.finditer(text):
        start, end = match.span()
        if _is_cued(cues, start) or _AFTER_CUE.match(text, end) or _is_old(match.group()):
            yield Span(
                start,
                end,
                Kind.BIRTH_DATE,
                "".join(char for char in match.group().casefold() if char.isalnum()),
            )
    if cues:
        for match in _SHORT.finditer(text):
            if _is_cued(cues, match.start()) and not _SINCE.search(
                text, max(0, match.start() - 8), match.start()
            ):
                yield Span(match.start(), match.end(), Kind.BIRTH_DATE, match.group())


def _is_cued(cues: list[int], start: int) -> bool:
    last = bisect.bisect_right(cues, start) - 1
    return last >= 0 and start - cues[last] <= _BEFORE


def _is_old(date: str) -> bool:
    """Return whether this is a full date by which only people go: nothing in a kitchen is of 1987."""
    year = re.search(_YEAR, date)
    return year is not None and _OLDEST <= int(year.group()) <= _YOUNGEST
