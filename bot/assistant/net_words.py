"""The words that the net listens for, from `data/net.yaml`, and sentences cut into parts around them: `clauses`."""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.assistant.datafiles import read_data
from bot.assistant.objects import Guesses, Item, Items
from bot.assistant.wording import sentences
from retrieval.diet.preferences import Diet
from retrieval.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase of the class `kind` at `[start, end)` of its sentence."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class Clause:
    """A part of a sentence: what it names and the words that matter. `joint` is what stands before it (',', 'but').

    `bare` says that it holds foods and nothing that would say something about them. `number` is the sentence it is in.
    """

    number: int
    text: str
    start: int
    end: int
    joint: str
    question: bool
    words: list[Word] = field(default_factory=list)
    foods: list[Item] = field(default_factory=list)
    diets: list[tuple[int, int, Diet]] = field(default_factory=list)
    bare: bool = False
    first: bool = False
    last: bool = False
    """Whether it begins and ends its sentence."""

    def has(self, *kinds: str) -> bool:
        """Whether a word of one of the classes stands in it."""
        return any(word.kind in kinds for word in self.words)

    def of(self, *kinds: str) -> list[Word]:
        """Return its words of these classes, in order."""
        return [word for word in self.words if word.kind in kinds]


@dataclass(frozen=True, slots=True)
class NetWords:
    """`data/net.yaml`, compiled."""

    sources: Mapping[str, str]
    """First letter → the source of a pattern whose groups are the classes; see `starting_with`."""
    compounds: re.Pattern[str]
    joints: re.Pattern[str]
    headers: re.Pattern[str]
    nothing: re.Pattern[str]
    anaphora: re.Pattern[str]


@lru_cache(maxsize=1)
def net_words() -> NetWords:
    """Return the words, read once. Raises `BadInputError` naming the entry that is wrong."""
    data = read_data("net.yaml", {"words", "compounds", "joints", "headers", "nothing", "anaphora"})
    return NetWords(
        sources=_by_letter(data["words"]),
        compounds=_compile("compounds", data["compounds"]),
        joints=_compile("joints", data["joints"]),
        headers=_compile("headers", rf"(?<!\w)(?:{data['headers']}) *[:=]"),
        nothing=_compile("nothing", rf"{data['nothing']}(?!\w)"),
        anaphora=_compile("anaphora", rf"(?<!\w)(?:{data['anaphora']})(?!\w)"),
    )


@lru_cache(maxsize=128)
def starting_with(letter: str) -> re.Pattern[str] | None:
    """Return the pattern of the words that begin with `letter`; compiled when the first text needs it."""
    source = net_words().sources.get(letter)
    return _compile(f"words ({letter})", source) if source else None


def unaccented(text: str) -> str:
    """Return `text` of the same length without the accents of Latin letters: many leave them out."""
    return text if text.isascii() else text.translate(_UNACCENTED)


def clauses(plain_text: str) -> list[Clause]:
    """Cut plain text (see `wording.plain`) into clauses, sentence by sentence."""
    found: list[Clause] = []
    guesses = Guesses()
    for number, sentence in enumerate(sentences(plain_text)):
        items = Items(sentence.text, guesses)
        bare_text = unaccented(sentence.text)
        words = list(_words(bare_text, items))
        begun = len(found)
        starts = [word.start for word in words]
        diet_starts = [diet[0] for diet in items.diets]
        for start, end, joint in _parts(bare_text, items):
            first, last = bisect_left(starts, start), bisect_left(starts, end)
            found.append(
                Clause(
                    number,
                    bare_text,
                    start,
                    end,
                    joint,
                    sentence.question,
                    words[first:last],
                    [item for item in items.between(start, end) if not _SOY.match(bare_text, item.start)],
                    items.diets[bisect_left(diet_starts, start) : bisect_left(diet_starts, end)],
                )
            )
            found[-1].bare = _is_bare(found[-1])
        if len(found) > begun:
            found[begun].first = found[-1].last = True
    return found


def sentence_around(parts: list[Clause], at: int, *, before: int = 0, behind: int = 0) -> list[Clause]:
    """Return the clauses of the sentence of `parts[at]` and of so many sentences before and behind it.

    Of a very long sentence only the nearest clauses, so that reading takes linear time.
    """
    number = parts[at].number
    near = parts[max(0, at - _NEAREST) : at + _NEAREST]
    return [part for part in near if number - before <= part.number <= number + behind]


def speaks_of_allergy(plain_text: str) -> bool:
    """Whether any word of an alarm or a diet stands in plain text; without one the net has nothing to catch."""
    text = unaccented(plain_text)
    return any(word.kind in ALARMS or word.kind in _OPENERS for word in _words(text, None))


_NEAREST = 20
_SOY = re.compile(
    r"soy (?:\w+ )?(?:alergic[oa]|intolerante|celiac[oa]|veg\w+[oa]|sensible|hipersensible|muy)(?!\w)"
)  # the Spanish 'I am', no food
ALARMS = frozenset({"allergy", "reaction", "forbidden", "harm", "ill"})
RELIEFS = frozenset({"gone", "free", "strike"})
_OPENERS = RELIEFS | {"animal"}
_SIGN = re.compile(r"[^\W_]+|[&=→]")
_UNACCENTED = str.maketrans(
    {
        chr(code): base
        for code in range(0xC0, 0x250)
        if len(base := unicodedata.normalize("NFD", chr(code))[0]) == 1 and base != chr(code)
    }
    | {"ł": "l", "\u0131": "i", "ø": "o", "đ": "d", "ё": "\u0435"}
)


def _by_letter(classes: Mapping[str, list[str]]) -> dict[str, str]:
    """Return one pattern's source for each first letter, so that a word is compared with few alternatives."""
    letters: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind, entries in classes.items():
        for entry in entries:
            for alternative in unaccented(entry).split(" | "):
                for letter in _first_letters(kind, alternative.strip()):
                    letters[letter][kind].append(alternative.strip())
    return {
        letter: "|".join(f"(?P<{kind}>(?:{'|'.join(sources)})(?!\\w))" for kind, sources in kinds.items())
        for letter, kinds in letters.items()
    }


_LOOKBEHIND = re.compile(r"^\(\?<[!=][^)]*\)")
_LITERAL = re.compile(r"[^\W_]|[=→&]")


def _first_letters(kind: str, source: str) -> set[str]:
    """Return the letters that a match of `source` can begin with."""
    source = _LOOKBEHIND.sub("", source)
    if _LITERAL.match(source):
        return {source[0]} | ({source[2]} if source[1:2] == "?" and source[2:3].isalpha() else set())
    if not source.startswith(("(?:", "[")):
        raise BadInputError(
            f"net.yaml: '{kind}' has '{source}', which begins with no letter; mend that entry"
        )
    if source.startswith("["):
        return set(source[1 : source.index("]")])
    depth, ends, at = 0, [3], 0
    for at in range(len(source)):
        depth += {"(": 1, ")": -1}.get(source[at], 0)
        if depth == 1 and source[at] == "|":
            ends.append(at + 1)
        if depth == 0:
            break
    letters = set[str]().union(*(_first_letters(kind, source[end:]) for end in ends))
    rest = source[at + 1 :]
    if rest[:1] in ("?", "*"):
        letters |= _first_letters(kind, rest[1:].lstrip("? "))
    return letters


def _compile(name: str, source: str) -> re.Pattern[str]:
    try:
        return re.compile(source)
    except re.error as error:
        raise BadInputError(
            f"net.yaml: '{name}' is no regular expression: {error}; mend that entry"
        ) from error


def _words(text: str, items: Items | None) -> Iterator[Word]:
    """Yield the words that matter, left to right; of those within a food's name only the allergy's."""
    done = 0
    known = net_words()
    for sign in _SIGN.finditer(text):
        if sign.start() < done:
            continue
        if compound := known.compounds.match(text, sign.start(), sign.end()):
            yield Word("allergy", compound.start(), compound.end())
            done = compound.end()
            continue
        if items is not None and items.in_food[sign.start()]:
            continue
        pattern = starting_with(text[sign.start()])
        if pattern and (match := pattern.match(text, sign.start())) and match.lastgroup:
            yield Word(match.lastgroup, match.start(), match.end())
            done = match.end()


def _parts(text: str, items: Items) -> Iterator[tuple[int, int, str]]:
    start, joint = 0, ""
    for match in net_words().joints.finditer(text):
        if match.start() < start or (items.in_food[match.start()] and items.in_food[match.end() - 1]):
            continue
        if text[start : match.start()].strip():
            yield start, match.start(), joint
            joint = match[0].strip()
        else:
            joint = f"{joint} {match[0].strip()}".strip()
        start = match.end()
    if text[start:].strip():
        yield start, len(text), joint


_BARE = frozenset({"filler", "also", "not", "cause", "me"})


def _is_bare(clause: Clause) -> bool:
    covered = [(word.start, word.end) for word in clause.words if word.kind in _BARE]
    covered += [(item.start, item.end) for item in clause.foods]
    return bool(clause.foods) and all(
        any(start <= sign.start() < end for start, end in covered)
        for sign in _SIGN.finditer(clause.text, clause.start, clause.end)
    )
