"""What Tab offers in `platewise chat`."""

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.assistant.prefs_command import Action, parse_prefs
from bot.commands.chatting.completion import COMMANDS, ChatCompleter
from bot.messages import languages, say, speaking
from retrieval.diet.preferences import Diet, Preferences
from retrieval.diet.rules import ALLERGENS

KNOWN = Preferences(
    diets=frozenset({Diet.VEGAN}),
    allergies=frozenset({"tree_nuts"}),
    likes=("lentil",),
    targets={"protein_g": 120.0},
)


def offered(typed: str, known: Preferences = KNOWN) -> list[str]:
    """Return the lines that the completions of `typed` make."""
    completions = ChatCompleter(lambda: known).get_completions(Document(typed), CompleteEvent())
    return [typed[: len(typed) + item.start_position] + item.text for item in completions]


def test_a_slash_offers_every_command_with_what_it_does() -> None:
    assert offered("/") == [f"/{name}" for name in COMMANDS]
    completions = list(ChatCompleter(Preferences).get_completions(Document("/ne"), CompleteEvent()))
    assert [item.text for item in completions] == ["new"]
    assert completions[0].display_meta_text == say("command_new")


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("/prefs re", ["/prefs remove"]),
        ("/prefs add all", ["/prefs add allergy"]),
        ("/prefs add allergy pean", ["/prefs add allergy peanuts"]),
        ("/prefs add allergy peanuts, sesa", ["/prefs add allergy peanuts, sesame"]),
        ("/prefs add diet vega", ["/prefs add diet vegan"]),
        ("/prefs set target prot", ["/prefs set target protein"]),
        ("/prefs set units i", ["/prefs set units imperial"]),
        ("/prefs remove allergy ", ["/prefs remove allergy tree nuts"]),
        ("/prefs remove target ", ["/prefs remove target protein"]),
        ("/prefs remove dislike ", []),
        ("/prefs clear ", []),
        ("/language e", ["/language en", "/language es"]),
        ("/privacy k", ["/privacy keep yes", "/privacy keep no"]),
        ("/privacy improve n", ["/privacy improve no"]),
        ("/bad not", ["/bad Not what I asked", "/bad Not for my diet"]),
        ("/help ", []),
        ("what can I eat", []),
        ("", []),
    ],
)
def test_the_next_word_is_completed(typed: str, lines: list[str]) -> None:
    assert offered(typed)[: max(1, len(lines))] == lines


def test_a_word_in_the_middle_of_a_name_is_found_after_those_at_its_beginning() -> None:
    lines = offered("/prefs add allergy nut")
    assert lines[0].startswith("/prefs add allergy nut")
    assert "/prefs add allergy tree nuts" in lines


@pytest.mark.parametrize("language", languages())
def test_what_is_offered_is_understood(language: str) -> None:
    with speaking(language):
        for letter in "abcdefghijlmnoprstuvw":
            for line in offered(f"/prefs add allergy {letter}"):
                command = parse_prefs(line.removeprefix("/prefs "))
                assert command.action is Action.ADD, line
                assert command.change.allergies, line


def test_spanish_offers_spanish_names() -> None:
    with speaking("es"):
        assert "/prefs add allergy cacahuetes" in offered("/prefs add allergy caca")
        allergies = {
            line.removeprefix("/prefs remove allergy ") for line in offered("/prefs remove allergy ")
        }
        assert allergies == {"frutos de cáscara"}


def test_all_that_is_held_is_offered_for_removal() -> None:
    everything = Preferences(allergies=ALLERGENS)
    assert len(offered("/prefs remove allergy ", everything)) == len(ALLERGENS)
