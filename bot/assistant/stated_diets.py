"""Which diets somebody is said to follow: 'I'm vegan' says so, 'vegan recipes' and 'is it vegan' don't."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from bot.assistant.cues import phrases
from bot.assistant.objects import Items
from bot.assistant.pieces import Piece
from bot.assistant.statements import Statement, Topic
from bot.assistant.subjects import (
    About,
    Stance,
    Who,
    governed,
    hypothetical,
    named_other,
    stance_of,
    subjects,
)
from bot.assistant.whom import Whom, any_at
from retrieval.diet.preferences import Diet


@dataclass(frozen=True, slots=True)
class StatedDiet:
    """A diet, whether it holds, and for whom."""

    diet: Diet
    stance: Stance
    about: About


class DietReader:
    """Finds the stated diets of one sentence, piece by piece."""

    def __init__(self, items: Items, whom: Whom) -> None:
        self._items = items
        self._whom = whom
        self._starts = [start for start, _, _ in items.diets]
        self._last: StatedDiet | None = None

    def read(self, piece: Piece) -> Iterator[StatedDiet]:
        """Yield the diets that `piece` states."""
        first = bisect_left(self._starts, piece.start)
        last = bisect_left(self._starts, piece.end)
        before, self._last = self._last, None
        start = piece.start
        for at, end, diet in self._items.diets[first:last]:
            named = _Named(piece, diet, start, at, end)
            found = self._of_others(named) or self._stated(named, before)
            if found is not None:
                self._last = before = found
                yield found
            start = end

    def _of_others(self, named: "_Named") -> StatedDiet | None:
        """Read 'my vegan friend' and 'dinner for a vegan'."""
        prefix, after = self._around(named)
        name = self._items.text[named.at : named.end]
        if not _OF_OTHERS.search(prefix) or self._only_a_kind(named) or _DIET.search(f" {name}{after[:20]}"):
            return None
        plural = named.diet in (
            Diet.VEGAN,
            Diet.VEGETARIAN,
            Diet.PESCATARIAN,
            Diet.DIABETIC,
        ) and name.endswith("s")
        if plural and _SOME.search(prefix) and (self._whom.subject is Who.OTHER or not self._whom.question):
            return StatedDiet(named.diet, Stance.HOLDS, About.OTHER)
        cooked_for = _FOR.search(prefix) and (not self._whom.question or _MEAL.search(prefix))
        if cooked_for or phrases().words["others"].match(after.lstrip(" -")):
            return StatedDiet(named.diet, Stance.HOLDS, About.OTHER)
        return None

    def _stated(self, named: "_Named", before: StatedDiet | None) -> StatedDiet | None:
        prefix, after = self._around(named)
        dropped = _OVER.match(after) or (_DROPPED.search(prefix) and _THING.match(after))
        if _LIKE_ME.match(after):
            return StatedDiet(named.diet, Stance.HOLDS, About.SELF)
        if self._is_corrected(named):
            return StatedDiet(named.diet, Stance.RETRACTED, About.SELF)
        if (not prefix.strip() or _GERUND.search(prefix)) and _TOPIC.match(after):
            return None
        only_a_kind = self._only_a_kind(named) and not dropped and not phrases().has("diet_only", prefix)
        if hypothetical(prefix) or only_a_kind or BELIEVED.search(prefix):
            return None
        who, rest = self._who(named.start, prefix)
        if who is None or who is Who.NOBODY:
            return None
        with_allowed = named.diet is Diet.DIABETIC or _DROPPED.search(rest)
        words = [
            word
            for word in _WORD.findall(rest)
            if not (with_allowed and word in _WITH) and word not in self._whom.names
        ]
        if not all(is_word_of_diet(word) for word in words):
            return None
        as_one = _AS.fullmatch(prefix) and _I.search(after)
        followed = as_one or _ONLY.search(prefix) or any(_any_of(word, "diet_copulas") for word in words)
        ends = _INVERTED_END.match(after) or _OVER.match(after) or _STARTS.match(after)
        alone = ends or self._stands_alone(named.piece, after, who)
        if not followed and not alone:
            return None
        if before is not None and before.stance is Stance.RETRACTED and _TO.match(prefix):
            return StatedDiet(named.diet, Stance.HOLDS, before.about)
        if not words and before is not None and named.piece.joint in ("and", "or", "nor"):
            return StatedDiet(named.diet, before.stance, before.about)
        about = About.OTHER if who is Who.OTHER else About.SELF
        return StatedDiet(named.diet, _stance(rest, after, prefix), about)

    def _is_corrected(self, named: "_Named") -> bool:
        """Whether the assistant is told to forget a diet, or that it was wrong: 'you still have me as vegan'."""
        prefix, _ = self._around(named)
        if self._only_a_kind(named) and not _THING.match(self._items.text, named.end):
            return False
        if believed := BELIEVED.search(prefix):
            return bool(_WRONGLY.search(believed[0]) or _WRONG.search(self._items.text, named.end))
        off = _TAKE.fullmatch(prefix) and self._items.text.startswith(" off", named.end)
        return bool(off or _ORDER.fullmatch(prefix) or _DECIDED.search(prefix))

    def _around(self, named: "_Named") -> tuple[str, str]:
        text = self._items.text
        return text[named.start : named.at], text[named.end : named.piece.end]

    def _who(self, start: int, prefix: str) -> tuple[Who | None, str]:
        """Return the subject, `None` when it is asked about, and the words between it and the diet."""
        if found := subjects(prefix):
            inverted = _INVERTED.match(prefix)  # 'früher war ich'
            rest = prefix if inverted else prefix[found[-1].end :]
            asked = found[-1].asked and not governed(rest)
            return (None if asked else found[-1].who), rest
        if _AS.fullmatch(prefix):
            return Who.ME, prefix
        first = prefix.split(" ", 1)[0]
        if (who_is := _WHO_IS.search(prefix)) and who_is[1] in self._whom.names:
            return Who.OTHER, who_is[2]
        if first in self._whom.names and not self._items.in_food[start] and named_other(prefix):
            return Who.OTHER, prefix[len(first) :]
        if self._whom.question and prefix.strip():
            return None, prefix
        return self._whom.subject or Who.ME, prefix

    def _only_a_kind(self, named: "_Named") -> bool:
        """Whether a food or a dish follows: 'vegan cake', 'halal meat'."""
        match = _NEXT_WORD.match(self._items.text, named.end, named.piece.end)
        if match is None:
            return False
        return bool(self._items.in_food[match.start(1)] or phrases().words["diet_heads"].fullmatch(match[1]))

    def _stands_alone(self, piece: Piece, after: str, who: Who) -> bool:
        """Whether the diet is all that the piece says: 'vegan', 'keto since May'."""
        if not all(_any_of(word, "diet_tails", "adverbs") for word in _WORD.findall(after)):
            return False
        if not self._whom.question:
            return True
        beside_comma = piece.joint == "," or self._items.text[piece.end : piece.end + 1] == ","
        return beside_comma and who is Who.ME and (self._whom.subject is Who.ME or piece.start == 0)


def conditions(piece: Piece, whom: Whom) -> Iterator[Statement]:
    """Yield the allergies that `piece` states as the name of a condition: 'I'm coeliac'."""
    for allergen, pattern in phrases().conditions.items():
        for match in pattern.finditer(piece.text):
            after = piece.text[match.end() :].lstrip(" -")
            told = whom.told(piece, piece.start + match.start(), after=after)
            if told is None or any_at(after, "generic_after", "diet_heads"):
                continue
            ids = frozenset({allergen})
            yield Statement(Topic.ALLERGY, stance_of(told[1], after), told[0], allergen, ids, ids)


def is_word_of_diet(word: str) -> bool:
    """Whether `word` may stand between a subject and the name of its diet: 'am', 'a', 'strictly'."""
    return _any_of(word, "diet_fillers", "diet_copulas", "adverbs")


@dataclass(frozen=True, slots=True)
class _Named:
    """A diet's name at `[at, end)` of the sentence; what belongs to it begins at `start`."""

    piece: Piece
    diet: Diet
    start: int
    at: int
    end: int


_WORD = re.compile(r"[^\s,.!?'-]+(?:[-'][^\s,.!?'-]+)*")
_NEXT_WORD = re.compile(r"[ -]+([^\W_]+)")
_OF_OTHERS = re.compile(r"\b(?:my|our|an?|some|two|three|her|his|their|have|with|several|many|few|lots of) $")
_SOME = re.compile(
    r"(?:^|[ :,])(?:one|two|three|four|five|six|\d|several|some|a few|a couple of|a pair of) $"
)
_FOR = re.compile(r"\b(?:for|feed|feeding|hosting) \w+ $")
_MEAL = re.compile(r"\b(?:cook|make|bake|serve|dinner|lunch|breakfast|meal|cake|dessert|recipe|menu)\w*\b")
_INVERTED = re.compile(r"(?:früher|damals|vroeger|раньше|kiedyś|eskiden)\b")
_ONLY = re.compile(r"\bonly $")
_WHO_IS = re.compile(r"\b(\w+),? who((?: \w+){1,3} )$")
_LIKE_ME = re.compile(r" (?:like|such as) (?:me|myself|us)\b")
_DIET = re.compile(r"[ -](?:diets?|lifestyle|way of)\b")
# 'Being vegan is a trend': the diet is what is spoken of.
_GERUND = re.compile(r"^(?:being|going|eating|becoming|turning|living)(?: \w+){0,2} $")
_TOPIC = re.compile(
    r"(?: \w+)? (?:is|was|seems|has become|became|sounds|looks)(?: (?:all|such|so|very|just|really|a|an|the"
    r"|big|latest|new))*"
    r" (?:trend|trendy|fad|hype|hyped|fashion|fashionable|craze|rage|thing|popular|overrated|nonsense|in)\b"
)
# What the assistant has on record, which is spoken of to correct it.
BELIEVED = re.compile(
    r"\b(?:you|app|bot|profile|list|system|settings?|records?|file|account) (?:(?:still|currently|already"
    r"|now|wrongly|keep|seem to|always) )*"
    r"(?:have|has|had|got|lists?|listed|says?|said|shows?|thinks?|thought|puts?|noted|wrote|marked|saved"
    r"|assumes?|treat(?:ing|s)?|call(?:ing|s)?)"
    r"(?: \w+){0,5} $"
)
_WRONG = re.compile(
    r"\b(?:out of date|outdated|old|wrong|incorrect|not (?:true|right|correct|so|the case|anymore|any more)"
    r"|mistake|error|untrue"
    r"|i am not|i do not|no longer|nonsense|remove|delete|changed?)\b"
)
_WRONGLY = re.compile(r"\b(?:still|wrongly|keep)\b")
_TO = re.compile(r" (?:straight |back |over )?to ")
_OVER = re.compile(
    r"(?:'s)?(?: (?:thing|stuff|diet|lifestyle|plan|experiment|phase|rule|bit|business|food|life|days?|era"
    r"|time|period|regime|protocol)s?)?"
    r"(?: (?:is|are|was|has|does))?(?: \w+)? (?:over|done|finished|ended|history|dead|gone|behind me"
    r"|out the window|no more"
    r"|applies no (?:longer|more)|longer (?:applies|holds|relevant|needed|necessary|me|for me))\b"
)
_STARTS = re.compile(
    r"(?:'s)? (?:starts?|begins?|it is|will do|is enough|is fine|is (?:on|in"
    r"|the (?:new )?plan))(?: (?:from )?(?:today|now|tomorrow|monday|this week))?$"
)
_INVERTED_END = re.compile(
    r" (?:bin|ben|war|was|esse|eet|lebe) (?:ich|ik|wir|we|wij) (?:\w+ )?(?:nicht mehr|niet meer"
    r"|nicht laenger|niet langer)\b"
)
_THING = re.compile(
    r"[ -](?:things?|stuff|diets?|lifestyle|wagon|plan|experiment|phase|rule|bit|business|food|life)\b"
)
_WITH = frozenset({"with", "person"})
_TRIED = re.compile(r"\b(?:tried|did|(?:had|kept) (?:me|us) on)(?: an?| the)? ?$")
_I = re.compile(
    r"(?<!\w)(?:i|ich|mir|je|j'\w+|yo|io|eu|ik|ja|я|мне|ben|muss|brauche|dois|debo|tengo|devo|moet|muszę|mam)(?!\w)"
)
_AS = re.compile(
    r"(?:as|being|als|comme|como|come|da|jako|как)(?: (?:an?|eine?|een|une?|uma?|una|the only))?(?: \w+)? "
)
_TAKE = re.compile(r"(?:\w+ ){0,2}?(?:take|strike|cross|knock|tick|leave) (?:the |my )?")
_DECIDED = re.compile(
    r"\b(?:changed my mind (?:about|on)|decided against|backed out of|gave up on)(?: \w+){0,2} $"
)
_ORDER = re.compile(
    r"(?:(?:please|you can|you may|you could|can you|could you|just|so|now|ok|okay|and|also) )*"
    r"(?:(?:ignore|disregard|forget|scrap|scratch)(?: about)? (?:what|that|everything) i (?:said|told you"
    r"|wrote|mentioned)(?: earlier| before)? about(?: being| going)?(?: an?)?"
    r"|remove|delete|drop|clear|erase|cancel|forget|ignore|untick|uncheck|unset|scrap|strike|scratch"
    r"|take off|ditch"
    r"|enl[eè]ve|supprime|retire|efface|quita|borra|elimina|saca|togli|cancella|rimuovi|apaga|tira|verwijder"
    r"|schrap|haal|entferne?|lösche?"
    r"|streiche?|usuń|wykreśl|удали|убери)(?: the| my| that)? "
)
_DROPPED = re.compile(
    r"\b(?:done|finished|scrap|scratch|cancel|ditch|ditched|undo|nix|ended|fell|fallen|no more|quit|quitting"
    r"|stopped|dropped"
    r"|gave up|off|stop|stopping|end|ending"
    r"|(?:switch|mov|step|progress|graduat|upgrad|downgrad|evolv|chang|shift|transition|convert)\w* (?:back "
    r"|over |on )?from|changed my mind (?:about|on)|decided against|backed out of|(?:w[ea]nt|gone|going"
    r"|go) (?:back )?from|remove|delete|forget|drop|clear)\b"
)


def _any_of(word: str, *keys: str) -> bool:
    return any(phrases().words[key].fullmatch(word) for key in keys)


def _stance(rest: str, after: str, prefix: str) -> Stance:
    if _DROPPED.search(rest) or _INVERTED_END.match(after) or _OVER.match(after):
        return Stance.RETRACTED
    stance = stance_of(rest, after)
    return Stance.PAST if stance is Stance.HOLDS and _TRIED.search(prefix) else stance
