"""`platewise chat` as a person types it: a real terminal input, a real store and knowledge base."""

import asyncio
import io
import os
import signal
import stat
from pathlib import Path

import pytest

from bot.assistant.assistant import Assistant
from bot.commands.chat import converse
from bot.commands.chatting.history import PrivateHistory
from bot.commands.chatting.typing import Piped
from bot.messages import say, speaking
from bot.store.store import Store
from tests.fakes.model import FakeModel
from tests.integration.commands.terminals import CTRL_C, CTRL_D, ENTER, GOOD, QUESTION, UP, Sit, talked


async def test_a_question_is_answered_with_its_source(sit: Sit, model: FakeModel) -> None:
    model.default = GOOD
    shown = await talked(sit, QUESTION)
    assert say("chat_intro") in shown
    assert "9.02 g of protein" in shown
    assert "[1] Lentils, cooked (USDA" in shown


async def test_sentences_are_shown_while_the_rest_is_written(sit: Sit, model: FakeModel) -> None:
    model.default = f"{GOOD} They are cheap, too [1]. " + "They keep well [1]. " * 30
    model.per_token = 0.05
    async with sit() as (terminal, _talk):
        terminal.type(QUESTION)
        await terminal.shows("9.02 g of protein")
        assert model.active == 1


async def test_foods_are_compared_in_a_table(sit: Sit, model: FakeModel) -> None:
    model.default = "Spinach has 2.71 mg of iron per 100 g [1], tofu has less [2]."
    shown = await talked(sit, "Compare tofu and spinach")
    table = shown[shown.index("per 100 g") :]
    assert "protein" in table
    assert table.count("│") > 10 or table.count("┃") > 2


async def test_preferences_are_kept_shown_and_dropped_only_when_confirmed(sit: Sit, store: Store) -> None:
    person = await store.people.person("terminal:ada")
    shown = await talked(sit, "/prefs add allergy peanuts", "/prefs", "/prefs remove allergy peanuts", "no")
    assert say("prefs_added", changes="allergy to peanuts") in shown
    assert say("card_title") in shown
    assert "/prefs, " in shown  # where it came from
    assert say("prefs_kept") in shown
    assert (await store.preferences.load(person.id)).allergies == {"peanuts"}
    await talked(sit, "/prefs remove allergy peanuts", "yes")
    assert not (await store.preferences.load(person.id)).allergies


async def test_a_wrong_command_is_explained_and_the_talk_goes_on(sit: Sit) -> None:
    shown = await talked(sit, "/nonsense", "/prefs frobnicate", "/prefs add diet vegn", "/help")
    assert say("unknown_command") in shown
    assert say("prefs_usage").splitlines()[0] in shown
    assert "- vegan" in shown
    assert say("chat_help").splitlines()[0] in shown


async def test_the_last_answer_is_explained_and_foods_are_compared(sit: Sit, model: FakeModel) -> None:
    model.default = GOOD
    shown = await talked(sit, "/why", QUESTION, "/why", "/chart cooked lentils, tofu", "/chart")
    assert say("why_nothing") in shown
    assert say("why_guard_passed") in shown
    table = shown[shown.index(say("chart_title")) :]
    assert "1  Lentils, cooked (1 cup, 198 g)" in table
    assert "█" in table
    assert "17.9 g" in table  # protein in a cup of lentils
    assert say("chart_usage") in table


async def test_the_language_is_chosen_and_kept(sit: Sit, store: Store) -> None:
    shown = await talked(sit, "/language", "/language tlh", "/language es", "/help")
    with speaking("es"):
        assert say("chat_help").splitlines()[0] in shown
    assert "Español (/language es)" in shown
    assert say("language_unknown", language="tlh", languages="").split("tlh")[0] in shown
    assert (await store.people.person("terminal:ada", language="en")).language == "es"
    again = await talked(sit, "/prefs")
    with speaking("es"):
        assert say("preferences_empty") in again


async def test_ctrl_c_stops_the_answer_and_the_talk_goes_on(sit: Sit, model: FakeModel, store: Store) -> None:
    model.default = GOOD + " They keep well [1]." * 200
    model.per_token = 0.02
    before = signal.getsignal(signal.SIGINT)
    async with sit() as (terminal, talk):
        terminal.type(QUESTION)
        await terminal.shows("9.02 g of protein")
        os.kill(os.getpid(), signal.SIGINT)
        await terminal.shows(say("chat_stopped"))
        await model.wait_until(lambda model: model.aborted == 1)
        terminal.type("/help")
        terminal.press(CTRL_D)
        await asyncio.wait_for(talk, 30)
        assert say("chat_help").splitlines()[0] in terminal.shown
    assert signal.getsignal(signal.SIGINT) == before


async def test_ctrl_c_in_a_line_clears_it(sit: Sit, store: Store) -> None:
    async with sit() as (terminal, talk):
        terminal.press("/prefs add allergy peanuts")
        terminal.press(CTRL_C)
        terminal.type("/help")
        terminal.press(CTRL_D)
        await asyncio.wait_for(talk, 30)
        assert say("chat_help").splitlines()[0] in terminal.shown
    person = await store.people.person("terminal:ada")
    assert not await store.preferences.load(person.id)


async def test_what_was_typed_is_there_the_next_time_for_its_owner_alone(sit: Sit, tmp_path: Path) -> None:
    await talked(sit, "/prefs add like lentils")
    path = PrivateHistory(tmp_path, "ada").path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    async with sit() as (terminal, talk):
        await terminal.shows(say("chat_intro"))
        terminal.press(UP)
        terminal.press(ENTER)
        await terminal.shows("likes lentils")
        terminal.press(CTRL_D)
        await asyncio.wait_for(talk, 30)


async def test_a_person_is_forgotten_when_they_confirm_it_and_the_talk_ends(
    sit: Sit, store: Store, tmp_path: Path
) -> None:
    person = await store.people.person("terminal:ada")
    shown = await talked(sit, "/prefs add allergy peanuts", "/forget", "no")
    assert say("forget_kept") in shown
    async with sit() as (terminal, talk):
        terminal.type("/forget", "yes")
        await asyncio.wait_for(talk, 30)
        assert say("chat_forgotten").split(".")[0] in terminal.shown
    assert await store.erasure.unswept() == frozenset()
    assert await store.preferences.history(person.id) == ()
    assert person.pseudonym in await store.erasure.erased()
    assert PrivateHistory(tmp_path, "ada").path.read_bytes() == b""


async def test_the_files_of_the_data_folder_hold_nothing_of_who_was_forgotten(
    sit: Sit, model: FakeModel, tmp_path: Path
) -> None:
    model.default = GOOD
    async with sit() as (terminal, talk):
        terminal.type("I love zucchini blossoms and quince", QUESTION, "/good", "/forget", "yes")
        await asyncio.wait_for(talk, 30)
    held = await asyncio.to_thread(contents, tmp_path)
    assert tmp_path / "platewise.db" in held
    words = (b"quince", b"zucchini", QUESTION.encode())
    assert [path for path, content in held.items() if any(word in content for word in words)] == []


def contents(folder: Path) -> dict[Path, bytes]:
    """Return what stands in every file below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_who_was_forgotten_elsewhere_is_told_and_nothing_they_typed_stays(
    sit: Sit, store: Store, tmp_path: Path
) -> None:
    async with sit() as (terminal, talk):
        await terminal.shows(say("chat_intro"))
        person = await store.people.person("terminal:ada")
        await store.erasure.erase(person)
        terminal.type("I'm allergic to peanuts")
        await asyncio.wait_for(talk, 30)
        assert say("chat_forgotten_elsewhere").split(",")[0] in terminal.shown
    assert PrivateHistory(tmp_path, "ada").path.read_bytes() == b""


def test_any_name_is_one_file_of_the_folder(tmp_path: Path) -> None:
    paths = [
        PrivateHistory(tmp_path, name).path for name in ("ada", "../ada", "..", "a/b", "é", "x" * 999, "")
    ]
    assert len(set(paths)) == len(paths)
    assert {path.parent for path in paths} == {tmp_path / "chat"}


def test_a_history_is_forgotten_to_the_last_byte(tmp_path: Path) -> None:
    history = PrivateHistory(tmp_path, "ada")
    history.append_string("I am allergic to peanuts")
    assert b"peanuts" in history.path.read_bytes()
    history.forget()
    assert history.path.read_bytes() == b""
    assert history.get_strings() == []
    history.append_string("hello")
    assert stat.S_IMODE(history.path.stat().st_mode) == 0o600


async def test_a_pipe_is_answered_line_by_line_as_text(
    assistant: Assistant,
    store: Store,
    model: FakeModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model.default = GOOD
    lines = f"\n{QUESTION}\n/prefs remove allergy peanuts\n/nonsense\n/quit\nnever read\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert await converse(store, assistant, "ada", data=tmp_path) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == GOOD
    assert say("prefs_kept") in shown
    assert say("unknown_command") in shown
    assert say("chat_intro") not in shown
    assert not (tmp_path / "chat").exists()
    assert not await Piped().confirmed("Really?")
