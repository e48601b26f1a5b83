"""Cards that are pressed twice, too late, after a restart, or by somebody else."""

import pytest

from bot.messages import say
from retrieval.diet.preferences import Diet, Preferences
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.cards import data_of, known_person, opened, press, press_again


@pytest.mark.parametrize(
    "path", [(), ("Allergies",), ("Allergies", "✅ sesame"), ("Dislikes",), ("Targets",)]
)
async def test_another_persons_press_changes_nothing_and_is_told_so(
    telegram: FakeTelegram, start_prefs: StartBot, path: tuple[str, ...]
) -> None:
    chat, stranger = telegram.private_chat(), telegram.user(first_name="Eve")
    known = Preferences(
        allergies=frozenset({"sesame"}),
        dislikes=("kale",),
        targets={"protein_g": 90.0},
        diets=frozenset(Diet),
    )
    async with start_prefs() as store:
        person = await known_person(store, chat, known)
        card = await opened(chat, *path)
        shown = (card.text, list(card.buttons))
        for name in shown[1]:
            answers = len(chat.callback_answers)
            await chat.press(card, name, user=stranger)
            await chat.wait_until(lambda chat, answers=answers: len(chat.callback_answers) > answers)
            assert chat.callback_answers[-1] == {"text": say("prefs_not_yours"), "show_alert": True}
        assert (card.text, card.buttons) == shown
        assert await store.preferences.load(person.id) == known
        eve = await store.people.person(f"telegram:{stranger.id}", telegram_id=stranger.id)
        assert not await store.preferences.history(eve.id)


@pytest.mark.parametrize(
    ("path", "last"),
    [
        (("Diets",), "vegan"),
        (("Diets",), "✅ halal"),
        (("Allergies",), "milk"),
        (("Allergies", "✅ sesame"), "Yes"),
        (("Likes",), "✕ leek"),
        (("Dislikes",), "✕ kale"),
        (("Targets", "protein"), "+ 5"),
        (("Targets", "protein"), "Remove"),
        (("Units and language",), "imperial"),
        (("Clear everything",), "Yes"),
    ],
)
async def test_a_button_pressed_twice_does_what_once_does(
    telegram: FakeTelegram, start_prefs: StartBot, path: tuple[str, ...], last: str
) -> None:
    chat = telegram.private_chat()
    known = Preferences(
        diets=frozenset({Diet.HALAL}),
        allergies=frozenset({"sesame"}),
        likes=("leek",),
        dislikes=("kale",),
        targets={"protein_g": 90.0},
    )
    async with start_prefs() as store:
        person = await known_person(store, chat, known)
        card = await opened(chat, *path)
        data = data_of(card, last)
        await press(chat, card, last)
        once = await store.preferences.load(person.id)
        assert once != known
        await press_again(telegram, chat, card, data)
        assert await store.preferences.load(person.id) == once


async def test_an_update_that_comes_twice_changes_nothing_more(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        person = await known_person(store, chat, Preferences(targets={"protein_g": 90.0}))
        card = await opened(chat, "Targets", "protein")
        update_id = await chat.press(card, "+ 5")
        await chat.wait_until(lambda _: "95 g" in card.text)
        history = await store.preferences.history(person.id)
        edits = len(telegram.calls_of("editMessageText"))
        await telegram.redeliver(update_id)
        await telegram.wait_until(lambda fake: len(fake.calls_of("editMessageText")) > edits)
        assert await store.preferences.history(person.id) == history
        assert "95 g" in card.text


async def test_a_card_on_which_an_allergy_is_gone_elsewhere_is_redrawn(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    sesame = Preferences(allergies=frozenset({"sesame"}))
    async with start_prefs() as store:
        person = await known_person(store, chat, sesame)
        listing, asking = await opened(chat, "Allergies"), await opened(chat, "Allergies", "✅ sesame")
        await store.preferences.apply(person.id, remove=sesame, source="command")
        assert await press(chat, listing, "✅ sesame") == say("card_gone")
        assert "sesame" in listing.buttons
        # Stated anew since the question: the old yes was about the old statement.
        await store.preferences.apply(person.id, add=sesame, source="message")
        assert await press(chat, asking, "Yes") == say("card_gone")
        assert await store.preferences.load(person.id) == sesame
        assert "✅ sesame" in asking.buttons


async def test_a_step_on_an_old_card_does_not_undo_what_was_said_since(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        person = await known_person(store, chat, Preferences(targets={"protein_g": 90.0}))
        card = await opened(chat, "Targets", "protein")
        newer = Preferences(targets={"protein_g": 150.0})
        await store.preferences.apply(person.id, add=newer, source="message")
        assert await press(chat, card, "+ 5") == say("card_changed")
        assert await store.preferences.load(person.id) == newer
        assert "150 g" in card.text


async def test_what_holds_already_keeps_its_date(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        card = await opened(chat, "Diets")
        await known_person(store, chat, Preferences(diets=frozenset({Diet.VEGAN})))
        await press(chat, card, "vegan")
    assert "vegan: from your message of 3 May 2020" in card.text


async def test_a_card_works_after_a_restart(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await known_person(store, chat, Preferences(dislikes=("kale",)))
        card = await opened(chat, "Dislikes")
    async with start_prefs() as store:
        await press(chat, card, "✕ kale")
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert not await store.preferences.load(person.id)


@pytest.mark.parametrize("message", ["message to edit not found", "message can't be edited"])
async def test_a_card_that_was_deleted_still_does_what_was_pressed(
    telegram: FakeTelegram, start_prefs: StartBot, message: str
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        card = await opened(chat, "Diets")
        telegram.fail_next("editMessageText", 400, f"Bad Request: {message}")
        await press_again(telegram, chat, card, data_of(card, "vegan"))
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert (await store.preferences.load(person.id)).diets == {Diet.VEGAN}


@pytest.mark.parametrize(
    "words",
    ["view:nowhere:0", "view:likes", "diet:paleo:1", "allergy:dragon", "drop:x", "take:99999999999999999999:0",
     "step:1:nan", "step:1:inf", "save:protein_g:0", "save:vibes:3", "units:furlongs", "language:tlh", "dance",
     "ask:0:0", "wipe:0", "target:7", "draft:protein_g:1e99"],
)  # fmt: skip
async def test_data_that_no_card_carries_changes_nothing(
    telegram: FakeTelegram, start_prefs: StartBot, words: str
) -> None:
    chat = telegram.private_chat()
    known = Preferences(allergies=frozenset({"sesame"}))
    async with start_prefs() as store:
        person = await known_person(store, chat, known)
        card = await opened(chat)
        await press_again(telegram, chat, card, f"card:{chat.id}:{words}")
        assert await store.preferences.load(person.id) == known


async def test_a_forged_take_of_an_allergy_asks(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    known = Preferences(allergies=frozenset({"sesame"}))
    async with start_prefs() as store:
        person = await known_person(store, chat, known)
        card = await opened(chat)
        await press_again(telegram, chat, card, f"card:{chat.id}:take:1:0")
        assert "Really drop the allergy" in card.text
        assert await store.preferences.load(person.id) == known
