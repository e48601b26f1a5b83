"""`platewise ask`: one turn, or one for each JSON line on stdin."""

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.assistant.answer import Answer
from bot.assistant.assistant import Assistant, hear
from bot.assistant.turns import Place, Turns
from bot.commands.output import json_lines, print_json
from bot.commands.restrictions import preferences_from
from bot.commands.terminal import checked_question, print_answer
from bot.settings import Settings
from bot.wiring import open_assistant, open_store
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError

AT_ONCE = 8
_KEYS = frozenset({"text", "diets", "allergies", "dislikes"})


def ask(
    text: str,
    diets: Sequence[str],
    allergies: Sequence[str],
    dislikes: Sequence[str],
    *,
    user: str | None,
    as_json: bool,
) -> int:
    """Print the answer to `text` as somebody with these restrictions gets it."""
    settings = Settings.read()
    preferences = preferences_from(diets, allergies, dislikes)
    if text == "-":
        if user is not None:
            raise BadInputError("ask: --user can't be combined with '-'; each line is somebody else")
        return asyncio.run(_ask_lines(settings, preferences))
    question = checked_question(text)
    answer = asyncio.run(_ask_one(settings, question, preferences, user))
    if as_json:
        print_json(answer.as_dict())
    else:
        print_answer(answer)
    return 0


async def _ask_one(settings: Settings, question: str, preferences: Preferences, user: str | None) -> Answer:
    async with open_assistant(settings) as assistant:
        if user is None:
            return await _answered(assistant, question, preferences)
        async with open_store(settings) as store:
            person = await store.people.person(f"terminal:{user}")
            await store.preferences.apply(
                person.id, add=preferences, remove=Preferences(), source="command", source_id=None
            )
            turns = Turns(assistant, store)
            begun = await turns.begin(person, Place(), question)
            return await _last(turns.answer(begun))


async def _ask_lines(settings: Settings, given: Preferences) -> int:
    """Answer every line, several at once, and print in the order of the lines. All are checked before any is asked."""
    asked = [_line(number, item, given) for number, item in enumerate(json_lines(_KEYS), start=1)]
    async with open_assistant(settings) as assistant:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(question: str, preferences: Preferences) -> Answer:
            async with places:
                return await _answered(assistant, question, preferences)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(*item)) for item in asked]
            for task in tasks:
                print_json((await task).as_dict())
    return 0


def _line(number: int, item: Any, given: Preferences) -> tuple[str, Preferences]:
    lists = {key: item.get(key) or [] for key in ("diets", "allergies", "dislikes")}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise BadInputError(f"stdin, question {number}: '{key}' must be a list of words")
    own = preferences_from(lists["diets"], lists["allergies"], lists["dislikes"])
    merged = Preferences(
        diets=own.diets | given.diets,
        allergies=own.allergies | given.allergies,
        dislikes=tuple(dict.fromkeys((*own.dislikes, *given.dislikes))),
    )
    return checked_question(str(item["text"])), merged


async def _answered(assistant: Assistant, question: str, preferences: Preferences) -> Answer:
    return await _last(assistant.answer(hear(question, preferences)))


async def _last(events: Any) -> Answer:
    answer: Answer | None = None
    async for event in events:
        if isinstance(event, Answer):
            answer = event
    if answer is None:
        raise AssertionError("a turn ends with its answer")
    return answer
