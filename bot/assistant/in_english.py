"""A question's words in English, for looking things up: our sources are English, and so are the names in them."""

import re
from collections.abc import Mapping
from functools import cache

from bot.messages import DEFAULT, say_if_known, speaking, speaks
from retrieval.diet.lexicon import lexicon
from retrieval.prompt import label


def in_english(question: str) -> str:
    """Return what of a question can be said in English: its foods, figures and amounts, and the words in between.

    English stays as it is, and so does a question no word of which is known. Foods are known in every language of the
    lexicon, other words from the message `search_words` of the language spoken here.
    """
    if speaks() == DEFAULT:
        return question
    words = _words(speaks())
    foods = {mention.start: mention for mention in lexicon().find(question)}
    said: list[str] = []
    found = bool(foods)
    position = 0
    while (match := _PIECE.search(question, position)) is not None:
        food, phrase = foods.get(match.start()), _longest(question, match.start(), words)
        # 'soy' is 'I am' before it is a bean.
        if food is not None and (phrase is None or food.end > match.start() + len(phrase)):
            said.append(label(food.ingredient))
            position = food.end
        elif phrase is not None:
            said.append(words[phrase])
            found, position = True, match.start() + len(phrase)
        else:
            said += [match[0]] if _KEPT.fullmatch(match[0]) else []
            position = match.end()
    return " ".join(said) if found else question


_PIECE = re.compile(r"\d+(?:[.,]\d+)*|\w+|[.,;:?!]")
_KEPT = re.compile(r"\d.*|[.,;:?!]|g|kg|mg|ml|l|oz|kcal|kj", re.IGNORECASE)
_MOST_WORDS = 3


def _longest(question: str, start: int, words: Mapping[str, str]) -> str | None:
    """Return the longest known phrase of up to three words that begins at `start`."""
    ends = [match.end() for match in re.finditer(r"\w+", question[start : start + 60])][:_MOST_WORDS]
    phrases = (question[start : start + end].casefold() for end in reversed(ends))
    return next((phrase for phrase in phrases if phrase in words), None)


@cache
def _words(language: str) -> Mapping[str, str]:
    """Return phrase → English, from lines such as 'cooked: cocido, cocida'."""
    with speaking(language):
        lines = (say_if_known("search_words") or "").splitlines()
    parts = (line.partition(":") for line in lines)
    return {
        word.strip().casefold(): english.strip()
        for english, _colon, listed in parts
        for word in listed.split(",")
    }
