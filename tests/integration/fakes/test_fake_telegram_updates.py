"""A real bot receives updates from the fake Bot API server, by polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReactionTypeEmoji, Update
from telegram.error import Conflict
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.server import Call


async def echo(update: Update, _: object) -> None:
    assert update.effective_message
    await update.effective_message.reply_text(f"heard: {update.effective_message.text}")


async def greet(update: Update, _: object) -> None:
    assert update.effective_message
    assert update.effective_user
    await update.effective_message.reply_text(f"hello {update.effective_user.first_name}")


async def thank(update: Update, _: object) -> None:
    assert update.callback_query
    await update.callback_query.answer(f"you chose {update.callback_query.data}")


@asynccontextmanager
async def running(telegram: FakeTelegram) -> AsyncIterator[None]:
    application = (
        ApplicationBuilder()
        .token(telegram.token)
        .base_url(f"{telegram.url}/bot")
        .base_file_url(f"{telegram.url}/file/bot")
        .build()
    )
    application.add_handler(CommandHandler("start", greet))
    application.add_handler(CallbackQueryHandler(thank))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        assert application.updater
        await application.updater.start_polling(timeout=5)
        await application.start()
        yield
        await application.updater.stop()
        await application.stop()


async def test_a_polling_application_hears_and_answers(telegram: FakeTelegram) -> None:
    chat = telegram.private_chat(telegram.user(id=42, first_name="Grace", language_code="de"))
    async with running(telegram):
        await chat.send("/start")
        assert (await chat.wait_for_answer()).text == "hello Grace"
        await chat.send("lentils?")
        assert (await chat.wait_for_answer()).text == "heard: lentils?"
    assert telegram.unconfirmed == []


async def test_a_redelivered_update_reaches_a_polling_application_again(telegram: FakeTelegram) -> None:
    chat = telegram.private_chat()
    async with running(telegram):
        first = await chat.send("one")
        await chat.send("two")
        await chat.wait_for_answer(count=2)
        await telegram.redeliver(first)
        assert (await chat.wait_for_answer()).text == "heard: one"
        await chat.send("three")
        assert (await chat.wait_for_answer()).text == "heard: three"
    assert chat.texts == ["heard: one", "heard: two", "heard: one", "heard: three"]


async def test_a_pressed_button_reaches_its_handler(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("👍", callback_data="good:1")]])
    await bot.send_message(chat.id, "Was it good?", reply_markup=keyboard)
    message = await chat.wait_for_answer()
    assert message.buttons == ["👍"]
    async with running(telegram):
        await chat.press(message, "👍")
        await chat.wait_until(lambda chat: chat.callback_answers)
    assert chat.callback_answers == [{"text": "you chose good:1", "show_alert": False}]
    with pytest.raises(LookupError, match="no button '👎'"):
        await chat.press(message, "👎")


async def test_an_update_comes_again_until_an_offset_confirms_it(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    ids = [await chat.send(text) for text in ("a", "b", "c")]
    assert [update.update_id for update in await bot.get_updates()] == ids
    assert [update.update_id for update in await bot.get_updates(limit=2)] == ids[:2]
    assert [update.update_id for update in await bot.get_updates(offset=ids[0] + 1)] == ids[1:]
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == ids[2:]
    assert telegram.unconfirmed == ids[2:]


async def test_a_long_poll_ends_as_soon_as_somebody_writes(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.wait_until(lambda fake: fake.calls_of("getUpdates"))
    await chat.send("hi")
    (update,) = await asyncio.wait_for(polling, 5)
    assert update.effective_message
    assert update.effective_message.text == "hi"


async def test_a_second_poll_ends_the_first_with_a_conflict(telegram: FakeTelegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.wait_until(lambda fake: fake.calls_of("getUpdates"))
    # One client sends one poll at a time, so the second comes from another process's client.
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as other:
        assert await other.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_only_kinds_that_were_asked_for_are_kept(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    await bot.get_updates(allowed_updates=["edited_message"])
    await chat.send("not asked for")
    await chat.edit(chat.written[0].id, "asked for")
    (update,) = await bot.get_updates()
    assert update.edited_message
    assert update.edited_message.text == "asked for"


async def test_a_message_carries_the_entities_that_telegram_finds(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    await chat.send(
        "🍎 /prefs@platewise_test_bot ask @ada_l or a.b@example.org, see https://example.org/x. #vegan"
    )
    (update,) = await bot.get_updates()
    assert isinstance(update.message, Message)
    assert sorted(update.message.parse_entities().values()) == [
        "#vegan",
        "/prefs@platewise_test_bot",
        "@ada_l",
        "a.b@example.org",
        "https://example.org/x",
    ]


async def test_what_isnt_text_arrives_as_what_it_is(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.group_chat("Kitchen", [telegram.user(), telegram.user()])
    await chat.send_sticker()
    await chat.send_photo("my #lunch")
    await chat.send_voice(user=chat.members[1])
    await chat.send_location(1.5, 2.5)
    sticker, photo, voice, location = [update.message for update in await bot.get_updates()]
    assert sticker
    assert sticker.sticker
    assert photo
    assert (photo.caption, len(photo.caption_entities)) == ("my #lunch", 1)
    assert voice
    assert voice.voice
    assert voice.from_user
    assert voice.from_user.id == chat.members[1].id
    assert location
    assert location.location
    assert location.location.longitude == 2.5
    content = await (await bot.get_file(photo.photo[-1].file_id)).download_as_bytearray()
    assert content.startswith(b"\xff\xd8")


async def test_the_bot_can_react_and_reply_to_what_a_person_wrote(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    await chat.send("thanks!")
    (written,) = chat.written
    await bot.set_message_reaction(chat.id, written.id, [ReactionTypeEmoji("👍")])
    await bot.send_message(chat.id, "any time", reply_to_message_id=written.id)
    assert written.reactions == [{"type": "emoji", "emoji": "👍"}]
    assert chat.messages[0].reply_to is written


class Receiver:
    """A tiny webhook: keeps what it accepts, and refuses the first `refusals` posts and one text for ever."""

    def __init__(self, refusals: int = 0, *, refused_text: str = "") -> None:
        self.refusals = refusals
        self.refused_text = refused_text
        self.texts: list[str] = []
        self.secrets: set[str | None] = set()
        self.changed = asyncio.Condition()

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        async with self.changed:
            self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
            if self.refusals > 0 or update["message"]["text"] == self.refused_text:
                self.refusals -= 1
                return web.Response(status=500)
            self.texts.append(update["message"]["text"])
            self.changed.notify_all()
        return web.Response()

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.texts) >= count)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        application = web.Application()
        application.add_routes([web.post("/hook", self.receive)])
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await runner.cleanup()


async def test_a_webhook_gets_updates_in_order_with_the_secret(telegram: FakeTelegram, bot: Bot) -> None:
    chat, receiver = telegram.private_chat(), Receiver()
    await chat.send("before")
    async with receiver.serving() as url:
        await bot.set_webhook(url, secret_token="s3cret")
        for number in range(5):
            await chat.send(str(number))
        await receiver.wait_for(6)
        await bot.delete_webhook()
    assert receiver.texts == ["before", "0", "1", "2", "3", "4"]
    assert receiver.secrets == {"s3cret"}
    assert telegram.unconfirmed == []


async def test_a_refused_update_is_posted_again_and_keeps_its_place(telegram: FakeTelegram, bot: Bot) -> None:
    chat, receiver = telegram.private_chat(), Receiver(refusals=2)
    async with receiver.serving() as url:
        await bot.set_webhook(url)
        first = await chat.send("first")
        await chat.send("second")
        await receiver.wait_for(2)
        assert "500" in str((await bot.get_webhook_info()).last_error_message)
        await telegram.redeliver(first)
        await receiver.wait_for(3)
        await bot.delete_webhook()
    assert receiver.texts == ["first", "second", "first"]


async def test_a_refused_update_holds_up_its_own_chat_only(telegram: FakeTelegram, bot: Bot) -> None:
    stuck, free = telegram.private_chat(telegram.user()), telegram.private_chat(telegram.user())
    receiver = Receiver(refused_text="stuck")
    async with receiver.serving() as url:
        await bot.set_webhook(url)
        for chat, text in [(stuck, "stuck"), (stuck, "behind"), (free, "1"), (free, "2")]:
            await chat.send(text)
        await receiver.wait_for(2)
        await bot.delete_webhook()
    assert receiver.texts == ["1", "2"]
    assert len(telegram.unconfirmed) == 2


async def test_polling_and_a_webhook_exclude_each_other(telegram: FakeTelegram, bot: Bot) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.wait_until(lambda fake: fake.calls_of("getUpdates"))
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await polling
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    await telegram.private_chat().send("waits")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_restart_keeps_the_port_and_what_was_unconfirmed(telegram: FakeTelegram, bot: Bot) -> None:
    update_id = await telegram.private_chat().send("still here?")
    url = telegram.url
    await telegram.stop()
    await telegram.start()
    assert telegram.url == url
    assert [update.update_id for update in await bot.get_updates()] == [update_id]


async def test_every_call_is_logged_with_its_status(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    await bot.send_message(chat.id, "7")
    call = telegram.calls_of("sendMessage")[0]
    assert isinstance(call, Call)
    assert (call.chat_id, call.params["text"], call.status) == (chat.id, "7", 200)
