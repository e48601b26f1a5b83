"""History within a budget that is counted with the model's own tokenizer."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from bot.assistant.model import ModelClient
from bot.assistant.tokens import FRAME, Tokens
from retrieval.diet.preferences import Preferences
from retrieval.knowledge.documents import Kind, Passage
from retrieval.prompt import Exchange, Prompt, estimate_tokens
from tests.fakes.model import FakeModel
from tests.fakes.model.completion import tokenize

NOBODY = Preferences()
PASSAGES = [Passage("food:lentils", Kind.FOOD, "Lentils", "Lentils: protein 9.02 g. " * 20)]
# One word of many letters: a token here, many by the estimate.
LONG = [Exchange(f"Question {number} {'x' * 300}?", "y" * 900) for number in range(8)]
BUDGET = 700


@pytest.fixture
async def tokens(model: FakeModel) -> AsyncIterator[Tokens]:
    async with aclosing(ModelClient(model.url)) as client:
        yield Tokens(client)


async def fitted(tokens: Tokens, history: list[Exchange], budget: int = BUDGET) -> Prompt:
    return await tokens.fitted_prompt("Lentils?", NOBODY, PASSAGES, history, budget=budget)


async def test_history_that_fits_by_the_models_count_is_kept(tokens: Tokens, model: FakeModel) -> None:
    prompt = await fitted(tokens, LONG)
    assert prompt.history == len(LONG)
    counted = sum(len(tokenize(message["content"])) + FRAME for message in prompt.messages)
    assert prompt.tokens == counted <= BUDGET
    assert sum(estimate_tokens(message["content"]) for message in prompt.messages) > BUDGET
    assert not any(body["add_special_tokens"] for body in model.tokenized)


async def test_history_beyond_the_budget_is_dropped_by_the_models_count(tokens: Tokens) -> None:
    wordy = [Exchange("a b c d e f g h? " * 20, "i j k l. " * 20) for _ in range(8)]
    prompt = await fitted(tokens, wordy, budget=1900)
    assert 0 < prompt.history < len(wordy)
    assert prompt.tokens <= 1900


async def test_a_text_is_counted_once(tokens: Tokens, model: FakeModel) -> None:
    await fitted(tokens, LONG)
    before = len(model.tokenized)
    await fitted(tokens, [*LONG, Exchange("One more?", "Yes. " * 10)])
    assert [body["prompt"] for body in model.tokenized[before:]] == ["One more?", "Yes. " * 10]


async def test_what_surely_fits_is_not_counted(tokens: Tokens, model: FakeModel) -> None:
    await fitted(tokens, LONG, budget=100_000)
    await fitted(tokens, [])
    assert model.tokenized == []


async def test_a_server_that_does_not_count_is_asked_once(tokens: Tokens, model: FakeModel) -> None:
    model.counts_tokens = False
    prompt = await fitted(tokens, LONG)
    assert prompt.history < len(LONG)
    model.counts_tokens = True
    assert (await fitted(tokens, LONG)).history == prompt.history
    assert model.tokenized == []
