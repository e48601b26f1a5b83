"""The fake Bot API server takes from a real bot what Telegram takes, and refuses what Telegram refuses."""

from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.fakes.telegram import Chat, FakeTelegram


@pytest.fixture
def chat(telegram: FakeTelegram) -> Chat:
    return telegram.private_chat()


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(one[:10], callback_data=one)] for one in data])


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "Message text is empty"),
        (" \n\t ", "Text must be non-empty"),
        ("x" * 4097, "Message is too long"),
        ("🍎" * 2049, "Message is too long"),  # 4098 UTF-16 code units
    ],
)
async def test_a_text_without_content_or_over_the_limit_is_refused(
    bot: Bot, chat: Chat, text: str, refusal: str
) -> None:
    with pytest.raises(BadRequest, match=refusal):
        await bot.send_message(chat.id, text)
    assert chat.messages == []


@pytest.mark.parametrize("text", ["x" * 4096, "🍎" * 2048, "  " + "x" * 4096 + "\n\n"])
async def test_a_text_at_the_limit_is_sent(bot: Bot, chat: Chat, text: str) -> None:
    await bot.send_message(chat.id, text)
    assert chat.texts == [text.strip()]


@pytest.mark.parametrize(
    ("entities", "refusal"),
    [
        (
            [("bold", 0, 1)],
            "Entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4",
        ),
        ([("bold", 1, 2)], "Entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        (
            [("bold", 0, 99)],
            "Entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 99",
        ),
        ([("bold", 99, 1)], "Entity begins after the end of the text at UTF-16 offset 99"),
        ([("bold", -1, 1)], "Receive an entity with incorrect offset -1"),
        ([("bold", 0, 0)], "is empty"),
        ([("loud", 0, 2)], "Can't parse MessageEntity: Unsupported type specified"),
        ([("text_link", 0, 2)], 'Can\'t find field "url"'),
        ([("bold", 0, 4), ("italic", 3, 4)], "crosses the end"),
        ([("bold", 0, 4), ("code", 0, 2)], "can't be inside"),
        ([("pre", 0, 4), ("bold", 0, 2)], "can't be inside"),
        ([("blockquote", 0, 6), ("expandable_blockquote", 0, 2)], "can't be inside"),
        ([("bold", 0, 2)] * 101, "ENTITIES_TOO_LONG"),
    ],
)
async def test_entities_that_telegram_would_not_keep_are_refused(
    bot: Bot, chat: Chat, entities: list[tuple[str, int, int]], refusal: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){refusal}"):
        await bot.send_message(chat.id, "🍎 lentils", entities=[MessageEntity(*one) for one in entities])


async def test_nested_entities_that_telegram_allows_are_kept(bot: Bot, chat: Chat) -> None:
    entities = [
        MessageEntity("blockquote", 0, 10),
        MessageEntity("bold", 0, 10),
        MessageEntity("italic", 0, 2),
        MessageEntity("text_link", 3, 7, url="https://example.org/"),
    ]
    await bot.send_message(chat.id, "🍎 lentils", entities=entities)
    (message,) = chat.messages
    assert [entity["type"] for entity in message.entities] == ["blockquote", "bold", "italic", "text_link"]
    assert message.links == {"lentils": "https://example.org/"}


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        (keyboard("x" * 65), "BUTTON_DATA_INVALID"),
        (keyboard("ä" * 33), "BUTTON_DATA_INVALID"),  # 66 bytes
        (InlineKeyboardMarkup([]), "Object expected as reply markup"),
        (InlineKeyboardMarkup([[]]), "empty row"),
        (keyboard(*(str(number) for number in range(101))), "Reply markup is too long"),
        (InlineKeyboardMarkup([[InlineKeyboardButton(" ", callback_data="x")]]), "text must be non-empty"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("x", url="not-a-url")]]), "Wrong HTTP URL"),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("x", url="ftp://example.org")]]),
            "Unsupported URL protocol",
        ),
    ],
)
async def test_a_keyboard_that_telegram_refuses_is_refused(
    bot: Bot, chat: Chat, markup: InlineKeyboardMarkup, refusal: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){refusal}"):
        await bot.send_message(chat.id, "choose", reply_markup=markup)


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        ({"inline_keyboard": "bad"}, 'field "inline_keyboard" must be of type Array'),
        ({"inline_keyboard": [[{"callback_data": "x"}]]}, 'Can\'t find field "text"'),
        ({"inline_keyboard": [["x"]]}, "expected an Object"),
        ({"inline_keyboard": []}, "inline keyboard is empty"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": ""}]]}, "Text buttons are unallowed"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x", "url": "http://a.b"}]]}, "only one of"),
        ({"force_reply": "yes"}, 'field "force_reply" must be of type Boolean'),
        ({}, "object expected as reply markup"),
        ("keyboard", "object expected as reply markup"),
    ],
)
async def test_a_malformed_keyboard_in_a_json_body_is_refused(
    telegram: FakeTelegram, chat: Chat, markup: Any, refusal: str
) -> None:
    body = {"chat_id": chat.id, "text": "choose", "reply_markup": markup}
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        answer = await response.json()
    assert (response.status, answer["error_code"], answer["ok"]) == (400, 400, False)
    assert refusal in answer["description"]


async def test_an_edit_replaces_the_text_and_is_remembered(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "Lent", reply_markup=keyboard("stop"))
    await bot.edit_message_text("Lentils", chat.id, sent.message_id, reply_markup=keyboard("stop"))
    await bot.edit_message_text("Lentils have", chat.id, sent.message_id)
    (message,) = chat.messages
    assert (message.text, message.buttons) == ("Lentils have", [])
    assert [edit.text for edit in message.edits] == ["Lentils", "Lentils have"]
    assert message.sent_at <= message.edits[0].at <= message.edits[1].at


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "same", reply_markup=keyboard("x"))
    with pytest.raises(BadRequest, match="Message is not modified"):  # space at the end isn't kept
        await bot.edit_message_text("same ", chat.id, sent.message_id, reply_markup=keyboard("x"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=keyboard("x"))
    await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=InlineKeyboardMarkup([]))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(chat.id, sent.message_id)


async def test_only_the_bots_own_standing_messages_can_be_edited(bot: Bot, chat: Chat) -> None:
    await chat.send("mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", chat.id, chat.written[0].id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("what?", chat.id, 999)
    sent = await bot.send_message(chat.id, "gone soon")
    await bot.delete_message(chat.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(chat.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("again", chat.id, sent.message_id)
    assert chat.messages == []


async def test_a_query_is_answered_once_and_in_time(telegram: FakeTelegram, bot: Bot, chat: Chat) -> None:
    await bot.send_message(chat.id, "choose", reply_markup=keyboard("a"))
    await chat.press(chat.messages[0], "a")
    await chat.press(chat.messages[0], "a")
    first, second = [update.callback_query for update in await bot.get_updates()]
    assert first
    assert second
    await first.answer("chosen", show_alert=True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await first.answer()
    telegram.expire_queries()
    with pytest.raises(BadRequest, match="Query is too old"):
        await second.answer()
    assert chat.callback_answers == [{"text": "chosen", "show_alert": True}]


async def test_chats_that_cant_be_written_to_are_refused(
    telegram: FakeTelegram, bot: Bot, chat: Chat
) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(987654, "anybody?")
    chat.blocked = True
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "hello?")


async def test_a_wrong_token_and_an_unknown_method_are_refused(telegram: FakeTelegram, bot: Bot) -> None:
    stranger = Bot("1:wrong", base_url=f"{telegram.url}/bot")
    with pytest.raises(InvalidToken, match="rejected by the server"):
        await stranger.initialize()
    await stranger.shutdown()
    async with aiohttp.ClientSession() as session:
        for path, status, description in [
            (f"bot{telegram.token}/flyAway", 404, "Not Found: method not found"),
            ("bot1:wrong/getMe", 401, "Unauthorized"),
            ("botwrong/getMe", 404, "Not Found"),
        ]:
            async with session.get(f"{telegram.url}/{path}") as response:
                answer = await response.json()
                assert (response.status, answer["description"]) == (status, description)


async def test_a_method_can_be_called_with_get_in_any_case(telegram: FakeTelegram, chat: Chat) -> None:
    url = f"{telegram.url}/bot{telegram.token}/SENDMESSAGE"
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, params={"chat_id": chat.id, "text": "42"}) as response,
    ):
        assert (await response.json())["result"]["text"] == "42"
    assert telegram.calls[-1].method == "sendMessage"


async def test_a_document_arrives_whole_and_can_be_sent_again(
    telegram: FakeTelegram, bot: Bot, chat: Chat
) -> None:
    sent = await bot.send_document(chat.id, b'{"a": 1}', filename="data.json", caption="Your data")
    assert sent.document
    await bot.send_document(chat.id, sent.document.file_id)
    (first, again) = chat.messages
    assert (first.text, first.media["document"]["file_name"]) == ("Your data", "data.json")
    assert again.media["document"]["file_id"] == sent.document.file_id
    file = await bot.get_file(sent.document.file_id)
    assert await file.download_as_bytearray() == b'{"a": 1}'
    assert telegram.files[sent.document.file_id].upload.content == b'{"a": 1}'
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(chat.id, b"picture", caption="x" * 1025)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("text", chat.id, first.id)
    with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
        await bot.send_document(chat.id, b"")


async def test_typing_and_drafts_are_seen(telegram: FakeTelegram, bot: Bot, chat: Chat) -> None:
    await bot.send_chat_action(chat.id, "typing")
    await bot.send_message_draft(chat.id, 1, "Len")
    await bot.send_message_draft(chat.id, 1, "Lentils")
    assert [action.name for action in chat.actions] == ["typing"]
    assert [draft.text for draft in chat.drafts] == ["Len", "Lentils"]
    assert chat.messages == []
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await bot.send_chat_action(chat.id, "dancing")
    with pytest.raises(BadRequest, match="non-zero"):
        await bot.send_message_draft(chat.id, 0, "Len")
    group = telegram.group_chat("Kitchen", [telegram.user()])
    with pytest.raises(BadRequest, match="private chats"):
        await bot.send_message_draft(group.id, 1, "Len")


async def test_commands_and_descriptions_are_kept_by_scope(
    telegram: FakeTelegram, bot: Bot, chat: Chat
) -> None:
    scope = BotCommandScopeChat(chat.id)
    await bot.set_my_commands([BotCommand("prefs", "What you eat")])
    await bot.set_my_commands([BotCommand("stats", "Figures")], scope=scope)
    assert [command.command for command in await bot.get_my_commands()] == ["prefs"]
    assert [command.command for command in await bot.get_my_commands(scope=scope)] == ["stats"]
    await bot.delete_my_commands(scope=scope)
    assert await bot.get_my_commands(scope=scope) == ()
    assert list(telegram.commands) == [("default", "")]
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("Prefs", "What you eat")])
    await bot.set_my_description("A diet assistant.")
    await bot.set_my_short_description("Diet.")
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_short_description("x" * 121)


async def test_chats_and_members_can_be_asked_for(telegram: FakeTelegram, bot: Bot, chat: Chat) -> None:
    group = telegram.group_chat("Kitchen", [telegram.user(id=5)])
    assert (await bot.get_chat(group.id)).title == "Kitchen"
    assert (await bot.get_chat(chat.id)).first_name == "Ada"
    assert (await bot.get_chat_member(group.id, 5)).status == "member"
    assert (await bot.get_chat_member(group.id, chat.id)).status == "left"
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(group.id, 404)


async def test_a_reply_keyboard_is_taken_but_not_on_an_edit(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "choose", reply_markup=ReplyKeyboardMarkup([["a", "b"]]))
    with pytest.raises(BadRequest, match="Inline keyboard expected"):
        await bot.edit_message_text(
            "x",
            chat.id,
            sent.message_id,
            reply_markup=ReplyKeyboardMarkup([["a"]]),  # type: ignore[arg-type]  # that's the mistake
        )


async def test_a_reply_to_nothing_is_refused(bot: Bot, chat: Chat) -> None:
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(chat.id, "what?", reply_to_message_id=999)
    await bot.send_message(chat.id, "what?", reply_to_message_id=999, allow_sending_without_reply=True)
    assert chat.texts == ["what?"]
