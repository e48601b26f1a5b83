"""`/prefs …` in words: several values, plain words, and what may have been meant."""

import pytest

from bot.messages import say, speaking
from bot.store.store import Store
from retrieval.diet.preferences import Diet, Preferences
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot
from tests.integration.telegram.cards import known_person, press


async def said(chat: Chat, text: str) -> str:
    """The reply to a text."""
    before = len(chat.messages)
    await chat.send(text)
    await chat.wait_until(lambda chat: len(chat.messages) > before)
    return chat.texts[before]


async def held(store: Store, chat: Chat) -> Preferences:
    person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
    return await store.preferences.load(person.id)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (
            "/prefs add allergy peanuts, milk, strawberries",
            Preferences(allergies=frozenset({"peanuts", "milk", "strawberry"})),
        ),
        ("/prefs add like red lentils, mac and cheese", Preferences(likes=("red lentils", "mac and cheese"))),
        (
            "/prefs set target protein 120, fibre 30 g",
            Preferences(targets={"protein_g": 120.0, "fibre_g": 30.0}),
        ),
        ("/prefs set target energy 1,800 kcal", Preferences(targets={"energy_kcal": 1800.0})),
        (
            "/prefs\nvegan\nallergic to sesame",
            Preferences(diets=frozenset({Diet.VEGAN}), allergies=frozenset({"sesame"})),
        ),
        ("/prefs I'm vegan and I hate olives", Preferences(diets=frozenset({Diet.VEGAN}), dislikes=("olive",))),
    ],
)  # fmt: skip
async def test_several_values_are_noted_at_once(
    telegram: FakeTelegram, start_prefs: StartBot, text: str, known: Preferences
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        assert (await said(chat, text)).startswith("Noted: ")
        assert await held(store, chat) == known


async def test_no_peanuts_asks_whether_it_is_an_allergy(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await chat.send("/prefs no peanuts, vegan")
        await chat.wait_until(lambda chat: len(chat.messages) == 2)
        known = await held(store, chat)
        assert (known.diets, known.dislikes, known.allergies) == ({Diet.VEGAN}, ("peanuts",), set())
        await press(chat, chat.messages[-1], say("button_yes_note"))
        assert (await held(store, chat)).allergies == {"peanuts"}


async def test_what_is_said_of_others_is_not_noted(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        assert await said(chat, "/prefs my son is allergic to nuts") == say("prefs_for_other")
        assert not await held(store, chat)


@pytest.mark.parametrize(
    ("text", "button", "known"),
    [
        ("/prefs ad allergy peanuts", "allergy to peanuts", Preferences(allergies=frozenset({"peanuts"}))),
        (
            "/prefs add alergy milk, eggs",
            "allergy to eggs, allergy to milk",
            Preferences(allergies=frozenset({"milk", "eggs"})),
        ),
        ("/prefs add peanuts", "likes peanuts", Preferences(likes=("peanuts",))),
        ("/prefs add exception almnds", "almond may be eaten", Preferences(exceptions=frozenset({"almond"}))),
        ("/prefs set target protien 120", "protein 120 g a day", Preferences(targets={"protein_g": 120.0})),
        ("/prefs add diet peskatarian", "pescatarian", Preferences(diets=frozenset({Diet.PESCATARIAN}))),
        ("/prefs add allergy peanuts, xyzzyq", "allergy to peanuts", Preferences(allergies=frozenset({"peanuts"}))),
    ],
)  # fmt: skip
async def test_what_may_have_been_meant_is_a_button_that_does_it(
    telegram: FakeTelegram, start_prefs: StartBot, text: str, button: str, known: Preferences
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await said(chat, text)
        assert not await held(store, chat)
        await press(chat, chat.messages[-1], button)
        assert await held(store, chat) == known
        assert chat.texts == [say("prefs_added", changes=button)]


async def test_a_suggested_removal_of_an_allergy_asks_before_it_is_done(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await known_person(store, chat, Preferences(allergies=frozenset({"peanuts"})))
        await said(chat, "/prefs remoev allergy peanuts")
        await press(chat, chat.messages[-1], "✕ peanuts")
        assert "Really drop the allergy to peanuts" in chat.texts[-1]
        assert (await held(store, chat)).allergies == {"peanuts"}
        await press(chat, chat.messages[-1], say("button_yes_remove"))
        assert not await held(store, chat)


async def test_removing_an_allergy_with_other_things_asks_for_the_allergy_only(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await known_person(store, chat, Preferences(allergies=frozenset({"peanuts"}), dislikes=("peanuts",)))
        await chat.send("/prefs remove peanuts")
        await chat.wait_until(lambda chat: len(chat.messages) == 2)
        known = await held(store, chat)
        assert (known.allergies, known.dislikes) == ({"peanuts"}, ())
        assert chat.texts == [
            say("prefs_removed", changes="peanuts"),
            say("prefs_confirm_remove", names="peanuts"),
        ]


@pytest.mark.parametrize("text", ["/prefs remove like Walnuts", "/prefs remove walnuts"])
async def test_a_taste_is_removed_under_any_of_its_names(
    telegram: FakeTelegram, start_prefs: StartBot, text: str
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await known_person(store, chat, Preferences(likes=("walnut",)))
        assert await said(chat, text) == say("prefs_removed", changes="walnut")
        assert not await held(store, chat)


async def test_what_is_not_there_cannot_be_removed(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs():
        for kind, name in (("allergy", "peanuts"), ("like", "kale"), ("diet", "vegan")):
            text = f"/prefs remove {kind} {name}"
            assert await said(chat, text) == say("prefs_not_there", changes=name)


async def test_clearing_one_kind_asks_first_and_leaves_the_others(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    known = Preferences(allergies=frozenset({"milk", "eggs"}), dislikes=("kale",))
    async with start_prefs() as store:
        await known_person(store, chat, known)
        assert await said(chat, "/prefs clear likes") == say("card_none")
        assert await said(chat, "/prefs clear allergies") == say(
            "prefs_confirm_clear_kind", title="Allergies"
        )
        assert await held(store, chat) == known
        await press(chat, chat.messages[-1], say("button_yes_clear"))
        assert chat.texts[-1] == say("prefs_removed", changes="eggs, milk")
        assert await held(store, chat) == Preferences(dislikes=("kale",))


async def test_a_hundred_things_are_noted_from_one_message(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    dislikes = tuple(f"dish number {number} of the canteen" for number in range(100))
    async with start_prefs() as store:
        await chat.send(f"/prefs add dislike {', '.join(dislikes)}")
        await chat.wait_until(lambda chat: "dish number 99 of" in "".join(chat.texts))
        assert (await held(store, chat)).dislikes == dislikes


async def test_units_and_language_are_set(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        assert await said(chat, "/prefs set units imperial") == say("prefs_chosen_units", name="imperial")
        await said(chat, "/prefs set target weight 70 kg")
        card = await said(chat, "/prefs")
        assert "Weight and height in imperial units" in card
        assert "154 lb" in card
        with speaking("es"):
            expected = say("prefs_chosen_language", name="Español")
        assert await said(chat, "/prefs set language Spanish") == expected
        assert await said(chat, "/prefs añade alergia peanuts") == "Anotado: alergia a cacahuetes."
        settings = (await held(store, chat)).settings
        assert (settings.units, settings.language) == ("imperial", "es")


async def test_a_weight_is_noted_in_the_persons_units(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await said(chat, "/prefs set units imperial")
        assert await said(chat, "/prefs set weight 150") == "Noted: body weight 150 lb."
        assert (await held(store, chat)).targets == {"weight_kg": 68.0}
        assert "body weight 150 lb" in await said(chat, "/prefs")


async def test_an_unknown_language_offers_those_that_there_are(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await said(chat, "/prefs set language Klingon")
        await press(chat, chat.messages[-1], "Español")
        assert (await held(store, chat)).settings.language == "es"
        assert "Idioma: Español" in chat.texts[-1]


async def test_a_very_low_energy_target_says_whom_to_see(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs():
        assert say("red_line_low_energy") in await said(chat, "/prefs set target energy 800")


async def test_marks_in_a_taste_are_shown_letter_by_letter(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    taste = "*stars* ~and~ [links](http://x.example) `code`"
    async with start_prefs():
        assert await said(chat, f"/prefs add like {taste}") == f"Noted: likes {taste}."
        assert taste[:40] in await said(chat, "/prefs")
        assert "too long" in await said(chat, f"/prefs add like {'x' * 61}")


async def test_undoing_is_for_the_person_who_said_it(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat, stranger = telegram.private_chat(), telegram.user(first_name="Eve")
    async with start_prefs() as store:
        person = await known_person(store, chat, Preferences(targets={"energy_kcal": 2000.0}))
        conversation = await store.conversations.current(person.id, chat.id, "private")
        turn = await store.conversations.receive(
            conversation.id, "forget my calories", preferences={}, consent_improve=False
        )
        await store.preferences.apply(
            person.id,
            add=Preferences(diets=frozenset({Diet.VEGAN})),
            remove=Preferences(targets={"energy_kcal": 1.0}),
            source="message",
            source_id=f"turn:{turn.id}",
        )
        await said(chat, "/prefs")
        card = chat.messages[-1]
        card.reply_markup = {
            "inline_keyboard": [[{"text": "Undo", "callback_data": f"prefs:undo:{turn.id}"}]]
        }
        await chat.press(card, "Undo", user=stranger)
        await chat.wait_until(lambda chat: chat.callback_answers)
        assert chat.callback_answers[-1]["text"] == say("prefs_not_yours")
        update_id = await chat.press(card, "Undo")
        await chat.wait_until(lambda chat: len(chat.messages) == 2)
        assert await held(store, chat) == Preferences(targets={"energy_kcal": 2000.0})
        await telegram.redeliver(update_id)
        await chat.wait_until(lambda chat: len(chat.messages) == 3)
        assert chat.texts[2] == chat.texts[1] == say("undone", changes="vegan; energy 2,000 kcal a day")


async def test_in_a_group_nothing_is_said_of_what_a_person_eats(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    ada = telegram.user()
    group, private = telegram.group_chat("Cooks", [ada]), telegram.private_chat(ada)
    async with start_prefs() as store:
        await known_person(store, private, Preferences(allergies=frozenset({"peanuts"})))
        for text in ("/prefs", "/prefs add diet vegan", "/prefs export"):
            assert await said(group, text) == say("only_private")
        assert await held(store, private) == Preferences(allergies=frozenset({"peanuts"}))
