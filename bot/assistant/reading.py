"""The statements about eating in plain text, sentence by sentence: `read`.

A sentence is taken in pieces, between commas and conjunctions. A phrase ('allergic to', 'I hate') opens a statement
about the foods that follow it, or that stand before it; pieces without a phrase go on with the list: 'allergic to
peanuts, sesame and eggs'. Where in doubt, a restriction is read, never dropped.
"""

import re
from dataclasses import dataclass, field, replace

from bot.assistant.cues import Cue, CueKind, find_cues, phrases
from bot.assistant.objects import FOOD_WORDS, Guesses, Item, Items, allergens_in, tastes_in
from bot.assistant.pieces import Piece, pieces
from bot.assistant.stated_diets import DietReader, is_word_of_diet
from bot.assistant.statements import Statement, Telling, Topic, avoided_diet, told_of
from bot.assistant.subjects import (
    About,
    Stance,
    stance_of,
    subjects,
)
from bot.assistant.whom import Whom, any_at, is_allergic
from bot.assistant.wording import Sentence, sentences
from retrieval.diet.preferences import Diet
from retrieval.diet.rules import ALLERGENS


@dataclass(slots=True)
class Reading:
    """What was read: statements in order, and words in an allergy that no food is known for."""

    statements: list[Statement] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)


def read(plain_text: str, names: frozenset[str] = frozenset()) -> Reading:
    """Read all statements in plain text (see `wording.plain`).

    `names` are lower-case words that are names of persons ('anna').
    """
    memory = _Memory(names=names)
    for sentence in sentences(plain_text):
        _SentenceReader(sentence, memory).read()
    return memory.reading


_NAMED_ALLERGY = re.compile(r"(?:\b(?:have|has|got) an? (?:severe |bad |mild |serious )?|^)[\w-]+ $")
_OPENERS = re.compile(r"(?:(?:also|and|to|of|from|too|à|a|gegen|na|на|just|only|rather) )*")
_ONLY = re.compile(r"(?:just|only|rather|to)\b")
_NOT = re.compile(r"(?:just )?not (?:to |for )?|never ")
_TAKEN_BACK = re.compile(r"(?:not|no longer|no more)(?: (?:anymore|any more|any longer|now|these days|so))?")
_ME_TOO = re.compile(
    r"(?:so|neither) (?:am|do|can|have|did) i|me too|as am i|same (?:for|with|goes for) me|i am too"
)
_ME = frozenset("i we my our everything it all must everyone".split())
_LISTS = re.compile(r" (?:are|is|include|includes) ")
_LAST_WORD = re.compile(r"[^\W_]+[ -]?$")
_ALSO = re.compile(r"(?:oh,? )?(?:and|also|plus)\b(?! (?:what|how|can|i|could|is|are|do)\b)")
_ORDERS = frozenset({"remove", "delete", "drop", "take", "clear", "erase", "cancel", "forget", "unset"})
_RECENT = 40
"""How many statements or foods a later word can refer back to."""
_PURE = frozenset(
    "i have has got had my with a an the severe bad serious mild no not do does and or any also some all of am is it "
    "them those really very about both please hi hello sorry btw".split()
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class _Memory:
    """What one sentence leaves for the next."""

    names: frozenset[str]
    reading: Reading = field(default_factory=Reading)
    guesses: Guesses = field(default_factory=Guesses)
    last: list[Item] = field(default_factory=list)
    """What was spoken of last, for 'them' and for 'I'm allergic'."""
    telling: Telling | None = None
    """What a sentence that begins with 'also' goes on with."""
    waiting: bool = False
    """'I'm allergic' was said before its object: 'no nuts' is next."""


class _SentenceReader:
    """Reads one sentence, piece by piece."""

    def __init__(self, sentence: Sentence, memory: _Memory) -> None:
        self.text = sentence.text
        self.question = sentence.question
        self.memory = memory
        self.said = memory.reading.statements
        self.items = Items(self.text, memory.guesses)
        self.whom = Whom(self.items, memory.names, question=self.question)
        self.diets = DietReader(self.items, self.whom)
        self.telling = memory.telling if _ALSO.match(self.text) else None
        self.loose: list[Item] = []
        """Foods of the pieces just before, which belong to no statement yet: 'peanuts and eggs | make me ill'."""
        self.loose_prefix = ""
        self.begun = self.first = len(self.said)

    def read(self) -> None:
        """Read all pieces; leave what the next sentence may refer to."""
        for piece in pieces(self.text, self.items.in_food):
            cues = [
                replace(cue, start=cue.start + piece.start, end=cue.end + piece.start)
                for cue in find_cues(piece.text)
            ]
            stated = list(self.diets.read(piece))
            self.said += [Statement(Topic.DIET, diet.stance, diet.about, taste=diet.diet) for diet in stated]
            self._conditions(piece)
            if cues:
                self._with_cues(piece, cues)
            else:
                self._without_cue(piece, is_diet=bool(stated))
            self.whom.went_by(piece)
        self.memory.telling = self.telling
        asked_of = [item for item in self.items.foods if item.exact <= ALLERGENS]
        if asked_of or len(self.items.foods) == 1:
            self.memory.last = asked_of or self.items.foods
        if phrases().has("eats_fish", self.text):
            self.said[self.begun :] = [_with_fish(statement) for statement in self.said[self.begun :]]

    def _conditions(self, piece: Piece) -> None:
        for allergen, pattern in phrases().conditions.items():
            for match in pattern.finditer(piece.text):
                after = piece.text[match.end() :].lstrip(" -")
                told = self.whom.told(piece, piece.start + match.start(), after=after)
                if told is None or any_at(after, "generic_after", "diet_heads"):
                    continue
                ids = frozenset({allergen})
                self.said.append(
                    Statement(Topic.ALLERGY, stance_of(told[1], after), told[0], allergen, ids, ids)
                )

    # ---- pieces with a phrase ----

    def _with_cues(self, piece: Piece, cues: list[Cue]) -> None:
        starts = [piece.start, *(cue.end for cue in cues)]
        ends = [*(cue.start for cue in cues[1:]), piece.end]
        around = list(zip(cues, starts, ends, strict=False))
        # 'My lips swell when I eat nuts': what is eaten comes first, wherever it stands.
        denied = cues[0].kind is CueKind.REFUSED and len(cues) > 1 and cues[1].kind is CueKind.ALLERGY
        for cue, start, end in sorted(around, key=lambda entry: entry[0].kind is not CueKind.EATEN):
            if denied and cue is cues[0]:
                continue
            if cue.trails:
                self._trail(piece, cue, start, end)
            else:
                self._lead(piece, cue, end)
        if cues[-1].kind is not CueKind.EATEN:
            self.loose, self.loose_prefix = [], ""

    def _lead(self, piece: Piece, cue: Cue, end: int) -> None:
        only_some = self.telling is not None and self.telling.cue.kind is CueKind.FINE
        self.telling = None
        told = self.whom.told(piece, cue.start, cue.text)
        if told is None:
            self.memory.last = self.items.between(cue.end, end) or self.memory.last
        if told is None or cue.kind is CueKind.REQUEST or not self._speaks_of_preferences(piece, cue):
            return
        stance = stance_of(told[1], self.text[self.items.object_end(cue.end, end) : end])
        self._open(cue, stance, told[0], piece)
        if only_some and self.telling is not None and cue.kind is CueKind.REFUSED:
            self.telling.allergic = True  # 'I can have butter, but no milk'
        exception = phrases().words["exception"].search(self.text, cue.end, end)
        self._say(cue.end, exception.start() if exception else end)
        if exception and self.telling is not None:
            self.telling.excepting = True
            self._say(exception.end(), end)

    def _speaks_of_preferences(self, piece: Piece, cue: Cue) -> bool:
        if cue.kind is not CueKind.FINE:
            return True
        ordered = cue.text.split(" ", 1)[0] in _ORDERS
        return not self.question and (not ordered or phrases().has("about_preferences", piece.text))

    def _open(self, cue: Cue, stance: Stance, about: About, piece: Piece) -> None:
        if cue.kind is CueKind.FINE:
            stance = Stance.RETRACTED
        self.telling = Telling(
            cue,
            stance,
            about,
            again=phrases().has("again", piece.text),
            allergic=self.memory.waiting and cue.kind in (CueKind.REFUSED, CueKind.AVOID),
            said=len(self.said),
        )

    def _trail(self, piece: Piece, cue: Cue, start: int, end: int) -> None:
        allergic = is_allergic(cue.text)
        found = self.items.between(start, cue.start)
        if found and allergic:
            found = self._after_subject(piece, found)
        if not found and allergic and not self.loose and (listed := _LISTS.match(self.text, cue.end)):
            self._lead(piece, replace(cue, trails=False, end=listed.end()), end)
            return
        after = self.text[cue.end : end].strip()
        told = self.whom.told(piece, found[0].start if found else cue.start, "" if found else cue.text, after)
        if told is None or (cue.kind is CueKind.FINE and self.question):
            return
        if cue.text.endswith(" not") and not any(
            item.topic is Topic.FREEDOM for item in self.said[self.begun :]
        ):
            return
        if cue.kind is CueKind.AVOID and not self._is_free_of(piece, cue, found):
            return
        about, prefix = told
        if found and self.loose and piece.joint in ("and", "or", ","):
            found, prefix = [*self.loose, *found], f"{self.loose_prefix} {prefix}"
        if allergic and any_at(after, "generic_after") and not _MY.search(self.text[piece.start : cue.start]):
            return
        if not found:
            found, prefix = self._referred_to(piece, cue, prefix, allergic=allergic)
        between = (
            self.text[found[-1].end : cue.start] if found and start <= found[-1].end <= cue.start else ""
        )
        self._open(cue, stance_of(f"{prefix} {between}", after), about, piece)
        for item in found:
            self._state(item)
        self.memory.last = found or self.memory.last
        self.telling = None

    def _is_free_of(self, piece: Piece, cue: Cue, found: list[Item]) -> bool:
        """Whether 'free' says how somebody eats ('I'm egg-free'), not what a dish is like ('an egg-free cake')."""
        if not found or self.text[found[-1].end : cue.start] not in (" ", "-"):
            return False
        head = _WORD.match(self.text, min(cue.end + 1, piece.end), piece.end)
        if head and (self.items.in_food[head.start()] or phrases().words["diet_heads"].fullmatch(head[0])):
            return False
        words = _WORD.findall(self.text, piece.start, found[-1].start)
        return all(word in _ME or is_word_of_diet(word) for word in words)

    def _after_subject(self, piece: Piece, found: list[Item]) -> list[Item]:
        """Leave out what stands before the subject: in 'the cake I made with my nut allergy' it's the nuts."""
        named = subjects(self.text[piece.start : found[-1].start])
        first = piece.start + named[-1].end if named else piece.start
        return [item for item in found if item.start >= first] or found

    def _referred_to(self, piece: Piece, cue: Cue, prefix: str, *, allergic: bool) -> tuple[list[Item], str]:
        """Return what a phrase without an object of its own is about: a list before it, or the last food."""
        if self.loose:
            return self.loose, f"{self.loose_prefix} {prefix}"
        if allergic and (word := _LAST_WORD.search(self.text, max(0, cue.start - 60), cue.start)):
            guessed, unclear = allergens_in(self.items, word.start(), cue.start, certain=True)
            if guessed:
                return guessed, prefix[: word.start() - cue.start]
            if unclear and _NAMED_ALLERGY.search(self.text[piece.start : cue.start]):
                self.memory.reading.unresolved.extend(unclear)
                return [], prefix
        if allergic and stance_of(prefix, "") is not Stance.HOLDS:
            return [], prefix
        if allergic and (
            here := [item for item in self.items.between(0, cue.start) if item.exact <= ALLERGENS]
        ):
            self.memory.last = here[-_RECENT:]
        if allergic:
            self.memory.waiting = not self.memory.last
            _drop_dislikes(self.said, self.memory.last)
        return self.memory.last, prefix

    # ---- pieces without a phrase ----

    def _without_cue(self, piece: Piece, *, is_diet: bool) -> None:
        if everything := phrases().words["everything_but"].search(piece.text):
            told = self.whom.told(piece, piece.start + everything.start())
            if told is not None:
                self._open(
                    Cue(CueKind.DISLIKE, trails=False, start=0, end=0, text=""), Stance.HOLDS, told[0], piece
                )
                self._say(piece.start + everything.end(), piece.end)
        elif _ME_TOO.fullmatch(piece.text):
            theirs = [item for item in self.said[self.first :] if item.about is About.OTHER]
            self.said += [replace(item, about=About.SELF) for item in theirs]
            self.begun = self.first = len(self.said)
        elif self.telling is None or is_diet:
            self._keep_loose(piece)
        elif _TAKEN_BACK.fullmatch(piece.text):
            first = self.telling.said
            self.said[first:] = [
                replace(statement, stance=Stance.RETRACTED) for statement in self.said[first:]
            ]
        else:
            self._go_on(piece, self.telling)

    def _go_on(self, piece: Piece, telling: Telling) -> None:
        start = piece.start + _end_of(_OPENERS, piece.text)
        exception = phrases().words["exception"].match(piece.text) or _NOT.match(piece.text)
        if exception:
            telling.excepting = True
            start = piece.start + exception.end()
        elif telling.stance is Stance.DENIED and _ONLY.match(piece.text):
            telling.stance = Stance.HOLDS
        elif subjects(piece.text) or self.items.object_end(start, piece.end) == start:
            self.telling = None
            self._keep_loose(piece)
            return
        if self._is_pure(piece):
            self.loose = [*self.loose[-_RECENT:], *self.items.between(piece.start, piece.end)]
        self._say(start, piece.end, listed=piece.joint not in ("and", "or", "nor"))

    def _keep_loose(self, piece: Piece) -> None:
        found = self.items.between(piece.start, piece.end)
        if not self._is_pure(piece):
            self.loose, self.loose_prefix = [], ""
        if not found or not self._is_pure(piece):
            return
        if not self.loose:
            self.loose_prefix = self.text[piece.start : found[0].start]
        self.loose = [*self.loose[-_RECENT:], *found]

    def _is_pure(self, piece: Piece) -> bool:
        """Whether a piece is a list of foods and nothing else."""
        return all(
            match[0] in _PURE or self.items.in_food[match.start()]
            for match in _WORD.finditer(self.text, piece.start, piece.end)
        )

    # ---- statements ----

    def _say(self, start: int, end: int, *, listed: bool = False) -> None:
        """State what the open phrase says of the foods in `[start, end)`."""
        telling = self.telling
        if telling is None:
            return
        start += _end_of(_DETERMINERS, self.text[start:end])
        if avoided := avoided_diet(telling, self.text[start:end]):
            self.said.append(avoided[0])
            start += avoided[1]
        found = self._objects(telling, start, end, listed=listed)
        if telling.cue.kind is CueKind.EATEN:
            self.loose = [*self.loose[-_RECENT:], *found]
            return
        for item in found:
            self._state(item)
        self.memory.last = found or self.memory.last

    def _objects(self, telling: Telling, start: int, end: int, *, listed: bool) -> list[Item]:
        if telling.cue.kind in (CueKind.LIKE, CueKind.DISLIKE):
            found = tastes_in(self.items, start, end)
            if listed:
                found = [item for item in found if item.exact]
        elif telling.cue.kind in (CueKind.ALLERGY, CueKind.EATEN):
            certain = is_allergic(telling.cue.text)
            found, unclear = allergens_in(self.items, start, end, certain=certain)
            self.memory.reading.unresolved.extend(unclear)
            if not found and not certain and not listed:
                return [
                    item for item in tastes_in(self.items, start, end) if item.taste.split()[-1] in FOOD_WORDS
                ]
        else:
            found = self.items.between(start, self.items.object_end(start, end))
        if not found and phrases().words["pronouns"].match(self.text, start):
            return self.memory.last
        return found

    def _state(self, item: Item) -> None:
        telling = self.telling
        if telling is None:
            return
        if telling.excepting and telling.cue.kind is CueKind.ALLERGY:
            first = max(telling.said, len(self.said) - _RECENT)
            self.said[first:] = [_without(statement, item) for statement in self.said[first:]]
        if (statement := told_of(telling, item)) is not None:
            self.said.append(statement)


_MY = re.compile(r"\bmy\b")
_DETERMINERS = re.compile(
    r" ?(?:(?:de|du|la|las|los|el|any|the|all|some|of|kinds?|types?|sorts?|forms?|products?) )*"
)


def _end_of(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0


def _drop_dislikes(said: list[Statement], items: list[Item]) -> None:
    """'No nuts please, I'm allergic' tells of an allergy, not of a taste."""
    tastes = {item.taste for item in items}
    said[-_RECENT:] = [
        item for item in said[-_RECENT:] if not (item.topic is Topic.DISLIKE and item.taste in tastes)
    ]


def _without(statement: Statement, item: Item) -> Statement:
    """Narrow a group of allergens: of 'nuts, but not peanuts' the tree nuts stay. One allergen is never narrowed."""
    left = statement.widened - item.exact
    return replace(statement, widened=left, exact=statement.exact - item.exact) if left else statement


def _with_fish(statement: Statement) -> Statement:
    is_vegetarian = statement.topic is Topic.DIET and statement.taste == Diet.VEGETARIAN
    return replace(statement, taste=Diet.PESCATARIAN) if is_vegetarian else statement
