"""What stands around a phrase in its sentence, and what that makes of it."""

import re

from bot.assistant.cues import Cue, CueKind, phrases
from bot.assistant.objects import FOOD_WORDS, Item, Items, tastes_in
from bot.assistant.pieces import Piece
from bot.assistant.stated_diets import is_word_of_diet
from bot.assistant.statements import Statement, Topic
from bot.assistant.subjects import About, subjects
from retrieval.diet.rules import ALLERGENS

_ME = frozenset("i we my our everything it all must everyone".split())
_SQUID_I_HATE = re.compile(
    r"\b(?:i|we)(?: \w+){0,3}? (?:hate|love|adore|like|enjoy|detest|loathe|despise|dislike|stand|bear"
    r"|abide|eat|touch|do)(?!\w)|(?<!\w)(?:ненавижу|не люблю|терпеть не могу|hasse ich|mag ich nicht"
    r"|haat ik|nie lubię|odio|detesto)(?!\w)"
)
_BEST = re.compile(r"best|favourite|\bmy\b")
_ONE_MEAL = re.compile(
    r"\b(?:recipes?|tonight|today|this (?:evening|morning)|tomorrow"
    r"|for (?:two|three|four|six|one|\d|dinner|lunch|breakfast|tea|supper|brunch)|(?:dinner|lunch"
    r"|breakfast) ideas?|(?:quick|easy|simple) (?:\w+ )?"
    r"(?:soup|salad|curry|stew|pasta|dinner|lunch|supper|meal|snack|dish)|a (?:pizza|salad|sandwich"
    r"|burger|curry|soup|stew|stir[- ]fry)"
    r"|can i (?:get|have) an?|(?:on|in|for|with) (?:it|this|that|mine|top|my \w+)|this (?:one|time|meal"
    r"|order|dish|week))\b"
)
# Says in so many words that it is one meal or one dish; a taste then never lasts.
_THIS_ONCE = re.compile(
    r"\b(?:(?:for|in|on|with|from|at|into|of) (?:just |only )?(?:this|that|tonight's|today's|tomorrow's"
    r"|the next|one) (?:one |single |particular )?"
    r"(?:salad|snack|meal|dish|recipe|dinner|lunch|breakfast|supper|soup|stew|curry|pasta|pizza|cake"
    r"|sandwich|order|bowl|sauce|time)"
    r"|(?:just|only) (?:this (?:once|time)|for (?:today|tonight|now|once)|today|tonight)|this once"
    r"|this (?:snack|meal|dish|time) only)\b"
    r"|\b(?:nur heute|heute nur|nur diesmal|für dieses (?:gericht|essen|mal)|in diese[mn] (?:salat"
    r"|gericht|essen)|pour ce (?:repas|plat|soir)"
    r"|dans cette (?:salade|recette)|solo por hoy|para esta (?:comida|cena|receta)|en esta ensalada"
    r"|solo per oggi|per questo (?:piatto|pasto)"
    r"|in questa insalata|só por hoje|nesta (?:salada|refeição)|voor deze (?:keer|maaltijd)"
    r"|alleen vandaag|tylko dzisiaj|do tej sałatki"
    r"|в этот салат|только сегодня|bu seferlik|sadece bugün)\b"
)
_LIKED = re.compile(r"\b(?:liked|loved|hated|enjoyed|disliked|detested|could not)\b")
_LONG_AGO = re.compile(
    r"\b(?:back then|years ago|in the past|growing up|when i was"
    r"|as an? (?:\w+ )?(?:kid|child|baby|teen|teenager|student))\b"
)
_ANEW = re.compile(
    r"(?:\w+ ){1,3}(?:is|are|was|were|should|must|needs?|has|have|will) (?:to|be|not|stay|only|limited"
    r"|kept|been|under|below)\b"
    r"|(?:wants?|needs?|aims?|tries|weighs?|follows?|is|has) "
)
_FOR_ME = re.compile(
    r"\b(?:for (?:me|us)|für (?:mich|uns)|pour (?:moi|nous)|para (?:mí|mi|mim)|per me|voor (?:mij|me|ons)"
    r"|dla mnie|для меня|benim için"
    r"|out of (?:everything|anything|all|my (?:food|meals?|diet|plans?|recipes))|in (?:anything|everything))\b"
)
_GRANTED = re.compile(
    r"^(?:wel|ja|doch|oui|sí|sì|sim|tak|да|evet|yes) |(?: |^)(?:schon|wel|ja|oui|sí|sì|sim|tak|да|yes|ok"
    r"|okay|fine|geht|gern)$"
)
_WORD = re.compile(r"[^\W_]+")
_NOT_THAT = re.compile(r" not (?:to |for )?")
_ORDERS = frozenset(
    "remove delete drop take clear erase cancel forget unset scrap nix ditch undo lose strike".split()
)
_SAID_OF = re.compile(r"\b(?:said|told|wrote|mentioned)\b")


def unsettled(items: list[Item], said: list[Statement]) -> list[Item]:
    """Return those of `items` that `said` tells nothing else of: 'my son can't have eggs, it's soy: I'm allergic'."""
    settled = frozenset[str]().union(
        *(item.exact for item in said if item.about is About.OTHER or item.topic is Topic.FREEDOM)
    )
    return [item for item in items if not item.exact <= settled]


def is_for_me(text: str, piece: Piece) -> bool:
    """Whether a piece speaks of what the person never has, not of one meal: 'no nuts for me'."""
    return _FOR_ME.search(piece.text) is not None and _ONE_MEAL.search(text) is None


def is_granted(words: str) -> bool:
    """Whether `words` grant a food after others were left out: 'ik eet geen vlees, wel vis', 'Fisch aber schon'."""
    return _GRANTED.search(words) is not None


def contrast(items: Items, start: int, end: int) -> re.Match[str] | None:
    """Find 'not' between two foods of `[start, end)`: 'allergic to sesame not soy'."""
    match = _NOT_THAT.search(items.text, start, end)
    if match and items.between(start, match.start()) and items.between(match.end(), end):
        return match
    return None


def is_order(cue: Cue) -> bool:
    """Whether a phrase orders a change ('remove', 'scrap'), which counts only where preferences are spoken of."""
    return cue.text.split(" ", 1)[0] in _ORDERS and not _SAID_OF.search(cue.text)


def speaks_of_preferences(piece: Piece, cue: Cue, *, question: bool) -> bool:
    """Whether a phrase is about preferences: 'remove the onions' may be about a recipe."""
    if cue.kind is not CueKind.FINE:
        return True
    ordered = is_order(cue)
    return (ordered or not question) and (not ordered or phrases().has("about_preferences", piece.text))


def is_free_of(items: Items, piece: Piece, cue: Cue, found: list[Item]) -> bool:
    """Whether 'free' says how somebody eats ('I'm egg-free'), not what a dish is like ('an egg-free cake')."""
    if not found or items.text[found[-1].end : cue.start] not in (" ", "-"):
        return False
    head = _WORD.match(items.text, min(cue.end + 1, piece.end), piece.end)
    if head and (items.in_food[head.start()] or phrases().words["diet_heads"].fullmatch(head[0])):
        return False
    words = _WORD.findall(items.text, piece.start, found[-1].start)
    return all(word in _ME or is_word_of_diet(word) for word in words)


def after_subject(items: Items, piece: Piece, found: list[Item]) -> list[Item]:
    """Leave out what stands before the subject: in 'the cake I made with my nut allergy' it's the nuts."""
    named = subjects(items.text[piece.start : found[-1].start])
    first = piece.start + named[-1].end if named else piece.start
    return [item for item in found if item.start >= first] or found


def is_said_behind(text: str, piece: Piece, cue: Cue) -> bool:
    """Whether a phrase that ends its piece speaks of what stands before it: 'squid I simply hate'."""
    return cue.kind is CueKind.ALLERGY or _SQUID_I_HATE.search(text, piece.start, cue.end) is not None


def liked_long_ago(piece: Piece, cue: Cue) -> bool:
    """Whether a taste is one of the past: 'hated peas as a child'."""
    is_taste = cue.kind in (CueKind.LIKE, CueKind.DISLIKE) and _LIKED.search(cue.text)
    return bool(is_taste and _LONG_AGO.search(piece.text))


def begins_anew(piece: Piece, cue: Cue) -> bool:
    """Whether a piece says something new instead of listing tastes: '(I love beef and) salt is to stay under 3 g'."""
    return cue.kind in (CueKind.LIKE, CueKind.DISLIKE) and _ANEW.match(piece.text) is not None


def kind_of_food(items: Items, start: int, cue: Cue) -> list[Item]:
    """Return what no name is known for, from `start` up to a phrase: 'Mexican food is my favourite'."""
    found = tastes_in(items, start, cue.start) if _BEST.search(cue.text) else []
    return [item for item in found if item.taste.split()[-1] in FOOD_WORDS]


def is_this_once(text: str) -> bool:
    """Whether a sentence says that it speaks of one meal or dish: 'for this snack only, nothing with milk'."""
    return _THIS_ONCE.search(text) is not None


def for_one_meal(text: str, cue: Cue, statement: Statement) -> bool:
    """Whether 'no olives' is a wish for one meal: 'pizza recipe, no olives'. What may be an allergy never is."""
    if statement.topic is Topic.DISLIKE and is_this_once(text):
        return True
    if cue.kind is not CueKind.REFUSED or statement.topic is not Topic.DISLIKE:
        return False
    return not statement.widened & ALLERGENS and _ONE_MEAL.search(text) is not None


def has_subject(items: Items, piece: Piece) -> bool:
    """Whether somebody is named; 'date syrup' names nobody."""
    return any(not items.in_food[piece.start + found.start] for found in subjects(piece.text))


def only_food(items: Items, end: int) -> list[Item]:
    """Return the food that the sentence has named up to `end`, if it's the only one; else the allergens."""
    here = items.between(0, end)
    return here if len(here) == 1 else [item for item in here if item.widened <= ALLERGENS]
