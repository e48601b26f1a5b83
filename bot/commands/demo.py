"""`platewise demo`: everything that is missing, then the chat, or the bot where there is a token."""

import asyncio
from contextlib import AsyncExitStack

from bot.assistant.assistant import Assistant
from bot.commands.chat import converse
from bot.commands.run import serve
from bot.demo import Step, demo, model_server_answers
from bot.logs import set_up_logging
from bot.serving.server import ModelServer, Report, ServerOptions
from bot.settings import Settings
from bot.wiring import open_assistant, open_store
from retrieval.staging import Progress


def run_demo(port: int) -> int:
    """Prepare the knowledge base and the model server side by side, then talk until the end of input."""
    settings = Settings.read()
    if settings.telegram_token.get_secret_value():
        settings.require_token()
    return asyncio.run(_demo(settings, port))


async def _demo(settings: Settings, port: int) -> int:
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings))
        ready: list[Assistant] = []
        if "model_url" in settings.model_fields_set:
            model_step = model_server_answers(settings.model_url, settings.model_key.get_secret_value())
        else:
            server = ModelServer(ServerOptions.embedded(data=settings.data, port=port))
            settings = settings.model_copy(update={"model_url": server.url})
            model_step = _embedded_server(server, stack)

        async def open_knowledge(report: Report) -> None:
            report("loading the embedder", None)

            def embedded(progress: Progress) -> None:
                report(f"{progress.records} passages embedded", progress.share)

            ready.append(await stack.enter_async_context(open_assistant(settings, progress=embedded)))

        async def talk() -> int:
            if settings.telegram_token.get_secret_value():
                set_up_logging()
                return await serve(settings, store, ready[0])
            return await converse(store, ready[0], data=settings.data)

        return await demo([Step("knowledge base", open_knowledge), model_step], talk)


def _embedded_server(server: ModelServer, stack: AsyncExitStack) -> Step:
    async def work(report: Report) -> None:
        stack.push_async_callback(server.stop)
        await server.start(report)

    return Step("model server", work)
