"""What the phrases missed: restrictions read from words instead of grammar, in ten languages, with `caught`.

A food beside a word of alarm ('allergy', 'throat closes', 'нельзя') is an allergy unless something cancels it: denial,
history, imagination, a question, people in general. The net only adds what the phrases didn't read, and takes back
what the text says to be over; where phrases and net differ on whose it is, the phrases are right.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.assistant.net_diets import diets_caught
from bot.assistant.net_owner import owner
from bot.assistant.net_reach import in_reach
from bot.assistant.net_stance import stance
from bot.assistant.net_words import ALARMS, RELIEFS, Clause, Word, clauses, sentence_around, speaks_of_allergy
from bot.assistant.objects import Item
from bot.assistant.statements import Statement, Topic
from bot.assistant.subjects import About, Stance
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Diet


def caught(
    plain_text: str, statements: list[Statement], names: frozenset[str] = frozenset()
) -> list[Statement]:
    """Return `statements`, which the phrases read in plain text, with what they missed.

    `names` are lower-case names of persons. Linear in the length of the text.
    """
    if not speaks_of_allergy(plain_text) and not lexicon().find_diets(plain_text):
        return statements
    parts = clauses(plain_text)
    heard = list(dict.fromkeys(_heard(parts, names)))
    of_people = _said_of_people(parts, names) - frozenset().union(*(item.said.widened for item in heard))
    allergies = frozenset[str]().union(*(item.exact for item in statements if item.topic is Topic.ALLERGY))
    kept = [
        item
        for item in statements
        if not (
            _corrected(item, heard) or _is_of_people(item, of_people) or _is_no_taste(item, heard, allergies)
        )
    ]
    added = [item.said for item in heard if not _known(item, kept)]
    return [*kept, *dict.fromkeys(added), *diets_caught(parts, kept, names)]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A statement that an alarm makes; `certain` when the phrases tend to misread its words."""

    said: Statement
    certain: bool


def _heard(parts: list[Clause], names: frozenset[str]) -> Iterator[_Heard]:
    before: _Alarm | None = None
    for at, clause in enumerate(parts):
        alarm = _loudest(parts, at, names)
        if alarm is not None:
            foods = in_reach(parts, at, alarm.word)
        elif before is not None and clause.bare and clause.has("also"):
            alarm, foods = before, clause.foods  # 'no molluscs either'
        else:
            before = before if before and clause.number - parts[before.at].number <= 1 else None
            continue
        before = alarm if alarm.stance is Stance.HOLDS else None
        for food in foods:
            if food.widened:
                yield _Heard(_statement(alarm, food), _is_certain(parts, alarm, food))


def _statement(alarm: "_Alarm", food: Item) -> Statement:
    # What is only maybe over takes back what was known, be it the food or its allergen.
    exact = food.exact if alarm.stance in (Stance.HOLDS, Stance.RETRACTED) else food.exact | food.widened
    return Statement(
        Topic.ALLERGY, alarm.stance, alarm.about, food.taste, exact, food.widened, ingredient=food.ingredient
    )


def _is_certain(parts: list[Clause], alarm: "_Alarm", food: Item) -> bool:
    clause = parts[alarm.at]
    if alarm.stance is not Stance.HOLDS:
        return False
    if alarm.about is About.OTHER:
        named = food in clause.foods and clause.has("other")
        return named and not any(part.has("me") for part in sentence_around(parts, alarm.at))
    mine = food in clause.foods or (clause.has("me") and alarm.about is About.SELF)
    reacts = alarm.word.kind == "reaction" and mine and not clause.has("fine", "free", "not")
    return reacts or alarm.word.kind == "gone" or clause.has("untrue")


def _said_of_people(parts: list[Clause], names: frozenset[str]) -> frozenset[str]:
    """Return the allergies that sentences without the person tell of people in general: 'mucha gente es alérgica'."""
    ids: set[str] = set()
    for at, clause in enumerate(parts):
        if not clause.foods or any(part.has("me", "other") for part in sentence_around(parts, at)):
            continue
        alarms = clause.of("allergy")
        told = any(part.has("label") for part in sentence_around(parts, at))
        if alarms and (told or all(owner(parts, at, alarm, names) is None for alarm in alarms)):
            ids.update(*(item.widened for item in clause.foods))
    return frozenset(ids)


def _is_of_people(known: Statement, of_people: frozenset[str]) -> bool:
    holds = known.topic is Topic.ALLERGY and known.stance is Stance.HOLDS
    return holds and bool(known.widened) and known.widened <= of_people


@dataclass(frozen=True, slots=True)
class _Alarm:
    """An alarm of the clause `at`, what it comes to, and for whom."""

    at: int
    word: Word
    stance: Stance
    about: About


def _loudest(parts: list[Clause], at: int, names: frozenset[str]) -> _Alarm | None:
    """Return the first alarm of a clause that says something; what is taken back counts only where nothing holds."""
    over: _Alarm | None = None
    for word in parts[at].of(*ALARMS, *RELIEFS):
        found = stance(parts, at, word)
        about = owner(parts, at, word, names) if found else None
        if found is None or about is None:
            continue
        if found is Stance.HOLDS:
            return _Alarm(at, word, found, about)
        over = over or _Alarm(at, word, found, about)
    return over


def _is_no_taste(known: Statement, heard: list[_Heard], allergies: frozenset[str]) -> bool:
    """Whether a dislike is an allergy of which the phrases read nothing: 'keep squid away, I swell up'."""
    if known.topic is not Topic.DISLIKE or not known.exact or known.exact & allergies:
        return False
    return any(
        item.said.stance is Stance.HOLDS and known.about is item.said.about and known.exact <= item.said.exact
        for item in heard
    )


def _known(heard: _Heard, statements: list[Statement]) -> bool:
    """Whether the phrases have settled what the net hears, be it in favour or against."""
    said = heard.said
    if said.stance in (Stance.PAST, Stance.DENIED):
        return any(known.stance is Stance.HOLDS and _same_food(known, said) for known in statements)
    for known in statements:
        if not _same_food(known, said):
            continue
        if known.topic is Topic.ALLERGY and known.about is said.about and known.stance is said.stance:
            return True
        settled = known.topic in (Topic.EXCEPTION, Topic.FREEDOM, Topic.ALLERGY)
        if settled and not heard.certain and known.stance is not Stance.PAST:
            return True
    return False


def _same_food(known: Statement, item: Statement) -> bool:
    return bool(known.exact & item.exact or known.widened & item.widened)


_DIETS_OF = {"gluten": Diet.GLUTEN_FREE, "milk": Diet.DAIRY_FREE}


def _corrected(known: Statement, heard: list[_Heard]) -> bool:
    """Whether the net knows better: of whom an allergy is told, or that the same words say it to be over."""
    for item in heard:
        said = item.said
        if known.about is not said.about:
            taken = item.certain and known.topic is Topic.ALLERGY and _same_food(known, said)
            if taken and not any(
                other.said.about is known.about and _same_food(other.said, said) for other in heard
            ):
                return True
            continue
        holds = said.stance is Stance.HOLDS
        implied = known.topic is Topic.DIET and known.weak and holds
        if implied and any(known.taste == _DIETS_OF.get(key) for key in said.widened):
            return True
        if not _same_food(known, said):
            continue
        if (
            item.certain
            and known.topic in (Topic.ALLERGY, Topic.FREEDOM)
            and known.stance is not Stance.HOLDS
        ):
            return True
        again = any(other.said.stance is Stance.HOLDS and _same_food(other.said, said) for other in heard)
        over = known.topic is Topic.ALLERGY and known.stance is Stance.HOLDS and not again
        if over and said.stance in (Stance.RETRACTED, Stance.DENIED):
            return True
    return False
