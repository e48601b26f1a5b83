"""Whether a text speaks of a food only to keep it away from the reader.

"Skip the satay sauce", "made without eggs" and "peanut-free" do; "avoid salt, and eat peanuts" does for salt
alone. In doubt the answer is no: a food that is wrongly taken for a recommendation costs a repaired sentence,
the opposite may cost much more.

The text is masked first: lower case, every mention a run of `¤`, so that one pattern stands for all foods, and
every space alike except line ends, since only a list with bullets goes on in the next line. A cue ("avoid") covers
the food right after it and the list that this food begins, and nothing else.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from retrieval.diet.lexicon import Mention

_FOOD = r"¤+(?:[ -]+¤+(?! +(?:is|are|was|works?|makes?|can|will)\b))*"

_RECOMMENDING = (
    r"(?:try|trying|eat|eating|have|having|use|using|add|adding|enjoy|enjoying|choose|choosing|pick|go|snack"
    r"|snacking|swap|opt|make|making|cook|cooking|serve|serving|sprinkle|top|mix|stir|order|ordering|consider|include|buy|get"
    r"|drink|drinking|take|grab|spread|blend|bake|toss|combine|pair|dip|finish|put|pour|fill|drizzle|garnish|scatter"
    r"|recommend|suggest|prefer|love|treat|reach|start|replace|substitute|reward)"
)
_PREDICATE = (
    r"(?:is|are|was|were|isn't|aren't|works?|makes?|can|could|will|would|should|may|might|must|gives?|goes|tastes?"
    r"|provides?|offers?|adds?|suits?|helps?|do|does|has|contains?)"
)
_PRONOUN = r"(?:i|you|we|he|she|it|they|there|here|this|these|let|let's|i'd|you'll|you'd|it's|that's)"
_OTHER = r"(?:by|via|for|through|into|onto|from|because|but|then|than|until|if|when|so|and|or|nor|instead|only|just)"
_WITH = "".join(  # "avoid foods with nuts" speaks against nuts, "avoid boredom with nuts" doesn't
    f"(?<!{word} )" for word in "foods anything products dishes made everything items sauces snacks".split()
)
_WITH = rf"{_WITH}with"

_LEAD = rf"(?:(?!(?:{_RECOMMENDING}|{_PREDICATE}|{_PRONOUN}|{_OTHER})\b)(?!{_WITH}\b)[\w'-]++ ++){{0,4}}"
_TRAIL = (
    r"(?: +(?:products?|dish(?:es)?|sauces?|foods?|entirely|completely|altogether|too|as well|at all|either|here"
    r"|please|today|of any kind|in any form|and so on|etc))*"
)
_FIRST = re.compile(rf" *{_LEAD}['\"(]?{_FOOD}")
_ITEM = re.compile(
    rf" *(?:any|all|the|other|your|both)? *{_LEAD}['\"]?{_FOOD}['\"]?{_TRAIL}"
    r"(?= *(?:$|[,;:.!?)(\n/–—]|- |(?:and|or|nor|as|but|which|that|because|since|so|including|such|like|then)\b))"
)

_SEPARATOR = re.compile(
    r" *(?P<list>[,)(/&] *(?P<also>(?:and|or|nor)\b)?|(?P<word>and|or|nor|&|as well as|plus)\b)"
    r"|,? *\(?(?:such as|like|including|especially|particularly|even|eg|for example)\b"
    r"|,? *(?:which|that|because|since|as|so) +(?:(?:it|they|this|these) +)?"
    r"(?:(?:also|usually|often|typically|may|can|might|will|normally|traditionally|both) +)*"
    r"(?:contains?|has|have|includes?|(?:is|are) made (?:with|from|of)|uses?|hides?)\b"
)
_BULLET = re.compile(r" *\n[ \n]*(?:[-*•]|\d+[.)])")
_HEADER = re.compile(r"[\w ',]{0,40}: *(?=\n[ \n]*(?:[-*•]|\d+[.)]))")
_COLON = re.compile(
    r"(?: *(?:the following|following|these|such|foods?|ingredients?|items?|products?|things?|all|any))* *:"
)

_EATING = r"(?: +(?:eating|having|using|adding|buying|ordering|drinking|taking|choosing|consuming|any|the))*"
_TAKE = r"(?:eat|have|use|add|contain|include|consume|drink|take|touch|want|like|tolerate|need|buy|order|give|serve)"
_NOT_REALLY = r"(?! +(?:to|too|enough|much|more|only|just)\b)"

# Kinds: `avoid` begins a list that may go on with commas; `side` and `no` need a final "and" or "or" for that.
_CUE = re.compile(
    rf"(?P<avoid>\b(?:avoid(?:s|ed|ing)?|skip(?:s|ped|ping)?|omit(?:s|ted|ting)?|ditch(?:es|ed|ing)?|leav(?:e|ing) out"
    r"|left out|hold the|exclud(?:e|es|ed|ing)|cut(?:ting)? out|rul(?:e|es|ing) out"
    r"|(?:stay|keep|steer|staying|keeping|steering) +"
    r"(?:well +)?(?:away|clear) +(?:from|of)|refrain(?:ing)? from|watch out for|look out for|beware of"
    r"|be careful (?:with|of)"
    rf"|(?:do not|don't|never|should not|shouldn't|must not|mustn't) +{_TAKE}){_EATING}\b{_NOT_REALLY})"
    r"|(?P<side>\b(?:allergic to|allerg(?:y|ies) to|intolerant (?:to|of)|intolerance (?:to|of)|sensitive to"
    r"|free (?:from|of(?! charge))"
    r"|without|instead of|rather than|in place of|(?:alternatives?|substitutes?|replacements?) (?:to|for)|lack(?:s|ing)"
    r"|ohne|sans|sin|senza|sem|zonder|bez|без"
    r"|(?:can't|cannot|can not|couldn't|does not|doesn't|did not|didn't|won't|will not|unable to|not able to)"
    rf" +{_TAKE})"
    rf"{_EATING}\b{_NOT_REALLY})"
    r"|(?P<swap>\b(?:replac(?:e|es|ing)|swap(?:s|ping)?|switch(?:ing)?|exchang(?:e|ing)|trad(?:e|ing))\b)"
    r"|(?P<no>(?<!why )\b(?:no|not|zero|neither|nor|minus)\b)"
)
_CUE_WORD = re.compile(r"[^\W\d_]+")
_CUE_STARTS = frozenset(
    """avoid avoids avoided avoiding skip skips skipped skipping omit omits omitted omitting ditch ditches ditched
    ditching leave leaving left hold exclude excludes excluded excluding cut cutting rule rules ruling stay staying
    keep keeping steer steering refrain refraining watch look beware be do don never should shouldn must mustn
    allergic allergy allergies intolerant intolerance sensitive free without instead rather in alternative
    alternatives substitute substitutes replacement replacements lack lacks lacking ohne sans sin senza sem zonder
    bez без can cannot couldn does doesn did didn won will unable not replace replaces replacing swap swaps swapping
    switch switching exchange exchanging trade trading no zero neither nor minus""".split()
)
_UNDONE = re.compile(
    r"(?:\bnot|n't|\bnever|\bno need to|\bno reason to|\bneedn't|\bno longer|\bstop|\bwithout) +(?:\w+ +){0,3}$"
)
_NO_LEAD = (
    r"(?: *\b(?:any|added|extra|more|other|of|the|your|such|a|an|real|traces?|sources?|sort|kind|type|form|animal"
    r"|hidden|actual|eating|having|using|adding|drinking|contain(?:s|ing)?|containing)\b)*"
)
_NO_FIRST = re.compile(rf"{_NO_LEAD} *['\"]?{_FOOD}")
_SWAP_FIRST = re.compile(rf" *{_LEAD}{_FOOD}(?: *(?:,|and|or) *{_LEAD}{_FOOD})*(?= +(?:with|for|by|to)\b)")
_INTRO = re.compile(
    r" *(?:(?:and|but|so) +)?(?:if|since|because|as|given|when|while|although|though|to|for|with|in order to|due to"
    r"|considering|instead of|rather than|in place of|without)\b"
)
_MAIN = re.compile(rf" *(?:then +)?(?:{_PRONOUN}|{_RECOMMENDING}|the|some|my|maybe|perhaps|how|why)\b")

_AFTER = re.compile(
    r"['\"]?(?:[ -]free\b(?! *(?:range|of|from))|- *(?:,|and|or|&)[\w ,¤-]{0,30}?-free\b"
    r"|[ -](?:allerg(?:y|ies|ic|ens?)|intoleran(?:t|ce)|sensitiv(?:e|ity))\b"
    r"|[ -](?:alternatives?|substitutes?|replacements?|replacers?)\b)"
)
_LINK = (
    r"(?:usually|often|typically|normally|traditionally|contains?|has|have|includes?|made|with|so|it|they|that|which"
    r"|this|these|dish(?:es)?|sauces?|products?|foods?|all|both|and|or|because|since)"
)
_SUITABLE = (
    r"(?:suitable|safe|ok|okay|allowed|an option|for you|recommended|permitted|possible|right for you|fine)"
)
_TAIL = re.compile(
    rf"(?: *\b{_LINK}\b| *[,()]| *¤+){{0,24}}+ *(?:"
    rf"\b(?:is|are|was|were|would be) +(?:also +|both +)?(?:not +(?:at all +|really +|always +)?{_SUITABLE}\b"
    r"|unsafe\b|unsuitable\b|off[ -]limits\b|out(?= *(?:[.,;!)\n]|$|for you))"
    r"|excluded\b|forbidden\b|off the (?:menu|table|list)\b"
    r"|a no[ -]go\b|best avoided\b|to be avoided\b|left out\b|omitted\b)"
    rf"|\b(?:isn't|aren't|wasn't) +(?:really +|at all +)?{_SUITABLE}\b"
    r"|\b(?:should|must|needs? to|has to|have to|can|could|is best|are best) +(?:all +|both +)?be +"
    r"(?:avoided|left out|skipped|omitted|excluded)\b"
    r"|\b(?:won't|doesn't|don't) (?:work for|suit) you\b"
    r"|(?:(?<=so )(?:please +)?|\byou +(?:(?:must|should|need to|have to) +)?)(?:avoid|skip|steer clear)\b"
    r"|\byou(?:'re| are) (?:allergic|intolerant)\b|\byou (?:can't|cannot|must not|mustn't|shouldn't) (?:eat|have)\b)"
)
_RECOMMENDED = re.compile(rf"(?<!n't )(?<!not )(?<!never )\b{_RECOMMENDING}\b")
_COMMA = re.compile(r" *,")
_LINE_END = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029 ]|¤")
_STOP = re.compile(r"[.!?;\n]")
_TURNS = frozenset(("but", "however", "whereas"))


class Avoidance:
    """The places of one text where foods are spoken against. `mentions` are all mentions of that text."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._masked = _mask(text, mentions)
        cues: list[re.Match[str]] = []
        boundaries = [stop.end() for stop in _STOP.finditer(self._masked)]
        for word in _CUE_WORD.finditer(self._masked):  # then the costly pattern is tried at few places only
            if word.group() in _CUE_STARTS and (cue := _CUE.match(self._masked, word.start())):
                cues.append(cue)
            elif word.group() in _TURNS:
                boundaries.append(word.end())
        self._boundaries = sorted(boundaries)
        self._covered = [span for cue in cues if (span := self._scope(cue)) is not None]

    def covers(self, mention: Mention) -> bool:
        """Whether the text names this food only to keep it away."""
        if any(start <= mention.start and mention.end <= end for start, end in self._covered):
            return True
        return self._is_freed(mention) or self._is_ruled_out_after(mention)

    def _is_freed(self, mention: Mention) -> bool:
        """Whether the food is named as absent or replaced: 'peanut-free', 'egg substitute', 'a nut allergy'."""
        return _AFTER.match(self._masked, mention.end) is not None

    def _is_ruled_out_after(self, mention: Mention) -> bool:
        if _TAIL.match(self._masked, mention.end) is None:
            return False
        begin = self._sentence_start(mention.start)
        return _RECOMMENDED.search(self._masked, begin, mention.start) is None

    def _scope(self, cue: re.Match[str]) -> tuple[int, int] | None:
        """Return the part of the text that a cue speaks against, or `None` when it speaks against nothing."""
        text, kind = self._masked, str(cue.lastgroup)
        if kind != "no" and _UNDONE.search(text[max(0, cue.start() - 40) : cue.start()]):
            return None
        if kind == "swap":
            swapped = _SWAP_FIRST.match(text, cue.end())
            return swapped.span() if swapped else None
        begin, bulleted = self._list_start(cue, kind)
        first = (_NO_FIRST if kind == "no" else _FIRST).match(text, begin)
        if first is None:
            return None
        intro = _INTRO.match(text, self._sentence_start(cue.start()), cue.end()) is not None
        return cue.end(), self._list_end(first.end(), kind, intro=intro, bulleted=bulleted)

    def _list_start(self, cue: re.Match[str], kind: str) -> tuple[int, bool]:
        """Return where the first food may stand: after the cue, its colon, or the first bullet of its list."""
        text = self._masked
        if kind == "no":
            return cue.end(), False
        header = _HEADER.match(text, cue.end())
        if header and (bullet := _BULLET.match(text, header.end())):
            return bullet.end(), True
        colon = _COLON.match(text, cue.end())
        return (colon.end() if colon else cue.end()), False

    def _list_end(self, position: int, kind: str, *, intro: bool, bulleted: bool) -> int:
        """Follow a list of foods from its first item; return where what it certainly holds ends."""
        text = self._masked
        certain, closed = position, kind == "avoid" and not intro
        waiting = False
        while True:
            separator = (
                _SEPARATOR.match(text, position) or (bulleted and _BULLET.match(text, position)) or None
            )
            item = _ITEM.match(text, separator.end()) if separator else None
            if separator is None or item is None:
                break
            position = item.end()
            groups = separator.groupdict()
            joined = groups.get("word") or groups.get("also")
            if kind == "no" and joined == "and":
                break
            waiting = waiting or (groups.get("list") is not None and not groups.get("word"))
            if not waiting or closed or (joined and not intro):
                certain = position
        if intro and waiting and _main_clause_follows(text, position):
            certain = position
        return certain

    def _sentence_start(self, position: int) -> int:
        index = bisect_right(self._boundaries, position)
        return self._boundaries[index - 1] if index else 0


def _main_clause_follows(text: str, position: int) -> bool:
    """Whether a main clause begins after a comma at `position`: the list before it belonged to the introduction."""
    comma = _COMMA.match(text, position)
    return comma is not None and _MAIN.match(text, comma.end()) is not None


def _mask(text: str, mentions: Sequence[Mention]) -> str:
    """Return `text` of the same length with mentions as `¤`, in lower case, with one kind of space and apostrophe."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    lower = _LINE_END.sub("\n", _SPACE.sub(" ", lower)).replace("’", "'")
    lower = lower.replace("e.g.", " eg ").replace("i.e.", " ie ")
    pieces: list[str] = []
    last = 0
    for mention in mentions:
        pieces += (lower[last : mention.start], "¤" * (mention.end - mention.start))
        last = mention.end
    return "".join((*pieces, lower[last:]))
