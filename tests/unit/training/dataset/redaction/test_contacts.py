"""What reaches somebody, pays for them or says where they are goes out of texts; figures and foods stay."""

import pytest

from training.dataset.redaction import Redactor

REDACTOR = Redactor()


def redacted(text: str, *names: str) -> str:
    return REDACTOR.conversation(names).redact(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail me at jane.doe84@example.com please", "mail me at <EMAIL_1> please"),
        ("anna (at) mail (dot) com is mine", "<EMAIL_1> is mine"),
        ("meine Mail: lars@t-online.de", "meine Mail: <EMAIL_1>"),
        ("пиши на olga.k@mail.ru", "пиши на <EMAIL_1>"),
        ("call me on +44 7911 123456", "call me on <PHONE_1>"),
        ("ruf mich an: 0151 23456789", "ruf mich an: <PHONE_1>"),
        ("mi número es 612 345 678", "mi número es <PHONE_1>"),
        ("мой номер 8 (495) 123-45-67", "мой номер <PHONE_1>"),
        ("I'm @green_eater_92 there", "I'm <HANDLE_1> there"),
        ("my insta is oats4life_22", "my insta is <HANDLE_1>"),
        ("see https://lab.example.com/r?token=eyJhbGciOiJIUzI1", "see <URL_1>"),
        ("join https://t.me/+Ab3dEfGhIjk0MmU6 now", "join <URL_1> now"),
        ("pay with 4111 1111 1111 1111 please", "pay with <CARD_1> please"),
        ("refund to GB82 WEST 1234 5698 7654 32 thanks", "refund to <IBAN_1> thanks"),
        ("the scale is at 192.168.178.42 now", "the scale is at <IP_1> now"),
        ("blocked 2001:db8:85a3::8a2e:370:7334 today", "blocked <IP_1> today"),
        ("food near 51.5074, -0.1278?", "food near <LOCATION_1>?"),
        ("I live at 221B Baker Street, London NW1 6XE", "I live at <ADDRESS_1>"),
        ("Ich wohne in der Hauptstraße 12, 10115 Berlin", "Ich wohne in der <ADDRESS_1>"),
        ("vivo en Calle Mayor 5, 28013 Madrid", "vivo en <ADDRESS_1>"),
        ("живу на ул. Ленина, д. 5, кв. 12", "живу на <ADDRESS_1>"),
        ("born 12/04/1986, 74 kg", "born <BIRTH_DATE_1>, 74 kg"),
        ("geboren am 3. März 1978", "geboren am <BIRTH_DATE_1>"),
        ("nací el 3 de marzo de 1978", "nací el <BIRTH_DATE_1>"),
        ("дата рождения: 3 марта 1978", "дата рождения: <BIRTH_DATE_1>"),
    ],
)
def test_goes(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "cooked lentils have 9.02 g of protein",
        "I ate 1,200 kcal yesterday and 1.850 kcal today",
        "targets 1800/2000/2200 kcal",
        "barcode 4006381333931 is it vegan",
        "Lunch on 12/05/2026: 450 kcal, dinner on 3 March: 700 kcal",
        "expires 12.05.2026, still fine?",
        "since 2019 I am vegetarian",
        "10:30 breakfast, 13:00 lunch",
        "200 g @ 180 °C for 25 min",
        "10 000 steps and 2 500 ml water",
        "recipe from https://www.bbcgoodfood.com/recipes/lentil-soup",
        "5 x 30-40 g of fibre, E471, B12 2.4 mcg",
        "Cooked lentils [1] have more iron than spinach [2], see [3][4].",
    ],
)
def test_figures_dates_of_meals_pages_and_citations_stay(text: str) -> None:
    assert redacted(text) == text


def test_a_card_needs_its_check_digit() -> None:
    assert redacted("the code 4111 1111 1111 1112 on the tin") == "the code 4111 1111 1111 1112 on the tin"


def test_an_account_needs_its_check_digits_unless_it_is_called_one() -> None:
    assert "<IBAN" not in redacted("lot GB83 WEST 1234 5698 7654 32 of the flour")
    assert redacted("IBAN: GB83 WEST 1234 5698 7654 32") == "IBAN: <IBAN_1>"


def test_a_year_of_birth_is_not_that_of_an_illness() -> None:
    assert redacted("dob 11.11.1971, diabetic since 1983") == "dob <BIRTH_DATE_1>, diabetic since 1983"


def test_citations_beside_what_goes_stay() -> None:
    assert (
        redacted("Write to a@example.com [1], call +44 7911 123456 [2].")
        == "Write to <EMAIL_1> [1], call <PHONE_1> [2]."
    )


def test_the_same_thing_has_the_same_placeholder_in_a_conversation() -> None:
    conversation = REDACTOR.conversation()
    assert conversation.redact("a@example.com or b@example.com") == "<EMAIL_1> or <EMAIL_2>"
    assert conversation.redact("I meant B@example.com, +44 7911 123456") == "I meant <EMAIL_2>, <PHONE_1>"
    assert conversation.redact("07911 123456") == "<PHONE_1>"
    assert conversation.counts == {"EMAIL": 3, "PHONE": 2}


def test_conversations_know_nothing_of_each_other() -> None:
    REDACTOR.conversation().redact("a@example.com")
    assert REDACTOR.conversation().redact("b@example.com") == "<EMAIL_1>"


def test_a_placeholder_somebody_typed_is_told_from_ours() -> None:
    conversation = REDACTOR.conversation()
    assert conversation.redact("a@example.com") == "<EMAIL_1>"
    assert conversation.redact("I typed <EMAIL_1> and b@example.com") == "I typed <EMAIL_2> and <EMAIL_3>"


def test_what_only_shows_once_its_neighbour_is_gone_goes_too() -> None:
    assert (
        redacted("paid with 4111111111111111 12.04.1986 is my birthday")
        == "paid with <CARD_1> <BIRTH_DATE_1> is my birthday"
    )
