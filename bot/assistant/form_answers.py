"""What a message answers in the form: the open question, others, several at once, or none because it asks something."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.assistant.form import Form, Mark, Step
from bot.assistant.form_words import Word, is_talk, items, pieces, without_nones, word_of
from bot.assistant.prefs_command import Action, Kind
from bot.assistant.prefs_values import UnknownWordError, joined, values_of
from bot.assistant.redlines import LOWEST_ENERGY, RedLine, red_line
from bot.assistant.understand import About, Change, Intent, Understanding, understand
from bot.assistant.wording import plain, sentences
from bot.store.tables import Purpose
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.diet.rules import ALLERGENS
from retrieval.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that nobody knows, and lexicon ids or names that look like it."""

    word: str
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a message answers: `form` is the form afterwards.

    `taken`: it was only an answer, so that `change` and `consents` are to be stored, and nobody else answers it. What
    isn't taken is a normal message, whose turn applies what it states. `candidates` are allergies that may be meant.
    `kept` are the steps to which 'none' was said although something is known: that stays. `warning` is there for an aim
    so low that a doctor should know of it.
    """

    form: Form
    taken: bool = False
    change: Change = field(default_factory=Change)
    consents: Mapping[Purpose, bool] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()
    candidates: frozenset[str] = frozenset()
    kept: tuple[Step, ...] = ()
    warning: RedLine | None = None


def read_answer(text: str, form: Form, before: Preferences) -> Answered:
    """Return what `text` answers, from somebody whose preferences were `before`. Stores nothing."""
    step = form.open_step
    if step is None:
        return Answered(form)
    words = word_of(text)
    if words and (said := _in_a_word(words, form, step, before)) is not None:
        return said
    rest, none = without_nones(text, step)
    if not rest:
        return _none(form, none, before)
    understood = understand(rest, before)
    stated = _steps_of(understood.add) if understood.about is About.SELF else frozenset()
    if _needs_a_turn(rest, understood, before):
        return Answered(_none(form, none - stated, before).form.marked(_said(stated)))
    read = _read(rest, step, understood)
    if read is None:
        # Nobody knows what it says; 'none of …' within it counts all the same.
        return Answered(_none(form, none, before).form)
    stated = _steps_of(read.change)
    finished = _none(form, none - stated, before)
    # What wasn't recognised is asked about once more, so that it isn't lost.
    stated -= {read.unclear}
    return Answered(
        finished.form.marked(_said(stated)),
        taken=True,
        change=read.change,
        unknown=read.unknown,
        candidates=_maybe_allergies(read.change) if step is Step.ALLERGIES else frozenset(),
        kept=finished.kept,
        warning=_warning(read.change),
    )


def none_of(form: Form, step: Step, before: Preferences) -> Answered:
    """Return the form after 'none' was said to a step about eating. What is known stays: a word never drops it."""
    return _none(form, frozenset({step}), before)


@dataclass(frozen=True, slots=True)
class _Read:
    change: Change
    unknown: tuple[Unknown, ...] = ()
    unclear: Step | None = None


def _in_a_word(words: frozenset[Word], form: Form, step: Step, before: Preferences) -> Answered | None:
    """Return what a message answers that is nothing but 'no', 'none', 'skip' …; None where that says nothing here."""
    if Word.QUIT in words:
        return Answered(form.quit(), taken=True)
    if step.purpose is not None and words & {Word.YES, Word.NO}:
        granted = Word.YES in words
        return Answered(form.marked({step: Mark.SAID}), taken=True, consents={step.purpose: granted})
    if Word.SKIP in words:
        return Answered(form.marked({step: Mark.SKIPPED}), taken=True)
    if step.kind is None:
        return None
    if Word.NONE in words:
        return none_of(form, step, before)
    if Word.DONE in words:
        return Answered(form.marked({step: done(step, before)}), taken=True)
    # 'Yes' to 'are you allergic to anything?' isn't an answer yet: the question is put again.
    return Answered(form, taken=True) if words & {Word.YES, Word.NO} else None


def done(step: Step, before: Preferences) -> Mark:
    """Return how a step is marked when the person says that they are done with it."""
    return Mark.SAID if step in _held(before) else Mark.SKIPPED


def _none(form: Form, steps: Iterable[Step], before: Preferences) -> Answered:
    held = _held(before)
    marks = {step: Mark.SAID if step in held else Mark.NONE for step in sorted(steps)}
    kept = tuple(step for step in marks if step in held)
    return Answered(form.marked(marks), taken=True, kept=kept)


def _needs_a_turn(text: str, understood: Understanding, before: Preferences) -> bool:
    """Tell whether a message asks something, or says what only the normal turn deals with."""
    if understood.about is About.OTHER or understood.others:
        return True
    if understood.remove or understood.loosens or understood.needs_confirmation:
        return True
    if understood.intent not in (Intent.STATE, Intent.QUESTION, Intent.OTHER):
        return True
    if any(sentence.question for sentence in sentences(plain(text))):
        return True
    return red_line(text, {**before.targets, **understood.add.targets}) is not None


def _read(text: str, step: Step, understood: Understanding) -> _Read | None:
    """Return what a message states, in whole sentences or as a bare list that answers the open step."""
    if understood.add or understood.unresolved:
        unknown = tuple(Unknown(word, lexicon().suggest(word)) for word in understood.unresolved)
        read = _beside(text, step, understood.noted)
        return _Read(read.change, (*unknown, *read.unknown), Step.ALLERGIES if unknown else read.unclear)
    return _bare_list(items(text), step)


def _beside(text: str, step: Step, stated: Change) -> _Read:
    """Return what is stated, and the bare words beside it that answer the open step: 'kiwi, but I love tofu'."""
    change, unknown = stated, list[Unknown]()
    tastes = {*stated.likes, *stated.dislikes, *stated.exceptions}
    for name in (name for piece in pieces(text) for name in (_names(piece) if step in _FOODS else [piece])):
        known = lexicon().resolve(name)
        # What a taste is stated of isn't an answer as well: 'I love tofu, kiwi and mango'.
        if step not in _READERS or known in tastes or (known is None and _says_more(name)):
            continue
        if step is Step.DISLIKES and known is None:
            continue  # any words could be something to dislike
        try:
            read = _READERS[step](name)
        except UnknownWordError as error:
            unknown.append(Unknown(error.word, error.alternatives))
        except BadInputError:
            continue
        else:
            change = change if tastes & {*read.allergies, *read.dislikes} else joined(change, read)
    # A word that nobody knows may be anything ('hi'), unless it stands in a list with others that answer.
    unsure = tuple(unknown) if step is Step.ALLERGIES and change != stated else ()
    return _Read(change, unsure, step if unsure else None)


def _says_more(piece: str) -> bool:
    """Tell whether a piece of a message says something of its own, so that it can't be a name that nobody knows."""
    if is_talk(piece) or word_of(piece) or len(piece.split()) > _LONGEST_NAME:
        return True
    return bool(understand(piece).add)


def _bare_list(found: list[str], step: Step) -> _Read | None:
    """Return a list as the answer to the open step; None when it isn't one."""
    if step not in _READERS or any(is_talk(item) for item in found):
        return None
    change, unknown = Change(), list[Unknown]()
    names = (name for item in found for name in (_names(item) if step in _FOODS else [item]))
    for name in names:
        try:
            change = joined(change, _READERS[step](name))
        except UnknownWordError as error:
            unknown.append(Unknown(error.word, error.alternatives))
        except BadInputError:
            return None
    if not change and any(len(item.split()) > _LONGEST_NAME for item in found):
        return None
    return _Read(change, tuple(unknown), step if unknown else None) if change or unknown else None


_FOODS = (Step.ALLERGIES, Step.DISLIKES)
_LONGEST_NAME = 3
_ANY_AND = re.compile(r"\s+(?:and|or|y|o|e|u)\s+", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d.,]*")
_ARTICLE = re.compile(r"(?:the|a|an|any|some|all|el|la|los|las|un|una)\s+", re.IGNORECASE)
_LEAST_ENERGY = 500
"""A bare number from here on can only be kilocalories a day."""


def _names(item: str) -> Iterator[str]:
    """Yield the names in an item: 'macaroni and cheese' is one where the lexicon knows it, else two."""
    item = _ARTICLE.sub("", item, count=1)
    if lexicon().resolve(item) is not None:
        yield item
    else:
        yield from (_ARTICLE.sub("", part.strip(), count=1) for part in _ANY_AND.split(item) if part.strip())


def _dislikes(name: str) -> Change:
    known = lexicon().resolve(name)
    if known is None and len(name.split()) > _LONGEST_NAME:
        return Change()
    return Change(dislikes=(known or name.casefold(),))


def _aims(item: str) -> Change:
    number = _NUMBER.fullmatch(item)
    read = understand(f"{item} kcal").add.targets if number else {}
    if number and read.get("energy_kcal", 0.0) >= _LEAST_ENERGY:
        return Change(targets=read)
    return values_of(Kind.TARGET, item, Action.ADD)


_READERS = {
    Step.DIETS: lambda item: values_of(Kind.DIET, item, Action.ADD),
    Step.ALLERGIES: lambda name: values_of(Kind.ALLERGY, name, Action.ADD),
    Step.DISLIKES: _dislikes,
    Step.AIMS: _aims,
}


def _steps_of(change: Change) -> frozenset[Step]:
    stated = {
        Step.DIETS: change.diets,
        Step.ALLERGIES: change.allergies,
        Step.DISLIKES: change.dislikes,
        Step.AIMS: change.targets,
    }
    return frozenset(step for step, values in stated.items() if values)


def _held(before: Preferences) -> frozenset[Step]:
    return _steps_of(Change(before.diets, before.allergies, dislikes=before.dislikes, targets=before.targets))


def _said(steps: Iterable[Step]) -> dict[Step, Mark]:
    return dict.fromkeys(sorted(steps), Mark.SAID)


def _maybe_allergies(change: Change) -> frozenset[str]:
    """Return the allergens that are only disliked: of 'no peanuts' nobody knows whether it is an allergy."""
    disliked = (lexicon().resolve(taste) for taste in change.dislikes)
    return frozenset(item for item in disliked if item is not None and item in ALLERGENS) - change.allergies


def _warning(change: Change) -> RedLine | None:
    energy = change.targets.get("energy_kcal", LOWEST_ENERGY)
    return red_line("energy target", change.targets) if energy < LOWEST_ENERGY else None
