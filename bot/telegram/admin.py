"""`/stats`, `/adapter`: for administrators, in their private chats. To others they are unknown commands."""

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler

from bot.assistant.adapters import Adapters, Listed
from bot.messages import say
from bot.store.statistics import Figures
from bot.telegram.access import admins_only
from bot.telegram.context import Context
from bot.telegram.prefs_card import escaped
from bot.telegram.replies import reply
from bot.telegram.services import Services
from retrieval.errors import PlatewiseError, UnavailableError

COMMANDS = ("stats", "export", "knowledge", "adapter")
"""What administrators have besides what everybody has."""


class AdminHandlers:
    """How the bot does, and which model answers."""

    def __init__(self, services: Services) -> None:
        self._services = services
        settings = services.settings
        self._admins = admins_only(settings.admins)
        self._adapters = Adapters(services.turns.assistant.model, settings.data)

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            CommandHandler("stats", self.stats, filters=self._admins),
            CommandHandler("adapter", self.adapter, filters=self._admins),
        ]

    async def stats(self, update: Update, _context: Context) -> None:
        """Show figures about everybody together."""
        await self._services.person(update)
        figures = await self._services.store.statistics.figures()
        await reply(update, _stats(figures, model=await self._model(), knowledge=await self._knowledge()))

    async def adapter(self, update: Update, context: Context) -> None:
        """List the models and adapters, or choose among them."""
        await self._services.person(update)
        words = context.args or []
        try:
            text = await self._adapter(words)
        except PlatewiseError as error:
            text = escaped(str(error))
        await reply(update, text)

    async def _adapter(self, words: list[str]) -> str:
        match words:
            case ["list"]:
                return "\n".join(_line(item) for item in await self._adapters.listed())
            case ["promote", name]:
                await self._adapters.promote(name)
                return say("adapter_promoted", name=f"`{name}`")
            case ["rollback"]:
                return say("adapter_rolled_back", name=f"`{await self._adapters.roll_back()}`")
        return say("adapter_usage")

    async def _model(self) -> str:
        model = self._services.turns.assistant.model
        try:
            served = await model.served(fresh=True)
        except UnavailableError as error:
            return str(error)
        if served.adapter is None:
            return say("stats_model", name=f"`{served.name}`", url=model.url)
        return say("stats_adapter", name=f"`{served.adapter}`", base=f"`{served.base}`", url=model.url)

    async def _knowledge(self) -> str:
        try:
            change = (await self._services.turns.assistant.index.snapshot()).change
        except UnavailableError as error:
            return str(error)
        return say("stats_knowledge", version=str(change.number), passages=change.passages)


def _line(item: Listed) -> str:
    state = "answers" if item.answers else "served" if item.served else "loadable"
    return say("adapter_list_line", state=state, name=f"`{item.name}`")


def _stats(figures: Figures, *, model: str, knowledge: str) -> str:
    verdicts = [say("stats_verdict", name=name, number=number) for name, number in figures.verdicts.items()]
    latency = say("stats_none")
    if figures.p50_ms is not None and figures.p95_ms is not None:
        latency = say("stats_latency", p50=round(figures.p50_ms), p95=round(figures.p95_ms))
    text = say(
        "stats",
        people=figures.people,
        today=figures.active_today,
        week=figures.active_week,
        turns=figures.turns,
        turnsToday=figures.turns_today,
        failed=figures.failed_week,
        verdicts=", ".join(verdicts) or say("stats_none"),
        latency=latency,
        promptToday=figures.tokens_today.prompt,
        cachedToday=figures.tokens_today.cached,
        completionToday=figures.tokens_today.completion,
        prompt=figures.tokens.prompt,
        cached=figures.tokens.cached,
        completion=figures.tokens.completion,
        up=figures.thumbs_up,
        down=figures.thumbs_down,
        model=model,
        knowledge=knowledge,
    )
    # In Markdown a line ends with two spaces; else they'd run together.
    return text.replace("\n", "  \n")
