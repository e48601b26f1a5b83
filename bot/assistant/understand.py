"""What a person's text says about them and wants: `understand`, and `apply` to change preferences by it.

Rules over the lexicon, without a model. A restriction that may be meant is noted, never dropped; what is said of
other people, of the past, or only imagined, isn't the person's own.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.assistant.cues import phrases
from bot.assistant.diet_slips import diets_respelt
from bot.assistant.intents import Intent, intent_of, names_food, nutrient_in
from bot.assistant.memory import Reading
from bot.assistant.net import caught
from bot.assistant.net_forms import ticked
from bot.assistant.quotes import told_apart
from bot.assistant.reading import read
from bot.assistant.statements import Statement, Topic
from bot.assistant.struck import struck_out
from bot.assistant.subjects import About, Stance
from bot.assistant.targets import dropped_targets, targets_in
from bot.assistant.taste_net import tastes_caught
from bot.assistant.wording import plain
from retrieval.diet.exceptions import narrows
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Diet, Preferences
from retrieval.diet.rules import ALLERGENS, rules

__all__ = ["About", "Change", "Intent", "Understanding", "apply", "understand"]


@dataclass(frozen=True, slots=True)
class Change:
    """Preferences to add or to take away. `allergies` are allergen or lexicon ids, `targets` as in `Preferences`."""

    diets: frozenset[Diet] = frozenset()
    allergies: frozenset[str] = frozenset()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    targets: Mapping[str, float] = field(default_factory=dict)
    exceptions: frozenset[str] = frozenset()
    """Lexicon ids that are fine in spite of an allergy to their group, as in `Preferences`."""

    def __bool__(self) -> bool:
        restrictions = self.diets or self.allergies or self.exceptions
        return bool(restrictions or self.likes or self.dislikes or self.targets)

    def as_dict(self) -> dict[str, Any]:
        """Return plain lists and numbers, sorted where order means nothing."""
        return {
            "diets": sorted(self.diets),
            "allergies": sorted(self.allergies),
            **({"exceptions": sorted(self.exceptions)} if self.exceptions else {}),
            "likes": list(self.likes),
            "dislikes": list(self.dislikes),
            "targets": dict(sorted(self.targets.items())),
        }


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of one message.

    `add` and `remove` are about the person, or about somebody else when `about` is `OTHER`. When a message speaks of
    both, they are the person's own, and `others` holds what was said of the others. `nutrient` is a key of
    `retrieval.knowledge.documents.NUTRIENTS` when a figure is named. `unresolved` are words that stand where an
    allergy's food should, and that nobody knows: ask what is meant.
    """

    add: Change
    remove: Change
    about: About
    intent: Intent
    nutrient: str | None = None
    unresolved: tuple[str, ...] = ()
    others: Change = Change()
    needs_confirmation: frozenset[str] = frozenset()
    """Allergies in `remove` that the person really has: they stay until the person confirms (see `apply`)."""

    @property
    def loosens(self) -> frozenset[str]:
        """Exceptions in `add` to allergies that this message doesn't state: like a removal, they wait for a yes."""
        stated = self.add.allergies
        return frozenset(
            food for food in self.add.exceptions if not any(narrows(food, allergy) for allergy in stated)
        )

    @property
    def noted(self) -> Change:
        """What of `add` holds at once."""
        return replace(self.add, exceptions=self.add.exceptions - self.loosens)

    def as_dict(self) -> dict[str, Any]:
        """Return the document of `platewise prefs parse`."""
        return {
            "add": self.add.as_dict(),
            "remove": self.remove.as_dict(),
            "about": str(self.about),
            "intent": str(self.intent),
        }


def understand(text: str, before: Preferences = Preferences()) -> Understanding:  # noqa: B008 (immutable)
    """Understand a message from somebody whose preferences were `before`. Never fails, whatever the text.

    `remove` lists what `before` holds and the text takes back. With nothing known before, it lists what the text
    itself says to have been so ('I'm no longer vegan').
    """
    words = plain(diets_respelt(ticked(text)))
    told = told_apart(words)
    names = _names(text)
    struck = struck_out(told.own)
    reading = read(struck.rest, names)
    reading.statements = struck.after(
        tastes_caught(struck.rest, caught(struck.rest, reading.statements, names))
    )
    for said in told.by_others:
        reading.statements += [replace(item, about=About.OTHER) for item in read(said, names).statements]
    mine = _change(reading, About.SELF, before)
    theirs = _change(reading, About.OTHER, Preferences())
    numbers = targets_in(told.own)
    theirs = _Changes(replace(theirs.add, targets=targets_in(told.own, of_others=True)), theirs.remove)
    gone = dropped_targets(told.own) if before.targets else frozenset()
    dropped = {key: before.targets[key] for key in gone if key in before.targets}
    mine = _Changes(replace(mine.add, targets=numbers), replace(mine.remove, targets=dropped))
    about_other = bool(theirs) and not mine
    understood = theirs if about_other else mine
    states = bool(mine or reading.statements or reading.unresolved)
    return Understanding(
        add=understood.add,
        remove=understood.remove,
        about=About.OTHER if about_other else About.SELF,
        intent=intent_of(words, states=states, names_food=names_food(words)),
        nutrient=nutrient_in(words),
        unresolved=tuple(dict.fromkeys(reading.unresolved)),
        others=theirs.add,
        needs_confirmation=frozenset() if about_other else understood.remove.allergies & before.allergies,
    )


def apply(add: Change, remove: Change, before: Preferences, *, confirmed: bool = False) -> Preferences:
    """Return `before` with the changes made; the latest statement wins.

    A new like takes the same dislike away, and the other way round. Allergies are removed only when `confirmed`; an
    exception ends with the allergy it belongs to.
    """
    dropped_allergies = remove.allergies - add.allergies if confirmed else frozenset()
    allergies = (before.allergies - dropped_allergies) | add.allergies
    kept_targets = {key: value for key, value in before.targets.items() if key not in remove.targets}
    return Preferences(
        diets=(before.diets - remove.diets) | add.diets,
        allergies=allergies,
        likes=_joined(before.likes, add.likes, (*remove.likes, *add.dislikes)),
        dislikes=_joined(before.dislikes, add.dislikes, (*remove.dislikes, *add.likes)),
        targets={**kept_targets, **add.targets},
        settings=before.settings,
        exceptions=_narrowing((before.exceptions - remove.exceptions) | add.exceptions, allergies),
    )


_CAPITALISED = re.compile(
    r"\b([A-Z][a-zà-ÿ]{1,19})(?:['\u2019]s(?= ))??"
    r"(?=['\u2019]s (?:an? |also |not |really |both )?(?:allergic|ve[a-z]{3,8}|coeliac|celiac|diabetic|intolerant"
    r"|lactose|gluten)|,?(?: who| she| he)? (?:is|has|eats|avoids|follows|keeps|gets"
    r"|and (?:I|his|her)\b|can['\u2019]?t|cannot"
    r"|can not|hates|loves|likes|doesn['\u2019]?t|does not|won['\u2019]?t)\b)"
)


@dataclass(frozen=True, slots=True)
class _Changes:
    add: Change
    remove: Change

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)


def _names(text: str) -> frozenset[str]:
    """Return the lower-case names of persons: capitalised words before a verb that the lexicon doesn't know."""
    words = {match[1].lower() for match in _CAPITALISED.finditer(text)}
    return frozenset(word for word in words - _NO_NAMES if lexicon().resolve(word) is None)


_NO_NAMES = frozenset(
    "it this that he she there here what who everything nothing food which my the i".split()
)


def _change(reading: Reading, about: About, before: Preferences) -> _Changes:
    statements = [statement for statement in reading.statements if statement.about is about]
    holds = [statement for statement in statements if statement.stance is Stance.HOLDS]
    diets = frozenset(Diet(item.taste) for item in holds if item.topic is Topic.DIET)
    allergies = _allergies([item for item in statements if not _follows(item, diets)])
    likes, dislikes = _tastes([item for item in holds if not (item.weak and _covered(item, allergies))])
    add = Change(
        diets=diets - frozenset(_implied(holds, diets)),
        allergies=allergies,
        likes=likes,
        dislikes=dislikes,
        exceptions=_exceptions(statements, allergies | before.allergies) - before.exceptions,
    )
    taken_back = [statement for statement in statements if statement.stance is not Stance.HOLDS]
    remove = _removal(taken_back, add, before)
    ended = {item.ingredient for item in holds if item.topic is Topic.ALLERGY} & before.exceptions
    return _Changes(add, replace(remove, exceptions=frozenset(ended)))


def _follows(item: Statement, diets: frozenset[Diet]) -> bool:
    """Whether 'I don't eat fish' needs no allergy, because a diet of the same message says so: 'I'm vegan'."""
    excluded = frozenset().union(*(rules()[diet].excludes for diet in diets))
    return item.topic is Topic.ALLERGY and item.weak and item.widened <= excluded


def _allergies(statements: list[Statement]) -> frozenset[str]:
    """Return the allergies that hold. Of 'nuts, but peanuts are fine' the tree nuts stay."""
    allergies: set[str] = set()
    named: set[str] = set()
    for item in statements:
        if item.topic is Topic.ALLERGY and item.stance is Stance.HOLDS:
            allergies |= item.widened
            named |= item.widened if len(item.widened) == 1 else frozenset()
        elif item.topic in (Topic.EXCEPTION, Topic.FREEDOM):
            freed = (item.exact & ALLERGENS) - named
            allergies -= freed if allergies - freed else frozenset()
    return frozenset(allergies)


def _exceptions(statements: list[Statement], allergies: frozenset[str]) -> frozenset[str]:
    """Return the foods said to be fine that belong to one of the groups `allergies`; the last word counts."""
    bad = {
        item.ingredient for item in statements if item.topic is Topic.ALLERGY and item.stance is Stance.HOLDS
    }
    latest = {
        item.ingredient: item.topic
        for item in statements
        if item.ingredient
        and (item.topic in (Topic.EXCEPTION, Topic.FREEDOM) or item.topic is Topic.ALLERGY)
        and item.stance is not Stance.PAST
    }
    fine = (food for food, topic in latest.items() if topic is not Topic.ALLERGY and food not in bad)
    return _narrowing(fine, allergies)


def _narrowing(foods: Iterable[str], allergies: frozenset[str]) -> frozenset[str]:
    return frozenset(food for food in foods if any(narrows(food, allergy) for allergy in allergies))


def _covered(item: Statement, allergies: frozenset[str]) -> bool:
    """Whether 'no nuts' needs no dislike, because the same message tells of the allergy."""
    return item.topic is Topic.DISLIKE and bool(item.widened) and item.widened <= allergies


def _implied(holds: list[Statement], diets: frozenset[Diet]) -> Iterable[Diet]:
    """Yield the diets that only follow from a stricter or an exacter one: 'I'm vegan, so no meat'."""
    only_weak = {Diet(item.taste) for item in holds if item.topic is Topic.DIET} - {
        Diet(item.taste) for item in holds if item.topic is Topic.DIET and not item.weak
    }
    if Diet.VEGAN in diets:
        yield from only_weak & {Diet.VEGETARIAN, Diet.DAIRY_FREE}
    if Diet.PESCATARIAN in diets:
        yield Diet.VEGETARIAN


def _tastes(holds: list[Statement]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    latest: dict[str, Topic] = {}
    for item in holds:
        if item.topic in (Topic.LIKE, Topic.DISLIKE):
            latest.pop(item.taste, None)
            latest[item.taste] = item.topic
    likes = tuple(taste for taste, topic in latest.items() if topic is Topic.LIKE)
    dislikes = tuple(taste for taste, topic in latest.items() if topic is Topic.DISLIKE)
    return likes, dislikes


def _removal(taken_back: list[Statement], add: Change, before: Preferences) -> Change:
    """Return what statements that no longer hold take away from `before`."""
    diets, allergies = set[Diet](), set[str]()
    tastes = {*_keys(add.likes), *_keys(add.dislikes)}
    likes, dislikes = _keys(add.dislikes), _keys(add.likes)
    for item in taken_back:
        explicit = item.stance is Stance.RETRACTED and not before
        if item.topic is Topic.DIET:
            diets |= {Diet(item.taste)} if explicit else {Diet(item.taste)} & before.diets
        elif item.topic in (Topic.ALLERGY, Topic.FREEDOM, Topic.EXCEPTION):
            ids = (
                item.widened
                if item.topic is Topic.ALLERGY and item.stance is Stance.RETRACTED
                else item.exact
            )
            if item.topic is Topic.FREEDOM:
                diets |= _freed(item) & before.diets
                explicit = item.again and not before
                dislikes.add(_key(item.taste))
            allergies |= ids if explicit else ids & before.allergies
        elif item.topic is Topic.LIKE and _key(item.taste) not in tastes:
            likes.add(_key(item.taste))
        elif item.topic is Topic.DISLIKE:
            dislikes.add(_key(item.taste))
    return Change(
        diets=frozenset(diets - add.diets),
        allergies=frozenset(allergies - add.allergies),
        likes=tuple(taste for taste in before.likes if _key(taste) in likes),
        dislikes=tuple(taste for taste in before.dislikes if _key(taste) in dislikes - _keys(add.dislikes)),
    )


def _freed(item: Statement) -> frozenset[Diet]:
    """Return the diets that end with 'I eat meat again'."""
    if not item.again:
        return frozenset()
    freed = phrases().freed_diets
    return frozenset(Diet(diet) for food in item.exact for diet in freed.get(food, frozenset()))


def _key(taste: str) -> str:
    """Return what tastes are compared by: 'Walnuts' and 'walnut' are one."""
    return lexicon().resolve(taste) or taste.casefold()


def _keys(tastes: Iterable[str]) -> set[str]:
    return {_key(taste) for taste in tastes}


def _joined(before: tuple[str, ...], added: tuple[str, ...], dropped: tuple[str, ...]) -> tuple[str, ...]:
    gone = _keys(dropped) - _keys(added)
    kept = {_key(taste): taste for taste in before if _key(taste) not in gone}
    for taste in added:
        kept.setdefault(_key(taste), taste)
    return tuple(kept.values())
