"""Which foods an alarm is about: those beside it, else those of the list before or behind it: `in_reach`."""

import re
from collections.abc import Iterator

from bot.assistant.net_words import Clause, Word, net_words
from bot.assistant.objects import Item, nearest_name, widened
from retrieval.diet.lexicon import lexicon
from retrieval.diet.rules import ALLERGENS


def in_reach(parts: list[Clause], at: int, alarm: Word) -> list[Item]:
    """Return the foods that the alarm in `parts[at]` is about, in the order they are named."""
    clause = parts[at]
    if _is_heading(parts, at, alarm):
        found = list(_listed_under(parts, at))
    elif clause.foods:
        around = [*_bare_before(parts, at), *clause.foods, *_bare_behind(parts, at)]
        found = around if alarm.kind != "free" else clause.foods
    else:
        found = _before(parts, at) or _behind(parts, at, alarm)
    if not found and alarm.kind == "allergy":
        found = list(_misspelt(clause))
    return _worst([item for item in found if not _is_verb(item, parts)], clause.text)


_HEADING_WORDS = 6
_SIGN = re.compile(r"[^\W_]+")
_TOGETHER = re.compile(r"[ ,/&+]*(?:(?:and|or|und|oder|et|ou|y|e|o|ed|en|of|i|lub|oraz|ni|и|или|ve|veya|plus|the|le|la|les|los|las|al|alle|ai|os|as|na|на)[ ,]+)*")
_MISSPELT_WORDS = 6
_STANCES = ("like", "fine", "request", "free", "gone", "allergy", "reaction", "forbidden", "harm", "ill")


def _is_heading(parts: list[Clause], at: int, alarm: Word) -> bool:
    """Whether the clause is the heading of a list: 'allergies:', 'Alergias e intolerâncias -'."""
    clause = parts[at]
    if alarm.kind not in ("allergy", "forbidden") or clause.foods or clause.has("other", "people"):
        return False
    signs = _SIGN.findall(clause.text, clause.start, clause.end)
    after = parts[at + 1] if at + 1 < len(parts) else None
    if after is None or len(signs) > _HEADING_WORDS:
        return False
    if after.number == clause.number:
        return after.joint[:1] in (":", "=", "-", "–", "—", "(", "→", "/") and not _has_subject(clause)
    alone = _is_first(parts, at)
    return alone and len(signs) <= _HEADING_WORDS // 2 and after.bare and not _has_subject(clause)


def _has_subject(clause: Clause) -> bool:
    return any(clause.text[word.start : word.end] in ("i", "ich", "je", "ik", "я") for word in clause.of("me"))


def _listed_under(parts: list[Clause], at: int) -> Iterator[Item]:
    headers = net_words().headers
    number = parts[at + 1].number
    for part in parts[at + 1 :]:
        same = part.number == parts[at].number
        if not (same or (part.bare and part.number - number <= 1)):
            return
        if headers.match(part.text, part.start) or part.has("like", "fine", "request", "other"):
            return
        number = part.number
        yield from part.foods


def _bare_before(parts: list[Clause], at: int) -> list[Item]:
    """Return the foods of a list that the clause ends: 'celery, mustard and lupin give me hives'."""
    found: list[Item] = []
    for part, after in zip(reversed(parts[:at]), reversed(parts[1 : at + 1]), strict=True):
        if part.number != parts[at].number or not part.bare or after.joint not in (",", "/", "+", "•"):
            break
        found = [*part.foods, *found]
    return found


def _bare_behind(parts: list[Clause], at: int) -> list[Item]:
    found: list[Item] = []
    for part in parts[at + 1 :]:
        listed = part.bare and (part.joint in (",", "/", "+", "•") or part.has("also"))
        if part.number != parts[at].number or not listed:
            break
        found += part.foods
    return found


def _before(parts: list[Clause], at: int) -> list[Item]:
    """Return the foods spoken of just before: in this sentence, or all that the sentence before was about."""
    clause = parts[at]
    refers = net_words().anaphora.search(clause.text, clause.start, clause.end) is not None
    for back in range(at - 1, -1, -1):
        part = parts[back]
        near = part.number == clause.number or (
            part.number == clause.number - 1 and _is_first(parts, at) and (part.bare or refers or part.question)
        )
        if not near:
            return []
        if part.foods:
            if part.has("request", "like", "fine") and not refers:
                return []
            if part.has("allergy", "reaction", "harm") and not clause.has("gone", "free") and not refers:
                return []
            return [*_bare_before(parts, back), *part.foods]
    return []


def _is_first(parts: list[Clause], at: int) -> bool:
    return at == 0 or parts[at - 1].number != parts[at].number


def _behind(parts: list[Clause], at: int, alarm: Word) -> list[Item]:
    """Return the foods of the list that follows: 'I'm allergic, mainly eggs and milk'."""
    found: list[Item] = []
    for part in parts[at + 1 : at + 12]:
        if part.number != parts[at].number or part.has(*_STANCES, "other", "people") or not part.foods:
            break
        if not (part.bare or part.has("not")) or alarm.kind in ("gone", "free", "ill", "strike"):
            break
        found += part.foods
    return found


def _misspelt(clause: Clause) -> Iterator[Item]:
    """Yield the allergens that unknown words of a clause are slips of."""
    covered = {sign for word in clause.words for sign in range(word.start, word.end)}
    signs = [match for match in _SIGN.finditer(clause.text, clause.start, clause.end) if match.start() not in covered]
    for match in signs[:_MISSPELT_WORDS] if len(signs) <= _MISSPELT_WORDS else []:
        if nearest := nearest_name(match[0], certain=False):
            ids = widened(nearest[1])
            yield Item(match.start(), match.end(), ids, ids, nearest[0], nearest[1])


def _is_verb(item: Item, parts: list[Clause]) -> bool:
    """Whether 'soy' is the Spanish 'I am'."""
    return any(
        part.text.startswith("soy ", item.start) and _SOY.match(part.text, item.start) is not None
        for part in parts
        if item in part.foods
    )


_SOY = re.compile(r"soy (?:\w+ )?(?:alergic[oa]|intolerante|celiac[oa]|veg\w+[oa]|sensible|hipersensible|muy)(?!\w)")


def _worst(found: list[Item], text: str) -> list[Item]:
    """Leave out what an allergen is only in: of 'sulphites in wine' the wine, of 'a Snickers, peanuts' the bar."""
    if not any(_is_allergen(item) for item in found):
        return found
    kept: list[Item] = []
    for item in found:
        between = text[kept[-1].end : item.start] if kept and kept[-1].end <= item.start else ""
        inside = bool(between) and item.exact != kept[-1].exact and _IN.fullmatch(between)
        listed = bool(between) and _TOGETHER.fullmatch(between)
        if not inside and (_is_allergen(item) or listed or not _holds_allergens(item)):
            kept.append(item)
    return kept


_IN = re.compile(r" ?(?:in|im|dans|en|nel\w*|em|no|na|w|we|в|во)(?: \w+)? ")


def _is_allergen(item: Item) -> bool:
    return bool(item.widened) and item.widened <= ALLERGENS


def _holds_allergens(item: Item) -> bool:
    return bool(item.ingredient) and bool(lexicon().contents([item.ingredient]).allergens)
