"""What may be typed after `/privacy`, in every language there are messages in."""

from functools import cache

from bot.assistant.form_words import Word, word_of
from bot.messages import languages, say, speaking
from bot.store.tables import Purpose
from retrieval.errors import BadInputError


def choices() -> dict[str, str]:
    """Return what may be typed after `/privacy`, in the language spoken here → what it means."""
    answers = {"yes": _first("form_words_yes"), "no": _first("form_words_no")}
    return {
        f"{_first(f'chat_word_{purpose}')} {word}": say(f"privacy_button_{purpose}_{answer}")
        for purpose in Purpose
        for answer, word in answers.items()
    }


def decision_of(words: str) -> tuple[Purpose, bool]:
    """Return what 'keep no' decides. Raises `BadInputError` that says how to write it."""
    name, _, answer = words.partition(" ")
    purpose = next((purpose for purpose in Purpose if name.casefold() in _names(purpose)), None)
    meant = word_of(answer)
    if purpose is None or not meant & {Word.YES, Word.NO}:
        offered = ", ".join(f"/privacy {choice}" for choice in choices())
        raise BadInputError(say("chat_privacy_how", choices=offered))
    return purpose, Word.YES in meant


@cache
def _names(purpose: Purpose) -> frozenset[str]:
    """Return what a purpose is called, in all languages."""
    names: set[str] = set()
    for language in languages():
        with speaking(language):
            names |= {name.strip().casefold() for name in say(f"chat_word_{purpose}").split(",")}
    return frozenset(names)


def _first(key: str) -> str:
    return say(key).partition(",")[0].strip()
