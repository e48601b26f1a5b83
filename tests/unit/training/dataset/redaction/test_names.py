"""Names go, those of the person in every form; foods that are called like people stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.dataset.redaction import Redactor

REDACTOR = Redactor()


def redacted(text: str, *names: str) -> str:
    return REDACTOR.conversation(names).redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hi, I'm {} and I can't eat wheat",
        "my son {} is allergic to peanuts",
        "dinner for me and {} under 700 kcal",
        "{}'s birthday is on Saturday",
        "thanks, {}",
    ],
)
@pytest.mark.parametrize("name", ["Anna", "Marcus", "Giulia", "Sarah"])
def test_names_go(text: str, name: str) -> None:
    assert redacted(text.format(name)) == text.format("<NAME_1>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my brother Thorvaldine is allergic to lupin", "my brother <NAME_1> is allergic to lupin"),
        ("Dr. Okonkwo told me to cut salt", "Dr. <NAME_1> told me to cut salt"),
        ("my friend Victoria doesn't eat meat", "my friend <NAME_1> doesn't eat meat"),
        ("uncle Graham has high cholesterol", "uncle <NAME_1> has high cholesterol"),
        ("my sister Rosemary is allergic to celery", "my sister <NAME_1> is allergic to celery"),
        ("Best regards,\nZephyrine", "Best regards,\n<NAME_1>"),
        ("ask Mary Kate O'Brien", "ask <NAME_1>"),
        ("Meine Tochter Mia verträgt keine Milch", "Meine Tochter <NAME_1> verträgt keine Milch"),
        ("me llamo Javier Moreno", "me llamo <NAME_1>"),
        ("приготовь ужин для Маши без лука", "приготовь ужин для <NAME_1> без лука"),
    ],
)
def test_names_of_others_go(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "are Graham crackers vegan?",
        "a Caesar salad without anchovies",
        "Victoria sandwich without eggs please",
        "one Granny Smith apple a day",
        "Ben & Jerry's cookie dough",
        "Dr Pepper zero, Dr. Oetker pizza",
        "eggs Benedict, beef Wellington, peach Melba",
        "Pepper, salt, Basil and Rosemary please",
        "Olive oil vs butter",
        "galletas María sin lactosa",
        "салат Цезарь с курицей",  # noqa: RUF001
        "strammer Max ohne Schinken",
        "Lentils, cooked, have 9.02 g of protein [1]. A Caesar salad has 158 kcal [2].",
    ],
)
def test_foods_stay(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        (["Xiomara Quispe"], "xiomara cant eat quinoa", "<NAME_1> cant eat quinoa"),
        (["Xiomara", "Quispe"], "XIOMARA, Quispe's plan", "<NAME_1>, <NAME_2>'s plan"),
        (["Ольга Кузнецова"], "план для Ольги Кузнецовой", "план для <NAME_1>"),
        (["Павел"], "с Павлом ужинаем", "с <NAME_1> ужинаем"),  # noqa: RUF001
        (["vegan_vera88"], "my nick vegan_vera88 shows twice", "my nick <HANDLE_1> shows twice"),
        (["Łukasz"], "lukasz wants soup, ŁUKASZ too", "<NAME_1> wants soup, <NAME_1> too"),
        (["Anna Kowalski"], "is annakowalski taken?", "is <NAME_1> taken?"),
        (["小林"], "我是小林", "我是<NAME_1>"),
        (["Olive Baker"], "olive oil for Olive Baker", "olive oil for <NAME_1>"),
        (["Graham Hill"], "are graham crackers vegan? thx Graham", "are graham crackers vegan? thx <NAME_1>"),
    ],
)
def test_own_names_go_in_every_form(names: list[str], text: str, expected: str) -> None:
    assert redacted(text, *names) == expected


def test_a_first_name_and_the_full_name_are_one_person() -> None:
    conversation = REDACTOR.conversation()
    assert conversation.redact("I'm Anna Kowalski") == "I'm <NAME_1>"
    assert conversation.redact("Anna again, and Marcus") == "<NAME_1> again, and <NAME_2>"


def test_a_rare_name_is_known_once_it_was_introduced() -> None:
    conversation = REDACTOR.conversation()
    assert conversation.redact("my son Thorvaldine is 3") == "my son <NAME_1> is 3"
    assert conversation.redact("can Thorvaldine have honey?") == "can <NAME_1> have honey?"


def test_a_name_introduced_later_goes_from_the_start_when_learned_first() -> None:
    conversation = REDACTOR.conversation()
    texts = ["is it ok, Thorvaldine?", "my son Thorvaldine is 3"]
    conversation.learn(texts)
    assert [conversation.redact(text) for text in texts] == ["is it ok, <NAME_1>?", "my son <NAME_1> is 3"]


PIECES = st.sampled_from(
    "my son Anna Graham crackers Caesar salad a@b.com +44 7911 123456 , . ! 's \n < > <NAME_1> [1] 9.02 g Dr. и для "
    "Маши @ix https://t.me/x 4111111111111111 ñ ß \u0131 小林 \u0301 \ue000 von Xiomara XIOMARA xiomara's Ольги".split(
        " "
    )
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map(" ".join))
WORDS = st.text(alphabet="bcdfgklmnprstvwz", min_size=5, max_size=9)


@given(TEXTS)
def test_twice_is_as_once(text: str) -> None:
    once = redacted(text, "Xiomara", "Ольга")
    conversation = REDACTOR.conversation(("Xiomara", "Ольга"))
    assert conversation.redact(text) == once
    assert conversation.redact(once) == once


@given(st.lists(TEXTS, max_size=4))
def test_a_text_that_comes_again_comes_out_the_same(texts: list[str]) -> None:
    conversation = REDACTOR.conversation(("Xiomara",))
    first = [conversation.redact(text) for text in texts]
    assert [conversation.redact(text) for text in texts] == first


@given(
    WORDS,
    TEXTS,
    TEXTS,
    st.sampled_from([str.lower, str.upper, str.title, str.swapcase]),
    st.sampled_from(["", "'s"]),
)
def test_no_own_name_is_left(name: str, before: str, after: str, cased: object, ending: str) -> None:
    text = f"{before} {cased(name.title())}{ending} {after}"  # type: ignore[operator]
    assert name not in redacted(text, name.title()).casefold()
