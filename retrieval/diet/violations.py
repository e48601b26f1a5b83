"""What a text recommends against a person's restrictions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.diet.avoidance import Avoidance
from retrieval.diet.lexicon import Mention, lexicon
from retrieval.diet.permits import Answer, Conflict, conflicts_of, is_known_allergy
from retrieval.diet.preferences import Diet, Restrictions
from retrieval.diet.rules import ALLERGENS, rules
from retrieval.diet.words import Names, name_variants

_NEXT = re.compile(r"[^\S\r\n]*")
_AND = re.compile(r"(?:[^\S\r\n]|[,/&-]|\band\b)*")
_FREE = re.compile(r"[\s-]free\b", re.IGNORECASE)
_LESS = re.compile(r"\b(\w+)less\s+$", re.IGNORECASE)

# "12 g of sugar" and "sugar: 12 g" state a figure; "add 12 g of sugar" gives an order.
_AMOUNT_BEFORE = re.compile(
    r"\d\s*(?:g|grams?|mg|%|kcal)\s+(?:of\s+)?(?:added\s+|total\s+|is\s+)?$", re.IGNORECASE
)
_AMOUNT_AFTER = re.compile(r"\s*(?:\(g\))?\s*(?::|=|is|of|\()?\s*(?:about\s+)?\d", re.IGNORECASE)
_ORDER = re.compile(r"\b(?:add|stir|mix|sprinkle|use|take|put|dissolve|whisk)\b[^.!?\n]*$", re.IGNORECASE)
_LOOK_BACK = 120
_LONGEST_JOIN = 8


@dataclass(frozen=True, slots=True)
class Violation:
    """A mention that the person must not be recommended, the restriction it is against, and why."""

    mention: Mention
    restriction: str
    reason: str


def violations(text: str, restrictions: Restrictions) -> tuple[Violation, ...]:
    """Return the foods that `text` recommends against `restrictions`, in the order of the text.

    What the text names only to avoid it ("skip the satay sauce", "peanut-free") is left out; in doubt it
    counts as recommended. Diets that are judged by figures alone can't be judged from a text.
    """
    if not restrictions:
        return ()
    mentions = lexicon().find(text)
    suspects = [(mention, _against(mention.ingredient, restrictions)) for mention in mentions]
    suspects = [(mention, against) for mention, against in suspects if against]
    unlisted = _find_unlisted(text, restrictions)
    if not suspects and not unlisted:
        return ()
    avoidance = Avoidance(text, [*mentions] if not unlisted else _in_order(mentions, unlisted))
    found = [
        Violation(mention=mention, restriction=mention.ingredient, reason=f"names {mention.name}")
        for mention in unlisted
        if not avoidance.covers(mention)
    ]
    claims = _Claims(text, mentions) if suspects else None
    for mention, against in suspects:
        if claims is None or avoidance.covers(mention) or _states_figure(text, mention):
            continue
        without = claims.before(mention)
        kept = _against(mention.ingredient, restrictions, without) if without else against
        found += [
            Violation(mention=mention, restriction=conflict.restriction, reason=conflict.reason)
            for conflict in kept
        ]
    return tuple(sorted(found, key=lambda violation: violation.mention.start))


class _Claims:
    """What a text says isn't in a food, right before it: "vegan", "gluten-free", "eggless"."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._text = text
        self._claims: dict[int, tuple[int, frozenset[str]]] = {
            end: (start, rules()[Diet(diet)].excludes) for diet, start, end in lexicon().find_diets(text)
        }
        for mention in mentions:
            if free := _FREE.match(text, mention.end):
                start, left_out = self._claims.get(free.end(), (mention.start, frozenset()))
                self._claims[free.end()] = (
                    min(start, mention.start),
                    left_out | _left_out(mention.ingredient),
                )

    def before(self, mention: Mention) -> frozenset[str]:
        """Return all that the words right before `mention` say isn't in it."""
        without: frozenset[str] = frozenset()
        claim = self._ending_at(mention.start, _NEXT)
        while claim is not None:
            position, left_out = claim
            without |= left_out
            claim = self._ending_at(position, _AND)
        if less := _LESS.search(self._text, max(0, mention.start - 20), mention.start):
            key = lexicon().resolve(less.group(1))
            without |= _left_out(key) if key else frozenset()
        return without

    def _ending_at(self, position: int, joined: re.Pattern[str]) -> tuple[int, frozenset[str]] | None:
        for end in range(position, max(-1, position - _LONGEST_JOIN), -1):
            if end in self._claims and joined.fullmatch(self._text, end, position):
                return self._claims[end]
        return None


def _left_out(ingredient: str) -> frozenset[str]:
    """Return what "X-free" promises: no X and nothing that X alone brings ("sugar-free": no added sugar)."""
    item = lexicon()[ingredient]
    return frozenset({ingredient}) | item.may_be | (item.carries - ALLERGENS - {"high_fodmap"})


def _against(
    ingredient: str, restrictions: Restrictions, without: frozenset[str] = frozenset()
) -> tuple[Conflict, ...]:
    """Return conflicts that count in a text: a word that may mean what is left out is enough.

    What only a certificate can tell is not: meat is no violation of a halal diet.
    """
    may_be = lexicon()[ingredient].may_be
    return tuple(
        conflict
        for conflict in conflicts_of(ingredient, restrictions, without)
        if conflict.answer is Answer.NO
        or conflict.restriction in restrictions.allergies
        or may_be & rules()[Diet(conflict.restriction)].excludes
    )


def _find_unlisted(text: str, restrictions: Restrictions) -> list[Mention]:
    """Find allergies outside the lexicon by their own words."""
    names = {
        words: allergy
        for allergy in restrictions.allergies
        if not is_known_allergy(allergy)
        for words in name_variants(allergy)
    }
    if not names:
        return []
    return [
        Mention(ingredient=allergy, start=start, end=end, name=text[start:end])
        for allergy, start, end in Names(names).find(text)
    ]


def _in_order(mentions: Iterable[Mention], unlisted: Iterable[Mention]) -> list[Mention]:
    """Merge two lists of mentions by place; where they overlap, the first one stays."""
    merged: list[Mention] = []
    for mention in sorted((*mentions, *unlisted), key=lambda mention: (mention.start, -mention.end)):
        if not merged or mention.start >= merged[-1].end:
            merged.append(mention)
    return merged


def _states_figure(text: str, mention: Mention) -> bool:
    if mention.ingredient != "sugar":
        return False
    begin = max(0, mention.start - _LOOK_BACK)
    if _ORDER.search(text, begin, mention.start):
        return False
    return bool(_AMOUNT_BEFORE.search(text, begin, mention.start) or _AMOUNT_AFTER.match(text, mention.end))
