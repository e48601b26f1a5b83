import pytest

from bot.assistant.compose import Need, compose
from bot.assistant.guard import Guard
from bot.assistant.understand import Intent
from bot.messages import say
from retrieval.diet.preferences import Restrictions
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Kind, Passage

KNOWN = {passage.id: passage for passage in passages(load_catalogue())}
NOBODY = Restrictions()


def pick(*keys: str) -> list[Passage]:
    return [KNOWN[key] for key in keys]


def test_a_figure_is_given_per_100_g_and_per_portion() -> None:
    need = Need("How much protein is in cooked lentils?", Intent.LOOKUP, "protein_g")
    text = compose(need, pick("food:lentils-cooked", "food:lentils-dry"), NOBODY).text
    assert text == "**Lentils, cooked**: protein 9.02 g per 100 g, 17.9 g in 1 cup (198 g) [1]"


def test_a_figure_is_given_for_the_weight_that_was_asked() -> None:
    need = Need("How much protein is in 250 g of cooked lentils?", Intent.LOOKUP, "protein_g")
    assert "22.6 g in 250 g" in compose(need, pick("food:lentils-cooked"), NOBODY).text


def test_a_comparison_puts_the_largest_amount_first() -> None:
    need = Need("Which has more iron, cooked lentils or cooked spinach?", Intent.COMPARE, "iron_mg")
    composed = compose(need, pick("food:lentils-cooked", "food:spinach-cooked", "food:lentils-dry"), NOBODY)
    assert [passage.id for passage in composed.passages] == ["food:spinach-cooked", "food:lentils-cooked"]


def test_a_recipe_comes_whole() -> None:
    recipe = next(passage for passage in KNOWN.values() if passage.kind is Kind.RECIPE)
    composed = compose(Need("a recipe, please", Intent.RECIPE, None), [recipe], NOBODY)
    assert composed.text == f"{recipe.text} [1]"


def test_options_are_listed_with_the_figure_that_matters() -> None:
    need = Need("What snack has a lot of protein?", Intent.SUGGEST, "protein_g")
    text = compose(need, pick("recipe:edamame-chilli-lime", "food:lentils-cooked"), NOBODY).text
    assert text.startswith(say("options_intro"))
    assert "protein 18.5 g" in text


def test_nothing_relevant_is_said_plainly() -> None:
    composed = compose(Need("What is the capital of France?", Intent.QUESTION, None), [], NOBODY)
    assert (composed.text, composed.passages) == (say("nothing_found"), ())


def test_a_passage_that_recommends_something_forbidden_is_left_out() -> None:
    need = Need("peanut butter", Intent.SUGGEST, None)
    peanut_butter = [passage for key, passage in KNOWN.items() if "peanut-butter" in key]
    assert peanut_butter
    assert compose(need, peanut_butter, Restrictions(allergies=frozenset({"peanuts"}))).passages == ()


@pytest.mark.parametrize("intent", [Intent.LOOKUP, Intent.QUESTION, Intent.SUGGEST, Intent.COMPARE])
@pytest.mark.parametrize("key", sorted(KNOWN)[::7])
def test_what_is_composed_passes_the_guard(key: str, intent: Intent) -> None:
    passage = KNOWN[key]
    question = f"How much protein is in {passage.title}?"
    composed = compose(Need(question, intent, "protein_g"), [passage], NOBODY)
    assert composed.passages
    assert Guard(question, composed.passages, NOBODY).check(composed.text) == ()
