"""Which numbers of an answer its passages support: as given, converted, for an amount that was asked, added up."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from bot.assistant.amounts import Asked, asked_amounts, asked_of
from bot.assistant.figures import SALT, SALT_PER_SODIUM, Figure, figures, in_base_unit
from bot.assistant.naming import named_passages
from retrieval.knowledge.documents import NUTRIENTS, Kind, Passage

_COMBINES = re.compile(
    r"\b(?:more|less|fewer|lower|higher|extra|additional|difference|differs?|together|total|altogether|combined|sum"
    r"|both|adds? up|plus|left|leaves?|remain\w*|gap|apart|in all)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_CONVERTED = 0.01
"""A rounded figure that is converted is off by its rounding."""

_SHARE = re.compile(r"\b(?:your|target|goal|aim|day|daily)\b", re.IGNORECASE)
_TO_THE_PERSON = re.compile(r"\byou(rs?)?\b", re.IGNORECASE)


@dataclass(slots=True)
class Evidence:
    """What one turn's question, targets and passages hold."""

    question: str
    passages: Sequence[Passage]
    targets: Mapping[str, float]
    _own: tuple[Figure, ...] = field(init=False)
    _asked: tuple[Asked, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._own = figures(self.question)
        self._asked = asked_amounts(self.question)

    def unsupported(self, sentence: str, cited: frozenset[int]) -> list[Figure]:
        """Return the figures of `sentence` that nothing supports. `cited` are the numbers of the passages it cites.

        They must come from the passages that it cites, else from those whose title it names, else from any.
        """
        found = figures(sentence)
        if not found:
            return []
        about = [passage for number, passage in enumerate(self.passages, start=1) if number in cited]
        about = about or named_passages(sentence, self.passages) or list(self.passages)
        combines = _COMBINES.search(sentence) is not None
        wrong = [
            item
            for item in found
            if not self._restates(item, sentence)
            and not self._supports(item, about)
            and not (combines and self._supports_combined(item, about))
            and not (item.dimension == "percent" and self._supports_share(item, sentence, about))
        ]
        right = [item for item in found if item not in wrong]
        return [item for item in wrong if not any(_converts(item, known) for known in right)]

    def amounts(self, passage: Passage, nutrient: str) -> Iterator[float]:
        """Yield what `passage` holds of a key of `NUTRIENTS` (or `SALT`), in base units, on every basis that counts."""
        yield from self._by_basis(passage, nutrient).values()

    def _by_basis(self, passage: Passage, nutrient: str) -> dict[str, float]:
        """Return the amounts: as given, per 100 g, per portion, per amount that was asked for."""
        if nutrient == SALT:
            sodium = self._by_basis(passage, "sodium_mg")
            return {basis: amount * SALT_PER_SODIUM for basis, amount in sodium.items()}
        found: dict[str, float] = {}
        if nutrient in passage.facts:
            found["given"] = in_base_unit(nutrient, passage.facts[nutrient])
        if nutrient in passage.per_100g:
            per_gram = in_base_unit(nutrient, passage.per_100g[nutrient]) / 100
            found["100 g"] = per_gram * 100
            if passage.portion_g:
                found["portion"] = per_gram * passage.portion_g
            for number, asked in enumerate(self._asked):
                if (weighed := asked_of(passage, (asked,))) is not None:
                    found[f"asked {number}"] = per_gram * weighed[1]
        return found

    def _restates(self, item: Figure, sentence: str) -> bool:
        """Tell whether the figure is the person's own: from the question, or a target of theirs.

        "200 g of lentils have …" restates the question; "lentils have 50 g of protein" after "do they have 50 g?"
        would confirm it, so a nutrient's figure counts as restated only where the person is spoken to.
        """
        if item.nutrient is not None and not _TO_THE_PERSON.search(sentence):
            return False
        targets = (
            in_base_unit(name, amount)
            for name, amount in self.targets.items()
            if name == item.nutrient and name in NUTRIENTS
        )
        own = (known.amount for known in self._own if known.dimension == item.dimension)
        return any(item.agrees_with(amount) for amount in (*own, *targets))

    def _supports(self, item: Figure, passages: Sequence[Passage]) -> bool:
        if (
            item.dimension == "mass"
            and item.nutrient is None
            and _is_weight_of_asked(item, passages, self._asked)
        ):
            return True
        return any(
            _stated(item, passage)
            or any(
                item.agrees_with(amount) for name in _wanted(item) for amount in self.amounts(passage, name)
            )
            for passage in passages
        )

    def _supports_combined(self, item: Figure, passages: Sequence[Passage]) -> bool:
        """Tell whether the figure is a sum or difference of figures on one basis, or what a target leaves."""
        for name in _wanted(item):
            held = [self._by_basis(passage, name) for passage in passages]
            if any(item.agrees_with(abs(a - b)) or item.agrees_with(a + b) for a, b in _pairs(held)):
                return True
            every = [sum(found[basis] for found in held) for basis in _shared(held)] if len(held) > 2 else []
            target = in_base_unit(name, self.targets[name]) if name in self.targets else None
            left = (
                [target - amount for found in held for amount in found.values()] if target is not None else []
            )
            if any(item.agrees_with(amount) for amount in (*every, *left)):
                return True
        return False

    def _supports_share(self, item: Figure, sentence: str, passages: Sequence[Passage]) -> bool:
        """Tell whether a percentage is the share of a target of the person's: "18 % of your protein for the day"."""
        return _SHARE.search(sentence) is not None and any(
            item.agrees_with(100 * amount / in_base_unit(name, target))
            for name, target in self.targets.items()
            if name in NUTRIENTS and target
            for passage in passages
            for amount in self.amounts(passage, name)
        )


@lru_cache(maxsize=1024)  # the same passages come again with other questions
def passage_figures(text: str) -> tuple[Figure, ...]:
    """Return the figures that a passage's text states."""
    return figures(text)


def _converts(item: Figure, known: Figure) -> bool:
    """Tell whether a figure is a supported one of the same sentence in another unit: "230 kcal (962 kJ)"."""
    return (
        item.dimension == known.dimension
        and item.nutrient in (None, known.nutrient)
        and _LETTERS.findall(item.text) != _LETTERS.findall(known.text)
        and abs(item.amount - known.amount) <= max(item.tolerance, _CONVERTED * known.amount)
    )


def _wanted(item: Figure) -> Sequence[str]:
    """Return the fields that may hold the figure: its nutrient's, or that of anything that comes in its unit."""
    if item.nutrient is not None:
        return [item.nutrient] if item.nutrient in NUTRIENTS or item.nutrient == SALT else []
    # A mass without a nutrient's name may be anybody's mass in the passage; energy is always energy.
    if item.dimension == "energy":
        return ["energy_kcal"]
    return (
        [nutrient for nutrient in NUTRIENTS if nutrient != "energy_kcal"] if item.dimension == "mass" else []
    )


def _stated(item: Figure, passage: Passage) -> bool:
    """Tell whether the passage's words state the figure.

    A nutrient's figure in words counts where it is said of that nutrient or of none, in a note or a recipe's list
    ("Salt, 2.5 g"): what a food holds is in its fields.
    """
    if item.nutrient is None and item.dimension == "mass" and passage.per_100g and item.agrees_with(100.0):
        return True
    for known in passage_figures(passage.text):
        if known.dimension != item.dimension:
            continue
        if (
            item.nutrient is not None
            and known.nutrient != item.nutrient
            and not _listed(item, known, passage)
        ):
            continue
        if item.agrees_with(known.amount) or (known.low is not None and item.agrees_with(known.low)):
            return True
    return False


def _listed(item: Figure, known: Figure, passage: Passage) -> bool:
    """Tell whether a figure that names no nutrient may be meant: any of a note, in a recipe the ingredient's."""
    if known.nutrient is not None:
        return False
    if passage.kind is not Kind.RECIPE:
        return not passage.facts
    name = "salt" if item.nutrient == SALT else NUTRIENTS.get(item.nutrient or "", (item.nutrient or "",))[0]
    return name in passage.text[max(0, known.start - 40) : known.start].rpartition(";")[2].casefold()


def _is_weight_of_asked(item: Figure, passages: Sequence[Passage], asked: Sequence[Asked]) -> bool:
    weights = (asked_of(passage, (amount,)) for passage in passages for amount in asked)
    return any(item.agrees_with(weighed[1]) for weighed in weights if weighed is not None)


def _pairs(held: Sequence[Mapping[str, float]]) -> Iterator[tuple[float, float]]:
    for one, other in combinations(held, 2):
        for basis in one.keys() & other.keys():
            yield one[basis], other[basis]


def _shared(held: Sequence[Mapping[str, float]]) -> Iterable[str]:
    return set(held[0]).intersection(*held[1:]) if held else ()
