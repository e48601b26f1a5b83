"""The catalogues: complete in every language, used by the code, and spoken to the person whose turn it is."""

import ast
import asyncio
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor

from bot import messages
from bot.assistant.redlines import RedLineKind
from bot.messages import DEFAULT, LOCALES, languages, say, say_if_known, speak, speaking, speaks, spoken
from retrieval.diet.lexicon import lexicon
from retrieval.diet.rules import ALLERGENS, PROPERTIES
from retrieval.errors import BadInputError

BOT = Path(messages.__file__).parent
OPTIONAL = ("food_", "cuisine_", "meal_", "portion_", "search_words")
"""Names of what our data name in English: another language may have them."""

OTHERS = tuple(language for language in languages() if language != DEFAULT)
EMERGENCY = {"anaphylaxis": ("112", "911"), "eating_disorder": ("112", "911"), "medication": ("112", "911")}


class _Names(Visitor):
    """Collects the variables of a message, and of those the ones that choose a plural form."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.plurals: set[str] = set()

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node: fluent.SelectExpression) -> None:  # noqa: N802
        if isinstance(node.selector, fluent.VariableReference):
            self.plurals.add(node.selector.id.name)
        self.generic_visit(node)


@cache
def catalogue(language: str) -> dict[str, fluent.Message]:
    found: dict[str, fluent.Message] = {}
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, fluent.Junk), f"{path}: {entry.content}"
            if isinstance(entry, fluent.Message):
                assert entry.id.name not in found, f"{path}: {entry.id.name} is there twice"
                found[entry.id.name] = entry
    return found


def names(message: fluent.Message) -> _Names:
    visitor = _Names()
    visitor.visit(message)
    return visitor


def test_spanish_is_spoken() -> None:
    assert "es" in languages()
    assert languages()[0] == DEFAULT


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_in_every_language(language: str) -> None:
    mine = {key for key in catalogue(language) if not key.startswith(OPTIONAL)}
    assert mine == set(catalogue(DEFAULT))


@pytest.mark.parametrize("language", OTHERS)
def test_a_message_has_the_same_values_in_every_language(language: str) -> None:
    for key, message in catalogue(DEFAULT).items():
        assert names(catalogue(language)[key]).variables == names(message).variables, key


@pytest.mark.parametrize("language", OTHERS)
def test_what_english_counts_in_plurals_others_do_too(language: str) -> None:
    for key, message in catalogue(DEFAULT).items():
        assert names(message).plurals <= names(catalogue(language)[key]).plurals, key


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_in_another_language(language: str) -> None:
    """What stayed English was forgotten, but for a word or two that both have."""
    for key, message in catalogue(DEFAULT).items():
        if len(_words(message)) > 2:
            assert _words(message) != _words(catalogue(language)[key]), key


def _words(message: fluent.Message) -> list[str]:
    elements = message.value.elements if message.value else ()
    parts = [item.value for item in elements if isinstance(item, fluent.TextElement)]
    return re.findall(r"[^\W\d_]{4,}", " ".join(parts))


@pytest.mark.parametrize("language", OTHERS)
def test_names_of_foods_are_of_foods_we_know(language: str) -> None:
    known = {f"food_{key}" for key in lexicon()} | {f"food_{item}" for item in PROPERTIES}
    known -= {f"food_{item}" for item in ALLERGENS}
    assert {key for key in catalogue(language) if key.startswith("food_")} <= known


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", list(RedLineKind))
def test_a_medical_answer_says_whom_to_see_in_every_language(kind: str, language: str) -> None:
    with speaking(language):
        text = say(f"red_line_{kind}")
    assert re.search(r"doctor|médico", text)
    for number in EMERGENCY.get(kind, ()):
        assert number in text


# What the code says.


def test_every_message_that_the_code_says_exists() -> None:
    missing = (
        literal_keys() - set(catalogue(DEFAULT)) - {key for key in every_key() if key.startswith(OPTIONAL)}
    )
    missing |= {prefix for prefix in key_prefixes() if not any(key.startswith(prefix) for key in every_key())}
    assert missing == set()


def test_every_message_is_said_somewhere() -> None:
    """Keys that the code puts together ("command_" and a name) count by their beginning."""
    literals, prefixes = strings_of_the_code(), tuple(begun_strings())
    unused = {key for key in every_key() if key not in literals and not key.startswith(prefixes)}
    assert unused == set()


def test_nothing_is_said_before_the_language_is_known() -> None:
    """Neither while a module is imported, nor in a function whose result is kept for the next person."""
    too_early = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                cached = any("cache" in ast.dump(item) for item in node.decorator_list)
                said = [call for call in ast.walk(node) if _says(call)]
                if cached and said and not _speaks_by_itself(node):
                    too_early.append(f"{path.name}: {node.name} keeps what it says")
        for statement in _module_level(tree):
            too_early += [f"{path.name}:{call.lineno}" for call in ast.walk(statement) if _says(call)]
    assert too_early == []


def _speaks_by_itself(function: ast.AST) -> bool:
    """Whether it goes through the languages itself, and so returns the same for everybody."""
    return any(isinstance(item, ast.Name) and item.id == "speaking" for item in ast.walk(function))


def _module_level(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from (
                item for item in node.body if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
            )
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _says(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("say", "say_if_known")
    )


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    paths = sorted(path for path in BOT.rglob("*.py") if path != Path(messages.__file__))
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def _said_first() -> Iterator[ast.expr]:
    for _path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _says(node):
                yield node.args[0]


def literal_keys() -> set[str]:
    """Return the keys in say("…"), and in both arms of say("…" if … else "…")."""
    found = set()
    for first in _said_first():
        for item in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
            if isinstance(item, ast.Constant):
                found.add(str(item.value))
    return found


def key_prefixes() -> set[str]:
    """Return what f-strings begin with that are said: "command_"."""
    found = set()
    for first in _said_first():
        if isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
            found.add(str(first.values[0].value))
    return found


def begun_strings() -> Iterator[str]:
    """Yield what the code's f-strings begin with that may be keys ("not_text_"), wherever they are said."""
    for _path, tree in trees():
        for node in ast.walk(tree):
            first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
            if isinstance(first, ast.Constant) and re.fullmatch(r"[a-z]\w{3,}_", str(first.value)):
                yield str(first.value)


@cache
def strings_of_the_code() -> frozenset[str]:
    nodes = (node for _path, tree in trees() for node in ast.walk(tree))
    return frozenset(
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def every_key() -> set[str]:
    return {key for language in languages() for key in catalogue(language)}


# The language that is spoken.


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("ES_es", "es"),
        ("en-GB", "en"),
        ("tlh", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_tag_of_telegram_is_one_of_our_languages(tag: str | None, language: str) -> None:
    assert spoken(tag) == language


async def test_two_people_at_once_each_get_their_own_language() -> None:
    async def greet(language: str, met: asyncio.Barrier) -> str:
        speak(language)
        await met.wait()
        return say("small_talk")

    met = asyncio.Barrier(2)
    english, spanish = await asyncio.gather(greet("en", met), greet("es", met))
    assert english.startswith("Hello")
    assert spanish.startswith("¡Hola!")
    assert speaks() == DEFAULT


def test_plural_forms_are_those_of_the_language() -> None:
    recipe = {"meal": "cena", "cuisine": "india"}
    with speaking("es"):
        assert say("recipe_about", **recipe, servings=1, minutes=1).endswith("1 ración, 1 minuto")
        assert say("recipe_about", **recipe, servings=3, minutes=35).endswith("3 raciones, 35 minutos")


@pytest.fixture
def locales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the catalogues that a test may change."""
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder)
    monkeypatch.setattr(messages, "LOCALES", folder)
    _forget()
    yield folder
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    messages.languages.cache_clear()
    messages._bundle.cache_clear()


def test_a_folder_adds_a_language_and_what_it_lacks_is_said_in_english(locales: Path) -> None:
    (locales / "eo").mkdir()
    (locales / "eo" / "answers.ftl").write_text("small_talk = Saluton!\n", encoding="utf-8")
    assert languages() == ("en", "eo", "es")
    with speaking("eo"):
        assert say("small_talk") == "Saluton!"
        assert say("stated") == "Ask me whatever you like; I will keep to it."
        assert say_if_known("stated") is None
    assert speaks() == DEFAULT


def test_a_line_that_is_no_message_is_named(locales: Path) -> None:
    (locales / "eo").mkdir()
    (locales / "eo" / "answers.ftl").write_text("small talk: Saluton!\n", encoding="utf-8")
    with speaking("eo"), pytest.raises(BadInputError, match=r"answers\.ftl.*small talk"):
        say("small_talk")


def test_a_value_may_be_as_long_as_a_message() -> None:
    names = ", ".join(["dislikes { $changes } and so on"] * 200)
    assert say("prefs_added", changes=names) == f"Noted: {names}."


def test_a_message_without_its_value_is_an_error_not_a_gap_in_a_sentence() -> None:
    with pytest.raises(KeyError):
        say("too_long", length=3)
    with pytest.raises(KeyError):
        say("no_such_message")
