"""What administrators may do, and that nobody else can."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.messages import say, speaking
from bot.settings import Settings
from bot.telegram import progress_line
from bot.telegram.admin import COMMANDS
from retrieval.index import Index
from tests.fakes.model import FakeModel
from tests.fakes.model.server import MODEL
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot

ADMIN = 4242
QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."
RECIPE = b"""---
title: Beluga stew
---

## Ingredients

- 200 g lentils
- 100 g carrots

## Directions

1. Boil the lentils.
"""


@pytest.fixture
def more_settings() -> dict[str, Any]:
    return {"admins": {ADMIN}}


@pytest.fixture
def chat(telegram: FakeTelegram) -> Chat:
    """The administrator's."""
    return telegram.private_chat(telegram.user(ADMIN, first_name="Root"))


def shown(chat: Chat) -> str:
    return "\n".join(chat.texts)


async def reply_to(chat: Chat, text: str, *, count: int = 1) -> str:
    """Send a command; return the text of the bot's next message."""
    before = len(chat.texts)
    await chat.send(text)
    await chat.wait_until(lambda chat: len(chat.texts) >= before + count)
    return chat.texts[-1]


@pytest.mark.parametrize("command", COMMANDS)
async def test_for_others_the_commands_are_unknown(
    telegram: FakeTelegram, start_bot: StartBot, command: str
) -> None:
    other = telegram.private_chat()
    async with start_bot():
        assert await reply_to(other, f"/{command} list") == say("unknown_command")


async def test_even_an_admin_has_none_of_them_in_a_group(
    telegram: FakeTelegram, start_bot: StartBot, chat: Chat
) -> None:
    group = telegram.group_chat("Cooks", [telegram.user(ADMIN)])
    async with start_bot():
        assert await reply_to(group, "/stats@platewise_test_bot") == say("unknown_command")


async def test_a_file_from_somebody_else_is_not_added(telegram: FakeTelegram, start_bot: StartBot) -> None:
    other = telegram.private_chat()
    async with start_bot():
        await other.send_document("stew.md", RECIPE, "/knowledge add")
        await other.wait_until(lambda chat: bool(chat.texts))
    assert telegram.calls_of("getFile") == []


async def test_stats_count_people_turns_and_parts(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, chat: Chat, index: Index
) -> None:
    model.default = GOOD
    other = telegram.private_chat()
    async with start_bot():
        await other.send(QUESTION)
        await other.wait_until(lambda chat: "USDA" in shown(chat))
        said = await reply_to(chat, "/stats")
    passages = (await index.snapshot()).change.passages
    assert "People: 2; 1 today" in said
    assert "Turns: 1; 1 today, 0 failed" in said
    assert "passed 1" in said
    assert MODEL in said
    assert f"{passages:,} passages" in said
    assert len(said.splitlines()) == 9


async def test_stats_say_so_when_the_model_is_away(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, chat: Chat
) -> None:
    await model.stop()
    async with start_bot():
        said = await reply_to(chat, "/stats")
    assert "doesn't answer" in said
    assert say("stats_none") in said


async def test_adapters_are_promoted_and_rolled_back_while_the_bot_runs(
    model: FakeModel, start_bot: StartBot, chat: Chat, bot_settings: Settings
) -> None:
    folder = bot_settings.data / "adapters" / "diet-1"
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text("{}", encoding="utf-8")
    model.default = GOOD

    def asked() -> list[str]:
        return [request["model"] for request in model.requests]

    async with start_bot():
        assert "diet-1, in the folder" in await reply_to(chat, "/adapter list")
        assert "diet-1 answers from now on" in await reply_to(chat, "/adapter promote diet-1")
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "USDA" in chat.texts[-1])
        assert set(asked()) == {"diet-1"}
        assert "diet-1 answers now" in await reply_to(chat, "/adapter list")
        assert MODEL in await reply_to(chat, "/adapter rollback")
        await chat.send("How much iron is in raw spinach?")
        await chat.wait_until(lambda chat: "👍" in chat.messages[-1].buttons)
        assert asked()[-1] == MODEL


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/adapter", say("adapter_usage")),
        ("/adapter promote", say("adapter_usage")),
        ("/adapter frobnicate x", say("adapter_usage")),
        ("/adapter promote ../secrets", say("adapter_unknown", name="../secrets")),
        ("/adapter promote *x*", say("adapter_unknown", name="*x*")),
        ("/adapter rollback", say("adapter_no_previous")),
        ("/knowledge", say("knowledge_usage", limit=20)),
        ("/knowledge add", say("knowledge_usage", limit=20)),
        ("/knowledge frobnicate", say("knowledge_usage", limit=20)),
    ],
)
async def test_bad_input_is_one_clear_message(start_bot: StartBot, chat: Chat, text: str, said: str) -> None:
    async with start_bot():
        assert (await reply_to(chat, text)).split() == said.split()


class TestKnowledge:
    """`/knowledge`, on a knowledge base of the test's own."""

    @pytest.fixture
    def more_settings(self, tmp_path: Path, knowledge: str) -> dict[str, Any]:
        import shutil

        own = tmp_path / "own-knowledge"
        shutil.copytree(knowledge, own)
        return {"admins": {ADMIN, ADMIN + 1}, "knowledge": str(own)}

    async def test_a_file_is_added_once_and_listed(
        self, start_bot: StartBot, chat: Chat, bot_settings: Settings
    ) -> None:
        async with start_bot():
            await chat.send_document("stew.md", RECIPE, "/knowledge add")
            await chat.wait_until(lambda chat: "stew.md: 1 added" in shown(chat), timeout=60)
            await chat.send_document("stew.md", RECIPE, "/knowledge add")
            await chat.wait_until(lambda chat: say("knowledge_unchanged") in shown(chat), timeout=60)
            assert "recipe" in await reply_to(chat, "/knowledge list")
        assert not list((bot_settings.data / "uploads").iterdir())

    async def test_a_name_is_shown_letter_by_letter(self, start_bot: StartBot, chat: Chat) -> None:
        async with start_bot():
            await chat.send_document("__my__[stew](http://example.org).md", RECIPE, "/knowledge add")
            await chat.wait_until(lambda chat: "1 added" in shown(chat), timeout=60)
            assert chat.texts[-1].startswith("example.org).md: ")
            await chat.send_document("__my__ *stew*.md", RECIPE, "/knowledge add")
            await chat.wait_until(lambda chat: "__my__ *stew*.md: 1 added" in shown(chat), timeout=60)
            assert "__my__ *stew*.md" in await reply_to(chat, "/knowledge list")

    async def test_two_administrators_add_at_once(
        self, telegram: FakeTelegram, start_bot: StartBot, chat: Chat
    ) -> None:
        other = telegram.private_chat(telegram.user(ADMIN + 1, first_name="Toor"))
        async with start_bot():
            await chat.send_document("one.md", RECIPE, "/knowledge add")
            await other.send_document("two.md", RECIPE.replace(b"Beluga", b"Green"), "/knowledge add")
            await chat.wait_until(lambda chat: "one.md: 1 added" in shown(chat), timeout=60)
            await other.wait_until(lambda chat: "two.md: 1 added" in shown(chat), timeout=60)
            listed = await reply_to(chat, "/knowledge list")
        assert "one.md" in listed
        assert "two.md" in listed

    async def test_a_zip_that_unfolds_without_end_is_refused(self, start_bot: StartBot, chat: Chat) -> None:
        folded = BytesIO()
        with zipfile.ZipFile(folded, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b"\0" * 150_000_000)
        async with start_bot():
            await chat.send_document("stew.docx", folded.getvalue(), "/knowledge add")
            await chat.wait_until(lambda chat: "stew.docx was not added" in shown(chat), timeout=60)
        assert len(chat.texts[-1].splitlines()) == 1

    async def test_a_reply_to_a_file_adds_it(self, start_bot: StartBot, chat: Chat) -> None:
        async with start_bot():
            await chat.send_document("stew.md", RECIPE)
            await chat.wait_until(lambda chat: bool(chat.texts))
            await chat.send("/knowledge add", reply_to=chat.written[-1])
            await chat.wait_until(lambda chat: "stew.md: 1 added" in shown(chat), timeout=60)

    async def test_what_cannot_be_read_is_one_line_without_our_folders(
        self, start_bot: StartBot, chat: Chat, bot_settings: Settings
    ) -> None:
        async with start_bot():
            await chat.send_document("../../etc/passwd.bin", b"\x00\x01\x02", "/knowledge add")
            await chat.wait_until(lambda chat: "was not added" in shown(chat), timeout=60)
        assert "passwd.bin" in chat.texts[-1]
        assert str(bot_settings.data) not in chat.texts[-1]
        assert len(chat.texts[-1].splitlines()) == 1
        assert not list((bot_settings.data / "uploads").iterdir())

    async def test_a_file_that_bots_cannot_fetch_is_refused_before(
        self, telegram: FakeTelegram, start_bot: StartBot, chat: Chat
    ) -> None:
        async with start_bot():
            await chat.send_document("big.zip", b"x", "/knowledge add", size=21_000_000)
            await chat.wait_until(lambda chat: bool(chat.texts))
        assert chat.texts[-1] == say("knowledge_too_large", size=21.0, limit=20)
        assert telegram.calls_of("getFile") == []

    async def test_progress_is_shown_in_one_message(
        self, start_bot: StartBot, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(progress_line, "PROGRESS_S", 0.001)
        async with start_bot():
            await chat.send_document("stew.md", RECIPE, "/knowledge add")
            await chat.wait_until(lambda chat: "stew.md: 1 added" in shown(chat), timeout=60)
        assert len(chat.messages) == 2
        assert chat.messages[0].text.startswith("Reading stew.md")


async def test_menus_differ_by_scope_and_language(
    telegram: FakeTelegram, start_bot: StartBot, chat: Chat
) -> None:
    async with start_bot():
        menus = dict(telegram.commands)

    def names(scope: str, language: str) -> set[str]:
        return {command["command"] for command in menus[scope, language]}

    private, admins, groups = "all_private_chats", f"{ADMIN} chat", "all_group_chats"
    for language in ("", "es"):
        assert {"start", "prefs", "new"} <= names(private, language)
        assert not names(private, language) & set(COMMANDS)
        assert names(admins, language) == names(private, language) | set(COMMANDS)
        assert "help" in names(groups, language)
        assert "prefs" not in names(groups, language)
    with speaking("es"):
        spanish = say("command_help")
    assert spanish in {command["description"] for command in menus[private, "es"]}
