"""When the bot is meant in a group, and what it was asked."""

from typing import Any

import pytest
from telegram import Update

from bot.store.conversations import Turn, TurnRecord
from bot.store.tables import TurnStatus
from bot.telegram.groups import addressed, is_shared, public_turn, question_text
from tests.unit.bot.telegram.updates import BOT, GROUP, make, message, noted_bot, private, user

ADA, OTHER_BOT = user(2), {"id": 8, "is_bot": True, "first_name": "Other", "username": "other_bot"}


def entity(kind: str, text: str, part: str, **more: Any) -> dict[str, Any]:
    """An entity over `part` of `text`, counted as Telegram counts: in UTF-16 units."""
    before = text[: text.index(part)].encode("utf-16-le")
    return {"type": kind, "offset": len(before) // 2, "length": len(part.encode("utf-16-le")) // 2, **more}


def reply_to(sender: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"reply_to_message": message(GROUP, sender, "before", **more)}


async def written(text: str, *entities: dict[str, Any], **more: Any) -> tuple[Update, Any]:
    bot, _ = await noted_bot()
    body = message(GROUP, ADA, text, **({"entities": list(entities)} if entities else {}), **more)
    return make(bot, "message", body), bot


@pytest.mark.parametrize(
    ("text", "entities", "more", "meant"),
    [
        ("@platewise_bot hi", [("mention", "@platewise_bot")], {}, True),
        ("well, @PlateWise_Bot?", [("mention", "@PlateWise_Bot")], {}, True),
        ("hi all", [], {}, False),
        ("platewise_bot is nice", [], {}, False),
        ("@platewise_bot hi", [], {}, False),
        ("@other_bot hi", [("mention", "@other_bot")], {}, False),
        ("@platewise_bot_2 hi", [("mention", "@platewise_bot_2")], {}, False),
        ("Platewise hi", [("text_mention", "Platewise", {"user": BOT})], {}, True),
        ("Ada hi", [("text_mention", "Ada", {"user": ADA})], {}, False),
        ("/help@platewise_bot", [("bot_command", "/help@platewise_bot")], {}, True),
        ("/help@other_bot", [("bot_command", "/help@other_bot")], {}, False),
        ("/help", [("bot_command", "/help")], {}, False),
        ("and tofu?", [], reply_to(BOT), True),
        ("and tofu?", [], reply_to(ADA), False),
        ("/help@other_bot", [("bot_command", "/help@other_bot")], reply_to(BOT), False),
        ("hi", [], reply_to(BOT, forum_topic_created={"name": "Food", "icon_color": 7322096}), False),
        ("🥑🥑 @platewise_bot hi", [("mention", "@platewise_bot")], {}, True),
    ],
)
async def test_the_bot_is_meant_only_when_it_is_named_or_replied_to(
    text: str, entities: list[Any], more: dict[str, Any], *, meant: bool
) -> None:
    parts = [entity(kind, text, part, **(rest[0] if rest else {})) for kind, part, *rest in entities]
    update, bot = await written(text, *parts, **more)
    assert addressed(update, bot) is meant


async def test_a_caption_can_name_the_bot() -> None:
    bot, _ = await noted_bot()
    caption = "@platewise_bot what is that?"
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    content = message(GROUP, ADA, photo=photo, caption=caption)
    content |= {"caption_entities": [entity("mention", caption, "@platewise_bot")]}
    del content["text"]
    assert addressed(make(bot, "message", content), bot)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("@platewise_bot How much protein?", "How much protein?"),
        ("@platewise_bot, how much protein?", "how much protein?"),
        ("How much protein, @platewise_bot?", "How much protein?"),
        ("hey @platewise_bot how much?", "hey how much?"),
        ("🥑 @platewise_bot 🥑?", "🥑 🥑?"),
        ("@platewise_bot\nfirst\nsecond", "first\nsecond"),
        ("@platewise_bot", ""),
    ],
)
async def test_the_name_is_no_part_of_the_question(text: str, asked: str) -> None:
    update, bot = await written(text, entity("mention", text, "@platewise_bot"))
    assert update.message is not None
    assert question_text(update.message, bot) == asked


async def test_names_of_others_stay_in_the_question() -> None:
    text = "what can  @ada eat?"
    update, bot = await written(text, entity("mention", text, "@ada"), **reply_to(BOT))
    assert update.message is not None
    assert question_text(update.message, bot) == text


async def test_others_read_along_everywhere_but_in_the_private_chat() -> None:
    bot, _ = await noted_bot()
    assert is_shared((await written("hi"))[0])
    assert not is_shared(make(bot, "message", message(private(2), ADA)))


def test_a_public_turn_has_the_answer_and_nothing_of_the_person() -> None:
    from datetime import UTC, datetime

    record = TurnRecord(
        answer="Lentils have 9 g [1]. They contain no peanuts.",
        notices=("Noted: allergy to peanuts.",),
        preferences={"allergies": ["peanuts"]},
    )
    turn = Turn(
        id=1,
        conversation_id=1,
        update_id=1,
        status=TurnStatus.ANSWERED,
        question="What has protein?",
        preferences={},
        consent_improve=False,
        received_at=datetime.now(UTC),
        message_ids=(),
        record=record,
        error_id=None,
        answered_at=None,
    )
    public = public_turn(turn)
    assert public is not None
    assert public.record is not None
    assert public.record.said == "Lentils have 9 g [1]."
