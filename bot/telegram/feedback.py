"""What people think of an answer: 👍, and 👎 with a reason."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.messages import say
from bot.store.feedback import REASONS
from bot.store.tables import Rating
from bot.telegram.answer_buttons import (
    Verb,
    has_chips,
    other_rows,
    own_press,
    pattern,
    reason_rows,
    show_rows,
)
from bot.telegram.context import Context
from bot.telegram.replies import acknowledge
from bot.telegram.services import Services, sender


class FeedbackHandlers:
    """Thumbs, and the chips that a thumb down brings up."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            CallbackQueryHandler(self.thumb, pattern=pattern(Verb.FEEDBACK)),
            CallbackQueryHandler(self.reason, pattern=pattern(Verb.REASON)),
        ]

    async def thumb(self, update: Update, _context: Context) -> None:
        """Store a thumb; ask why when it points down."""
        press = await own_press(self._services, update)
        if press is None or press.value not in set(Rating):
            return
        rating = Rating(press.value)
        await self._services.store.feedback.give(press.turn.id, press.person.id, rating)
        await acknowledge(press.query, say("feedback_why" if rating is Rating.DOWN else "feedback_thanks"))
        if rating is Rating.DOWN:
            chips = reason_rows(press.turn.id, sender(update).id)
            await show_rows(press.query, [*other_rows(press.query), *chips])
        elif has_chips(press.query):
            await show_rows(press.query, other_rows(press.query))

    async def reason(self, update: Update, _context: Context) -> None:
        """Store why an answer was no good, and put the chips away."""
        press = await own_press(self._services, update)
        if press is None or press.value not in REASONS:
            return
        feedback = self._services.store.feedback
        await feedback.give(press.turn.id, press.person.id, Rating.DOWN, press.value)
        await acknowledge(press.query, say("feedback_reason_thanks"))
        await show_rows(press.query, other_rows(press.query))
