"""`platewise doctor`: every setting, and whether each part answers."""

import asyncio
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from bot.commands.output import print_json
from bot.settings import PREFIX, Settings
from bot.web.checks import database_check, model_check
from bot.web.health import Check, run_checks
from bot.wiring import open_embedder, open_model
from retrieval.errors import UnavailableError


def doctor(*, as_json: bool) -> int:
    """Print settings and parts; exit code 1 when a part that is needed doesn't answer."""
    settings = Settings.read()
    results = asyncio.run(_examine(settings))
    if as_json:
        print_json(
            {
                "settings": {name: value for name, value, _ in settings.listed()},
                "parts": {name: {"ok": works, "detail": detail} for name, (works, detail) in results.items()},
            }
        )
    else:
        _print(settings, results)
    return 0 if all(works for works, _ in results.values()) else 1


async def _examine(settings: Settings) -> dict[str, tuple[bool, str]]:
    model = open_model(settings)

    async def database() -> str:
        # Opened without being migrated or made: looking must not change anything.
        from bot.store.store import Store

        if not settings.database_url and not (settings.data / "platewise.db").exists():
            return "not made yet; the first `run` or `chat` makes it"
        store = Store.open(settings.database)
        try:
            return await database_check(store)()
        finally:
            await store.close()

    checks: dict[str, Check] = {
        "telegram": lambda: _telegram(settings),
        "model": model_check(model),
        "database": database,
        "knowledge": lambda: _knowledge(settings),
        "embedder": lambda: _embedder(settings),
    }
    try:
        return await run_checks(checks)
    finally:
        await model.aclose()


async def _telegram(settings: Settings) -> str:
    if not settings.telegram_token.get_secret_value():
        return f"not set up ({PREFIX}TELEGRAM_TOKEN); `platewise chat` needs none"
    from telegram import Bot
    from telegram.error import InvalidToken, TelegramError

    try:
        async with Bot(settings.require_token(), base_url=f"{settings.telegram_api}/bot") as bot:
            return f"@{bot.username} at {settings.telegram_api}"
    except InvalidToken:
        raise UnavailableError(
            f"the token was refused; check {PREFIX}TELEGRAM_TOKEN with @BotFather"
        ) from None
    except TelegramError as error:
        raise UnavailableError(
            f"{settings.telegram_api} can't be reached ({type(error).__name__}); "
            f"check the network and {PREFIX}TELEGRAM_API"
        ) from None


async def _knowledge(settings: Settings) -> str:
    from retrieval.index import describe_index

    described = await describe_index(settings.knowledge_uri)
    async with open_embedder(settings) as embedder:
        if described.embedder != embedder.name:
            raise UnavailableError(
                f"made with the embedder '{described.embedder}', not '{embedder.name}'; "
                "run `platewise knowledge build --reembed`"
            )
    return f"version {described.change.number}, {described.rows} passages in {settings.knowledge_uri}"


async def _embedder(settings: Settings) -> str:
    async with open_embedder(settings) as embedder:
        await embedder.query("red lentils")
        return f"{embedder.name}, {embedder.dimension} dimensions"


def _print(settings: Settings, results: Mapping[str, tuple[bool, str]]) -> None:
    console = Console(highlight=False)
    table = Table("setting", "value", "what it is", box=None, padding=(0, 2, 0, 0))
    for name, value, description in settings.listed():
        table.add_row(name, value, description)
    console.print(table)
    console.print()
    for name, (works, detail) in results.items():
        mark = "[green]ok   [/]" if works else "[red]wrong[/]"
        console.print(f"{mark} {name}:", end=" ")
        console.print(detail, markup=False, soft_wrap=True)
