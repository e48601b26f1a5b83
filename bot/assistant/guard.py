"""The check between the model's words and the person.

Three promises: every number with a unit comes from the passages or is computed from them, every food that is
recommended is permitted, every citation exists. The fourth, that a figure that was asked for is given, keeps a
small model from talking around a question.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.assistant.figures import Figure, figures, in_base_unit
from bot.assistant.sentences import split_sentences
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Restrictions
from retrieval.diet.violations import violations
from retrieval.knowledge.documents import NUTRIENTS, Kind, Passage
from retrieval.prompt import system_sentences
from retrieval.words import significant_words

SALT_PER_SODIUM = 2.5
"""Salt = sodium × 2.5, Regulation (EU) 1169/2011, Annex I."""


class GuardStatus(StrEnum):
    """What became of an answer."""

    PASSED = "passed"
    REPAIRED = "repaired"
    COMPOSED = "composed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The guard's word on a turn: the status, and why it isn't simply `passed`."""

    status: GuardStatus
    reasons: tuple[str, ...] = ()


_CITATION = re.compile(r"\[(\d{1,3})\]")
_NUMBERED = re.compile(r"[\[(](\d{1,3})(?:\s*[,;-]\s*\d{1,3})+[\])]")
_DECLINES = re.compile(
    r"\b((don['’]?t|do not) (have|know|hold|contain|say|list)|no (figure|passage|information)"
    r"|not (in|listed|given|known)|can['’]?t (find|say|tell)|cannot (find|say|tell)|unknown)\b",
    re.IGNORECASE,
)
_TO_THE_PERSON = re.compile(r"\byou(rs?)?\b", re.IGNORECASE)
_QUANTITY = re.compile(r"\b([2-9]|1[0-2]|two|three|four|five|six|half)\b", re.IGNORECASE)
_QUANTITIES = {"two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "half": 0.5}


@dataclass(slots=True)
class Guard:
    """Checks one turn's answer, sentence by sentence and as a whole.

    `passages` are those the model saw, in the order of their numbers; `asked` is the nutrient (a key of `NUTRIENTS`)
    whose figure the question wants, where it wants one.
    """

    question: str
    passages: Sequence[Passage]
    restrictions: Restrictions
    asked: str | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    _own: tuple[Figure, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._own = figures(self.question)

    def check_sentence(self, sentence: str) -> tuple[str, ...]:
        """Return what is wrong with one sentence; nothing when it may be shown."""
        return (
            *(found.reason for found in violations(sentence, self.restrictions)),
            *self._citation_faults(sentence),
            *self._number_faults(sentence),
            *(["repeats its instructions"] if _leaks(sentence) else []),
        )

    def check_answer(self, answer: str) -> tuple[str, ...]:
        """Return what is wrong with a whole answer whose sentences have passed; nothing when it may be given."""
        if not re.search(r"\w", _CITATION.sub("", answer)):
            return ("says nothing",)
        faults = []
        if self.passages and not _CITATION.search(answer) and not _DECLINES.search(answer):
            faults.append("cites no passage")
        if _repeats(answer):
            faults.append("repeats itself")
        if (missing := self._missing_figure(answer)) is not None:
            faults.append(missing)
        return tuple(faults)

    def check(self, answer: str) -> tuple[str, ...]:
        """Return everything that is wrong with a finished text, each reason once."""
        by_sentence = (fault for item in split_sentences(answer) for fault in self.check_sentence(item))
        return tuple(dict.fromkeys((*by_sentence, *self.check_answer(answer))))

    def _citation_faults(self, sentence: str) -> list[str]:
        faults = [
            f"cites passage [{number}], which doesn't exist"
            for number in _CITATION.findall(sentence)
            if not 1 <= int(number) <= len(self.passages)
        ]
        return faults + ["cites passages in an unreadable way"] * bool(_NUMBERED.search(sentence))

    def _number_faults(self, sentence: str) -> list[str]:
        numbers = figures(sentence)
        if not numbers:
            return []
        about = self._passages_meant(sentence)
        return [
            f"'{number.text}' is in no passage that the sentence speaks of"
            for number in numbers
            if not self._restated(number, sentence) and not self._supported(number, about)
        ]

    def _passages_meant(self, sentence: str) -> Sequence[Passage]:
        """Return the passages that a sentence cites, else those whose title it names, else all."""
        cited = {int(number) for number in _CITATION.findall(sentence)}
        if cited:
            return [passage for number, passage in enumerate(self.passages, start=1) if number in cited]
        return named_passages(sentence, self.passages) or self.passages

    def _restated(self, number: Figure, sentence: str) -> bool:
        """Tell whether the number is the person's own: from the question, or a target of theirs.

        "200 g of lentils have …" restates the question; "lentils have 50 g of protein" after "do they have 50 g?"
        would confirm it, so a nutrient's figure counts as restated only where the person is spoken to.
        """
        if number.nutrient is not None and not _TO_THE_PERSON.search(sentence):
            return False
        targets = (
            in_base_unit(name, amount) for name, amount in self.targets.items() if name == number.nutrient
        )
        own = (item.amount for item in self._own if item.dimension == number.dimension)
        return any(number.agrees_with(amount) for amount in (*own, *targets))

    def _supported(self, number: Figure, passages: Sequence[Passage]) -> bool:
        if number.nutrient is None:
            stated = (figure for passage in passages for figure in figures(passage.text))
            if any(item.dimension == number.dimension and number.agrees_with(item.amount) for item in stated):
                return True
        wanted = [number.nutrient] if number.nutrient else _of_dimension(number.dimension)
        return any(
            number.agrees_with(amount)
            for passage in passages
            for nutrient in wanted
            for amount in self._amounts(passage, nutrient)
        ) or self._stated_in_note(number, passages)

    def _amounts(self, passage: Passage, nutrient: str) -> Iterable[float]:
        """Yield what `passage` supports for `nutrient`, in base units: as given, per portion, per amount asked for."""
        if nutrient in passage.facts:
            yield in_base_unit(nutrient, passage.facts[nutrient])
        if nutrient not in passage.per_100g:
            return
        per_gram = in_base_unit(nutrient, passage.per_100g[nutrient]) / 100
        yield per_gram * 100
        for own in self._own:
            if own.dimension == "mass":
                yield per_gram * own.amount
        if passage.portion_g:
            yield per_gram * passage.portion_g
            for word in _QUANTITY.findall(self.question):
                yield per_gram * passage.portion_g * (_QUANTITIES.get(word.casefold()) or float(word))

    def _stated_in_note(self, number: Figure, passages: Sequence[Passage]) -> bool:
        """Tell whether a note says the number: its figures are in its words ("aim for 25 g of fibre a day")."""
        return any(
            stated.dimension == number.dimension
            and number.agrees_with(stated.amount)
            and stated.nutrient in (None, number.nutrient)
            for passage in passages
            if not passage.facts
            for stated in figures(passage.text)
        )

    def _missing_figure(self, answer: str) -> str | None:
        if self.asked is None:
            return None
        meant = named_passages(self.question, self.passages)
        amounts = [amount for passage in meant for amount in self._amounts(passage, self.asked)]
        dimension = "energy" if self.asked == "energy_kcal" else "mass"
        given = [number for number in figures(answer) if number.dimension == dimension]
        if not amounts or any(number.agrees_with(amount) for number in given for amount in amounts):
            return None
        return f"doesn't give the figure that was asked for ({NUTRIENTS[self.asked][0]})"


def named_passages(text: str, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages with figures whose title or other name stands in `text` in full, the longest names only.

    "cooked lentils" names 'Lentils, cooked', and not 'Lentils, raw' nor 'Lentil soup, cooked'. Where no name stands
    there in full, plain foods count that are made of nothing but what is mentioned: "spinach" is 'Spinach, raw'.
    """
    words = significant_words(text)
    lengths: dict[int, int] = {}
    for number, passage in enumerate(passages):
        names = (significant_words(name) for name in (passage.title, *passage.names))
        if passage.facts:
            lengths[number] = max((len(name) for name in names if name and name <= words), default=0)
    longest = max(lengths.values(), default=0)
    if longest:
        return [passages[number] for number, length in lengths.items() if length == longest]
    mentioned = {(mention.ingredient,) for mention in lexicon().find(text)}
    return [passage for passage in passages if passage.kind is Kind.FOOD and passage.contains in mentioned]


def cited_numbers(answer: str) -> tuple[int, ...]:
    """Return the numbers of the passages that `answer` cites, in the order of their first mention."""
    return tuple(dict.fromkeys(int(number) for number in _CITATION.findall(answer)))


def _of_dimension(dimension: str) -> list[str]:
    # A mass without a nutrient's name may be anybody's mass in the passage; energy is always energy.
    if dimension == "energy":
        return ["energy_kcal"]
    return [nutrient for nutrient in NUTRIENTS if nutrient != "energy_kcal"] if dimension == "mass" else []


def _repeats(answer: str) -> bool:
    plain = [
        re.sub(r"\W+", " ", _CITATION.sub("", item)).strip().casefold() for item in split_sentences(answer)
    ]
    long = [item for item in plain if len(item) > 20]
    return len(long) != len(set(long))


def _leaks(sentence: str) -> bool:
    plain = " ".join(sentence.split()).casefold()
    return any(own in plain for own in system_sentences())
