"""What a capable model reads beyond the rules is asked about; a small one is never asked."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.assistant.candidates import Proposer
from bot.assistant.model import ModelClient
from bot.assistant.understand import Change, understand
from retrieval.diet.preferences import Diet, Preferences
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.integration.conftest import QUICK

MESSAGE = "Honestly, prawns and I had a bad night. What's for dinner?"


def statement(kind: str, what: str, quote: str, who: str = "the writer") -> dict[str, str]:
    return {"who": who, "kind": kind, "what": what, "quote": quote}


def reading(*statements: dict[str, str]) -> Callable[[dict[str, Any]], str]:
    """Return a model that reads the probes right, and `statements` in every other message."""

    def answer(body: dict[str, Any]) -> str:
        asked = body["messages"][-1]["content"]
        said = list(statements)
        if "straight to hospital" in asked:
            said = [statement("allergy", "prawns", "Prawns send me straight to hospital")]
        elif "beef and carrots" in asked or "My sister" in asked:
            said = [statement("allergy", "eggs", "can't eat eggs", who="somebody else")]
        return json.dumps({"statements": said})

    return answer


async def proposed(model: FakeModel, message: str = MESSAGE, known: Preferences | None = None) -> Change:
    client = ModelClient(model.url, limits=QUICK)
    try:
        known = known or Preferences()
        return await Proposer(client).propose(message, understand(message, known), known)
    finally:
        await client.aclose()


async def test_what_the_rules_missed_becomes_a_candidate(model: FakeModel) -> None:
    model.answers = reading(statement("allergy", "prawns", "prawns and I had a bad night"))
    assert await proposed(model) == Change(allergies=frozenset({"crustaceans"}))
    schema = model.requests[-1]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["statements"]["type"] == "array"


async def test_what_is_known_or_was_never_written_is_not_asked_about(model: FakeModel) -> None:
    model.answers = reading(
        statement("allergy", "prawns", "prawns and I had a bad night"),
        statement("allergy", "milk", "I cannot drink milk"),
        statement("diet", "vegan", "dinner", who="somebody else"),
        statement("like", "oysters", "what's for dinner"),
        statement("allergy", "moon dust", "prawns and I"),
        {"who": "the writer", "kind": "allergy"},
    )
    known = Preferences(allergies=frozenset({"crustaceans"}), diets=frozenset({Diet.HALAL}))
    assert not await proposed(model, known=known)


async def test_a_model_that_reads_a_probe_wrong_is_never_asked_about_a_person(model: FakeModel) -> None:
    model.default = json.dumps({"statements": [statement("diet", "vegan", "me")]})
    assert not await proposed(model)
    assert not any(MESSAGE in request["messages"][-1]["content"] for request in model.requests)


async def test_a_message_that_does_not_speak_of_its_writer_costs_no_call(model: FakeModel) -> None:
    model.answers = reading(statement("diet", "vegan", "vegan"))
    assert not await proposed(model, "How much protein is in vegan cheese?")
    assert not model.requests


@pytest.mark.parametrize("fault", [Fault.GARBAGE, Fault.HANG_UP, Fault.SILENCE, Fault.EMPTY, Fault.ERROR])
async def test_a_failure_costs_the_candidates_and_nothing_else(model: FakeModel, fault: Fault) -> None:
    model.answers = reading(statement("allergy", "prawns", "prawns and I"))
    model.break_next(fault, times=None)
    assert not await proposed(model)
