"""Who may do what: every kind of update, from everybody, everywhere."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.messages import say
from bot.settings import Settings
from bot.telegram.access import (
    Gate,
    Role,
    Ruling,
    Where,
    admins_only,
    kind_of,
    place_of,
    role_of,
    ruling,
)
from tests.unit.bot.telegram.updates import (
    CHANNEL,
    ELSEWHERE,
    GROUP,
    IN_CHATS,
    JSON,
    Noted,
    make,
    mention,
    message,
    noted_bot,
    private,
    user,
)

ADMIN, PERSON, STRANGER = 1, 2, 3
SETTINGS = Settings(
    telegram_token="7:x", admins={ADMIN}, allowed_users={PERSON}, tokens_per_day=0, _env_file=None
)
TO_US = "@platewise_bot hi"
KINDS = [str(kind) for kind in Update.ALL_TYPES]
HANDLED, TOLD, IGNORED = "handled", "told", "ignored"
AGAIN = {"data": "again:1:2"}

# (kind, place, role): what becomes of it. In groups, what is addressed to the bot. All else is ignored.
MATRIX: dict[tuple[str, Where, Role], str] = {
    ("message", Where.PRIVATE, Role.PERSON): HANDLED,
    ("message", Where.PRIVATE, Role.ADMIN): HANDLED,
    ("message", Where.PRIVATE, Role.STRANGER): TOLD,
    ("message", Where.GROUP, Role.PERSON): HANDLED,
    ("message", Where.GROUP, Role.ADMIN): HANDLED,
    ("message", Where.GROUP, Role.CHAT): TOLD,
    ("edited_message", Where.PRIVATE, Role.PERSON): HANDLED,
    ("edited_message", Where.PRIVATE, Role.ADMIN): HANDLED,
    ("edited_message", Where.GROUP, Role.PERSON): HANDLED,
    ("edited_message", Where.GROUP, Role.ADMIN): HANDLED,
    ("callback_query", Where.PRIVATE, Role.PERSON): HANDLED,
    ("callback_query", Where.PRIVATE, Role.ADMIN): HANDLED,
    ("callback_query", Where.PRIVATE, Role.STRANGER): TOLD,
    ("callback_query", Where.GROUP, Role.PERSON): HANDLED,
    ("callback_query", Where.GROUP, Role.ADMIN): HANDLED,
    ("callback_query", Where.GROUP, Role.STRANGER): TOLD,
    ("my_chat_member", Where.PRIVATE, Role.PERSON): HANDLED,
    ("my_chat_member", Where.PRIVATE, Role.ADMIN): HANDLED,
    ("my_chat_member", Where.GROUP, Role.PERSON): HANDLED,
    ("my_chat_member", Where.GROUP, Role.ADMIN): HANDLED,
}
_OUTCOMES = {
    Ruling.HANDLE: HANDLED,
    Ruling.HANDLE_ADDRESSED: HANDLED,
    Ruling.TELL_NOT_ALLOWED: TOLD,
    Ruling.TELL_NAMELESS: TOLD,
    Ruling.IGNORE: IGNORED,
}
SENDERS: dict[Role, JSON] = {
    Role.ADMIN: user(ADMIN),
    Role.PERSON: user(PERSON),
    Role.STRANGER: user(STRANGER),
    Role.BOT: user(4, is_bot=True),
}


def gate(**settings: Any) -> Gate:
    services: Any = SimpleNamespace(
        settings=SETTINGS.model_copy(update=settings), store=SimpleNamespace(quotas=None)
    )

    async def person(update: Update) -> Any:
        return SimpleNamespace(id=1)

    services.person = person
    return Gate(services)


async def outcome(tried: Gate, update: Update, noted: Noted) -> str:
    """What became of an update: handled, ignored, or its sender was told something."""
    before = len(noted.said())
    try:
        await tried.check(update, SimpleNamespace(bot=update.get_bot()))  # type: ignore[arg-type]
    except ApplicationHandlerStop:
        return TOLD if len(noted.said()) > before else IGNORED
    assert len(noted.said()) == before
    return HANDLED


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", Where)
@pytest.mark.parametrize("role", Role)
def test_the_table_says_what_it_should(kind: str, place: Where, role: Role) -> None:
    assert _OUTCOMES[ruling(kind, place, role)] == MATRIX.get((kind, place, role), IGNORED)


def test_every_kind_of_update_is_tried() -> None:
    assert set(KINDS) == IN_CHATS.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize("kind", IN_CHATS)
@pytest.mark.parametrize("place", [Where.PRIVATE, Where.GROUP, Where.CHANNEL])
@pytest.mark.parametrize("role", SENDERS)
async def test_real_updates_of_every_kind_from_everybody_in_every_chat(
    kind: str, place: Where, role: Role
) -> None:
    bot, noted = await noted_bot()
    sender = SENDERS[role]
    chat = {Where.PRIVATE: private(sender["id"]), Where.GROUP: GROUP, Where.CHANNEL: CHANNEL}[place]
    content = IN_CHATS[kind](chat, sender)
    if content.get("text"):
        content |= {"text": TO_US, **mention(TO_US)}
    update = make(bot, kind, content)
    assert (kind_of(update), place_of(update)) == (kind, place)
    if update.effective_user is None:
        role = Role.NOBODY
    assert role_of(update, SETTINGS) is role
    assert await outcome(gate(), update, noted) == MATRIX.get((kind, place, role), IGNORED)


@pytest.mark.parametrize("kind", ELSEWHERE)
@pytest.mark.parametrize("role", SENDERS)
async def test_what_has_no_chat_is_ignored_whoever_sends_it(kind: str, role: Role) -> None:
    bot, noted = await noted_bot()
    update = make(bot, kind, ELSEWHERE[kind](SENDERS[role]))
    assert (kind_of(update), place_of(update)) == (kind, Where.NOWHERE)
    assert await outcome(gate(), update, noted) == IGNORED


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("message", message(GROUP, user(1087968824, is_bot=True), TO_US, sender_chat=GROUP), TOLD),
        ("message", message(GROUP, user(1087968824, is_bot=True), "hello all", sender_chat=GROUP), IGNORED),
        ("message", message(GROUP, user(136817688, is_bot=True), TO_US, sender_chat=CHANNEL), TOLD),
        (
            "message",
            message(GROUP, user(777000), "a post", sender_chat=CHANNEL, is_automatic_forward=True),
            IGNORED,
        ),
        ("channel_post", message(CHANNEL, None, TO_US, sender_chat=CHANNEL), IGNORED),
    ],
    ids=["hidden admin", "hidden admin to all", "as a channel", "forwarded by itself", "channel post"],
)
async def test_who_hides_behind_a_chat_is_asked_to_show_themselves(
    kind: str, content: JSON, expected: str
) -> None:
    bot, noted = await noted_bot()
    if content["text"] == TO_US:
        content = content | mention(TO_US)
    update = make(bot, kind, content)
    assert role_of(update, SETTINGS) is Role.CHAT
    assert await outcome(gate(), update, noted) == expected


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PERSON, Role.STRANGER])
@pytest.mark.parametrize(
    "content",
    [
        {"text": "/new", "entities": [{"type": "bot_command", "offset": 0, "length": 4}]},
        {"text": None, "caption": "/knowledge add"},
    ],
    ids=["text", "caption"],
)
async def test_a_command_is_done_when_it_is_sent_and_not_when_it_is_edited(role: Role, content: JSON) -> None:
    bot, noted = await noted_bot()
    sender = SENDERS[role]
    written = message(private(sender["id"]), sender, **content)
    new, edited = (make(bot, kind, written, at) for at, kind in enumerate(("message", "edited_message")))
    assert await outcome(gate(), new, noted) == MATRIX["message", Where.PRIVATE, role]
    assert await outcome(gate(), edited, noted) == IGNORED


async def test_an_empty_list_of_the_allowed_lets_everybody_in() -> None:
    bot, noted = await noted_bot()
    update = make(bot, "message", message(private(STRANGER), user(STRANGER)))
    assert await outcome(gate(allowed_users=frozenset()), update, noted) == HANDLED


async def test_an_admin_needs_not_be_among_the_allowed() -> None:
    bot, noted = await noted_bot()
    update = make(bot, "message", message(private(ADMIN), user(ADMIN)))
    assert await outcome(gate(allowed_users=frozenset({PERSON})), update, noted) == HANDLED


async def test_a_stranger_reads_their_own_id_and_in_groups_nothing() -> None:
    bot, noted = await noted_bot()
    alone = make(bot, "message", message(private(STRANGER), user(STRANGER)))
    among_others = make(bot, "message", message(GROUP, user(STRANGER), TO_US, **mention(TO_US)))
    assert await outcome(gate(), alone, noted) == TOLD
    assert noted.said() == [say("not_allowed", id=str(STRANGER))]
    assert await outcome(gate(), among_others, noted) == IGNORED


@pytest.mark.parametrize(
    ("sender", "place"), [(s, p) for s in SENDERS.values() for p in ("private", "group")]
)
async def test_commands_for_admins_are_known_to_admins_in_private_alone(sender: JSON, place: str) -> None:
    bot, _ = await noted_bot()
    chat = private(sender["id"]) if place == "private" else GROUP
    update = make(bot, "message", message(chat, sender, "/stats"))
    known = bool(admins_only(SETTINGS.admins).check_update(update))
    assert known == (sender["id"] == ADMIN and place == "private")


@pytest.fixture
def write(request: pytest.FixtureRequest) -> Callable[[Any, int], Update]:
    """Somebody's message, `at` seconds after the first."""

    def written(bot: Any, at: int, number: int = PERSON) -> Update:
        return make(
            bot, "message", message(private(number), user(number)) | {"date": 1_777_777_777 + at}, at + 1
        )

    return written


async def test_a_flood_is_answered_once_a_minute_and_the_next_minute_is_fine(write: Any) -> None:
    bot, noted = await noted_bot()
    tried = gate(messages_per_minute=2)
    became = [await outcome(tried, write(bot, at), noted) for at in (0, 1, 2, 3, 61)]
    assert became == [HANDLED, HANDLED, TOLD, IGNORED, HANDLED]
    assert noted.said() == [say("quota_messages", limit=2)]


async def test_a_stranger_who_goes_on_is_told_once_a_minute(write: Any) -> None:
    bot, noted = await noted_bot()
    tried = gate()
    became = [await outcome(tried, write(bot, at, STRANGER), noted) for at in (0, 1, 2, 60)]
    assert became == [TOLD, IGNORED, IGNORED, TOLD]


async def test_admins_and_buttons_are_not_counted(write: Any) -> None:
    bot, noted = await noted_bot()
    tried = gate(messages_per_minute=1)
    assert {await outcome(tried, write(bot, at, ADMIN), noted) for at in range(5)} == {HANDLED}
    assert await outcome(tried, write(bot, 0), noted) == HANDLED
    press = make(bot, "callback_query", IN_CHATS["callback_query"](private(PERSON), user(PERSON)))
    assert {await outcome(tried, press, noted) for _ in range(5)} == {HANDLED}


async def test_another_answer_is_counted_like_a_question() -> None:
    bot, noted = await noted_bot()
    tried = gate(messages_per_minute=1)
    press = make(bot, "callback_query", IN_CHATS["callback_query"](private(PERSON), user(PERSON)) | AGAIN)
    assert [await outcome(tried, press, noted) for _ in range(3)] == [HANDLED, TOLD, TOLD]
    assert set(noted.said()) == {say("quota_messages", limit=1)}


async def test_out_of_tokens_questions_are_refused_and_commands_work() -> None:
    class Used:
        async def tokens_since(self, *_: object) -> int:
            return 1_000

    bot, noted = await noted_bot()
    services: Any = SimpleNamespace(
        settings=SETTINGS.model_copy(update={"tokens_per_day": 1_000}), store=SimpleNamespace(quotas=Used())
    )

    async def person(update: Update) -> Any:
        return SimpleNamespace(id=1)

    services.person = person
    tried = Gate(services)
    question = make(bot, "message", message(private(PERSON), user(PERSON), "And tofu?"))
    command = make(bot, "message", message(private(PERSON), user(PERSON), "/prefs"))
    assert [await outcome(tried, question, noted) for _ in range(2)] == [TOLD, IGNORED]
    assert noted.said() == [say("quota_tokens")]
    assert await outcome(tried, command, noted) == HANDLED
    link = make(bot, "message", message(private(PERSON), user(PERSON), "/start q_QW5kIHRvZnU_"))
    assert await outcome(tried, link, noted) == IGNORED
    again = make(bot, "callback_query", IN_CHATS["callback_query"](private(PERSON), user(PERSON)) | AGAIN)
    assert await outcome(tried, again, noted) == TOLD
    assert noted.said() == [say("quota_tokens")] * 2
