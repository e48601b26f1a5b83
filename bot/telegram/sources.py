"""📚 the passages that an answer was made from, word by word."""

from collections.abc import Iterator, Mapping
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.assistant.guard import cited_numbers
from bot.messages import say
from bot.store.conversations import TurnRecord
from bot.telegram.answer_buttons import Verb, own_press, pattern
from bot.telegram.context import Context
from bot.telegram.prefs_card import escaped
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services

_LONGEST_EXCERPT = 500


class SourceHandlers:
    """The button under an answer."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [CallbackQueryHandler(self.show, pattern=pattern(Verb.SOURCES))]

    async def show(self, update: Update, _context: Context) -> None:
        """Send what the answer cites; where it cites nothing, what the model was given."""
        press = await own_press(self._services, update)
        if press is None:
            return
        record = press.turn.record
        if record is None or not record.passages:
            await acknowledge(press.query, say("sources_none"), alert=True)
            return
        await acknowledge(press.query)
        await reply(update, sources_text(record))


def sources_text(record: TurnRecord) -> str:
    """Return the passages of an answer with their numbers, titles, sources and words, in Markdown."""
    cited = [number for number in cited_numbers(record.answer) if 1 <= number <= len(record.passages)]
    heading = say("sources_cited") if cited else say("sources_given")
    numbers = cited or range(1, len(record.passages) + 1)
    parts = (_passage(number, record.passages[number - 1]) for number in numbers)
    return "\n\n".join((f"**📚 {heading}**", *parts))


def _passage(number: int, passage: Mapping[str, Any]) -> str:
    lines = [f"**\\[{number}\\] {escaped(str(passage['title']))}**  "]
    if passage.get("source"):
        lines.append(f"_{escaped(str(passage['source']))}_  ")
    return "\n".join((*lines, *_quoted(str(passage["text"]))))


def _quoted(text: str) -> Iterator[str]:
    excerpt = text.strip()
    if len(excerpt) > _LONGEST_EXCERPT:
        excerpt = f"{excerpt[:_LONGEST_EXCERPT].rsplit(maxsplit=1)[0]} …"
    yield ""
    for line in excerpt.splitlines():
        yield f"> {escaped(line)}  "
