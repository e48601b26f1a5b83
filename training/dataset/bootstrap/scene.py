"""One made-up conversation while it is written: who asks, in which words, and what has been said."""

import random
import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.diet.violations import violations
from retrieval.diet.vocabulary import unfamiliar, words_of
from retrieval.knowledge.documents import Kind, Passage
from retrieval.prompt import Exchange
from retrieval.search import Sought
from retrieval.words import significant_words
from training.dataset.bootstrap.library import Library, drawn
from training.dataset.bootstrap.phrasing import Voice, name_of
from training.dataset.bootstrap.splits import Split

_FIGURE_WORDS = re.compile(
    r"\b(?:fat|sugars?|salt\w*|sodium|protein|fibre|fiber|calcium|iron|calorie\w*|energy)\b", re.IGNORECASE
)

SHOWN = 5
"""Passages in a prompt, as the bot serves them."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is searched for.

    `also` are names that get a search of their own, the best of each first, as the bot does for several foods. `own`
    keeps to documents of the conversation's split: what is recommended to test is test's. `unjudged`: also what the
    search would call no answer, so that a model sees what it must not answer from.
    """

    text: str
    sought: Sought = Sought.ANYTHING
    also: tuple[str, ...] = ()
    own: bool = False
    unjudged: bool = False
    preferences: Preferences = field(default_factory=Preferences)
    split: Split = "train"


Conversation = Generator[Ask, tuple[Passage, ...], None]
"""Yields what is to be searched for, is sent the passages, best first, and tells its turns to the scene."""


Step = Generator[Ask, tuple[Passage, ...], bool]
"""A part of a conversation; returns whether it went on."""


@dataclass(frozen=True, slots=True)
class Said:
    """A question and its answer, with what the model would have seen. [n] is `passages[n - 1]`."""

    kind: str
    intent: str
    question: str
    meant: str | None
    answer: str
    passages: tuple[Passage, ...]
    preferences: Preferences
    history: tuple[Exchange, ...]


@dataclass(slots=True)
class Scene:
    """The person, their words, and the turns so far; kinds of question add to it."""

    rng: random.Random
    split: Split
    library: Library
    preferences: Preferences
    voice: Voice
    spoiled: Callable[[str], None]
    """Told why a turn couldn't be used."""

    turns: list[Said] = field(default_factory=list)

    def ask(
        self,
        text: str,
        sought: Sought = Sought.ANYTHING,
        *,
        also: tuple[str, ...] = (),
        own: bool = False,
        unjudged: bool = False,
    ) -> Ask:
        """Return what to search for, for this person."""
        return Ask(
            text,
            sought,
            also=also,
            own=own,
            unjudged=unjudged,
            preferences=self.preferences,
            split=self.split,
        )

    def food(self, fits: Callable[[Passage], bool] = lambda _food: True) -> Passage | None:
        """Draw a food that the person may have."""
        return self._drawn(Kind.FOOD, fits)

    def dish(self, fits: Callable[[Passage], bool] = lambda _dish: True) -> Passage | None:
        """Draw a recipe that the person may have."""
        return self._drawn(Kind.RECIPE, fits)

    def note(self) -> Passage | None:
        """Draw a note."""
        return drawn(self.rng, self._permitted(Kind.NOTE))  # its sentences are looked at one by one

    def name(self, passage: Passage) -> str:
        """Return what the person calls a document.

        Not 'milk, reduced fat' where another name tells it: asked about its protein, it reads like a question on fat.
        """
        for _try in range(3):
            if not _FIGURE_WORDS.search(name := name_of(self.rng, passage)):
                break
        return name

    def chance(self, share: float) -> bool:
        """Return True in `share` of the cases."""
        return self.rng.random() < share

    def shown(self, passages: Sequence[Passage], needed: Sequence[Passage] = ()) -> tuple[Passage, ...]:
        """Return what the prompt holds: half as it was found, half in any order; now and then fewer than five.

        What is `needed` and was found stays.
        """
        kept = list(passages[:SHOWN])
        if self.chance(0.25):
            most = self.rng.randrange(2, SHOWN)
            wanted = [item for item in kept if item in needed]
            others = [item for item in kept if item not in needed][: max(0, most - len(wanted))]
            kept = [item for item in kept if item in wanted or item in others]
        if self.chance(0.5):
            self.rng.shuffle(kept)
        return tuple(kept)

    def tell(
        self,
        kind: str,
        question: str,
        answer: str,
        passages: Sequence[Passage] = (),
        *,
        intent: str,
        meant: str | None = None,
    ) -> bool:
        """Add a turn; `False` when the answer can't be given to this person: then the conversation ends here."""
        if (fault := fault_of(answer, passages, self.preferences)) is not None:
            self.spoiled(f"{kind}: {fault}")
            return False
        history = tuple(Exchange(turn.question, turn.answer) for turn in self.turns)
        said = Said(kind, intent, question, meant, answer, tuple(passages), self.preferences, history)
        self.turns.append(said)
        return True

    def become(self, preferences: Preferences) -> None:
        """Have the person's preferences change from here on."""
        self.preferences = replace(preferences, settings=self.preferences.settings)

    def _drawn(self, kind: Kind, fits: Callable[[Passage], bool]) -> Passage | None:
        """Draw one that also recommends nothing in its words: 'serve with butter'."""
        restrictions = self.preferences.restrictions
        return drawn(
            self.rng,
            self._permitted(kind),
            lambda item: fits(item) and not violations(item.text, restrictions),
        )

    def _permitted(self, kind: Kind) -> tuple[Passage, ...]:
        return self.library.permitted(self.preferences.restrictions, self.split, kind)


def fault_of(answer: str, passages: Sequence[Passage], preferences: Preferences) -> str | None:
    """Return why an answer can't be given to a person, by what this package can tell; the bot's guard tells more."""
    restrictions = preferences.restrictions
    if found := violations(answer.replace("*", ""), restrictions):
        return f"recommends what isn't permitted: {found[0].restriction}"
    if not restrictions:
        return None
    looked_at = frozenset().union(
        *(words_of(" ".join((item.title, *item.names, item.text))) for item in passages)
    )
    if unknown := unfamiliar(answer, looked_at):
        return f"names what nobody has looked at: {unknown[0]}"
    return None


def called(name: str, passages: Sequence[Passage]) -> list[int]:
    """Return the places of the passages that a name means: those called so in full, else plain foods of that kind.

    As the bot's guard reads a question, so that an answer gives the figures of what it takes to be meant.
    """
    words = significant_words(name)
    lengths = [
        max(
            (len(own) for own in map(significant_words, (item.title, *item.names)) if own and own <= words),
            default=0,
        )
        if item.facts
        else 0
        for item in passages
    ]
    if longest := max(lengths, default=0):
        return [place for place, length in enumerate(lengths) if length == longest]
    mentioned = {(mention.ingredient,) for mention in lexicon().find(name)}
    return [
        place for place, item in enumerate(passages) if item.kind is Kind.FOOD and item.contains in mentioned
    ]
