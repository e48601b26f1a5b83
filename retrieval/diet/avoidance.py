"""Whether a text speaks of a food only to keep it away from the reader.

"Skip the satay sauce", "made without eggs" and "peanut-free" do; "avoid salt, and eat peanuts" does for salt
alone. In doubt the answer is no: a food that is wrongly taken for a recommendation costs a repaired sentence,
the opposite may cost much more.

The text is masked first: lower case, every mention a run of `¤`, so that one pattern stands for all foods, and
every space alike except line ends, since only a list with bullets goes on in the next line. A cue ("avoid") covers
the food right after it and the list that this food begins, and nothing else; and only where nothing around it takes
it back ("no need to avoid peanuts", "skip the peanuts? never!").
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from retrieval.diet import cues, ruled_out
from retrieval.diet.lexicon import Mention

_CUE_WORD = re.compile(r"[^\W\d_]+")
_COMMA = re.compile(r" *,")
_LINE_END = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029 ]|¤")
_MARKUP = re.compile(r"\[\d{1,3}\]|\*\*|__|[*_`](?=[\w¤])|(?<=[\w¤:.,!?])[*_`]")
_STOP = re.compile(r"[.!?;\n]")
_END = re.compile(r"[.!?\n]")
_TURNS = frozenset(("but", "however", "whereas"))
_KEY_WORDS = cues.CUE_STARTS | _TURNS

# Characters around a cue or a food that are read for what takes it back; what lies farther away isn't looked for.
_BEFORE = 100
_AFTER = 160
_SENTENCE = 400

_MEANT_TO_EAT = frozenset(("avoid", "cannot", "without", "side", "no"))
_UNDOABLE = frozenset(
    ("avoid", "cannot", "without", "side", "foreign", "allergy", "swap", "hold", "watch", "out")
)


class Avoidance:
    """The places of one text where foods are spoken against. `mentions` are all mentions of that text."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._masked = _mask(text, mentions)
        found: list[re.Match[str]] = []
        boundaries = [stop.end() for stop in _STOP.finditer(self._masked)]
        for word in _CUE_WORD.finditer(self._masked):  # then the costly pattern is tried at few places only
            if word.group() not in _KEY_WORDS:
                continue
            if cue := cues.CUE.match(self._masked, word.start()):
                found.append(cue)
            elif word.group() in _TURNS:
                boundaries.append(word.end())
        self._boundaries = sorted(boundaries)
        self._cues = [cue.start() for cue in found]
        covered = sorted(span for cue in found if (span := self._scope(cue)) is not None)
        self._begins = [begin for begin, _ in covered]
        self._ends = list(accumulate((end for _, end in covered), max))

    def covers(self, mention: Mention) -> bool:
        """Whether the text names this food only to keep it away."""
        index = bisect_right(self._begins, mention.start)
        if index and mention.end <= self._ends[index - 1]:
            return True
        return self._is_freed(mention) or self._is_allergy(mention) or self._is_ruled_out_after(mention)

    def _is_freed(self, mention: Mention) -> bool:
        """Whether the food is named as absent or replaced: 'peanut-free', 'egg substitute'."""
        freed = cues.FREED.match(self._masked, mention.end)
        if freed is None or (freed.group() == " free" and mention.name[-1] in "sS"):
            return False  # "peanuts free" costs nothing, "peanut free" has none
        before = self._masked[max(0, mention.start - _BEFORE) : mention.start]
        return cues.NOT_FREED.search(before) is None

    def _is_allergy(self, mention: Mention) -> bool:
        """Whether the food is named as an allergy that the text takes seriously."""
        named = cues.ALLERGY.match(self._masked, mention.end)
        return named is not None and not self._is_dismissed(mention.start, named.end())

    def _is_ruled_out_after(self, mention: Mention) -> bool:
        begin = self._sentence_start(mention.start)
        before = self._masked[max(begin, mention.start - _SENTENCE) : mention.start]
        found = (
            ruled_out.RULED_OUT.match(self._masked, mention.end)
            or ruled_out.REASONED.match(self._masked, mention.end)
            or ruled_out.REPLACED_BY.match(self._masked, mention.end)
            or (ruled_out.HELD.search(before) and ruled_out.REPLACED_NEXT.match(self._masked, mention.end))
        )
        if not found or mention.start - begin > _SENTENCE or self._is_praised(found.end()):
            return False
        return cues.RECOMMENDED.search(before) is None and not _is_denied(before)

    def _is_praised(self, end: int) -> bool:
        """Whether the rest of a sentence takes back what it said until `end`."""
        stop = _END.search(self._masked, end, end + _AFTER)
        rest = self._masked[end : stop.start() if stop else end + _AFTER]
        return bool(cues.TAKEN_BACK.search(rest.partition("¤")[0]) or cues.REGRETTED.search(rest))

    def _scope(self, cue: re.Match[str]) -> tuple[int, int] | None:
        """Return the part of the text that a cue speaks against, or `None` when it speaks against nothing."""
        text, kind = self._masked, str(cue.lastgroup)
        if self._is_undone(cue, kind):
            return None
        begin, bulleted = self._list_start(cue, kind)
        first = cues.FIRST_OF.get(kind, cues.FIRST).match(text, begin)
        if first is None:
            return None
        if kind in {"swap", "out"}:
            return first.span()
        opening = cues.INTRO.match(text, self._sentence_start(cue.start()), cue.end())
        span = cue.end(), self._list_end(first.end(), kind, intro=opening is not None, bulleted=bulleted)
        return None if self._is_taken_back(cue, kind, span[1]) else span

    def _is_undone(self, cue: re.Match[str], kind: str) -> bool:
        """Whether the words before a cue deny it: 'no need to avoid', 'never cook without'.

        That no recipe without a food was found is no denial.
        """
        begin = self._near(cue.start(), _BEFORE)
        if cue.group() == "not" and cues.CONTRAST.search(self._masked, begin, cue.start()):
            return True  # "avoid rice, not peanuts"
        if kind == "no" and cues.SHUNNED.search(self._masked, begin, cue.start()):
            return True  # "keep away from shops that have no rice"
        if kind not in _UNDOABLE:
            return False
        before = self._masked[begin : cue.start()]
        if kind == "allergy":
            return cues.NO_ALLERGY.search(before) is not None
        if kind == "avoid" and (cues.OPTIONAL.search(before) or cues.OTHERS.search(before)):
            return True
        if not _is_denied(before):
            return False
        absent = kind == "without" or cue.group().startswith("free")
        return not (absent and cues.NOTHING_FOUND.search(before))

    def _is_taken_back(self, cue: re.Match[str], kind: str, end: int) -> bool:
        """Whether the words after a list deny what its cue says: 'skip the nuts? never!', 'add them'."""
        text = self._masked
        stop = _END.search(text, end, end + _AFTER)
        rest = text[end : stop.start() if stop else end + _AFTER]
        if kind == "asked":
            return cues.REFUSED.search(rest) is None
        if kind == "traces":
            return cues.LABEL.search(text, self._near(cue.start(), _SENTENCE), end + len(rest)) is None
        if kind == "allergy":
            return self._is_dismissed(cue.start(), end)
        if cues.TAKEN_BACK.search(rest.partition("¤")[0]) or cues.TAKEN_BACK_NEXT.match(
            text, end + len(rest)
        ):
            return True
        if kind == "watch" and cues.PRONOUN.search(rest):
            return True
        if kind in _MEANT_TO_EAT and cues.REGRETTED.search(rest):
            return True
        if kind == "avoid" and stop and stop.group() == "?":
            return cues.POLITE.search(text, self._near(cue.start(), _SENTENCE), stop.start()) is None
        if kind not in {"without", "side"} or not self._opens_sentence(cue):
            return False
        if kind == "without":
            return "¤ ¤" in text[cue.end() : end] or not cues.SAFE_REST.match(rest)
        return not rest.strip() and "¤ ¤" in text[cue.end() : end]  # "instead of rice peanuts."

    def _is_dismissed(self, start: int, end: int) -> bool:
        """Whether the sentence around an allergy says to forget it."""
        stop = _END.search(self._masked, end, end + _AFTER)
        close = stop.start() if stop else min(len(self._masked), end + _AFTER)
        begin = self._near(start, _BEFORE)
        rest = self._masked[end:close].partition("¤")[0]
        if cues.DISMISSED.search(self._masked, begin, close) or cues.TAKEN_BACK.search(rest):
            return True
        return cues.TAKEN_BACK_NEXT.match(self._masked, close) is not None

    def _opens_sentence(self, cue: re.Match[str]) -> bool:
        begin = self._sentence_start(cue.start())
        return cue.start() - begin <= _BEFORE and not self._masked[begin : cue.start()].strip(" -*•\"'(")

    def _list_start(self, cue: re.Match[str], kind: str) -> tuple[int, bool]:
        """Return where the first food may stand: after the cue, its colon, or the first bullet of its list."""
        text = self._masked
        if kind in cues.FIRST_OF and kind not in {"side", "without"}:
            return cue.end(), False
        header = cues.HEADER.match(text, cue.end())
        if header and (bullet := cues.BULLET.match(text, header.end())):
            return bullet.end(), True
        colon = cues.COLON.match(text, cue.end())
        return (colon.end() if colon else cue.end()), False

    def _list_end(self, position: int, kind: str, *, intro: bool, bulleted: bool) -> int:
        """Follow a list of foods from its first item; return where what it certainly holds ends."""
        text, following = self._masked, bisect_right(self._cues, position)
        next_cue = self._cues[following] if following < len(self._cues) else len(text)
        certain, closed = position, kind == "avoid" and not intro
        waiting = False
        while True:
            separator = (
                cues.SEPARATOR.match(text, position)
                or (bulleted and cues.BULLET.match(text, position))
                or None
            )
            item = cues.ITEM.match(text, separator.end()) if separator else None
            if separator is None or item is None or item.end() > next_cue:  # which has a list of its own
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

    def _near(self, position: int, limit: int) -> int:
        """Return where the sentence around `position` begins, or the place `limit` characters before it."""
        return max(self._sentence_start(position), position - limit)

    def _sentence_start(self, position: int) -> int:
        index = bisect_right(self._boundaries, position)
        return self._boundaries[index - 1] if index else 0


def _is_denied(before: str) -> bool:
    """Whether a clause whose beginning is `before` is denied by it: 'it's a myth that'."""
    before = cues.PARENTHESIS.sub(" ", cues.NEUTRAL.sub(" ", before))
    negatives = list(cues.NEGATIVE.finditer(before))
    return bool(negatives) and cues.CLAUSE.search(before, negatives[-1].end()) is None


def _main_clause_follows(text: str, position: int) -> bool:
    """Whether a main clause begins after a comma at `position`: the list before it belonged to the introduction."""
    comma = _COMMA.match(text, position)
    return comma is not None and cues.MAIN.match(text, comma.end()) is not None


def _mask(text: str, mentions: Sequence[Mention]) -> str:
    """Return `text` of the same length with mentions as `¤`, in lower case, with one kind of space and apostrophe."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    lower = _LINE_END.sub("\n", _SPACE.sub(" ", lower)).replace("’", "'")
    lower = lower.replace("e.g.", " eg ").replace("i.e.", " ie ")
    lower = _MARKUP.sub(lambda mark: " " * len(mark.group()), lower)
    pieces: list[str] = []
    last = 0
    for mention in mentions:
        pieces += (lower[last : mention.start], "¤" * (mention.end - mention.start))
        last = mention.end
    return "".join((*pieces, lower[last:]))
