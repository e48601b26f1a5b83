"""Follow-ups in Spanish, written out: "¿y con pollo?" after "Dame una receta con lentejas". Used by `followups`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bot.assistant.datafiles import read_data
from bot.assistant.followup_turns import CHOOSING, FEW_WORDS, Asked, Earlier, Meant, compiled
from bot.assistant.followup_words import Phrase, joined, together
from bot.assistant.intents import Intent
from retrieval.diet.lexicon import lexicon

_KEYS = frozenset(
    "fillers leads spanish hints stops articles meals prepared nutrients kinds measures".split()
)
_WORD = re.compile(r"[^\s,;:?!()¿¡]+")
_NEGATED = re.compile(r"\b(?:sin|no|en vez de|en lugar de|que)\s+(?:\w+\s+)?$", re.IGNORECASE)
_INSTEAD = r"(?: (?:en vez|en lugar|entonces|en su lugar))?"
_HAS = re.compile(r"\b(tiene|contiene|lleva|aporta)n?\b", re.IGNORECASE)


def is_spanish(text: str) -> bool:
    """Tell whether words or signs of a text are Spanish ones."""
    return compiled(_words("spanish")).search(text) is not None


def may_go_on(text: str) -> bool:
    """Tell whether a text of any length may go on with an earlier one."""
    fillers = rf"^[¿¡\s]*(?:(?:{_words('fillers')})(?!\w)[,.!¿¡ ]*)*"
    return compiled(rf"{fillers}{_words('leads')}\b|\b(?:{_words('hints')})\b").search(text) is not None


def read_spanish(text: str) -> Asked:
    """Cut a question up."""
    body = text.strip("¿¡ ")
    body = compiled(rf"^(?:(?:{_words('fillers')})(?!\w)[,.!;:¿¡ ]*)+").sub("", body) or body
    body = body.strip("¿¡?!. ")
    lead = compiled(rf"(?:{_words('leads')}(?!\w)[, ¿]*)+").match(body)
    body = body[lead.end() :] if lead else body
    body = compiled(",? por favor$").sub("", body).strip("¿¡ ")
    if len(body.split()) <= FEW_WORDS and body[1:].islower():
        body = body.lower()
    return Asked(text, body, led=lead is not None)


def _others(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'otra cosa', '¿alguna otra idea?', 'algo distinto'."""
    things = r"(?:cosa|idea|receta|opci[oó]n|opciones|sugerencia|plato|cena|comida)s?"
    more = rf"(?:algun[oa] )?otr[oa]s?(?: {things})?(?: más)?|algo (?:distinto|diferente|más)|más {things}|qué más"
    verbs = r"(?:(?:dame|ponme|sugiéreme|tienes|hay|quiero|prueba|puedo (?:comer|tomar)) )*"
    found = asked.match(rf"{verbs}(?:{more})(?: hay| tienes)?")
    return Meant(base.question, others=True) if found and base.intent in CHOOSING else None


def _kind(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'algo más barato', 'una versión vegana', '¿y sin gluten?'."""
    kinds = rf"(?:{_words('kinds')})"
    opening = r"(?:(?:algo|que sea|un[oa]?|la|el|en|versión|opción|receta|plato|dame|quiero) )*"
    found = asked.match(
        rf"(?P<opening>{opening})(?P<kind>{kinds}(?:,? (?:y|o|pero) {kinds})*)(?: por favor)?"
    )
    if found is None or base.intent not in CHOOSING or not (asked.is_fragment or found["opening"]):
        return None
    return _meant(f"{base.stem}, pero {found['kind']}")


def _nutrient(asked: Asked, base: Earlier) -> Meant | None:
    """Read '¿y su hierro?', '¿y de calorías?', '¿cuánta fibra tiene?'."""
    named = rf"(?P<nutrient>{_nutrients()})"
    before = r"(?:(?:de|en|el|la|los|las|su|sus|qué|cuánt[oa]s?|cantidad de) )*"
    found = asked.match(rf"{before}{named}(?: (?:tienen?|contienen?|llevan?|aportan?|hay))?")
    if found is None or not asked.is_fragment:
        return None
    how_much = _how_much(found["nutrient"])
    earlier = compiled(rf"\bcuánt[oa]s? (?:de )?(?:{_nutrients()})\b").search(base.stem)
    if base.intent is Intent.LOOKUP and earlier is not None:
        asks = how_much if earlier[0][0].islower() else how_much.capitalize()
        return _meant(f"{base.stem[: earlier.start()]}{asks}{base.stem[earlier.end() :]}")
    phrases = spanish_foods(base.stem) if base.intent not in CHOOSING else ()
    if base.intent is Intent.COMPARE and len(phrases) > 1:
        names = joined([phrase.words for phrase in phrases], "o")
        return Meant(f"¿Qué tiene más {found['nutrient']}, {names}?")
    about = [phrase.words for phrase in phrases] or [item.name for item in base.cited]
    if len(about) != 1:
        return None
    return Meant(_agreeing(f"¿{how_much.capitalize()} tiene {about[0]}?", about[0]))


def _meal(asked: Asked, base: Earlier) -> Meant | None:
    """Read '¿y para cenar?', '¿y de postre?' after a question about another meal."""
    verbs = {verb: noun for noun, (_article, verb) in _meals().items() if verb}
    said = "|".join((*_meals(), *verbs))
    found = asked.match(rf"(?P<for>(?:para|en|de|a) )?(?:el |la |mi |un |una )?(?P<meal>{said}){_INSTEAD}")
    if found is None or base.intent not in CHOOSING or not (asked.is_fragment or found["for"]):
        return None
    noun = verbs.get(found["meal"].lower(), found["meal"].lower())
    article, verb = _meals()[noun]
    # 'comida' and 'comer' are lunch and eating, but any food, too: only the clear words are replaced first.
    nouns = "|".join(name for name in _meals() if name != "comida")
    placed = compiled(rf"\b(?:(el|la|un|una) )?(?:{nouns}|(?<=para )(la )?comida)\b").search(base.stem)
    if placed is not None:
        new = _article(placed[1] or placed[2] or "", article)
        return _meant(f"{base.stem[: placed.start()]}{new}{noun}{base.stem[placed.end() :]}")
    acted = compiled(rf"\b(?:{'|'.join(verbs)})\b").search(base.stem)
    if acted is None:
        return _meant(f"{base.stem} para {article} {noun}")
    return _meant(f"{base.stem[: acted.start()]}{verb or f'comer de {noun}'}{base.stem[acted.end() :]}")


def _amount(asked: Asked, base: Earlier) -> Meant | None:
    """Read '¿y en 200 g?', '¿y una taza?'."""
    found = asked.match(
        rf"(?:en |por |para |de )?(?P<amount>(?:\d[\d.,]*|un|una|dos|tres|media|medio) ?(?:{_words('measures')}))"
    )
    foods = spanish_foods(base.stem)
    if found is None or base.intent is not Intent.LOOKUP or not asked.is_fragment or len(foods) != 1:
        return None
    bare = compiled(rf"^(?:{_words('articles')}) ").sub("", foods[0].words)
    new = f"{found['amount']} de {bare}"
    return _meant(f"{_agreeing(_put(base.stem, foods[0], new), 'una')}")


def _prepared(asked: Asked, base: Earlier) -> Meant | None:
    """Read '¿y crudas?'."""
    found, foods = asked.match(rf"(?:si están? )?(?P<how>{_words('prepared')})"), spanish_foods(base.stem)
    if found is None or base.intent is not Intent.LOOKUP or not asked.is_fragment or len(foods) != 1:
        return None
    plain = compiled(rf" ?\b(?:{_words('prepared')})\b").sub("", foods[0].words).strip()
    new = f"{plain} {found['how']}"
    return _meant(f"{_put(base.stem, foods[0], new)}")


def _with(asked: Asked, base: Earlier) -> Meant | None:
    """Read '¿y con pollo?', 'sin cebolla'."""
    found = asked.match(rf"(?P<how>con|usando|sin) (?:(?:{_words('articles')}) )?(?P<food>.+?){_INSTEAD}")
    if found is None or not asked.is_fragment or not _is_food(found["food"]):
        return None
    if found["how"].lower() == "sin":
        return _meant(f"{base.stem} sin {found['food']}") if base.intent in CHOOSING else None
    phrases = spanish_foods(base.stem)
    whole = together(base.stem, phrases)
    if base.intent in CHOOSING:
        if whole is not None and re.search(r"\b(?:con|de) $", base.stem[: whole.start], re.IGNORECASE):
            return _meant(f"{_put(base.stem, whole, found['food'])}")
        return _meant(f"{base.stem} con {found['food']}") if whole is not None or not phrases else None
    if base.intent is Intent.LOOKUP and len(phrases) == 1:
        new = f"{phrases[0].words} con {found['food']}"
        return _meant(f"{_put(base.stem, phrases[0], new)}")
    return None


def _food(asked: Asked, base: Earlier) -> Meant | None:
    """Read '¿y el tofu?', '¿y en la quinoa?'."""
    found = asked.match(
        rf"(?:(?:en|de|para) )?(?P<whole>(?:(?:{_words('articles')}) )?(?P<food>.+?)){_INSTEAD}"
    )
    if found is None or not asked.is_fragment or not _is_food(found["food"]):
        return None
    if not asked.led and base.intent not in (Intent.LOOKUP, Intent.COMPARE):
        return None
    phrases = spanish_foods(base.stem)
    if base.intent is Intent.COMPARE:
        return _meant(f"{base.stem} o {found['whole']}") if len(phrases) > 1 else None
    whole = together(base.stem, phrases)
    if whole is not None:
        return _meant(f"{_agreeing(_put(base.stem, whole, found['whole']), found['whole'])}")
    return _meant(f"{base.stem} con {found['food']}") if base.intent in CHOOSING and not phrases else None


SPANISH = (_others, _kind, _nutrient, _meal, _amount, _prepared, _with, _food)
"""The rules, in the order in which they are tried."""


def spanish_foods(text: str) -> tuple[Phrase, ...]:
    """Return the foods that a text names, each with article and the words that describe it: "las lentejas cocidas"."""
    found: list[Phrase] = []
    for mention in lexicon().find(text):
        if compiled(_nutrients()).fullmatch(mention.name) or _NEGATED.search(text[: mention.start]):
            continue
        start, end = _grown(text, mention.start, mention.end)
        if found and start < found[-1].end:
            start, end = found.pop().start, max(end, mention.end)
        found.append(Phrase(text[start:end], start, end))
    return tuple(found)


def _grown(text: str, start: int, end: int) -> tuple[int, int]:
    made_of = re.search(r"([^\W\d_]+) de $", text[:start])  # 'pechuga de pollo', 'sopa de lentejas'
    if made_of and made_of[1].lower() not in _stops():
        start = made_of.start()
    if article := compiled(rf"\b(?:{_words('articles')}) $").search(text[:start]):
        start = article.start()
    for word in _WORD.finditer(text, end):
        if text[end : word.start()].strip() or word[0].lower().rstrip(".") in _stops():
            break
        end = word.end()
    return start, end


def _is_food(text: str) -> bool:
    """Tell whether a part of a question is a food that we know, and nothing else."""
    found = spanish_foods(text)
    return len(found) == 1 and found[0].words == text


def _article(before: str, definite: str) -> str:
    """Return the article that takes the place of `before`, for a noun whose definite one is given."""
    if before.lower() in ("un", "una"):
        return "un " if definite == "el" else "una "
    return f"{definite} " if before else ""


def _meant(text: str) -> Meant:
    """Return a question, or a request, that ends as it began."""
    return Meant(f"{text}?" if text.startswith("¿") else text)


def _put(text: str, phrase: Phrase, new: str) -> str:
    return f"{text[: phrase.start]}{new}{text[phrase.end :]}"


def _agreeing(text: str, name: str) -> str:
    """Return a text whose verb ('tiene') has the number of what it is about."""
    first = name.split(maxsplit=1)[0].lower()
    plural = first in ("los", "las", "unos", "unas") or (
        first not in ("el", "la", "un", "una") and first.endswith("s")
    )
    return _HAS.sub(rf"\1{'n' if plural else ''}", text)


def _how_much(nutrient: str) -> str:
    lists = _data()["nutrients"].items()
    asks = next(asks for asks, listed in lists if compiled(listed).fullmatch(nutrient))
    return f"{asks} {nutrient}"


def _nutrients() -> str:
    return "|".join(_data()["nutrients"].values())


def _meals() -> Mapping[str, tuple[str, str | None]]:
    return {noun: (article, verb) for noun, (article, verb) in _data()["meals"].items()}


def _words(key: str) -> str:
    return str(_data()[key]).strip()


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return read_data("followups_es.yaml", _KEYS)


@lru_cache(maxsize=1)
def _stops() -> frozenset[str]:
    return frozenset(_words("stops").split())
