"""What a knowledge base has to ask about."""

import random

import pytest

from retrieval.diet.preferences import Diet, Restrictions
from retrieval.errors import BadInputError
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Kind
from training.dataset.bootstrap.library import Library, drawn
from training.dataset.bootstrap.scene import called
from training.dataset.bootstrap.splits import SPLITS
from training.dataset.bootstrap.writing import comparison, recipe, recipe_steps

VEGAN = Restrictions(diets=frozenset({Diet.VEGAN}))


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.of(passages(load_catalogue()))


def test_too_few_documents_are_bad_input() -> None:
    few = [passage for passage in passages(load_catalogue()) if passage.kind is Kind.FOOD][:30]
    with pytest.raises(BadInputError, match=r"has 0 documents of kind 'recipe' for train, and needs 12"):
        Library.of(few)


def test_each_document_is_in_one_split(library: Library) -> None:
    ids = [passage.id for documents in library.by_split.values() for passage in documents]
    assert len(ids) == len(set(ids)) == len(passages(load_catalogue()))


def test_permitted_and_forbidden_foods_are_apart(library: Library) -> None:
    for split in SPLITS:
        permitted = {passage.id for passage in library.permitted(VEGAN, split, Kind.FOOD)}
        forbidden = {passage.id for passage in library.forbidden(VEGAN, split)}
        assert permitted
        assert forbidden
        assert not permitted & forbidden


def test_it_knows_what_it_does_not_hold(library: Library) -> None:
    assert library.holds("lentils")
    assert library.holds("cooked lentils")
    assert not library.holds("reindeer")


def test_nothing_is_drawn_where_nothing_fits(library: Library) -> None:
    foods = library.by_split["train", Kind.FOOD]
    assert drawn(random.Random(1), foods, lambda _food: False) is None
    assert drawn(random.Random(1), ()) is None


def test_a_full_name_means_that_food_and_a_bare_one_all_its_kinds() -> None:
    known = {passage.id: passage for passage in passages(load_catalogue())}
    lentils = [known["food:lentils-cooked"], known["food:lentils-dry"], known["recipe:shakshuka"]]
    assert called("cooked lentils", lentils) == [0]
    assert called("lentils", lentils) == [0, 1]
    assert called("reindeer", lentils) == []


def test_a_comparison_says_more_less_and_about_the_same() -> None:
    known = {passage.id: passage for passage in passages(load_catalogue())}
    cooked, dry = known["food:lentils-cooked"], known["food:lentils-dry"]

    assert comparison([(cooked, 2), (dry, 1)], "protein_g") == (
        "**Lentils, dry** has more protein: 24.63 g per 100 g [1], against 9.02 g in **Lentils, cooked** [2]"
    )
    assert comparison([(cooked, 2), (dry, 1)], "protein_g", least=True).startswith(
        "**Lentils, cooked** has less protein: 9.02 g per 100 g [2]"
    )
    assert comparison([(cooked, 1), (cooked, 2)], "iron_mg").startswith("About the same iron: 3.33 mg")


def test_long_recipes_keep_their_steps_for_when_they_are_asked_for() -> None:
    recipes = [passage for passage in passages(load_catalogue()) if passage.kind is Kind.RECIPE]
    written = [(passage, recipe(passage, 1)) for passage in recipes]

    assert all(answer is not None for _passage, answer in written)
    whole = [answer[0] for _passage, answer in written if answer and answer[1]]
    long = [passage for passage, answer in written if answer and not answer[1]]
    assert len(whole) > 50
    assert all("Steps:\n1. " in text for text in whole)
    assert all(steps is None or "\n1. " in steps for steps in (recipe_steps(passage, 1) for passage in long))
