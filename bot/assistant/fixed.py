"""Answers that need neither search nor model, and the notices that stand before an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.assistant.guard import GuardStatus, Verdict
from bot.assistant.redlines import red_line
from bot.assistant.understand import About, Change, Intent, Understanding
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.diet.violations import Violation
from retrieval.prompt import describe_preferences, label, target_label


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
    return f"{say('preferences_intro')}\n\n{_as_list(describe_preferences(preferences))}"


def notices(understood: Understanding) -> tuple[str, ...]:
    """Return what a person should know was noted from their words, one sentence each."""
    said: list[str] = []
    added = describe_change(understood.noted if understood.about is About.SELF else understood.add)
    removed = describe_change(_without_allergies(understood.remove))
    changes = [item for item in (added, f"no longer {removed}" if removed else "") if item]
    if changes:
        key = "noted" if understood.about is About.SELF else "noted_for_other"
        said.append(say(key, changes="; ".join(changes)))
    if understood.others:
        said.append(say("noted_for_other", changes=describe_change(understood.others)))
    if dropped := sorted(understood.needs_confirmation):
        names = ", ".join(label(item) for item in dropped)
        said.append(say("confirm_removal", names=names, first=label(dropped[0])))
    if understood.about is About.SELF and (fine := sorted(understood.loosens)):
        names = ", ".join(label(item) for item in fine)
        said.append(say("confirm_exception", names=names, first=label(fine[0])))
    said.extend(_unresolved(word) for word in understood.unresolved)
    return tuple(said)


def left_out_notice(asked_for: Sequence[Violation]) -> str:
    """Say which foods of the question an answer keeps out, and why."""
    names = ", ".join(dict.fromkeys(found.mention.name for found in asked_for))
    return say("left_out", names=names, reason="; ".join(dict.fromkeys(item.reason for item in asked_for)))


def describe_change(change: Change) -> str:
    """Return a change in words: 'allergy to peanuts, vegan, dislikes walnuts, protein 150 g a day'."""
    words = [f"allergy to {label(item)}" for item in sorted(change.allergies)]
    words += [f"{label(item)} may be eaten" for item in sorted(change.exceptions)]
    words += [label(item) for item in sorted(change.diets)]
    words += _tastes("likes", change.likes) + _tastes("dislikes", change.dislikes)
    words += [target_label(*item) for item in sorted(change.targets.items())]
    return ", ".join(words)


_FIXED = Verdict(GuardStatus.COMPOSED, ("fixed answer",))


def _tastes(verb: str, items: Iterable[str]) -> list[str]:
    return [f"{verb} {label(item)}" for item in items]


def _without_allergies(change: Change) -> Change:
    return replace(change, allergies=frozenset())


def _unresolved(word: str) -> str:
    if suggestions := lexicon().suggest(word):
        return say("unresolved", word=word, suggestions=" or ".join(suggestions[:3]))
    return say("unresolved_unknown", word=word)


def _as_list(lines: str) -> str:
    return "\n".join(f"- {line}" for line in lines.splitlines())
