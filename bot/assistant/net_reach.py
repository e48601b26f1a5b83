"""Which foods an alarm is about: those beside it, else those of the list before or behind it: `in_reach`."""

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.assistant.cues import phrases
from bot.assistant.net_words import ALARMS, Clause, Word, net_words
from bot.assistant.objects import HEADS, Item, nearest_name, widened
from retrieval.diet.lexicon import lexicon
from retrieval.diet.rules import ALLERGENS


def in_reach(parts: list[Clause], at: int, alarm: Word) -> list[Item]:
    """Return the foods that the alarm in `parts[at]` is about, in the order they are named."""
    clause = parts[at]
    if _is_heading(parts, at, alarm):
        found = list(_listed_under(parts, at))
    elif clause.foods:
        own = _own(clause, alarm)
        around = [*_bare_before(parts, at), *own, *_bare_behind(parts, at)]
        found = around if alarm.kind != "free" else own
    else:
        found = _before(parts, at) or _behind(parts, at, alarm)
    if found and alarm.kind in ALARMS:
        guessed = list(_misspelt(clause))
        ends = {item.end + 1 for item in guessed}
        found = [item for item in found if not (item.start in ends and item.ingredient in HEADS)]
        found = [*found, *(item for item in guessed if not found or _beside(clause, item))]
    elif alarm.kind in ALARMS:
        found = list(_misspelt(clause)) or [
            item
            for part in parts[max(0, at - 1) : at]
            if part.number == clause.number
            for item in _misspelt(part)
        ]
    return _worst(found, clause.text)


_NEAREST = 20
"""How many clauses before and behind an alarm its foods are looked for."""
_HEADING_WORDS = 6
_SIGN = re.compile(r"[^\W_]+")
_TOGETHER = re.compile(
    r"[ ,/&+]*(?:(?:and|or|und|oder|et|ou|y|e|o|ed|en|of|i|lub|oraz|ni|и|или|ve|veya|plus|the|le|la"
    r"|les|los|las|al|alle|ai|os|as|na|на)[ ,]+)*"
)
_LONGEST_LIST = 60
_SHORTEST, _LONG = 5, 8
_NO_SLIPS = ("not_food", "ordinary", "others", "people")
_MISSPELT_WORDS = 6
_STANCES = ("like", "fine", "request", "free", "gone", "allergy", "reaction", "forbidden", "harm", "ill")


def _beside(clause: Clause, guessed: Item) -> bool:
    """Whether a guessed food stands in a list with one that is known: 'mustard and sesamy'."""
    return any(
        (item.end <= guessed.start and _TOGETHER.fullmatch(clause.text, item.end, guessed.start))
        or (guessed.end <= item.start and _TOGETHER.fullmatch(clause.text, guessed.end, item.start))
        for item in clause.foods
    )


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
    return any(
        clause.text[word.start : word.end] in ("i", "ich", "je", "ik", "я") for word in clause.of("me")
    )


def _listed_under(parts: list[Clause], at: int) -> Iterator[Item]:
    headers = net_words().headers
    number = parts[at + 1].number
    for part in parts[at + 1 : at + _LONGEST_LIST]:
        same = part.number == parts[at].number
        if not (same or (part.bare and part.number - number <= 1)):
            return
        if headers.match(part.text, part.start) or part.has("like", "fine", "request", "other"):
            return
        number = part.number
        yield from part.foods


def _bare_before(parts: list[Clause], at: int, *, refused: bool = False) -> list[Item]:
    """Return the foods of a list that the clause ends: 'celery, mustard and lupin give me hives'."""
    found: list[Item] = []
    near = parts[max(0, at - _LONGEST_LIST) : at + 1]
    for part, after in zip(reversed(near[:-1]), reversed(near[1:]), strict=True):
        if (
            part.number != parts[at].number
            or not part.bare
            or (part.has("not") and not refused)
            or after.joint not in (",", "/", "+", "•")
        ):
            break
        found = [*part.foods, *found]
    return found


def _own(clause: Clause, alarm: Word) -> list[Item]:
    """Return the foods of a clause; before the alarm only the last list: 'peppers repeat and milk kills me'."""
    if exception := phrases().words["exception"].search(clause.text, clause.start, clause.end):
        upto = alarm.start if alarm.start > exception.end() else clause.end
        excepted = [item for item in clause.foods if exception.end() <= item.start < upto]
    else:
        excepted = []
    foods = [item for item in clause.foods if item not in excepted]
    before = [item for item in foods if item.end <= alarm.start]
    behind = [item for item in foods if item.end > alarm.start]
    while len(before) > 1 and not all(_is_listed(clause, *pair) for pair in pairwise(before)):
        before.pop(0)
    return before + behind


def _is_listed(clause: Clause, left: Item, right: Item) -> bool:
    covered = [word for word in clause.words if word.kind in ("filler", "also", "cause", "not", "me")]
    return all(
        any(word.start <= sign.start() < word.end for word in covered)
        for sign in _SIGN.finditer(clause.text, left.end, right.start)
    )


def _bare_behind(parts: list[Clause], at: int) -> list[Item]:
    found: list[Item] = []
    for part in parts[at + 1 : at + _LONGEST_LIST]:
        listed = (
            part.bare
            and (not part.has("not") or part.has("also"))
            and (part.joint in (",", "/", "+", "•") or part.has("also"))
        )
        if part.number != parts[at].number or not listed:
            break
        found += part.foods
    return found


def _before(parts: list[Clause], at: int) -> list[Item]:
    """Return the foods spoken of just before: in this sentence, or all that the sentence before was about."""
    clause = parts[at]
    refers = net_words().anaphora.search(clause.text, clause.start, clause.end) is not None
    for back in range(at - 1, max(-1, at - _NEAREST), -1):
        part = parts[back]
        near = part.number == clause.number or (
            part.number == clause.number - 1
            and not (at > 1 and parts[at - 2].number == clause.number)
            and (part.bare or refers or part.question)
        )
        if not near:
            return []
        if part.foods:
            if part.has("request", "like", "fine") and not refers and not part.has("not", "strike"):
                return []
            if part.has("allergy", "reaction", "harm") and not clause.has("gone", "free") and not refers:
                return []
            return [*_bare_before(parts, back, refused=True), *part.foods]
    return []


def _is_first(parts: list[Clause], at: int) -> bool:
    return at == 0 or parts[at - 1].number != parts[at].number


def _behind(parts: list[Clause], at: int, alarm: Word) -> list[Item]:
    """Return the foods of the list that follows: 'I'm allergic, mainly eggs and milk'."""
    found: list[Item] = []
    for part in parts[at + 1 : at + 12]:
        if part.number != parts[at].number or part.has(*_STANCES, "other", "people") or not part.foods:
            break
        blamed = _BLAMED.search(part.text, part.start, part.foods[0].start)
        if not (part.bare or part.has("not") or blamed) or alarm.kind in ("gone", "free", "ill", "strike"):
            break
        found += part.foods
    return found


def _misspelt(clause: Clause) -> Iterator[Item]:
    """Yield the allergens that unknown words of a clause are slips of."""
    covered = {sign for word in clause.words for sign in range(word.start, word.end)}
    covered |= {sign for item in clause.foods for sign in range(item.start, item.end)}
    signs = [
        match
        for match in _SIGN.finditer(clause.text, clause.start, clause.end)
        if match.start() not in covered
    ]
    for match in signs[:_MISSPELT_WORDS] if len(signs) <= _MISSPELT_WORDS else []:
        groups = [name for name, pattern in phrases().group_names.items() if pattern.fullmatch(match[0])]
        skip = (
            groups
            or len(match[0]) < _SHORTEST
            or any(phrases().words[key].fullmatch(match[0]) for key in _NO_SLIPS)
        )
        nearest = None if skip else nearest_name(match[0], certain=len(match[0]) >= _LONG)
        ids = phrases().groups[groups[0]] if groups else widened(nearest[1]) if nearest else frozenset[str]()
        if ids and ids <= ALLERGENS and (groups or (nearest and nearest[0][0] == match[0][0])):
            taste = nearest[0] if nearest else groups[0]
            yield Item(match.start(), match.end(), ids, ids, taste, nearest[1] if nearest else "")


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


_BLAMED = re.compile(r"(?<!\w)(?:it (?:was|is|must be)|from|because of|due to|blame|thanks to)(?!\w)")
_IN = re.compile(r" ?(?:in|im|dans|en|nel\w*|em|no|na|w|we|в|во)(?: \w+)? ")


def _is_allergen(item: Item) -> bool:
    return bool(item.widened) and item.widened <= ALLERGENS


def _holds_allergens(item: Item) -> bool:
    return bool(item.ingredient) and bool(lexicon().contents([item.ingredient]).allergens)
