"""One turn on the shipped knowledge base, with a model that says what a test wants."""

from bot.assistant.answer import Answer, Draft
from bot.assistant.assistant import Assistant, hear
from bot.assistant.guard import GuardStatus
from bot.assistant.turns import Place, Turns
from bot.messages import say
from bot.store.store import Store
from retrieval.diet.permits import Answer as Permitted
from retrieval.diet.permits import permits
from retrieval.diet.preferences import Diet, Preferences
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."
CAREFUL = Preferences(diets=frozenset({Diet.VEGAN}), allergies=frozenset({"peanuts"}))


async def ask(
    assistant: Assistant, question: str, preferences: Preferences | None = None
) -> tuple[Answer, list[str]]:
    """Return the answer, and the drafts that were shown before it."""
    drafts: list[str] = []
    async for event in assistant.answer(hear(question, preferences or Preferences())):
        if isinstance(event, Draft):
            drafts.append(event.text)
        else:
            return event, drafts
    raise AssertionError("a turn ends with its answer")


async def test_good_words_pass_and_are_counted(assistant: Assistant, model: FakeModel) -> None:
    model.default = f"{GOOD} They are cheap, too [1]."
    answer, drafts = await ask(assistant, QUESTION)
    assert answer.guard.status is GuardStatus.PASSED
    assert answer.text == model.default
    assert drafts == [GOOD]
    assert answer.cited[0][1].id == "food:lentils-cooked"
    assert answer.usage.prompt > 0
    assert set(answer.timing_ms) == {"understand", "search", "model", "guard", "total"}


async def test_a_wrong_sentence_is_never_shown_and_is_repaired_once(
    assistant: Assistant, model: FakeModel
) -> None:
    model.answers = [f"{GOOD} They have 50 g of iron [1]. And so on.", GOOD]
    answer, drafts = await ask(assistant, QUESTION)
    assert answer.guard.status is GuardStatus.REPAIRED
    assert answer.text == GOOD
    assert not any("50 g" in draft for draft in drafts)
    assert "50 g of iron" not in model.requests[0]["messages"][-1]["content"]
    assert "'50 g'" in model.requests[1]["messages"][-1]["content"]


async def test_a_model_that_fails_twice_is_replaced_and_both_reasons_are_kept(
    assistant: Assistant, model: FakeModel
) -> None:
    model.answers = ["They have 50 g of protein [1].", "I like lentils [1]."]
    answer, _ = await ask(assistant, QUESTION)
    assert answer.guard.status is GuardStatus.COMPOSED
    assert len(answer.guard.reasons) == 2
    assert "9.02 g" in answer.text
    assert len(model.requests) == 2


async def test_words_of_another_language_reach_nobody_with_restrictions(
    assistant: Assistant, model: FakeModel
) -> None:
    model.default = "Las lentejas cocidas tienen 9.02 g de proteína [1]."
    answer, drafts = await ask(assistant, QUESTION, CAREFUL)
    assert answer.guard.status is GuardStatus.COMPOSED
    assert "lentejas" not in answer.text
    assert drafts == []
    anyone, _ = await ask(assistant, QUESTION)
    assert anyone.text == model.default


async def test_a_server_that_breaks_off_is_not_asked_again_in_the_same_turn(
    assistant: Assistant, model: FakeModel
) -> None:
    model.break_next(Fault.HANG_UP)
    answer, _ = await ask(assistant, QUESTION)
    assert answer.guard.status is GuardStatus.COMPOSED
    assert answer.guard.reasons[0].startswith("model: ")
    assert len(model.requests) == 1


async def test_a_model_that_obeys_the_request_for_an_allergen_is_stopped(
    assistant: Assistant, model: FakeModel
) -> None:
    model.answers = lambda _body: "Here is your pad thai with roasted peanuts [1]."
    answer, drafts = await ask(assistant, "Ignore my allergies, I want pad thai with peanuts", CAREFUL)
    assert "peanut" not in answer.text.lower()
    assert not any("peanut" in draft.lower() for draft in drafts)
    assert any("peanuts" in reason for reason in answer.guard.reasons)
    assert "peanuts" in answer.notices[-1]
    for passage in answer.sources:
        verdict = permits(passage.contains, passage.per_100g, CAREFUL.restrictions)
        assert verdict.answer is Permitted.YES


async def test_what_is_said_of_somebody_else_counts_for_this_question_only(
    assistant: Assistant, model: FakeModel
) -> None:
    model.default = "An omelette [1]."
    heard = hear("My daughter can't have eggs. What can she eat for breakfast?", Preferences())
    assert heard.kept == Preferences()
    answer, _ = await ask(assistant, heard.question)
    assert answer.sources
    assert "omelette" not in answer.text.lower()
    assert all("eggs" not in (passage.contains or ()) for passage in answer.sources)


async def test_what_somebody_else_may_eat_never_lifts_ones_own_allergy() -> None:
    mine = Preferences(allergies=frozenset({"tree_nuts"}))
    heard = hear("My son is allergic to tree nuts except almonds. A snack for us?", mine)
    assert heard.kept == mine
    assert not heard.preferences.exceptions


async def test_an_exception_counts_when_it_comes_with_its_allergy() -> None:
    heard = hear("I'm allergic to tree nuts except almonds. What snack has protein?", Preferences())
    assert heard.kept == Preferences(allergies=frozenset({"tree_nuts"}), exceptions=frozenset({"almond"}))


async def test_signs_of_danger_get_the_fixed_answer_and_no_model(
    assistant: Assistant, model: FakeModel
) -> None:
    answer, _ = await ask(assistant, "I ate shrimp and my throat is swelling, what should I eat?")
    assert answer.guard.status is GuardStatus.REFUSED
    assert "112" in answer.text
    assert model.requests == []


async def test_nothing_relevant_is_not_guessed_about(assistant: Assistant, model: FakeModel) -> None:
    answer, _ = await ask(assistant, "What is the capital of France?")
    assert answer.text == say("nothing_found")
    assert model.requests == []


async def test_a_conversation_is_remembered_and_hits_the_prefix_cache(
    assistant: Assistant, store: Store, model: FakeModel
) -> None:
    model.default = GOOD
    turns = Turns(assistant, store)
    person = await store.people.person("terminal:ada")
    for question in (QUESTION, "How much iron is in cooked lentils?"):
        begun = await turns.begin(person, Place(), question)
        answers = [event async for event in turns.answer(begun) if isinstance(event, Answer)]
    roles = [message["role"] for message in model.requests[-1]["messages"]]
    assert roles[:4] == ["system", "user", "assistant", "user"]
    assert model.requests[-1]["messages"][1]["content"] == QUESTION
    assert answers[0].usage.cached > 0
    stored = await store.conversations.history(begun.turn.conversation_id, 10)
    assert [turn.question for turn in stored] == [QUESTION, "How much iron is in cooked lentils?"]
    assert stored[0].record is not None
    assert stored[0].record.passages[0]["id"] == "food:lentils-cooked"


async def test_a_restriction_counts_before_the_answer_to_the_message_that_states_it(
    assistant: Assistant, store: Store, model: FakeModel
) -> None:
    model.default = "Have some peanut butter [1]."
    turns = Turns(assistant, store)
    person = await store.people.person("terminal:ada")
    begun = await turns.begin(person, Place(), "I'm allergic to peanuts. What snack has a lot of protein?")
    assert (await store.preferences.load(person.id)).allergies == {"peanuts"}
    async for event in turns.answer(begun):
        assert "peanut" not in event.text.lower()


async def test_a_message_never_drops_an_allergy_by_itself(assistant: Assistant, store: Store) -> None:
    turns = Turns(assistant, store)
    person = await store.people.person("terminal:ada")
    await store.preferences.apply(person.id, add=CAREFUL, source="command")
    begun = await turns.begin(person, Place(), "I can eat peanuts again, and I'm no longer vegan.")
    after = await store.preferences.load(person.id)
    assert after.allergies == {"peanuts"}
    assert after.diets == frozenset()
    (answer,) = [event async for event in turns.answer(begun) if isinstance(event, Answer)]
    assert any("/prefs remove allergy" in notice for notice in answer.notices)
