# ruff: noqa: RUF001 (sentences in Russian and Turkish)
"""Restrictions said without any phrase that the grammar knows, in ten languages, and what cancels them."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.assistant.net_forms import ticked
from bot.assistant.net_words import net_words, starting_with
from bot.assistant.understand import About, Understanding, understand
from retrieval.diet.preferences import Preferences

ALLERGIES = {
    "one whiff of crab and my airways start to close": "crustaceans",
    "my lips go numb whenever there's mustard in the dressing": "mustard",
    "Cow's milk has me doubled over for hours": "milk",
    "bread is a no-go, wheat bloats me like a balloon": "gluten",
    "the paramedics had to come because of a satay, so peanuts are banned in this house": "peanuts",
    "consultant's verdict: no egg, no sesame, ever": "eggs sesame",
    "known allergens for me = soya, celery": "soybeans celery",
    "squid and I end up at the emergency room": "molluscs",
    "after two prawns my eyes were swollen shut": "crustaceans",
    "it isn't true that I'm not allergic to lupin": "lupin",
    "mustard puts me in hospital, celery too": "mustard celery",
    "Why do I get hives every time I eat sesame?": "sesame",
    "I never outgrew my egg allergy": "eggs",
    "Krabben gehen gar nicht, da schwillt mir der Hals zu": "crustaceans",
    "Von Sellerie kriege ich sofort Quaddeln": "celery",
    "Haselnüsse sind für mich tabu, Notarzt war schon da": "tree_nuts",
    "Mein Allergologe hat mir Sesam und Lupine verboten": "sesame lupin",
    "Milch? Da renne ich sofort aufs Klo und habe Bauchkrämpfe": "milk",
    "bei Senf juckt mir der ganze Mund": "mustard",
    "Weizen verbietet mir die Ärztin": "gluten",
    "les huîtres m'envoient direct aux urgences": "molluscs",
    "dès que je mange du céleri j'ai la gorge qui gonfle": "celery",
    "l'allergologue m'a interdit les œufs et le lait": "eggs milk",
    "la moutarde, même une trace, et je gonfle": "mustard",
    "los mejillones me dan urticaria": "molluscs",
    "el alergólogo me quitó el huevo y el sésamo por alergia": "eggs sesame",
    "la leche me sienta fatal siempre": "milk",
    "alergias: mostaza, altramuz": "mustard lupin",
    "le arachidi mi mandano all'ospedale": "peanuts",
    "appena mangio gamberi mi si gonfiano le labbra": "crustaceans",
    "il medico mi ha vietato il sedano e la senape": "celery mustard",
    "il latte mi fa malissimo": "milk",
    "camarão? fico toda inchada": "crustaceans",
    "leite faz-me mal, diarreia na certa": "milk",
    "com ostras vou parar ao hospital": "molluscs",
    "van garnalen krijg ik dikke lippen": "crustaceans",
    "melk valt heel slecht, buikkrampen": "milk",
    "sesam? meteen jeuk en een dichte keel": "sesame",
    "po krewetkach puchnie mi gardło": "crustaceans",
    "po mleku boli mnie brzuch za każdym razem": "milk",
    "gorczycy mi nie wolno, szpital": "mustard",
    "от креветок у меня отекает горло": "crustaceans",
    "врач запретил мне сельдерей и горчицу": "celery mustard",
    "мидии? скорую вызывали": "molluscs",
    "karides yiyince boğazım şişiyor": "crustaceans",
    "süt içince karnım ağrıyor, hemen tuvalete koşuyorum": "milk",
    "midye yersem hastanelik olurum": "molluscs",
}
OF_OTHERS = {
    "my husband's throat swells from walnuts": "tree_nuts",
    "our lodger comes out in hives if there's egg in anything": "eggs",
    "quick dinner without fish, my flatmate gets anaphylaxis": "fish",
    "Unser Kleiner hat eine Eierallergie": "eggs",
    "mon fils fait une réaction aux noisettes, plaques partout": "tree_nuts",
    "mi madre no puede ni probar el apio, se hincha": "celery",
    "mia moglie si riempie di bolle con il sesamo": "sesame",
    "у дочки крапивница от яиц": "eggs",
}
NOTHING = [
    "does celery cause hives?",
    "many adults can't digest milk",
    "the hospital canteen does a great prawn curry",
    "I felt sick yesterday, could you suggest a plain egg soup?",
    "my migraine is killing me, give me a recipe with ginger",
    "what are the symptoms of a milk allergy?",
    "If I were allergic to fish I'd miss sushi",
    "the rash on my arm is gone, can I have a milkshake recipe",
    "nut allergies run in the family of my neighbour's hamster, apparently",
    "Ich habe keine Fischallergie",
    "Bekommt man von Milch Ausschlag?",
    "le lait donne-t-il des boutons ?",
    "mucha gente es alérgica al cacahuete",
    "le uova fanno venire l'orticaria?",
    "a mostarda causa alergia?",
    "veel mensen zijn allergisch voor pinda",
    "у меня нет аллергии на рыбу",
    "balığa alerjim yok",
    "need a vegan cake for Friday",
    "I'm thinking of going keto",
]
OVER = {
    "my egg allergy is history since the last test": "eggs",
    "peanuts? used to be allergic, passed the food challenge last week": "peanuts",
    "Meine Erdnussallergie ist weg, sagt der Arzt": "peanuts",
    "mon allergie aux œufs a disparu": "eggs",
    "la mia allergia alle uova è passata": "eggs",
    "já não sou alérgico à soja, o teste deu negativo": "soybeans",
    "mijn sojaallergie is over": "soybeans",
    "alergia na jajka mi przeszła": "eggs",
    "аллергия на яйца прошла": "eggs",
    "yumurta alerjim geçti": "eggs",
}
DIETS = {
    "been plant based for six years now": "vegan",
    "kosher household here": "kosher",
    "halal only for me, mate": "halal",
    "non mangio nulla di origine animale": "vegan",
    "llevo tres años siendo vegano": "vegan",
    "jestem na keto od stycznia": "low_carb",
}


def ids(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def named(cases: Mapping[str, str]) -> list[Any]:
    return [
        pytest.param(text, ids(meant), id=text.encode("ascii", "backslashreplace").decode())
        for text, meant in cases.items()
    ]


@pytest.mark.parametrize(("text", "meant"), named(ALLERGIES))
def test_a_food_beside_an_alarm_is_an_allergy(text: str, meant: frozenset[str]) -> None:
    understood = understand(text)
    assert understood.about is About.SELF
    assert understood.add.allergies == meant
    assert not understood.add.dislikes


@pytest.mark.parametrize(("text", "meant"), named(OF_OTHERS))
def test_the_allergy_of_somebody_else_stays_theirs(text: str, meant: frozenset[str]) -> None:
    understood = understand(text)
    assert understood.about is About.OTHER
    assert understood.add.allergies == meant


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_asked_denied_or_general_restricts_nobody(text: str) -> None:
    understood = understand(text)
    assert not understood.add.allergies | understood.others.allergies
    assert not understood.add.diets


@pytest.mark.parametrize(("text", "meant"), named(OVER))
def test_an_allergy_that_is_over_is_taken_back_once_confirmed(text: str, meant: frozenset[str]) -> None:
    understood = understand(text, Preferences(allergies=meant))
    assert understood.add.allergies == frozenset()
    assert understood.remove.allergies == understood.needs_confirmation == meant


@pytest.mark.parametrize(("text", "meant"), named(DIETS))
def test_a_diet_is_heard_without_a_verb_of_eating(text: str, meant: frozenset[str]) -> None:
    assert understand(text).add.diets == meant


def allergies_and_diets(understood: Understanding) -> set[str]:
    return {*understood.add.allergies, *understood.add.diets}


@pytest.mark.parametrize(
    ("form", "meant"),
    [
        ("[ ] vegan [x] vegetarian [ ] halal [x] egg allergy", {"vegetarian", "eggs"}),
        ("☐ kosher ☑ milk allergy", {"milk"}),
        ("1) no fish, allergic 2) no squid either 3) love mango", {"fish", "molluscs"}),
        ("Allergies: 1) peanuts 2) sesame 3) lupin", {"peanuts", "sesame", "lupin"}),
        ("Allergies? None. Intolerances? Lactose.", {"milk"}),
        ("Allergies: none. Likes: eggs", set()),
    ],
)
def test_a_form_says_what_is_ticked_or_listed(form: str, meant: set[str]) -> None:
    assert allergies_and_diets(understand(form)) == meant


def test_one_empty_box_is_no_form() -> None:
    assert ticked("an array [ ] of eggs") == "an array [ ] of eggs"


def test_every_word_list_is_a_valid_pattern() -> None:
    assert all(starting_with(letter) for letter in net_words().sources)


def test_a_long_message_hides_no_allergy() -> None:
    text = "My sister can't have eggs, kiwi is fine; " * 800
    assert understand(f"{text} my throat closes after celery").add.allergies == {"celery"}
