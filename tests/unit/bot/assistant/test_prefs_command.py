import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.prefs_command import Action, Kind, UnclearError, parse_prefs
from bot.messages import languages, say, speaking
from retrieval.diet.preferences import Diet, Preferences, Settings
from retrieval.errors import BadInputError


def test_nothing_said_shows_everything() -> None:
    assert parse_prefs("  ").action is Action.SHOW


@pytest.mark.parametrize(
    ("said", "allergy"),
    [
        ("peanuts", "peanuts"),
        ("Peanut", "peanuts"),
        ("prawns", "crustaceans"),
        ("strawberries", "strawberry"),
    ],
)
def test_an_allergy_is_kept_under_the_id_that_protects(said: str, allergy: str) -> None:
    command = parse_prefs(f"add allergy {said}")
    assert command.action is Action.ADD
    assert command.change.allergies == {allergy}


def test_a_word_for_several_allergens_means_all_of_them() -> None:
    assert parse_prefs("add allergy nuts").change.allergies == {"tree_nuts", "peanuts"}
    assert parse_prefs("add allergy shellfish").change.allergies == {"crustaceans", "molluscs"}


def test_diets_tastes_and_targets() -> None:
    assert parse_prefs("add diet gluten free").change.diets == {Diet.GLUTEN_FREE}
    assert parse_prefs("add dislike coriander").change.dislikes == ("coriander",)
    assert parse_prefs("add like red lentils").change.likes == ("red lentils",)
    assert parse_prefs("add target saturated fat 20").change.targets == {"saturated_fat_g": 20.0}
    assert set(parse_prefs("remove target protein").change.targets) == {"protein_g"}


@pytest.mark.parametrize(
    "words",
    ["add", "add allergy", "add nothing", "frobnicate", "add diet paleo", "add target protein", "add target protein -5",
     "add target protein many", "add target vibes 3", "add allergy xyzzyq", "remove allergy"],
)  # fmt: skip
def test_what_cannot_be_done_says_how_to_say_it(words: str) -> None:
    with pytest.raises(BadInputError):
        parse_prefs(words)


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("clear", True),
        ("remove allergy peanuts", True),
        ("remove diet vegan", False),
        ("add allergy peanuts", False),
    ],
)
def test_only_what_takes_protection_away_asks_first(words: str, asks: bool) -> None:
    assert parse_prefs(words).needs_confirmation is asks


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        ("add target protein 120, fibre 30 g", {"protein_g": 120.0, "fibre_g": 30.0}),
        ("set target energy 1,500", {"energy_kcal": 1500.0}),
        ("set target energy 1.500 kcal", {"energy_kcal": 1500.0}),
        ("set target vitamin B12 2,5", {"b12_ug": 2.5}),
        ("set target sodium 2 g", {"sodium_mg": 2000.0}),
        ("set target proteínas 90", {"protein_g": 90.0}),
        ("set protein 90", {"protein_g": 90.0}),
        ("set target body weight 150 lb", {"weight_kg": 68.0}),
        ("set weight 70", {"weight_kg": 70.0}),
        ("set calories 1,800", {"energy_kcal": 1800.0}),
        ("poner calorías 1.800", {"energy_kcal": 1800.0}),
        ("target protein 90", {"protein_g": 90.0}),
    ],
)
def test_numbers_are_read_as_people_write_them(words: str, targets: dict[str, float]) -> None:
    command = parse_prefs(words)
    assert command.action is Action.ADD
    assert command.change.targets == targets


@pytest.mark.parametrize(
    ("words", "kilograms"),
    [("set weight 150", 68.0), ("set weight 150 lb", 68.0), ("set target weight 68 kg", 68.0)],
)
def test_a_weight_without_a_unit_is_in_the_persons_units(words: str, kilograms: float) -> None:
    known = Preferences(settings=Settings(units="imperial"))
    assert parse_prefs(words, known).change.targets == {"weight_kg": kilograms}
    assert parse_prefs("set weight 68").change.targets == {"weight_kg": 68.0}


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        ("set units imperial", {"units": "imperial"}),
        ("set units métricas", {"units": "metric"}),
        ("set language es", {"language": "es"}),
        ("language es", {"language": "es"}),
        ("set language Spanish", {"language": "es"}),
        ("fijar idioma inglés", {"language": "en"}),
    ],
)
def test_settings_are_set(words: str, settings: dict[str, str]) -> None:
    command = parse_prefs(words)
    assert command.action is Action.SET
    assert command.settings == settings


def test_an_exception_stays_with_its_allergy_in_a_list() -> None:
    change = parse_prefs("add allergy milk, tree nuts, but not almonds").change
    assert change.allergies == {"milk", "tree_nuts"}
    assert change.exceptions == {"almond"}


@pytest.mark.parametrize(
    ("words", "suggested"),
    [
        ("ad allergy peanuts", ["allergy to peanuts"]),
        ("add alergy peanuts", ["allergy to peanuts"]),
        ("add peanuts", ["allergy to peanuts", "dislikes peanuts", "likes peanuts"]),
        ("add exception almnds", ["almond may be eaten"]),
        ("set calorees 1800", ["energy 1,800 kcal a day"]),
        ("set units imperail", ["Weight and height in imperial units"]),
        ("set language tlh", ["English", "Español"]),
        ("add allergy peanuts, xyzzyq", ["allergy to peanuts"]),
        ("add kosher salt", ["allergy to salt", "dislikes kosher salt", "likes kosher salt"]),
        ("add pesketarian", ["pescatarian"]),
        ("clera", ["/prefs clear"]),
        ("exprot", ["/prefs export"]),
    ],
)
def test_unknown_words_come_with_what_may_be_meant(words: str, suggested: list[str]) -> None:
    with pytest.raises(UnclearError) as error:
        parse_prefs(words)
    assert [command.describe() for command in error.value.suggestions] == suggested


def test_an_allergy_is_not_guessed_from_a_list_with_an_unknown_word() -> None:
    with pytest.raises(BadInputError):
        parse_prefs("add allergy peanuts and xyzzyq")


def test_a_removal_without_a_kind_is_about_what_is_known() -> None:
    known = Preferences(allergies=frozenset({"peanuts"}), likes=("walnut",), targets={"protein_g": 90.0})
    assert parse_prefs("remove peanuts", known).change.allergies == {"peanuts"}
    assert parse_prefs("remove walnuts", known).change.likes == ("walnut",)
    assert set(parse_prefs("remove protein", known).change.targets) == {"protein_g"}
    with pytest.raises(BadInputError):
        parse_prefs("remove kale", known)
    with pytest.raises(UnclearError) as error:
        parse_prefs("remove protien", known)
    assert [set(command.change.targets) for command in error.value.suggestions] == [{"protein_g"}]


def test_a_removed_taste_may_be_misspelt_or_one_of_two() -> None:
    known = Preferences(likes=("lentils",), dislikes=("Olives", "kale"))
    for words in ("remove dislike olivs", "remove olivs"):
        with pytest.raises(UnclearError) as error:
            parse_prefs(words, known)
        assert [command.change.dislikes for command in error.value.suggestions] == [("Olives",)]
    assert parse_prefs("remove dislike kale and olives", known).change.dislikes == ("kale", "Olives")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("clear", None),
        ("clear all", None),
        ("remove everything", None),
        ("quitar todo", None),
        ("clear dislikes", Kind.DISLIKE),
        ("borrar alergias", Kind.ALLERGY),
    ],
)
def test_who_clears_one_kind_keeps_the_others(words: str, kind: Kind | None) -> None:
    command = parse_prefs(words, Preferences(dislikes=("kale",), allergies=frozenset({"milk"})))
    assert (command.action, command.kind, command.needs_confirmation) == (Action.CLEAR, kind, True)


def test_who_clears_one_thing_keeps_the_others() -> None:
    known = Preferences(dislikes=("kale", "olives"))
    command = parse_prefs("clear kale", known)
    assert (command.action, command.change.dislikes) == (Action.REMOVE, ("kale",))
    with pytest.raises(BadInputError):
        parse_prefs("clear xyzzyq", known)


@pytest.mark.parametrize("language", languages())
def test_every_example_of_the_help_is_understood(language: str) -> None:
    with speaking(language):
        lines = say("prefs_usage").splitlines()[1:]
        for line in lines:
            example = line.partition(":")[0].removeprefix("/prefs").strip()
            parse_prefs(example, Preferences(allergies=frozenset({"peanuts"})))
    assert len(lines) > 10


@pytest.mark.parametrize("language", languages())
def test_every_example_of_a_refusal_is_understood(language: str) -> None:
    asked = ("add allergy", "add exception", "add diet", "add like", "add dislike", "set target", "set units")
    with speaking(language):
        for words in (*asked, "set language", "remove target"):
            with pytest.raises(BadInputError) as refusal:
                parse_prefs(words)
            examples = re.findall(r"/prefs ([^.…,]*\w)", str(refusal.value))
            assert [parse_prefs(example).action for example in examples], words


def test_a_word_without_end_is_not_repeated_whole() -> None:
    for words in ("add allergy", "remove allergy", "set", "ad"):
        with pytest.raises(BadInputError) as refusal:
            parse_prefs(f"{words} {'z' * 3500}")
        assert "z" * 100 not in str(refusal.value)


def test_plain_words_after_add_are_left_to_be_understood() -> None:
    command = parse_prefs("note that I'm vegan")
    assert (command.action, command.text) == (Action.TELL, "that I'm vegan")


@pytest.mark.parametrize("words", ["no peanuts, vegan", "I'm allergic to milk", "my son is allergic to nuts"])
def test_plain_words_are_left_to_be_understood(words: str) -> None:
    command = parse_prefs(words)
    assert command.action is Action.TELL
    assert command.text == words


_WORDS = st.sampled_from(
    "add remove set show clear export allergy diet like dislike target units language peanuts, penuts milk and "
    "but not vegan vegn protein 120 1,5 g, xyzzyq es almnds exception , ; no I'm".split()
)


@given(st.lists(_WORDS, max_size=8).map(" ".join))
def test_any_command_is_understood_or_refused(words: str) -> None:
    known = Preferences(allergies=frozenset({"peanuts", "strawberry"}), likes=("walnut",))
    with suppress(BadInputError):
        parse_prefs(words, known).describe()


@given(st.text(max_size=80))
def test_any_words_are_understood_or_refused(words: str) -> None:
    with suppress(BadInputError):
        parse_prefs(words)
