"""Who may do what, decided for every update before any other handler runs. The rules are a table, `RULES`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from telegram import Bot, Message, Update
from telegram.constants import ChatType, MessageEntityType, UpdateType
from telegram.ext import ApplicationHandlerStop, TypeHandler, filters

from bot.assistant.quotas import Allowance, MessageQuota, TokenQuota
from bot.messages import say
from bot.settings import Settings
from bot.store.columns import utc_now
from bot.telegram.answer_buttons import Verb
from bot.telegram.context import Context
from bot.telegram.deep_links import question_in
from bot.telegram.groups import addressed
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services

GROUP = -1
"""The handler group of the gate: lower groups run first."""


class Role(StrEnum):
    """Who an update comes from."""

    STRANGER = "stranger"
    """Not among `PLATEWISE_ALLOWED_USERS`."""
    PERSON = "person"
    ADMIN = "admin"
    BOT = "bot"
    CHAT = "chat"
    """A channel, or an administrator who hides behind the group: nobody whose preferences are known."""
    NOBODY = "nobody"


class Where(StrEnum):
    """Where an update comes from."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"
    NOWHERE = "nowhere"


class Ruling(StrEnum):
    """What becomes of an update."""

    HANDLE = "handle"
    HANDLE_ADDRESSED = "handle when it is addressed to the bot"
    TELL_NOT_ALLOWED = "say that the bot is private"
    TELL_NAMELESS = "when it is addressed to the bot, say that it needs to know who asks"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Rule:
    """One ruling for each combination of kinds of update, places and roles."""

    kinds: tuple[UpdateType, ...]
    places: tuple[Where, ...]
    roles: tuple[Role, ...]
    ruling: Ruling


_MEMBERS = (Role.PERSON, Role.ADMIN)
_MESSAGES = (UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE)
_BUTTONS = (UpdateType.CALLBACK_QUERY,)

RULES = (
    Rule(_MESSAGES, (Where.PRIVATE,), _MEMBERS, Ruling.HANDLE),
    Rule(_MESSAGES, (Where.GROUP,), _MEMBERS, Ruling.HANDLE_ADDRESSED),
    Rule(_BUTTONS, (Where.PRIVATE, Where.GROUP), _MEMBERS, Ruling.HANDLE),
    Rule((UpdateType.MY_CHAT_MEMBER,), (Where.PRIVATE, Where.GROUP), _MEMBERS, Ruling.HANDLE),
    Rule((UpdateType.MESSAGE,), (Where.PRIVATE,), (Role.STRANGER,), Ruling.TELL_NOT_ALLOWED),
    Rule(_BUTTONS, (Where.PRIVATE, Where.GROUP), (Role.STRANGER,), Ruling.TELL_NOT_ALLOWED),
    Rule((UpdateType.MESSAGE,), (Where.GROUP,), (Role.CHAT,), Ruling.TELL_NAMELESS),
)
"""What no rule speaks of is ignored: bots, channels, and every kind of update that Telegram may yet invent."""

_LEDGER: Mapping[tuple[str, Where, Role], Ruling] = MappingProxyType(
    {
        (str(kind), place, role): rule.ruling
        for rule in RULES
        for kind in rule.kinds
        for place in rule.places
        for role in rule.roles
    }
)
_PLACES: Mapping[str, Where] = {
    ChatType.PRIVATE: Where.PRIVATE,
    ChatType.GROUP: Where.GROUP,
    ChatType.SUPERGROUP: Where.GROUP,
    ChatType.CHANNEL: Where.CHANNEL,
}
_WINDOW_S = 60


def ruling(kind: str, place: Where, role: Role) -> Ruling:
    """Return what the table says."""
    return _LEDGER.get((kind, place, role), Ruling.IGNORE)


def kind_of(update: Update) -> str:
    """Return the kind of an update, as Telegram calls it; empty for one that PTB doesn't know."""
    return next((str(kind) for kind in Update.ALL_TYPES if getattr(update, kind, None) is not None), "")


def place_of(update: Update) -> Where:
    """Return where an update comes from."""
    chat = update.effective_chat
    return Where.NOWHERE if chat is None else _PLACES.get(chat.type, Where.NOWHERE)


def role_of(update: Update, settings: Settings) -> Role:
    """Return who an update comes from."""
    user = update.effective_user
    written = _said(update) or update.channel_post or update.edited_channel_post
    if written is not None and written.sender_chat is not None:
        return Role.CHAT
    if user is None:
        return Role.NOBODY
    if user.is_bot:
        return Role.BOT
    if user.id in settings.admins:
        return Role.ADMIN
    return Role.PERSON if not settings.allowed_users or user.id in settings.allowed_users else Role.STRANGER


def admins_only(admins: Iterable[int]) -> filters.BaseFilter:
    """Return the filter of commands for administrators, in their private chats; to others they are unknown."""
    return filters.ChatType.PRIVATE & filters.User(list(admins))


class Gate:
    """Lets through what the table and the quotas let through; administrators have no quotas."""

    def __init__(self, services: Services) -> None:
        self._services = services
        settings = services.settings
        self._messages = MessageQuota(settings.messages_per_minute, window_s=_WINDOW_S)
        self._told = MessageQuota(1, window_s=_WINDOW_S)
        self._tokens = TokenQuota(services.store.quotas, settings.tokens_per_day)

    def handler(self) -> TypeHandler[Update, Context, object]:
        """Return what to register in `GROUP`."""
        return TypeHandler(Update, self.check)

    async def check(self, update: Update, context: Context) -> None:
        """Raise `ApplicationHandlerStop` for an update that no handler may see."""
        if _is_edited_command(update):
            raise ApplicationHandlerStop
        role = role_of(update, self._services.settings)
        decided = ruling(kind_of(update), place_of(update), role)
        if await self._is_let_in(update, decided, context.bot) and await self._is_within_quotas(update, role):
            return
        raise ApplicationHandlerStop

    async def _is_let_in(self, update: Update, decided: Ruling, bot: Bot) -> bool:
        if decided is Ruling.TELL_NOT_ALLOWED:
            await self._tell_not_allowed(update)
        elif decided is Ruling.TELL_NAMELESS and addressed(update, bot) and self._is_news(update):
            await reply(update, say("group_nameless"))
        return decided is Ruling.HANDLE or (decided is Ruling.HANDLE_ADDRESSED and addressed(update, bot))

    async def _tell_not_allowed(self, update: Update) -> None:
        user = update.effective_user
        text = say("not_allowed", id=str(user.id) if user else "")
        if update.callback_query is not None:
            await acknowledge(update.callback_query, text, alert=True)
        elif self._is_news(update):
            await reply(update, text)

    def _is_news(self, update: Update) -> bool:
        """Tell whether those who are turned away weren't told in the last minute."""
        said, sender = _said(update), update.effective_sender
        if said is None or sender is None:
            return False
        return self._told.take(sender.id, said.date.timestamp()) is Allowance.GRANTED

    async def _is_within_quotas(self, update: Update, role: Role) -> bool:
        """Count messages, and the button for another answer; every other one, such as ⏹, always works."""
        said, user, again = _said(update), update.effective_user, _asks_again(update)
        if user is None or role is Role.ADMIN or not (said or again):
            return True
        # By the time at which it was written: what piled up while the bot was away is no flood. Presses bear no time.
        written = (said.edit_date or said.date) if said else utc_now()
        allowance = self._messages.take(user.id, written.timestamp())
        if allowance is Allowance.GRANTED and (again or (said and _asks(said))):
            return await self._has_tokens(update, written)
        if allowance is not Allowance.GRANTED:
            limit = self._services.settings.messages_per_minute
            await self._refuse(update, allowance, "quota_messages", limit=limit)
        return allowance is Allowance.GRANTED

    async def _has_tokens(self, update: Update, written: datetime) -> bool:
        if not self._services.settings.tokens_per_day:
            return True
        person = await self._services.person(update)
        allowance = await self._tokens.take(person.id, written)
        if allowance is not Allowance.GRANTED:
            await self._refuse(update, allowance, "quota_tokens")
        return allowance is Allowance.GRANTED

    async def _refuse(self, update: Update, allowance: Allowance, key: str, **values: object) -> None:
        """Say once why something isn't done; over a button each time, since it waits for a word."""
        query = update.callback_query
        if query is not None or allowance is Allowance.FIRST_REFUSAL:
            await self._services.person(update)  # from here on their language is spoken
            text = say(key, **values)
            await (acknowledge(query, text, alert=True) if query is not None else reply(update, text))


def _said(update: Update) -> Message | None:
    """Return the message that somebody has just written or edited; not the one whose button was pressed."""
    return update.message or update.edited_message


def _is_edited_command(update: Update) -> bool:
    """Tell whether a message was made a command, or another one, after it was sent: what was done isn't done again."""
    edited = update.edited_message
    if edited is None:
        return False
    named = any(
        entity.type == MessageEntityType.BOT_COMMAND and not entity.offset for entity in edited.entities
    )
    return named or (edited.caption or "").startswith("/")


def _asks_again(update: Update) -> bool:
    query = update.callback_query
    return query is not None and (query.data or "").startswith(f"{Verb.AGAIN}:")


def _asks(message: Message) -> bool:
    """Tell whether a message may cost tokens: commands don't, but for a link that asks a question."""
    words = (message.text or "").split()
    if not words or not words[0].startswith("/"):
        return bool(words)
    return words[0].partition("@")[0] == "/start" and question_in("".join(words[1:2])) is not None
