"""Groups: when the bot is meant, and what is better said in private. What people eat is nobody else's business."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.constants import MessageEntityType as Kind
from telegram.error import BadRequest, Forbidden
from telegram.ext import BaseHandler, MessageHandler, filters
from telegram.helpers import create_deep_linked_url

from bot.assistant.discretion import discreet
from bot.messages import say
from bot.store.conversations import Turn
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.formatting import parts
from bot.telegram.replies import reply

COMMANDS = ("help", "new", "chart", "why")
"""What may be used in a group; every other command that we know is for the private chat."""


_GAP = re.compile(r"[ ,]+([?!.])")
"""What a name leaves that stood at a sentence's end: "How much, @bot?"."""


def is_shared(update: Update) -> bool:
    """Tell whether others read along where an update comes from."""
    chat = update.effective_chat
    return chat is not None and chat.type != ChatType.PRIVATE


def addressed(update: Update, bot: Bot) -> bool:
    """Tell whether a message in a group is meant for the bot: its @name, a command with it, or a reply to the bot."""
    message = update.effective_message
    if message is None:
        return False
    answered = message.reply_to_message
    # In a topic, everything that isn't a reply is one to the message that opened the topic.
    if answered is not None and answered.forum_topic_created is None:
        sender = answered.from_user
        if sender is not None and sender.id == bot.id:
            return not _meant_for_another(message, bot)
    return any(_names(entity, text, bot) for entity, text in _entities(message))


def question_text(message: Message, bot: Bot) -> str:
    """Return a message's text without the mentions that only say whom it is for."""
    raw = (message.text or message.caption or "").encode("utf-16-le")
    kept, after = b"", 0
    for entity, text in sorted(_entities(message), key=lambda found: found[0].offset):
        if entity.type != Kind.BOT_COMMAND and _names(entity, text, bot):
            kept += raw[2 * after : 2 * entity.offset]
            after = entity.offset + entity.length
    text = (kept + raw[2 * after :]).decode("utf-16-le")
    if not after:
        return text.strip()
    lines = (_GAP.sub(r"\1", " ".join(line.split())) for line in text.splitlines())
    return "\n".join(lines).strip(" ,:\n")


def public_turn(turn: Turn) -> Turn | None:
    """Return a turn as a group may read it: without notices, and without what it says of the asker.

    None when nothing is left that would answer the question.
    """
    if turn.record is None:
        return None
    text = discreet(turn.question, turn.record)
    return None if text is None else replace(turn, record=replace(turn.record, answer=text, notices=()))


async def privately(
    update: Update,
    bot: Bot,
    markdown: str,
    keyboard: InlineKeyboardMarkup | None = None,
    *,
    told: str = "",
) -> bool:
    """Reply where only the person reads it: in a group, in their private chat, and `told` is said in the group.

    Returns False when they haven't opened a private chat yet; then they are given the button that does.
    """
    user = update.effective_user
    if not is_shared(update) or user is None:
        await reply(update, markdown, keyboard)
        return True
    whole = parts(markdown)
    try:
        for number, part in enumerate(whole):
            markup = keyboard if number == len(whole) - 1 else None
            sending = partial(
                bot.send_message, user.id, part.text, entities=part.entities, reply_markup=markup
            )
            await persistently(sending)
    except (Forbidden, BadRequest) as error:
        # Telegram lets nobody be written to who hasn't written first; such a chat is "not found", or refused.
        if isinstance(error, BadRequest) and "chat not found" not in error.message.lower():
            raise
        await _invite(update, bot)
        return False
    if told:
        await reply(update, told)
    return True


class GroupHandlers:
    """Commands that are for the private chat, used in a group. Registered before all others."""

    def __init__(self, commands: Iterable[str]) -> None:
        self._private = frozenset(commands) - frozenset(COMMANDS)

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [MessageHandler(_CommandIn(self._private) & filters.ChatType.GROUPS, self.invite)]

    async def invite(self, update: Update, context: Context) -> None:
        """Say that this belongs into the private chat, with a button that leads there."""
        message = update.effective_message
        await _invite(update, context.bot, payload=_command(message) if message is not None else "")


class _CommandIn(filters.MessageFilter):
    """Messages that begin with one of some commands."""

    def __init__(self, commands: frozenset[str]) -> None:
        super().__init__(name="commands for the private chat")
        self._commands = commands

    def filter(self, message: Message) -> bool:
        return _command(message) in self._commands


async def _invite(update: Update, bot: Bot, payload: str = "prefs") -> None:
    link = create_deep_linked_url(bot.username, payload if payload != "start" else None)
    button = InlineKeyboardButton(say("button_private_chat"), url=link)
    await reply(update, say("group_in_private"), InlineKeyboardMarkup([[button]]))


def _command(message: Message) -> str:
    """Return the command that a message begins with, without slash and name; empty when it begins with none."""
    first = (message.text or message.caption or "").split(maxsplit=1)[:1]
    return first[0][1:].partition("@")[0].lower() if first and first[0].startswith("/") else ""


def _entities(message: Message) -> list[tuple[MessageEntity, str]]:
    kinds: list[str | None] = [Kind.MENTION, Kind.TEXT_MENTION, Kind.BOT_COMMAND]
    found = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    return list(found.items())


def _names(entity: MessageEntity, text: str, bot: Bot) -> bool:
    """Tell whether an entity says that the message is for the bot."""
    if entity.type == Kind.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return text.rpartition("@")[2].casefold() == bot.username.casefold() and "@" in text


def _meant_for_another(message: Message, bot: Bot) -> bool:
    """Tell whether a reply to the bot is a command for another bot."""
    return any(
        entity.type == Kind.BOT_COMMAND
        and entity.offset == 0
        and "@" in text
        and not _names(entity, text, bot)
        for entity, text in _entities(message)
    )
