"""Answers that need neither search nor model, and the notices that stand before an answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.assistant.guard import GuardStatus, Verdict
from bot.assistant.known import described
from bot.assistant.redlines import red_line
from bot.assistant.understand import About, Change, Intent, Understanding
from bot.assistant.words import both, either, food_name, reason_text, restriction_name
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.diet.violations import Violation


@dataclass(frozen=True, slots=True)
class Fixed:
    """A ready answer and the guard's word on it."""

    text: str
    verdict: Verdict


def fixed_answer(question: str, understood: Understanding, preferences: Preferences) -> Fixed | None:
    """Return the answer to what isn't a question about food; `None` when it is one.

    A medical red line comes before everything else.
    """
    if (line := red_line(question, preferences.targets)) is not None:
        return Fixed(line.answer, Verdict(GuardStatus.REFUSED, (f"red line: {line.kind}",)))
    texts = {
        Intent.STATE: "stated" if understood.add or understood.remove else "small_talk",
        Intent.SMALL_TALK: "small_talk",
        Intent.OPEN_PREFERENCES: "open_preferences",
    }
    if understood.intent is Intent.SHOW_PREFERENCES:
        return Fixed(describe_known(preferences), _FIXED)
    if (key := texts.get(understood.intent)) is not None:
        return Fixed(say(key), _FIXED)
    return None


def describe_known(preferences: Preferences) -> str:
    """Return everything that is known about a person, for that person to read."""
    if not preferences:
        return say("preferences_empty")
    return "\n".join((say("preferences_intro"), "", *(f"- {line}" for line in _known(preferences))))


def notices(understood: Understanding) -> tuple[str, ...]:
    """Return what a person should know was noted from their words, one sentence each."""
    said: list[str] = []
    added = described(understood.noted if understood.about is About.SELF else understood.add)
    removed = described(_without_allergies(understood.remove))
    changes = [item for item in (added, say("no_longer", changes=removed) if removed else "") if item]
    if changes:
        key = "noted" if understood.about is About.SELF else "noted_for_other"
        said.append(say(key, changes="; ".join(changes)))
    if understood.others:
        said.append(say("noted_for_other", changes=described(understood.others)))
    if dropped := sorted(understood.needs_confirmation):
        said.append(say("confirm_removal", names=_listed(dropped), first=food_name(dropped[0])))
    if understood.about is About.SELF and (fine := sorted(understood.loosens)):
        said.append(say("confirm_exception", names=_listed(fine), first=food_name(fine[0])))
    said.extend(_unresolved(word) for word in understood.unresolved)
    return tuple(said)


def left_out_notice(asked_for: Sequence[Violation]) -> str:
    """Say which foods of the question an answer keeps out, and why."""
    names = ", ".join(dict.fromkeys(found.mention.name for found in asked_for))
    reasons = dict.fromkeys(reason_text(item.reason) for item in asked_for)
    return say("left_out", names=names, reason="; ".join(reasons))


_FIXED = Verdict(GuardStatus.COMPOSED, ("fixed answer",))


def _known(preferences: Preferences) -> Iterator[str]:
    """Yield what is known, one line for each kind."""
    if allergies := sorted(preferences.allergies):
        fine = sorted(preferences.exceptions)
        key = "known_allergies_but" if fine else "known_allergies"
        yield say(key, names=_listed(allergies), fine=both(map(food_name, fine)) if fine else "")
    if preferences.diets:
        yield say(
            "known_diets", names=", ".join(restriction_name(item) for item in sorted(preferences.diets))
        )
    if preferences.likes:
        yield say("known_likes", names=_listed(preferences.likes))
    if preferences.dislikes:
        yield say("known_dislikes", names=_listed(preferences.dislikes))
    if preferences.targets:
        yield say("known_targets", names=described(Change(targets=preferences.targets)))


def _listed(foods: Iterable[str]) -> str:
    return ", ".join(map(food_name, foods))


def _without_allergies(change: Change) -> Change:
    return replace(change, allergies=frozenset())


def _unresolved(word: str) -> str:
    if suggestions := lexicon().suggest(word):
        return say("unresolved", word=word, suggestions=either(suggestions[:3]))
    return say("unresolved_unknown", word=word)
