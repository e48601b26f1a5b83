"""Why an answer is as it is: what was understood, what was found, what counted, and what the guard did."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.assistant.guard import GuardStatus, cited_numbers
from bot.assistant.intents import Intent
from bot.assistant.known import described
from bot.assistant.understand import Change
from bot.assistant.words import nutrient_name, reason_text
from bot.messages import say
from bot.store.conversations import Turn, TurnRecord
from retrieval.diet.preferences import Preferences
from retrieval.knowledge.documents import NUTRIENTS

MOST_REASONS = 6
"""Reasons of the guard that are told."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the explanation: plain text, no markup."""

    heading: str
    lines: tuple[str, ...]


def explain(turn: Turn) -> tuple[Section, ...]:
    """Return what can be told of an answered turn, for the person who asked; empty for one without an answer."""
    record = turn.record
    if record is None:
        return ()
    sections = (
        Section(say("why_understood"), tuple(_understood(turn, record))),
        Section(say("why_preferences"), (_preferences(record),)),
        Section(say("why_found"), tuple(_found(record)) or (say("why_nothing_found"),)),
        Section(say("why_written"), tuple(_written(record))),
        Section(say("why_checked"), tuple(_checked(record))),
        Section(say("why_took"), tuple(_took(record))),
    )
    return tuple(section for section in sections if section.lines)


def _understood(turn: Turn, record: TurnRecord) -> Iterator[str]:
    if turn.meant:
        yield say("why_meant", question=turn.meant)
    intent = record.intent if record.intent in set(Intent) else Intent.OTHER
    yield say(f"why_intent_{intent}")
    if turn.again_of is not None:
        yield say("why_again")
    if turn.replaces is not None:
        yield say("why_edited")


def _preferences(record: TurnRecord) -> str:
    held = Preferences.from_dict(record.preferences or {})
    used = Change(
        diets=held.diets,
        allergies=held.allergies,
        likes=held.likes,
        dislikes=held.dislikes,
        targets=held.targets,
        exceptions=held.exceptions,
    )
    return described(used) if used else say("why_no_preferences")


def _found(record: TurnRecord) -> Iterator[str]:
    cited = set(cited_numbers(record.answer))
    for number, passage in enumerate(record.passages, start=1):
        yield say(
            "why_passage",
            number=str(number),
            title=passage["title"],
            source=f" ({passage['source']})" if passage.get("source") else "",
            score=round(float(passage.get("score") or 0.0), 2),
            cited="yes" if number in cited else "no",
        )


def _written(record: TurnRecord) -> Iterator[str]:
    by_model = record.guard_status in (GuardStatus.PASSED, GuardStatus.REPAIRED)
    yield say("why_by_model") if by_model else say("why_by_us")
    if record.model and record.adapter:
        yield say("why_model_adapter", model=record.model, adapter=record.adapter)
    elif record.model:
        yield say("why_model", model=record.model)
    if record.prompt_tokens or record.completion_tokens:
        yield say(
            "why_tokens",
            prompt=record.prompt_tokens or 0,
            cached=record.cached_tokens or 0,
            completion=record.completion_tokens or 0,
        )
    if record.stopped:
        yield say("why_stopped")


def _checked(record: TurnRecord) -> Iterator[str]:
    if "fixed answer" in record.guard_reasons:
        yield say("why_fixed")
        return
    yield say(f"why_guard_{record.guard_status or GuardStatus.PASSED}")
    for reason in record.guard_reasons[:MOST_REASONS]:
        if told := _reason(reason):
            yield told


def _took(record: TurnRecord) -> Iterator[str]:
    if "total" in record.timings:
        yield say(
            "why_times",
            **{name: round(record.timings.get(name, 0.0) / 1000, 2) for name in _PHASES},
        )


def _reason(reason: str) -> str:
    """Return a reason of the guard in words for the person; empty for what is told elsewhere."""
    for pattern, key in _REASONS:
        if found := pattern.fullmatch(reason):
            parts = {name: _part(name, text) for name, text in found.groupdict().items()}
            return say(key, **parts) if key else ""
    told = reason_text(reason)
    return told if told != reason else say("why_reason_other", reason=reason)


def _part(name: str, text: str) -> str:
    if name == "nutrient":
        return nutrient_name(next((key for key, (title, _) in NUTRIENTS.items() if title == text), text))
    return reason_text(text) if name == "reason" else text


_PHASES = ("understand", "search", "model", "guard", "total")
_REASONS = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        # An address of ours is nobody's business.
        (r"model: .*", "why_reason_away"),
        (r"the server broke off.*", "why_reason_away"),
        (r"nothing relevant was found", "why_reason_nothing"),
        (r"the question leaves no room for passages", "why_reason_long"),
        (r"stopped by the person", ""),
        (r"red line: .*", "why_reason_red_line"),
        (r"asked for (?P<name>.+?): (?P<reason>.+)", "why_reason_asked"),
        (r"'(?P<figure>.+)' is in no passage that the sentence speaks of", "why_reason_figure"),
        (r"names '(?P<name>.+)', which no passage does", "why_reason_unknown"),
        (r"cites passage \[(?P<number>\d+)\], which doesn't exist", "why_reason_citation"),
        (r"cites no passage", "why_reason_uncited"),
        (r"cites passages in an unreadable way", "why_reason_uncited"),
        (r"doesn't give the figure that was asked for \((?P<nutrient>.+)\)", "why_reason_figure_missing"),
        (r"repeats itself", "why_reason_repeats"),
        (r"says what was said before", "why_reason_same"),
        (r"repeats its instructions", "why_reason_instructions"),
        (r"says nothing", "why_reason_empty"),
        (r"ran into the length limit", "why_reason_length"),
        (r"hides words in how they are written", "why_reason_hidden"),
        (r"the words of that language can't be checked", "why_reason_language"),
        (r"says of the person what they never said", "why_reason_unasked"),
        (r"speaks of somebody whom the person didn't mention", "why_reason_somebody"),
        (r"tells somebody to change a medicine.*", "why_reason_medicine"),
        (r"tells somebody to (?:go without food|eat less than).*", "why_reason_starving"),
        (r"tells somebody to test an allergen.*", "why_reason_testing"),
        (r"s(?:ends|peaks of).* severe reaction.*", "why_reason_emergency"),
        (r"says that an allergy is harmless.*", "why_reason_harmless"),
    )
)
