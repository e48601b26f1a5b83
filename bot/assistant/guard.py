"""The check between the model's words and the person.

Every number with a unit comes from the passages or is computed from them (`evidence`), every food that is recommended
is permitted, every citation exists, nothing of the instructions or of another person is told, and no medical line is
crossed (`answer_lines`). That a figure that was asked for is given keeps a small model from talking around a question.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from bot.assistant.answer_lines import crossed_lines, silent_on_emergency
from bot.assistant.evidence import Evidence
from bot.assistant.figures import figures
from bot.assistant.leaks import leaks, misattributed
from bot.assistant.naming import named_passages
from bot.assistant.sentences import split_sentences
from retrieval.diet.disguise import hides_words
from retrieval.diet.preferences import Restrictions
from retrieval.diet.violations import violations
from retrieval.diet.vocabulary import unfamiliar, words_of
from retrieval.knowledge.documents import NUTRIENTS, Passage


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
_MARKUP = re.compile(r"[*~`]|__")  # "dan** dan**" would hide a name of two words
_NUMBERED = re.compile(r"[\[(](\d{1,3})(?:\s*[,;-]\s*\d{1,3})+[\])]")
_DECLINES = re.compile(
    r"\b((don['’]?t|do not) (have|know|hold|contain|say|list)|no (figure|passage|information)"
    r"|not (in|listed|given|known)|can['’]?t (find|say|tell)|cannot (find|say|tell)|unknown"
    r"|no (tengo|hay|encuentro|aparece|figura|consta|dispongo|se (sabe|conoce|indica|menciona)))\b",
    re.IGNORECASE,
)


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
    _evidence: Evidence = field(init=False)
    _looked_at: frozenset[str] = field(init=False)
    """Folded words of the passages, which are permitted: names of dishes that the lexicon doesn't know among them."""

    def __post_init__(self) -> None:
        texts = (text for item in self.passages for text in (item.title, *item.names, item.text))
        self._looked_at = frozenset().union(*map(_words_in, texts))
        self._evidence = Evidence(self.question, self.passages, self.targets)

    def check_sentence(self, sentence: str) -> tuple[str, ...]:
        """Return what is wrong with one sentence; nothing when it may be shown."""
        return (
            *(found.reason for found in violations(_MARKUP.sub("", sentence), self.restrictions)),
            *self._unfamiliar_faults(sentence),
            *self._citation_faults(sentence),
            *(
                f"'{number.text}' is in no passage that the sentence speaks of"
                for number in self._evidence.unsupported(sentence, frozenset(cited_numbers(sentence)))
            ),
            *crossed_lines(sentence),
            *(["repeats its instructions"] if leaks(sentence) else []),
            *misattributed(sentence, self.question, self.restrictions, self.passages),
        )

    def check_answer(self, answer: str) -> tuple[str, ...]:
        """Return what is wrong with a whole answer whose sentences have passed; nothing when it may be given."""
        if not re.search(r"\w", _CITATION.sub("", answer)):
            return ("says nothing",)
        faults = list(self._across_sentences(answer))
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

    def _across_sentences(self, answer: str) -> Sequence[str]:
        """Return what no single sentence shows: advice that goes on over a full stop, an emergency without help."""
        plain = " ".join(_CITATION.sub("", answer).split())
        faults = ["repeats its instructions"] if leaks(plain) else []
        if silent_on_emergency(plain):
            faults.append("speaks of a severe reaction without naming the emergency number")
        return faults

    def _unfamiliar_faults(self, sentence: str) -> list[str]:
        """Find words that may be dishes nobody has looked at: to somebody with restrictions unknown isn't safe."""
        if not self.restrictions:
            return []
        if hides_words(sentence):
            return ["hides words in how they are written"]
        return [f"names '{word}', which no passage does" for word in unfamiliar(sentence, self._looked_at)]

    def _citation_faults(self, sentence: str) -> list[str]:
        faults = [
            f"cites passage [{number}], which doesn't exist"
            for number in _CITATION.findall(sentence)
            if not 1 <= int(number) <= len(self.passages)
        ]
        return faults + ["cites passages in an unreadable way"] * bool(_NUMBERED.search(sentence))

    def _missing_figure(self, answer: str) -> str | None:
        if self.asked is None:
            return None
        meant = named_passages(self.question, self.passages)
        amounts = [amount for passage in meant for amount in self._evidence.amounts(passage, self.asked)]
        if self.asked == "sodium_mg":
            amounts += [amount for passage in meant for amount in self._evidence.amounts(passage, "salt_g")]
        dimension = "energy" if self.asked == "energy_kcal" else "mass"
        given = [number for number in figures(answer) if number.dimension == dimension]
        if not amounts or any(number.agrees_with(amount) for number in given for amount in amounts):
            return None
        return f"doesn't give the figure that was asked for ({NUTRIENTS[self.asked][0]})"


@lru_cache(maxsize=4096)  # the same passages come again with other questions
def _words_in(text: str) -> frozenset[str]:
    return words_of(text)


def cited_numbers(answer: str) -> tuple[int, ...]:
    """Return the numbers of the passages that `answer` cites, in the order of their first mention."""
    return tuple(dict.fromkeys(int(number) for number in _CITATION.findall(answer)))


def _repeats(answer: str) -> bool:
    plain = [
        re.sub(r"\W+", " ", _CITATION.sub("", item)).strip().casefold() for item in split_sentences(answer)
    ]
    long = [item for item in plain if len(item) > 20]
    return len(long) != len(set(long))
