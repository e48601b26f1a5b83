"""What a text recommends against a person's restrictions."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.diet.avoidance import Avoidance
from retrieval.diet.disguise import Revealed, reveal
from retrieval.diet.lexicon import Mention, lexicon
from retrieval.diet.permits import Answer, Conflict, conflicts_of, is_known_allergy, mixed_by
from retrieval.diet.preferences import Diet, Restrictions
from retrieval.diet.reasons import Form, reason
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
_NO_CLAIM = re.compile(
    r"(?:\b(?:not|non|never|hardly|anything but)|n't)[\s-]+(?:(?:a|an|the|your|really)\s+)?$", re.IGNORECASE
)
_WITHOUT = re.compile(
    r"\s+(?:(?:(?:that|which)\s+)?(?:is|are)\s+)?(?:\w+\s+)?(?:without|with no|minus|but no|free (?:from|of))\s+"
    r"(?:any\s+|the\s+)?",
    re.IGNORECASE,
)
_ALSO = re.compile(r"\s*(?:,|\bor\b|\band\b|\bnor\b)+\s*(?:(?:or|and|any|the)\s+)*", re.IGNORECASE)
_NON = re.compile(r"\bnon[\s-]+$", re.IGNORECASE)
_CLAIM_WORD = re.compile(r"(?:vegan|vegetarian|veggie|plant[\s-]based|\w+[\s-]free)\b[\s-]*", re.IGNORECASE)
_PLANT_MILK = re.compile(r"m[iy]lk$", re.IGNORECASE)
_DAIRY_NEXT = re.compile(  # not chocolate: "almond milk chocolate" is milk chocolate
    r"[^\S\r\n]+(?:(?:greek|style|frozen|whipped|whipping|sour|soft|cooking|barista|ice|rice)[\s-]+)*"
    r"(?:yog\w+|cream\w*|cheeses?|cheesecakes?|custards?|kefir|lattes?|cappuccinos?|milk\w*|smoothies?|puddings?|gelato|skyr|quark"
    r"|panna|b[eé]chamel|kulfi|kheer|cr[eè]me|feta|ricotta|mozzarella|parmesan|desserts?|mousse)\b",
    re.IGNORECASE,
)
_BASED = re.compile(r"[\s-]based\b", re.IGNORECASE)
_PLANTS = frozenset(("tree_nuts", "soybeans", "oat", "coconut", "pea", "hemp_seed", "rice"))
"""What foods are made of that take the place of dairy foods; a tomato-based sauce may be full of cream."""
_LOOK_BACK = 120
_LONGEST_JOIN = 8
_LONGEST_DENIAL = 30


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
    found = _violations(text, restrictions)
    if revealed := reveal(text):
        found = _with_disguised(text, found, revealed, restrictions)
    return tuple(sorted(found, key=lambda violation: violation.mention.start))


def _violations(text: str, restrictions: Restrictions) -> list[Violation]:
    mentions = _without_false_claims(text, lexicon().find(text))
    suspects = [(mention, _against(mention.ingredient, restrictions)) for mention in mentions]
    suspects = [(mention, against) for mention, against in suspects if against]
    unlisted = _find_unlisted(text, restrictions)
    mixing = [diet for diet in sorted(restrictions.diets) if rules()[diet].together]
    if not suspects and not unlisted and not mixing:
        return []
    avoidance = Avoidance(text, [*mentions] if not unlisted else _in_order(mentions, unlisted))
    found = [
        Violation(mention=mention, restriction=mention.ingredient, reason=reason(Form.NAMES, mention.name))
        for mention in unlisted
        if not avoidance.covers(mention)
    ]
    claims = _Claims(text, mentions) if suspects else None
    for mention, against in suspects:
        if claims is None or avoidance.covers(mention) or _states_figure(text, mention):
            continue
        without = claims.before(mention) | claims.after(mention, avoidance)
        kept = _against(mention.ingredient, restrictions, without) if without else against
        found += [
            Violation(mention=mention, restriction=conflict.restriction, reason=conflict.reason)
            for conflict in kept
        ]
    for diet in mixing:
        found += _mixed(text, [mention for mention in mentions if not avoidance.covers(mention)], diet)
    return found


def _mixed(text: str, recommended: Sequence[Mention], diet: Diet) -> Iterator[Violation]:
    """Find sentences that put together what `diet` keeps apart: 'steak with butter' isn't kosher."""
    start = 0
    for stop in (*(match.end() for match in _STOP.finditer(text)), len(text)):
        here = [mention for mention in recommended if start <= mention.start < stop]
        if len(here) > 1 and (mixed := mixed_by((mention.ingredient for mention in here), diet)):
            yield Violation(mention=here[-1], restriction=diet.value, reason=mixed)
        start = stop


_STOP = re.compile(r"[.!?;]\s|\n")


def _with_disguised(
    text: str, found: list[Violation], revealed: Revealed, restrictions: Restrictions
) -> list[Violation]:
    """Return `found` and what stands in the text only when its words are made whole."""
    plain = {(mention.start, mention.end) for mention in lexicon().find(text)}
    whole: list[Violation] = []
    for violation in _violations(revealed.text, restrictions):
        start, end = revealed.place(violation.mention.start, violation.mention.end)
        if (start, end) not in plain:
            mention = replace(violation.mention, start=start, end=end, name=text[start:end])
            whole.append(replace(violation, mention=mention))
    hidden = {
        (violation.restriction, place)
        for violation in whole
        for place in range(violation.mention.start, violation.mention.end)
    }
    return [
        found_one for found_one in found if (found_one.restriction, found_one.mention.start) not in hidden
    ] + whole


def _without_false_claims(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return `mentions` with "vegan cheese" as "cheese" where the text says non-vegan cheese."""
    if "non" not in text.lower():
        return mentions
    kept: list[Mention] = []
    for mention in mentions:
        claim = _CLAIM_WORD.match(mention.name)
        if claim and _NON.search(text, max(0, mention.start - _LONGEST_JOIN), mention.start):
            begin = mention.start + claim.end()
            kept += (
                replace(food, start=begin + food.start, end=begin + food.end)
                for food in lexicon().find(text[begin : mention.end])
            )
        else:
            kept.append(mention)
    return tuple(kept)


class _Claims:
    """What a text says isn't in a food: "vegan", "gluten-free" or "eggless" before it, "without eggs" after it."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._text = text
        self._starting = {mention.start: mention for mention in mentions}
        self._claims: dict[int, tuple[int, frozenset[str]]] = {
            end: (start, rules()[Diet(diet)].excludes) for diet, start, end in lexicon().find_diets(text)
        }
        for mention in mentions:
            if plant_base := _end_of_plant_base(text, mention):  # "coconut milk ice cream"
                self._claims.setdefault(plant_base, (mention.start, frozenset({"milk"})))
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
            if _NO_CLAIM.search(self._text, max(0, position - _LONGEST_DENIAL), position):
                break
            without |= left_out
            claim = self._ending_at(position, _AND)
        if less := _LESS.search(self._text, max(0, mention.start - 20), mention.start):
            key = lexicon().resolve(less.group(1))
            without |= _left_out(key) if key else frozenset()
        return without

    def after(self, mention: Mention, avoidance: Avoidance) -> frozenset[str]:
        """Return all that the words right after `mention` say isn't in it."""
        without: frozenset[str] = frozenset()
        words = _WITHOUT.match(self._text, mention.end)
        while words and (left_out := self._starting.get(words.end())) and avoidance.covers(left_out):
            without |= _left_out(left_out.ingredient)
            words = _ALSO.match(self._text, left_out.end)
        return without

    def _ending_at(self, position: int, joined: re.Pattern[str]) -> tuple[int, frozenset[str]] | None:
        for end in range(position, max(-1, position - _LONGEST_JOIN), -1):
            if end in self._claims and joined.fullmatch(self._text, end, position):
                return self._claims[end]
        return None


def _end_of_plant_base(text: str, mention: Mention) -> int:
    """Return where words end that say a food is made of a plant instead of milk: "oat milk", "soy-based"; or 0."""
    brought = lexicon().contents_of(mention.ingredient).everything
    based = _BASED.match(text, mention.end) if brought & _PLANTS else None
    end = based.end() if based else mention.end
    made = based or _PLANT_MILK.search(mention.name)
    return end if made and "milk" not in brought and _DAIRY_NEXT.match(text, end) else 0


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
