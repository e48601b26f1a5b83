"""A person's text made plain, so that the rules which read it can be few: `plain` and `sentences`.

Plain text is lower case, has one kind of apostrophe, dash and space, no markup, no invisible characters, and
English contractions written out. What it says is never cut: a long message may hold an allergy at its end.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.assistant.datafiles import read_data


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in plain text. `question` is true when it asks, with or without a question mark."""

    text: str
    question: bool


def plain(text: str) -> str:
    """Return `text` in plain form (see the module), on several lines where it had several."""
    text = html.unescape(text) if "&" in text else text
    text = _TAG.sub(" ", text) if "<" in text else text
    if not text.isascii():
        text = _latin(text)
    text = _SPACE.sub(" ", text.lower())
    text = _REPEATED.sub(r"\1\1", text)
    rules = _rules()
    text = rules.short_form.sub(lambda match: rules.short_forms[match[0]], text)
    text = _NOT.sub(" not", text)
    text = _IS.sub(" is", text)
    text = _CUE_LIKE.sub(lambda match: _cue_word(match[0]), text)
    text = _SPELLED_OUT.sub(lambda match: match[0].replace(" ", ""), text)
    for pattern, replacement, needles in rules.rewrites:
        if any(needle in text for needle in needles):
            text = pattern.sub(replacement, text)
    return text.strip()


def sentences(plain_text: str) -> Iterator[Sentence]:
    """Split plain text at full stops, question and exclamation marks, semicolons and line ends."""
    for match in _SENTENCE.finditer(plain_text):
        words = match[1].strip(" -*•·>\t")
        if words:
            yield Sentence(words, question="?" in match[2] or bool(_ASKS.match(words)))


@lru_cache(maxsize=8192)
def distance(left: str, right: str, limit: int) -> int:
    """Return how many typing slips lie between two words, or `limit + 1` when there are more than `limit`.

    A slip is a letter added, left out or replaced, or two neighbours swapped (optimal string alignment, a
    form of the Damerau-Levenshtein distance).
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        current = [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return min(previous[-1], limit + 1)


_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,200}>")
_SPACE = re.compile(r"[^\S\n]+")
_REPEATED = re.compile(r"([^\W\d_]|[!?])\1{2,}")
_SPELLED_OUT = re.compile(r"(?<!\w)(?:[a-z] ){3,20}[a-z](?!\w)")
_NOT = re.compile(r"n't\b")
# 's that means 'is', never the possessive.
_IS = re.compile(
    r"(?<=\bhe)'s\b|(?<=\bit)'s\b|(?<=\bshe)'s\b|(?<=\bthat)'s\b|(?<=\bwhat)'s\b|(?<=\bhere)'s\b"
    r"|(?<=\bthere)'s\b|(?<=\bwho)'s\b"
    r"|'s(?= (?:fine|ok|okay|good|bad|safe|off|out|not)\b(?! \w+ (?:source|recipe))(?= *(?:[,.;!?\n]|$"
    r"|with|for|now|again|but|though)))"
    r"|'s(?= (?:not |also |severely |very |highly |a )?"
    r"(?:allergic|vegan|vegetarian|intolerant|co?eliac|diabetic|pescatarian"
    r"|(?:halal|kosher|keto|gluten[- ]free|dairy[- ]free|low[- ]carb|lactose intolerant|plant[- ]based)"
    r"(?= *(?:[,.;!?\n]|$|and |so |but |too|now|as well))))"
)
_SENTENCE = re.compile(r"((?:[^.!?;\n]|\.(?=\w))*)([.!?;\n]*)")
_ASKS = re.compile(
    r"(?:(?:so|and|but|ok|okay|hey|hi|hello|well|please)[, ]+){0,3}"
    r"(?:what|which|whose|why|how|(?:when|where|who) (?:is|are|do|does|did|can|should|would|will)"
    r"|(?:is|are|am|was|were|do|does|did|can|could|should|would|will|may|might|has)(?! not\b)|have (?:i"
    r"|you|we))\b"
)
_CUE_LIKE = re.compile(
    r"\b(?:[ae]l+[aeir]*[gj][a-z]{1,6}|ve[gj][a-z]{5,9}|pes[a-z]{5,9}|int[aeo]ll?[aeiou]r[a-z]{2,6}"
    r"|c[aeo]{1,3}l+[ie]{1,2}[ac]{1,2}"
    r"|d[iey]{1,2}[ae]?b[aei]t[a-z]{1,3})(?!\w)"
)

# Signs that look alike, by code point: apostrophes, quotation marks, hyphens.
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2019\u2018\u02bc`\u00b4\u02b9\u2032\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\ufe63\uff0d", "-"),
        "\u2026": ".",
    }
)
# Cyrillic and Greek letters that look like Latin ones: a word that mixes alphabets is read as Latin.
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοαερνικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwABEKMHOPCTYXIJSoaepviktuxABEZHIKMNOPTYX",
)
_HALF = re.compile(r"(?<=\d) ?([½¼¾])")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[a-zA-Z]")
_PICTURES = frozenset({"So", "Sk", "Co", "Cn", "Cs"})
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cc"})
_SLIPS = 2


@dataclass(frozen=True, slots=True)
class _Rules:
    """`data/wording.yaml`, compiled."""

    short_forms: Mapping[str, str]
    short_form: re.Pattern[str]
    rewrites: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...]
    """Patterns, what takes their place, and words one of which must be there: most texts have none, which is quick."""
    emoji: Mapping[str, str]
    cue_words: tuple[str, ...]
    foreign_ends: tuple[str, ...]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = read_data("wording.yaml", {"short_forms", "cue_words", "other_languages_end", "rewrites", "emoji"})
    forms = data["short_forms"]
    longest_first = sorted(forms, key=len, reverse=True)
    return _Rules(
        short_forms=forms,
        short_form=re.compile(r"(?<![\w'])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w'])"),
        rewrites=tuple(
            (re.compile(pattern), replacement, tuple(needles))
            for pattern, replacement, needles in data["rewrites"]
        ),
        emoji=data["emoji"],
        cue_words=tuple(data["cue_words"]),
        foreign_ends=tuple(data["other_languages_end"]),
    )


def _latin(text: str) -> str:
    """Compose accents, drop what can't be seen, name food emoji, and undo look-alike letters."""
    text = _HALF.sub(lambda match: _FRACTIONS[match[1]], text)
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES).replace("İ", "i")
    emoji = _rules().emoji
    kept: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if char in emoji:
            kept.append(f" {emoji[char]} ")
        elif category in _PICTURES:
            kept.append(" ")
        elif category not in _UNSEEN or char in "\n\t":
            kept.append(char)
    return _WORD.sub(_one_alphabet, "".join(kept))


def _one_alphabet(match: re.Match[str]) -> str:
    word = match[0]
    return word if word.isascii() or not _LATIN.search(word) else word.translate(_LOOK_ALIKE)


@lru_cache(maxsize=1024)
def _cue_word(word: str) -> str:
    """Return the cue word that `word` is a slip of, or `word` itself."""
    rules = _rules()
    if word in rules.cue_words or word.endswith(rules.foreign_ends):
        return word
    slips, cue = min((distance(word, cue, _SLIPS), cue) for cue in rules.cue_words)
    return cue if slips <= _SLIPS else word
