"""Restrictions that the person takes back in so many words, read before anything else: `struck_out`.

'Strike crustaceans from my record', 'halal doesn't apply any longer', 'you wrote kiwi under allergies, that's wrong',
in ten languages. Their words are taken out of the text, so that nothing else reads an allergy in them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.assistant.cues import phrases
from bot.assistant.datafiles import read_data
from bot.assistant.objects import Guesses, Item, Items, nearest_name, widened
from bot.assistant.statements import Statement, Topic
from bot.assistant.subjects import About, Stance
from retrieval.diet.preferences import Diet
from retrieval.diet.rules import ALLERGENS
from retrieval.errors import BadInputError

_ENTRIES = frozenset(
    "polite verb start order filler preferences from_list no_more untrue other_cause "
    "that_is ended recorded corrects take_it wrote allowed again_allowed hint head from_my answer".split()
)
_REFERENCE = re.compile(r"<([a-z_]{3,})>")


@dataclass(frozen=True, slots=True)
class Struck:
    """The text without what was taken back, and the statements that say so."""

    rest: str
    statements: tuple[Statement, ...] = ()

    def after(self, said: list[Statement]) -> list[Statement]:
        """Return what the rest says and what was taken back; of a diet that is taken back the rest says nothing."""
        gone = {
            item.taste
            for item in self.statements
            if item.topic is Topic.DIET and item.stance is Stance.RETRACTED
        }
        kept = (item for item in said if item.topic is not Topic.DIET or item.taste not in gone)
        return [*kept, *self.statements]


def struck_out(plain_text: str) -> Struck:
    """Take what is taken back out of plain text (see `wording.plain`). Linear in the length of the text."""
    if not _pattern("hint").search(plain_text):
        return Struck(plain_text)
    kept: list[str] = []
    said: list[Statement] = []
    guesses = Guesses()
    for match in _SENTENCE.finditer(plain_text):
        sentence = match[0]
        if len(sentence) > _LONGEST or not _pattern("hint").search(sentence):
            kept.append(sentence)
            continue
        items = Items(sentence, guesses)
        rest, done = "", 0
        for found in sorted(_found(items), key=lambda found: found.start):
            if found.start < done:
                continue
            rest += f"{sentence[done : found.start]} "
            done = found.end
            said += found.statements
        rest += sentence[done:]
        kept.append(_pattern("wrote").sub(". i am ", rest) if done else rest)
    return Struck("".join(kept), tuple(said))


@lru_cache(maxsize=1)
def _sources() -> dict[str, str]:
    """Return the entries of `data/struck.yaml`, each put together."""
    sources: dict[str, str] = {}
    for name, parts in read_data("struck.yaml", _ENTRIES).items():
        sources[name] = _REFERENCE.sub(lambda match: sources[match[1]], "".join(parts))
    return sources


@lru_cache(maxsize=len(_ENTRIES))
def _pattern(name: str) -> re.Pattern[str]:
    """Return an entry, compiled. Raises `BadInputError` when it is no regular expression."""
    try:
        return re.compile(_sources()[name])
    except re.error as error:
        raise BadInputError(
            f"struck.yaml: '{name}' is no regular expression: {error}; mend that entry"
        ) from error


_LONGEST = 600
"""Characters of a sentence; a longer one is no instruction."""
_SENTENCE = re.compile(r"(?:[^.!?;\n]|\.(?=\w))+|[.!?;\n]+")
_ADDS = re.compile(r"[ ,]*(?:and |but )?(?:add|put|write|note)\b[^.;]*allerg")
_CURRENT = re.compile(r"\bi (?:am|have|still|get|react)\b")


@dataclass(frozen=True, slots=True)
class _Found:
    """A taking back at `[start, end)` of its sentence."""

    start: int
    end: int
    statements: list[Statement]


@dataclass(frozen=True, slots=True)
class _Named:
    """What an instruction names up to `end`, and whether its words speak of preferences."""

    end: int
    foods: list[Item]
    diets: list[Diet]
    words: str

    @property
    def is_clear(self) -> bool:
        """Whether it is about a restriction, not about a dish."""
        if self.diets or not self.foods:
            return bool(self.diets)
        first = self.words.split(",", 1)[0]  # 'remove eggs please, egg allergy' gives the reason
        return bool(_pattern("preferences").search(first) or _pattern("from_list").search(self.words))

    @property
    def only_allergens(self) -> bool:
        """Whether it names allergens and nothing else."""
        return bool(self.foods) and all(item.widened <= ALLERGENS for item in self.foods)

    def taken_back(self) -> list[Statement]:
        """Return the statements that take back all it names; of a food also the dislike."""
        said = [Statement(Topic.DIET, Stance.RETRACTED, About.SELF, taste=diet) for diet in self.diets]
        for item in self.foods:
            common = (Stance.RETRACTED, About.SELF, item.taste, item.exact, item.widened)
            said += [Statement(Topic.ALLERGY, *common), Statement(Topic.FREEDOM, *common)]
        return said


def _found(items: Items) -> Iterator[_Found]:
    yield from _yes_and_no(items)
    yield from _ordered(items)
    yield from _recorded(items)
    yield from _ended(items)


def _ordered(items: Items) -> Iterator[_Found]:
    """Find 'strike milk from my list', and the allergens of 'again I may eat eggs'."""
    for order in _pattern("order").finditer(items.text):
        named = _named(items, order.end())
        if named.is_clear or (named.foods and _ADDS.match(items.text, named.end)):
            yield _Found(order.start(), named.end, named.taken_back())
    for allowed in _pattern("again_allowed").finditer(items.text):
        named = _named(items, allowed.end())
        if named.only_allergens:
            yield _Found(allowed.start(), named.end, named.taken_back())


def _recorded(items: Items) -> Iterator[_Found]:
    """Find 'you wrote kiwi under allergies, that's wrong'."""
    for recorded in _pattern("recorded").finditer(items.text):
        named = _named(items, recorded.end())
        wrong = _pattern("corrects").match(items.text, named.end)
        if wrong and (named.foods or named.diets):
            yield _Found(recorded.start(), wrong.end(), named.taken_back())


def _ended(items: Items) -> Iterator[_Found]:
    """Find 'halal doesn't apply any longer' and 'my soy allergy, take it out'."""
    text = items.text
    for begin in _pattern("start").finditer(text):
        named = _named(items, begin.end())
        if named.only_allergens and (allowed := _pattern("allowed").match(text, named.end)):
            yield _Found(begin.start(), allowed.end(), named.taken_back())
        if not named.is_clear:
            continue
        over = _pattern("ended").match(text, named.end)
        upto = over.end() if over else named.end
        take = None if _CURRENT.search(text, begin.start(), upto) else _pattern("take_it").match(text, upto)
        if over or (take and _pattern("preferences").search(named.words)):
            yield _Found(begin.start(), take.end() if take else upto, named.taken_back())


def _named(items: Items, start: int) -> _Named:
    """Read on from `start` as long as there are foods, diets and words of an instruction."""
    text, at, end = items.text, start, start
    foods: list[Item] = []
    diets: list[Diet] = []
    while at < len(text):
        named = _name_at(items, at, guess=not (foods or diets))
        if named is not None:
            foods += [named[1]] if isinstance(named[1], Item) else []
            diets += [named[1]] if isinstance(named[1], Diet) else []
            at = end = named[0]
        elif text[at] in _BETWEEN and not (text[at] == "," and diets):
            at += 1
        elif match := _pattern("filler").match(text, at):
            end = end if text[end:at].strip(_BETWEEN) else match.end()
            at = match.end()
        else:
            break
    if _pattern("head").match(text, at):  # 'delete the vegan recipe'
        foods, diets = [], []
    while (last := _LAST.search(text, start, end)) and (foods or diets):
        end = last.start()
    return _Named(end, foods, diets, text[start:end])


_BETWEEN = " ,&+/-'\""


def _name_at(items: Items, at: int, *, guess: bool) -> tuple[int, Item | Diet] | None:
    """Return the food or diet that begins at `at`, and where it ends; a misspelt one only with `guess`."""
    for item in items.between(at, at + 1):
        if not _pattern("from_my").match(items.text, at):
            return item.end, item
    for start, end, diet in items.diets:
        if start == at:
            return end, diet
    if not guess or items.text[at] in _BETWEEN or _pattern("filler").match(items.text, at):
        return None
    guessed = _guessed(items.text, at)
    return None if guessed is None else (guessed.end, guessed)


_WORD = re.compile(r"[^\W\d_]{5,}")


def _guessed(text: str, at: int) -> Item | None:
    """Return the allergens that a word names in a form that the lexicon lacks, or with a slip: 'shelfish'."""
    match = _WORD.match(text, at)
    if match is None:
        return None
    for name, pattern in phrases().group_names.items():
        if pattern.fullmatch(match[0]):
            group = phrases().groups[name]
            return Item(at, match.end(), group, group, name)
    nearest = nearest_name(match[0], certain=True)
    if nearest is None or nearest[0][0] != match[0][0]:
        return None
    ids = widened(nearest[1])
    return Item(at, match.end(), ids, ids, nearest[0], nearest[1])


_LAST = re.compile(r"[ ,]+(?:and|or|as|i|i am|it|that|to|too|die|das)$")


def _yes_and_no(items: Items) -> Iterator[_Found]:
    """Find diets in 'vegetarian yes, low carb no', where both words stand."""
    text = items.text
    answers = [(start, diet, _pattern("answer").match(text, end)) for start, end, diet in items.diets]
    told = [(start, diet, match) for start, diet, match in answers if match]
    if len(told) > 1 and len({match[1] in _YES for _, _, match in told}) > 1:
        for start, diet, match in told:
            stance = Stance.HOLDS if match[1] in _YES else Stance.RETRACTED
            statement = Statement(Topic.DIET, stance, About.SELF, taste=diet)
            yield _Found(start, match.end(), [statement])


_YES = frozenset("yes yep yeah ja oui sí si sì sim tak да evet".split())
