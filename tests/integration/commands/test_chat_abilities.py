"""What can be done in `platewise chat` beside asking: the same as on Telegram."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from bot.assistant.consented import improves, keeps
from bot.commands.chatting.answering import reason_of
from bot.commands.chatting.completion import COMMANDS
from bot.commands.chatting.history import PrivateHistory
from bot.messages import languages, say, speaking
from bot.store.feedback import REASONS
from bot.store.store import Store
from bot.store.tables import Rating
from tests.fakes.model import FakeModel
from tests.integration.commands.terminals import CTRL_D, GOOD, QUESTION, Sit, talked


def test_every_command_of_telegram_is_there() -> None:
    from bot.telegram.app import _COMMANDS

    assert set(_COMMANDS) <= set(COMMANDS)


@pytest.mark.parametrize("language", languages())
def test_help_names_every_command(language: str) -> None:
    with speaking(language):
        assert {name for name in COMMANDS if f"/{name}" not in say("chat_help")} == set()


async def test_a_new_person_is_asked_the_form_answers_some_and_asks_in_between(
    sit: Sit, store: Store, model: FakeModel
) -> None:
    model.default = GOOD
    lines = ("no", "yes", "vegan, allergic to sesame", QUESTION, "skip", "none")
    shown = await talked(sit, *lines)
    order = [
        say("start").splitlines()[0],
        "May I keep our conversations",
        "May our conversations also be used",
        say("form_progress", number=1, count=4),
        say("form_noted", changes="allergy to sesame, vegan"),
        say("form_progress", number=3, count=4),
        "9.02 g of protein",
        say("form_back_dislikes"),
        say("form_progress", number=4, count=4),
        say("form_summary"),
        "Allergies: sesame",
        "Dislikes: not said",
        "Targets: none",
        "Keep our conversations: no",
    ]
    positions = [shown.find(text) for text in order]
    assert -1 not in positions, order[positions.index(-1)]
    assert positions == sorted(positions)
    person = await store.people.person("terminal:ada")
    decisions = await store.consents.decisions(person.id)
    assert not keeps(decisions)
    assert (await store.preferences.load(person.id)).allergies == {"sesame"}


async def test_the_form_goes_on_after_a_restart_and_start_asks_what_was_skipped(
    sit: Sit, store: Store
) -> None:
    await talked(sit, "yes", "skip")
    shown = await talked(sit, "vegan", "skip all")
    assert say("start").splitlines()[0] not in shown
    assert shown.index(say("form_back_diets")) < shown.index(say("form_noted", changes="vegan"))
    assert say("form_summary") in shown
    again = await talked(sit, "/start", "yes")
    assert say("form_back_improvement").split("?")[0][:50] in again
    assert improves(await store.consents.decisions((await store.people.person("terminal:ada")).id))


async def test_a_yes_to_what_another_terminal_has_answered_is_none_to_the_next_question(
    sit: Sit, store: Store
) -> None:
    async with sit() as (terminal, _talk):
        await terminal.shows("May I keep our conversations")
        await talked(sit, "yes")
        terminal.type("no")
        await terminal.shows("May our conversations also be used")
        terminal.type("/privacy")
        await terminal.shows(say("privacy_unsaid_improvement"))
    decisions = await store.consents.decisions((await store.people.person("terminal:ada")).id)
    assert keeps(decisions)
    assert len(decisions) == 1


async def test_both_choices_of_privacy_are_shown_and_changed(sit: Sit, store: Store) -> None:
    shown = await talked(
        sit, "skip all", "/privacy", "/privacy improve yes", "/privacy keep no", "/privacy foo"
    )
    assert say("privacy_unsaid_service") in shown
    assert say("privacy_done_improvement_yes").split(".")[0] in shown
    assert "I don't keep our conversations any more." in shown
    assert shown.count("/privacy keep no") > 2
    decisions = await store.consents.decisions((await store.people.person("terminal:ada")).id)
    assert not keeps(decisions)
    spanish = await talked(sit, "/language es", "/privacy guardar sí")
    assert "A partir de ahora guardo nuestras conversaciones." in spanish
    assert keeps(await store.consents.decisions((await store.people.person("terminal:ada")).id))


async def test_who_wants_nothing_kept_gets_answers_that_leave_nothing(
    sit: Sit, store: Store, model: FakeModel, tmp_path: Path
) -> None:
    model.default = GOOD
    shown = await talked(sit, "no", "skip all", QUESTION, "/why", "/again", "/sources", "/good")
    assert "9.02 g of protein" in shown
    assert say("why_nothing").split(":")[0] in shown
    assert shown.count(say("feedback_unknown")) == 3
    person = await store.people.person("terminal:ada")
    turn = await store.lookup.latest(person.id, None)
    assert turn is not None
    assert (turn.question, turn.record) == ("", None)
    await talked(sit, "/help")  # nor is anything kept of the next talk
    assert PrivateHistory(tmp_path, "ada").path.read_bytes() == b""


async def test_everything_held_is_written_into_a_file_of_ones_own(
    sit: Sit, model: FakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.default = GOOD
    monkeypatch.chdir(tmp_path)
    shown = await talked(sit, "skip all", QUESTION, "/mydata", "/mydata")
    path, second = tmp_path / "platewise-mydata.json", tmp_path / "platewise-mydata (2).json"
    assert path.name in shown
    assert path.stat().st_mode & 0o777 == 0o600
    held = json.loads(path.read_bytes())
    assert held["conversations"][0]["turns"][0]["question"] == QUESTION
    assert json.loads(second.read_bytes())["person"] == held["person"]


async def test_a_folder_that_cannot_be_written_is_said_so(
    sit: Sit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Path, "cwd", lambda: folder)
    folder.rmdir()
    shown = await talked(sit, "skip all", "/mydata", "/help")
    assert "I can't write" in shown
    assert say("chat_help").splitlines()[0] in shown


async def test_opinions_are_kept_with_a_reason(sit: Sit, store: Store, model: FakeModel) -> None:
    model.default = GOOD
    shown = await talked(sit, "skip all", "/good", QUESTION, "/bad", "2", "/bad too long")
    assert say("chat_no_answer") in shown
    assert say("feedback_why") in shown
    person = await store.people.person("terminal:ada")
    turn = await store.lookup.latest(person.id, None)
    assert turn is not None
    (said,) = await store.feedback.of_turn(turn.id)
    assert (said.value, said.reason) == (Rating.DOWN, "long")
    await talked(sit, "👍")
    (said,) = await store.feedback.of_turn(turn.id)
    assert (said.value, said.reason) == (Rating.UP, None)


@pytest.mark.parametrize("language", languages())
def test_a_reason_is_its_number_its_name_or_its_words(language: str) -> None:
    with speaking(language):
        for number, reason in enumerate(REASONS, start=1):
            assert reason_of(str(number)) == reason_of(reason) == reason_of(say(f"chip_{reason}")) == reason
    assert reason_of("6") is None
    assert reason_of("") is None


async def test_another_answer_belongs_to_the_same_question_and_its_sources_are_shown(
    sit: Sit, store: Store, model: FakeModel
) -> None:
    model.default = GOOD
    shown = await talked(sit, "skip all", "/again", QUESTION, "/again", "/again", "/sources")
    assert say("chat_no_answer") in shown
    assert say("sources_cited") in shown
    assert "Lentils, cooked. " in shown[shown.index(say("sources_cited")) :]
    person = await store.people.person("terminal:ada")
    last = await store.lookup.latest(person.id, None)
    assert last is not None
    assert last.again_of is not None
    assert [turn.again_of for turn in await store.lookup.answers_like(last.again_of)] == [
        None,
        last.again_of,
        last.again_of,
    ]


async def test_what_was_noted_is_taken_back(sit: Sit, store: Store) -> None:
    shown = await talked(sit, "skip all", "I'm allergic to peanuts", "/undo", "/undo")
    assert say("chat_undo") in shown
    assert say("undone", changes="allergy to peanuts") in shown
    assert say("undo_nothing") in shown
    assert not (await store.preferences.load((await store.people.person("terminal:ada")).id)).allergies


async def test_an_allergy_that_is_said_to_be_gone_is_dropped_only_on_a_yes(sit: Sit, store: Store) -> None:
    person = await store.people.person("terminal:ada")
    gone = "I'm not allergic to peanuts any more"
    shown = await talked(sit, "skip all", "/prefs add allergy peanuts", gone, "no")
    assert say("prefs_confirm_remove", names="peanuts").split("?")[0] in shown or say("prefs_kept") in shown
    assert (await store.preferences.load(person.id)).allergies == {"peanuts"}
    await talked(sit, gone, "yes")
    assert not (await store.preferences.load(person.id)).allergies


async def test_a_mistyped_command_names_what_was_meant(sit: Sit) -> None:
    shown = await talked(sit, "/privaci", "/STOP", "/HELP")
    assert "- /privacy" in shown
    assert say("chat_stop_how") in shown
    assert say("chat_help").splitlines()[0] in shown


async def test_people_leave_as_they_try_first(sit: Sit) -> None:
    for word in ("exit", "/exit", "quit"):
        async with sit() as (terminal, talk):
            await terminal.shows(say("chat_intro"))
            terminal.type(word)
            await talk


async def test_no_figure_is_cut_on_a_narrow_screen(sit: Sit) -> None:
    lines = ("/prefs add like lentils", "/prefs", "/chart tofu, lentils", "Compare tofu and spinach")
    shown = await talked(sit, "skip all", *lines, width=20)
    assert "…" not in shown.replace("/prefs add|remove|set|clear|export …", "")
    for figure in ("17.9 g", "3.96 mg", "144 kcal", "23 kcal"):
        assert figure in " ".join(shown.split()), figure


async def test_ctrl_c_gives_up_a_command_and_the_talk_goes_on(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = asyncio.Event()

    async def endless(*_arguments: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.commands.chatting.session.chart_of", endless)
    async with sit() as (terminal, talk):
        for count in (1, 2):
            reached.clear()
            terminal.type("/chart tofu")
            await asyncio.wait_for(reached.wait(), 30)
            os.kill(os.getpid(), signal.SIGINT)
            async with asyncio.timeout(30):
                while terminal.shown.count(say("chat_stopped")) < count:
                    await terminal.changes()
        terminal.type("/help")
        terminal.press(CTRL_D)
        await asyncio.wait_for(talk, 30)
        assert say("chat_help").splitlines()[0] in terminal.shown
