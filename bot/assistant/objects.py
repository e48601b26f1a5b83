"""What a statement is about: from the words after 'allergic to' or 'I love' to allergens, ingredients and tastes.

Offsets are into one sentence of plain text (see `wording`).
"""

import csv
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.assistant.cues import phrases
from bot.assistant.wording import distance
from retrieval.diet.lexicon import LEXICON, lexicon
from retrieval.diet.rules import ALLERGENS
from retrieval.diet.vocabulary import is_everyday
from retrieval.diet.words import fold


@dataclass(frozen=True, slots=True)
class Item:
    """Something to eat named in a sentence.

    `exact` are its own allergen or lexicon ids, `widened` what an allergy to it is stored as (the safe side:
    an allergy to shrimp is one to crustaceans), `taste` what a like or dislike of it is called. `ingredient` is its
    lexicon id, empty for what the lexicon doesn't know.
    """

    start: int
    end: int
    exact: frozenset[str]
    widened: frozenset[str]
    taste: str
    ingredient: str = ""


@dataclass(slots=True)
class Guesses:
    """How many more words of one message may be matched by likeness: a long list of them is noise."""

    left: int = 100


class Items:
    """The things to eat that one sentence names, in order, and the diets."""

    def __init__(self, text: str, guesses: "Guesses") -> None:
        """Find what the lexicon knows in `text`; a diet's name within a food's name ('vegan cheese') is food."""
        self.text = text
        self.guesses = guesses
        not_diet = phrases().words["not_diets"].fullmatch
        named = [found for found in lexicon().find_diets(text) if not not_diet(text, *found[1:])]
        foods = [(mention.start, mention.end, mention.ingredient) for mention in lexicon().find(text)]
        in_food = _mark(text, [span[:2] for span in foods if span[:2] not in {place[1:] for place in named}])
        self.diets = [
            (start, end, diet) for diet, start, end in named if not (in_food[start] and in_food[end - 1])
        ]
        in_diet = _mark(text, [(start, end) for start, end, _ in self.diets])
        self.foods = [
            _item(text[start:end], start, end, ingredient)
            for start, end, ingredient in foods
            if not (
                in_diet[start] or in_diet[end - 1] or _BODY_PART.fullmatch(text, max(0, start - _OWN), end)
            )
        ]
        self.in_food = _mark(text, [(item.start, item.end) for item in self.foods])
        self._starts = [item.start for item in self.foods]

    def between(self, start: int, end: int) -> list[Item]:
        """Return the foods that start within `[start, end)`."""
        return self.foods[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def object_end(self, start: int, end: int) -> int:
        """Return where the object that starts at `start` stops, at the latest `end`."""
        for match in phrases().words["stop_words"].finditer(self.text, start, end):
            if not self.in_food[match.start()]:
                return match.start()
        return end


def allergens_in(
    items: Items, start: int, end: int, *, certain: bool, listed: bool = False
) -> tuple[list[Item], list[str]]:
    """Return the foods that `[start, end)` of an allergy statement names, and words that stayed unclear.

    Misspelled words are matched to the nearest names here, and only here. `certain` says that the phrase
    speaks of an allergy and nothing else: then what can't be matched is returned as unclear. `listed` says that the
    words come after a comma, where something else may begin: they must be very near to a name.
    """
    stop = items.object_end(start, end)
    found = items.between(start, stop)
    guessed, unclear = _guess(items, start, stop, found, certain=certain, listed=listed)
    if not found and not guessed:
        hard = phrases().words["hard_stops"].search(items.text, start, end)
        found = items.between(start, hard.start() if hard else end)
        unclear = [] if found else unclear
    heads = {item.end + 1 for item in guessed}
    kept = [item for item in found if not (item.start in heads and item.ingredient in HEADS)]
    return sorted([*kept, *guessed], key=lambda item: item.start), unclear


def tastes_in(items: Items, start: int, end: int) -> list[Item]:
    """Return what `[start, end)` of a like or dislike names; a short noun phrase when the lexicon has nothing."""
    stop = items.object_end(start, end)
    found = items.between(start, stop)
    if found:
        whole = kept_whole(items, _dishes(items.text, found), start)
        return [_with_head(items.text, item, stop) for item in whole]
    if _OF_DISHES.match(items.text, stop):
        return []
    phrase = _noun_phrase(items.text[start:stop])
    if meant := respelt(phrase):
        return [_item(meant[0], start, stop, meant[1])]
    return [Item(start, stop, frozenset(), frozenset(), phrase)] if phrase else []


def kept_whole(items: Items, found: list[Item], start: int) -> list[Item]:
    """Return tastes with how they are prepared, from `start` on: who hates raw onions may like them cooked."""
    whole: list[Item] = []
    for item in found:
        match = _PREPARED.search(items.text, start, item.start)
        whole.append(replace(item, start=match.start(), taste=f"{match[1]} {item.taste}") if match else item)
    return whole


@lru_cache(maxsize=2048)
def respelt(word: str) -> tuple[str, str] | None:
    """Return the name that a misspelt word of a taste stands for, and its id: 'letuce' → 'lettuce'."""
    if len(word) < _SHORT + 1 or (nearest := nearest_name(word, certain=True)) is None:
        return None
    limit = 1 if len(word) < _LONG + 2 else 2
    near = distance(word, nearest[0], limit) <= limit
    return nearest if near and nearest[0][0] == word[0] else None


# 'Me pica la lengua' speaks of the person's own.
_OWN = 3
_BODY_PART = re.compile(
    r"(?:my|la|mi|ma|ia|ha|ne|jn) (?:lengua|lingua|língua|langue|tongue|zunge|tong|language)"
)
# 'Seseme seeds' are sesame, not sesame and seeds.
HEADS = frozenset({"seed", "nuts", "oil", "bean", "flour", "powder", "paste", "sauce", "butter", "bread"})
_PREPARED = re.compile(
    r"\b(raw|uncooked|cooked|roasted|roast|fried|grilled|boiled|steamed|baked|pickled|mashed|stewed|poached|scrambled"
    r"|stuffed|creamed|caramelised|caramelized|overcooked|undercooked|burnt|soggy|mushy|runny) $"
)
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_OF_DISHES = re.compile(r" ?(?:recipes?|ideas?|meals?|answers?|suggestions?)\b")
_LETTER = re.compile(r"[^\W\d_]{2}")
FOOD_WORDS = frozenset({"cuisine", "food", "foods", "snack", "snacks", "breakfast", "dishes", "meals"})
_SHORT, _LONG, _LONGEST = 4, 6, 30
_ALLERGY_WORD = re.compile(r"[ -]?(?:allerg|alerg|alerj|intol)\w*$")
_NO_PLURAL = (
    "ss",
    "fries",
    "chips",
    "crisps",
    "nachos",
    "gyros",
    "wedges",
    "ribs",
    "wings",
    "fingers",
    "nuggets",
)
_PHRASE_WORDS, _PHRASE_LETTERS, _HEAD_WORDS = 4, 40, 2


def _mark(text: str, spans: Iterable[tuple[int, int]]) -> bytearray:
    marked = bytearray(len(text))
    for start, end in spans:
        marked[start:end] = b"\1" * (end - start)
    return marked


def _item(said: str, start: int, end: int, ingredient: str) -> Item:
    for name, pattern in phrases().group_names.items():
        if pattern.fullmatch(_ALLERGY_WORD.sub("", said)):
            group = phrases().groups[name]
            return Item(start, end, group, group, name)
    exact = lexicon().allergies(ingredient)
    if not widened(ingredient) & ALLERGENS and (inside := _named_within(said, ingredient)):
        return Item(start, end, exact, inside, _taste(said, ingredient.replace("_", " ")), ingredient)
    taste = _taste(said, ingredient.replace("_", " "))
    return Item(start, end, exact, widened(ingredient), taste, ingredient)


@lru_cache(maxsize=2048)
def _named_within(said: str, ingredient: str) -> frozenset[str]:
    """Return the allergens that a name of several words adds to what it is a kind of: 'sesame bagels'."""
    words = said.replace("-", " ").split()
    found = (lexicon().resolve(word) for word in words if word not in ingredient) if len(words) > 1 else ()
    return frozenset(key for key in found if key in ALLERGENS)


def _taste(said: str, name: str) -> str:
    """Return `name`, or what was said when that is narrower: 'blue cheese' isn't all cheese."""
    if phrases().words["kinds"].fullmatch(said):
        return said[:-1] if said.endswith("s") and not said.endswith(_NO_PLURAL) else said
    words = name.split()
    return said if len(said.split()) > len(words) and words[-1].rstrip("s") in said else name


@lru_cache(maxsize=4096)
def widened(ingredient: str) -> frozenset[str]:
    """Return what an allergy to `ingredient` is stored as: the one allergen in it, else what it names."""
    inside = lexicon().contents([ingredient]).allergens
    if ingredient in ALLERGENS or len(inside) != 1:
        return lexicon().allergies(ingredient)
    return inside


def _dishes(text: str, found: list[Item]) -> list[Item]:
    """Join names that stand side by side: 'mushroom soup' is one dish."""
    dishes: list[Item] = []
    for item in found:
        if dishes and text[dishes[-1].end : item.start] == " ":
            first = dishes.pop()
            name = text[first.start : item.end]
            item = Item(first.start, item.end, item.exact, item.widened, name)  # noqa: PLW2901 (the joined one)
        dishes.append(item)
    return dishes


def _with_head(text: str, item: Item, stop: int) -> Item:
    """Return `item`, or the dish that its name only begins: 'mushroom soup' is no mushroom."""
    words: list[str] = []
    for match in _WORD.finditer(text, item.end, stop):
        between = text[item.end : match.start()] if not words else " "
        if between.strip() or len(words) == _HEAD_WORDS:
            break
        words.append(match[0])
    tail = [word for word in words if not phrases().words["determiners"].fullmatch(word)]
    if not words or tail != words or phrases().words["not_tastes"].fullmatch(words[-1]):
        return item
    return Item(
        item.start, item.end, item.exact, item.widened, f"{text[item.start : item.end]} {' '.join(words)}"
    )


def _noun_phrase(text: str) -> str:
    words = [match[0] for match in _WORD.finditer(text)]
    while words and phrases().words["determiners"].fullmatch(words[0]):
        words.pop(0)
    while len(words) > 1 and words[-1].endswith("ly"):
        words.pop()
    if not words or len(words) > _PHRASE_WORDS or words[0].endswith("ing"):  # 'I love hiking'
        return ""
    if any(phrases().words["not_tastes"].fullmatch(word) for word in words[:-1]):
        return ""
    last = words[-1]
    if phrases().words["not_tastes"].fullmatch(last) and not (last in FOOD_WORDS and len(words) > 1):
        return ""
    phrase = " ".join(words)
    if any(start == 0 and end == len(phrase) for _, start, end in lexicon().find_diets(phrase)):
        return ""
    if any(letter.isdigit() for letter in phrase):
        return ""
    return phrase if _LETTER.search(phrase) and len(phrase) <= _PHRASE_LETTERS else ""


def _guess(
    items: Items, start: int, stop: int, found: list[Item], *, certain: bool, listed: bool
) -> tuple[list[Item], list[str]]:
    """Match the words of an allergy's object that no name covers to the nearest names."""
    covered = [(item.start, item.end) for item in found]
    guessed: list[Item] = []
    left: list[str] = []
    for match in _WORD.finditer(items.text, start, stop):
        word = match[0]
        if _inside(covered, match.start()) or _is_filler(word):
            continue
        if items.guesses.left <= 0:
            break
        items.guesses.left -= 1
        nearest = _group_name(word) or nearest_name(word, certain=certain and not found)
        if nearest is None or (listed and not _is_near(word, nearest[0])):
            left.append(word)
        else:
            guessed.append(_item(nearest[0], match.start(), match.end(), nearest[1]))
    numbers = any(word[0].isdigit() for word in left)
    many = len(left) > (1 if listed else _PHRASE_WORDS)
    if not certain or not left or numbers:
        return guessed, []
    if guessed or found:
        return guessed, _alone(items, start, stop, [*found, *guessed])
    return guessed, [] if many else [" ".join(left)]


# Where no piece ends: between 'xyzzy' and 'leche' in 'alérgico a xyzzy y leche'. See `pieces`.
# Not 'en' and 'i', which are 'in' and 'I' to others.
_LISTED = re.compile(r"(?<!\w)(?:y|e|ni|et|ou|o|u|oraz|lub|и|или|ve|veya)(?!\w)")
_ARTICLE = re.compile(r"al|aux?|ao|à|les?|os?|as?|gli|all[aeo]|agli")


def _alone(items: Items, start: int, stop: int, known: list[Item]) -> list[str]:
    """Return the words that nobody knows and that are a whole item of a list whose others are known."""
    starts = [start, *(match.end() for match in _LISTED.finditer(items.text, start, stop))]
    ends = [*(match.start() for match in _LISTED.finditer(items.text, start, stop)), stop]
    covered = [(item.start, item.end) for item in known] + [diet[:2] for diet in items.diets]
    alone: list[str] = []
    for begin, end in zip(starts, ends, strict=True) if len(starts) > 1 else ():
        words = [match[0] for match in _WORD.finditer(items.text, begin, end)]
        determiner = phrases().words["determiners"].fullmatch
        words = [word for word in words if not (determiner(word) or _ARTICLE.fullmatch(word))]
        named = any(begin < after and before < end for before, after in covered)
        if not named and len(words) == 1 and len(words[0]) >= _SHORT - 1 and not _is_filler(words[0]):
            alone.append(words[0])
    return alone


def _is_near(word: str, name: str) -> bool:
    return len(word) >= _SHORT and word[0] == name[0] and distance(fold(word), name, 1) <= 1


@lru_cache(maxsize=2048)
def _group_name(word: str) -> tuple[str, str] | None:
    """Return a word for several allergens that the lexicon lacks ('orzechami'), and one of their ids."""
    for name, pattern in phrases().group_names.items():
        if pattern.fullmatch(word):
            return word, min(phrases().groups[name])
    return None


def _inside(spans: list[tuple[int, int]], position: int) -> bool:
    index = bisect_right(spans, (position, float("inf"))) - 1
    return index >= 0 and position < spans[index][1]


@lru_cache(maxsize=2048)
def _is_filler(word: str) -> bool:
    words = phrases().words
    return any(
        words[key].fullmatch(word)
        for key in (
            "determiners",
            "not_food",
            "stop_words",
            "pronouns",
            "adjectives",
            "ordinary",
            "others",
            "people",
        )
    )


@lru_cache(maxsize=2048)
def nearest_name(word: str, *, certain: bool) -> tuple[str, str] | None:
    """Return the name that `word` is a slip of, and its id; when not `certain`, only names of the fourteen.

    One slip is allowed in short words, two in long ones. Of equally near names an allergen's comes first.
    """
    if not _SHORT - 1 <= len(word) <= _LONGEST or not word.isalpha():
        return None
    short = len(word) < _SHORT
    if short and not certain:
        return None
    word = fold(word)
    if is_everyday(word):  # 'ever' is no slip of 'eggs', 'raining' none of 'raisin'
        return None
    limit = 2 if len(word) >= _LONG and certain else 1
    letters = _letters(word)
    ranked = sorted(
        (slips, key not in ALLERGENS, name[0] != word[0], -len(name), name, key)
        for name, mask, key in _single_names()
        if abs(len(name) - len(word)) <= limit
        and (key in ALLERGENS or (certain and not short))
        and (letters & ~mask).bit_count() <= limit
        and (mask & ~letters).bit_count() <= limit
        and (slips := distance(word, name, limit)) <= (limit if key in ALLERGENS or len(word) > _LONG else 1)
    )
    if not ranked or (ranked[0][0] > 1 and ranked[0][2]):
        return None
    return ranked[0][4], ranked[0][5]


def _letters(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) % 61)
    return mask


@lru_cache(maxsize=1)
def _single_names() -> tuple[tuple[str, int, str], ...]:
    """Return the lexicon's names of one word and their plurals, their letters, and what they name."""
    with LEXICON.open(encoding="utf-8", newline="") as file:
        ids = [row[0] for row in csv.reader(file)][1:]
    names = {
        fold(name): key for key in ids if key in lexicon() for name in lexicon()[key].names if name.isalpha()
    }
    words = {f"{name}s": key for name, key in names.items() if len(name) >= _SHORT - 1} | names
    return tuple(
        (word, _letters(word), key) for word, key in sorted(words.items()) if len(word) >= _SHORT - 1
    )
