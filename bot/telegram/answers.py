"""Questions and answers: everything that can be asked, and done with an answer."""

from telegram import Update
from telegram.ext import BaseHandler

from bot.telegram.again import AgainHandlers
from bot.telegram.answering import Answering
from bot.telegram.chart import ChartHandlers
from bot.telegram.context import Context
from bot.telegram.feedback import FeedbackHandlers
from bot.telegram.long_questions import LongQuestions
from bot.telegram.questions import Form, QuestionHandlers
from bot.telegram.services import Services
from bot.telegram.sources import SourceHandlers
from bot.telegram.why import WhyHandlers


class AnswerHandlers:
    """All of it. `form` takes what is an answer to the form that a new person fills in."""

    def __init__(self, services: Services, form: Form | None = None) -> None:
        answering = Answering(services)
        self._topics = (
            WhyHandlers(services),
            ChartHandlers(services),
            FeedbackHandlers(services),
            SourceHandlers(services),
            AgainHandlers(services, answering),
            QuestionHandlers(services, form, answering, LongQuestions(services.store.inbox)),
        )

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [handler for topic in self._topics for handler in topic.handlers()]
