"""What the buttons of the card of `/prefs` do, against the fake Bot API server."""

import json

from bot.messages import say, speaking
from retrieval.diet.preferences import Diet, Preferences
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.cards import MAY, data_of, known_person, opened, press, press_again


async def test_the_card_says_what_is_known_and_where_it_came_from(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        person = await known_person(store, chat, Preferences(diets=frozenset({Diet.VEGAN})))
        peanuts = Preferences(allergies=frozenset({"peanuts"}), likes=("lentil_soup *hot*",))
        await store.preferences.apply(person.id, add=peanuts, source="button", at=MAY)
        protein = Preferences(targets={"protein_g": 120.0})
        await store.preferences.apply(person.id, add=protein, source="command", at=MAY)
        card = await opened(chat)
    assert "vegan: from your message of 3 May 2020" in card.text
    assert "peanuts: a button, 3 May 2020" in card.text
    assert "protein 120 g a day: /prefs, 3 May 2020" in card.text
    assert "lentil soup *hot*" in card.text


async def test_a_card_in_spanish(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat(telegram.user(language_code="es-MX"))
    async with start_prefs() as store:
        await known_person(store, chat, Preferences(allergies=frozenset({"peanuts"})))
        card = await opened(chat)
        assert "cacahuetes: de tu mensaje del 3 de mayo de 2020" in card.text
        assert "Idioma: Español" in card.text
        await press(chat, card, "Alergias")
        await press(chat, card, "✅ cacahuetes")
        assert card.text.startswith("¿Seguro que quieres quitar la alergia a cacahuetes")
        assert await press(chat, card, "Sí") == "Quitado: cacahuetes."


async def test_a_diet_is_turned_on_and_off(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        card = await opened(chat, "Diets")
        assert await press(chat, card, "vegan") == "Noted: vegan."
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert (await store.preferences.load(person.id)).diets == {Diet.VEGAN}
        assert await press(chat, card, "✅ vegan") == "Removed: vegan."
        assert not await store.preferences.load(person.id)
        assert "vegan" in card.buttons
    assert len(chat.messages) == 1


async def test_an_allergy_is_added_at_once_and_dropped_after_a_question(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        card = await opened(chat, "Allergies", "sesame")
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert (await store.preferences.load(person.id)).allergies == {"sesame"}
        for answer, held in ((say("button_no"), {"sesame"}), (say("button_yes_remove"), set())):
            await press(chat, card, "✅ sesame")
            assert "Really drop the allergy to sesame" in card.text
            assert (await store.preferences.load(person.id)).allergies == {"sesame"}
            await press(chat, card, answer)
            assert (await store.preferences.load(person.id)).allergies == held
        assert "sesame" in card.buttons


async def test_other_allergies_and_exceptions_are_listed_with_buttons(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    known = Preferences(
        allergies=frozenset({"strawberry", "tree_nuts"}), exceptions=frozenset({"almond"}), likes=("kale",)
    )
    async with start_prefs() as store:
        person = await known_person(store, chat, known)
        card = await opened(chat, "Allergies")
        await press(chat, card, "✕ almond")
        held = await store.preferences.load(person.id)
        assert (held.allergies, held.exceptions) == ({"strawberry", "tree_nuts"}, set())
        await press(chat, card, "✕ strawberry")
        assert (await store.preferences.load(person.id)).allergies == {"strawberry", "tree_nuts"}
        await press(chat, card, say("button_yes_remove"))
        assert (await store.preferences.load(person.id)).allergies == {"tree_nuts"}


async def test_five_hundred_dislikes_are_paged(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    dislikes = tuple(f"dish number {number}" for number in range(500))
    async with start_prefs() as store:
        person = await known_person(store, chat, Preferences(dislikes=dislikes))
        card = await opened(chat)
        assert "and 470 more" in card.text
        await press(chat, card, "Dislikes (500)")
        assert "dish number 499" in card.text
        await press(chat, card, "▶")
        assert "2 / 63" in card.buttons
        assert await press(chat, card, "✕ dish number 491") == "Removed: dish number 491."
        assert "2 / 63" in card.buttons
        assert "dish number 491" not in card.text
        held = await store.preferences.load(person.id)
        assert held.dislikes == tuple(item for item in dislikes if item != "dish number 491")


async def test_a_target_is_stepped_and_removed(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        person = await known_person(store, chat, Preferences(targets={"protein_g": 122.0}))
        card = await opened(chat, "Targets", "protein")
        assert await press(chat, card, "+ 5") == "Noted: protein 125 g a day."
        await press(chat, card, "– 25")
        assert (await store.preferences.load(person.id)).targets == {"protein_g": 100.0}
        assert "protein 100 g a day: a button" in card.text
        assert await press(chat, card, "Remove") == "Removed: protein 100 g a day."
        assert not (await store.preferences.load(person.id)).targets


async def test_a_target_from_the_list_counts_once_it_is_saved(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        card = await opened(chat, "Targets", "+ Add a target", "fibre", "+ 5")
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert not await store.preferences.load(person.id)
        saving = data_of(card, "Save 30 g")
        await press(chat, card, "Save 30 g")
        assert (await store.preferences.load(person.id)).targets == {"fibre_g": 30.0}
        assert await press_again(telegram, chat, card, saving) == say("card_changed")
        assert len(await store.preferences.history(person.id)) == 1


async def test_units_and_language_are_chosen_and_spoken_at_once(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        await known_person(store, chat, Preferences(targets={"weight_kg": 70.0}))
        card = await opened(chat, "Units and language", "imperial", "Español")
        assert "Idioma: Español" in card.text
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id, language="en")
        assert person.language == "es"
        settings = (await store.preferences.load(person.id)).settings
        assert (settings.units, settings.language) == ("imperial", "es")
        card = await opened(chat)
        assert "peso corporal 154 lb" in card.text


async def test_clearing_everything_asks_first(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    known = Preferences(allergies=frozenset({"milk"}), dislikes=("kale",))
    async with start_prefs() as store:
        person = await known_person(store, chat, known)
        card = await opened(chat, say("card_button_clear"), say("button_no"), say("card_button_clear"))
        assert await store.preferences.load(person.id) == known
        wiping = data_of(card, say("button_yes_clear"))
        assert await press(chat, card, say("button_yes_clear")) == say("prefs_cleared")
        assert card.text == say("preferences_empty")
        await store.preferences.apply(person.id, add=known, source="message")
        assert await press_again(telegram, chat, card, wiping) == say("card_changed")
        assert await store.preferences.load(person.id) == known


async def test_the_card_is_closed(telegram: FakeTelegram, start_prefs: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_prefs():
        card = await opened(chat, "Close")
    assert (card.text, card.buttons) == (say("card_closed"), [])


async def test_the_export_is_a_document_with_its_history(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_prefs() as store:
        person = await known_person(store, chat, Preferences(dislikes=("jalapeño",)))
        card = await opened(chat)
        await chat.press(card, "Export")
        await chat.send("/prefs export")
        await chat.wait_until(lambda chat: len(chat.messages) == 3)
        held = await store.preferences.load(person.id)
    assert card.text.startswith(say("card_title"))
    for file in telegram.files.values():
        document = json.loads(file.upload.content)
        assert document["preferences"] == held.as_dict()
        assert document["history"][0]["value"] == "jalapeño"
        assert document["history"][0]["source"] == "message"
        assert document["history"][0]["stated_at"] == MAY.isoformat()
    assert {message.text for message in chat.messages[1:]} == {say("card_export")}


async def test_in_spanish_everything_is_said_in_spanish(
    telegram: FakeTelegram, start_prefs: StartBot
) -> None:
    chat = telegram.private_chat(telegram.user(language_code="es"))
    async with start_prefs():
        card = await opened(chat, "Objetivos", "+ Añadir un objetivo", "energía")
        assert card.text == "¿energía: 2.000 kcal al día? Cuenta en cuanto lo guardes."
        with speaking("es"):
            assert say("card_button_back") in card.buttons
