"""What Telegram shows of the bot by itself: its commands and what it is, in every language that it speaks."""

import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeDefault
from telegram.error import TelegramError

from bot.messages import DEFAULT, languages, say, speaking

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Menu:
    """Commands (their `command_…` messages say what they do) for everybody, or for those in a narrower `scope`."""

    commands: tuple[str, ...]
    scope: BotCommandScope = field(default_factory=BotCommandScopeDefault)


async def announce(bot: Bot, menus: Sequence[Menu]) -> None:
    """Tell Telegram the menus and the bot's description in each language. It works without them."""
    for language in languages():
        # Without a code it is for everybody whose language has none; Telegram knows codes of two letters only.
        code = None if language == DEFAULT else language
        if code is not None and len(code) != 2:
            continue
        with speaking(language):
            for menu in menus:
                commands = [BotCommand(name, say(f"command_{name}")) for name in menu.commands]
                await _tell(bot.set_my_commands(commands, menu.scope, language_code=code))
            await _tell(bot.set_my_description(say("bot_description"), language_code=code))
            await _tell(bot.set_my_short_description(say("bot_short_description"), language_code=code))


async def _tell(call: Awaitable[bool]) -> None:
    try:
        await call
    except TelegramError as error:
        _LOG.warning("the menu or the description could not be set: %s", type(error).__name__)
