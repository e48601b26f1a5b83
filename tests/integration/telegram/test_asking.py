"""What a message alone doesn't change is asked about, with buttons."""

import json
from typing import Any

import pytest

from bot.assistant.assistant import Assistant
from bot.assistant.candidates import Proposer
from bot.messages import say
from retrieval.diet.preferences import Preferences
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot

MESSAGE = "Honestly, prawns and I had a bad night. What's for dinner?"


@pytest.fixture
def proposer(assistant: Assistant) -> Proposer:
    return Proposer(assistant.model)


def read(body: dict[str, Any]) -> str:
    """Answer probes and messages as a capable model does, and questions with a sentence."""
    if "response_format" not in body:
        return "Lentils are good [1]."
    asked = body["messages"][-1]["content"]
    quote = next(
        (words for words in ("Prawns send me", "prawns and I had a bad night") if words in asked), None
    )
    found = [{"who": "the writer", "kind": "allergy", "what": "prawns", "quote": quote}] if quote else []
    return json.dumps({"statements": found})


@pytest.mark.parametrize(
    ("button", "allergies"), [("button_yes_note", {"crustaceans"}), ("button_no_note", set())]
)
async def test_a_candidate_counts_only_once_the_person_says_yes(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, button: str, allergies: set[str]
) -> None:
    model.answers = read
    chat = telegram.private_chat()
    async with start_bot() as store:
        await chat.send(MESSAGE)
        await chat.wait_until(lambda chat: any("Did I get that right" in text for text in chat.texts))
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert not await store.preferences.load(person.id)
        await chat.press(chat.messages[-1], say(button))
        await chat.press(chat.messages[-1], say(button))
        await chat.wait_until(lambda chat: not any("Did I get that right" in text for text in chat.texts))
        assert (await store.preferences.load(person.id)).allergies == allergies


async def test_taking_an_allergy_back_in_words_asks_with_a_button(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        known = Preferences(allergies=frozenset({"sesame", "milk"}))
        await store.preferences.apply(person.id, add=known, source="command")
        await chat.send("sesame is fine after all")
        question = say("prefs_confirm_remove", names="sesame")
        await chat.wait_until(lambda chat: question in chat.texts)
        assert await store.preferences.load(person.id) == known
        await chat.press(chat.messages[-1], say("button_yes_remove"))
        await chat.wait_until(lambda chat: question not in chat.texts)
        assert (await store.preferences.load(person.id)).allergies == {"milk"}


async def test_many_allergies_taken_back_at_once_fit_into_their_buttons(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    everything = frozenset(
        {"crustaceans", "molluscs", "soybeans", "sulphites", "tree_nuts", "peanuts", "mustard"}
    )
    async with start_bot() as store:
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        await store.preferences.apply(person.id, add=Preferences(allergies=everything), source="command")
        names = "crustaceans, molluscs, soy, sulphites, tree nuts, peanuts and mustard"
        await chat.send(f"/prefs remove allergy {names}")
        await chat.wait_until(lambda chat: sum("Really drop" in text for text in chat.texts) > 1)
        for question in [message for message in chat.messages if "Really drop" in message.text]:
            await chat.press(question, say("button_yes_remove"))
        await chat.wait_until(lambda chat: not any("Really drop" in text for text in chat.texts))
        assert not (await store.preferences.load(person.id)).allergies


async def test_loosening_an_allergy_in_words_asks_with_a_button(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        known = Preferences(allergies=frozenset({"tree_nuts"}))
        await store.preferences.apply(person.id, add=known, source="command")
        await chat.send("I can eat almonds though")
        await chat.wait_until(lambda chat: any("Did I get that right" in text for text in chat.texts))
        assert await store.preferences.load(person.id) == known
        await chat.press(chat.messages[-1], say("button_yes_note"))
        await chat.wait_until(lambda chat: not any("Did I get that right" in text for text in chat.texts))
        held = await store.preferences.load(person.id)
        assert held.allergies == {"tree_nuts"}
        assert held.exceptions == {"almond"}
