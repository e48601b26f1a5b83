"""The statements about eating in plain text, sentence by sentence: `read`.

A sentence is taken in pieces, between commas and conjunctions. A phrase ('allergic to', 'I hate') opens a statement
about the foods that follow it, or that stand before it; pieces without a phrase go on with the list: 'allergic to
peanuts, sesame and eggs'. Where in doubt, a restriction is read, never dropped.
"""

import re
from dataclasses import replace

from bot.assistant.around import (
    after_subject,
    begins_anew,
    contrast,
    for_one_meal,
    has_subject,
    is_for_me,
    is_free_of,
    is_granted,
    is_said_behind,
    is_this_once,
    kind_of_food,
    liked_long_ago,
    only_food,
    speaks_of_preferences,
    unsettled,
)
from bot.assistant.cues import Cue, CueKind, find_cues, phrases
from bot.assistant.loose import Loose
from bot.assistant.memory import Memory, Reading
from bot.assistant.objects import FOOD_WORDS, Item, Items, allergens_in, kept_whole, tastes_in
from bot.assistant.pieces import Piece, pieces
from bot.assistant.stated_diets import DietReader, conditions
from bot.assistant.statements import (
    RECENT,
    Statement,
    Telling,
    Topic,
    avoided_diet,
    drop_dislikes,
    exception_before,
    hold_on,
    take_back,
    told_of,
    with_fish,
)
from bot.assistant.subjects import About, Stance, stance_of, subjects
from bot.assistant.whom import Whom, any_at, is_allergic
from bot.assistant.wording import Sentence, sentences
from retrieval.diet.rules import ALLERGENS


def read(plain_text: str, names: frozenset[str] = frozenset()) -> Reading:
    """Read all statements in plain text (see `wording.plain`).

    `names` are lower-case words that are names of persons ('anna').
    """
    memory = Memory(names=names)
    for sentence in sentences(plain_text):
        _SentenceReader(sentence, memory).read()
    return memory.reading


_NAMED_ALLERGY = re.compile(r"(?:\b(?:have|has|got) (?:an? )?(?:severe |bad |mild |serious )?|^)[\w-]+ $")
_OPENERS = re.compile(
    r"(?:(?:(?:anything|everything) with|every|each|all|any|most|also|and|to|of|from|too|à|a|gegen|na|на|just|only"
    r"|rather) )*"
)
_ONLY = re.compile(r"(?:just|only|rather|to)\b")
_ME_TOO = re.compile(
    r"(?:so|neither) (?:am|do|can|have) i|me too|as am i"
    r"|moi aussi|yo también|anche io|eu também|ik ook|ich auch|я тоже|same (?:for|with|goes for) me|i am too"
)
_LISTS = re.compile(r" (?:are|is|includes?|including|such as|like|namely) ")
_LISTING = frozenset({"and", "or", ",", "und", "oder", "&", "as well as"})
_LAST_WORD = re.compile(r"[^\W_]+[ -]?$")
_ALSO = re.compile(r"(?:oh,? )?(?:and|also|plus)\b(?! (?:what|how|can|i|could|is|are|do)\b)")


class _SentenceReader:
    """Reads one sentence, piece by piece."""

    def __init__(self, sentence: Sentence, memory: Memory) -> None:
        self.text = sentence.text
        self.question = sentence.question
        self.memory = memory
        self.said = memory.reading.statements
        self.items = Items(self.text, memory.guesses)
        self.whom = Whom(self.items, memory.names, question=self.question)
        self.diets = DietReader(self.items, self.whom)
        self.telling = memory.telling if _ALSO.match(self.text) else None
        self.loose = Loose(self.items)
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
            self.said[self.begun :] = [with_fish(statement) for statement in self.said[self.begun :]]

    def _conditions(self, piece: Piece) -> None:
        if reason := phrases().words["medical"].search(piece.text):
            told = self.whom.told(piece, piece.start + reason.start(), after=piece.text[reason.end() :])
            if told is not None and told[0] is About.SELF and stance_of(told[1], "") is Stance.HOLDS:
                self.memory.waiting = True
        self.said += conditions(piece, self.whom)

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
            self.loose.clear()

    def _lead(self, piece: Piece, cue: Cue, end: int) -> None:
        only_some = self.telling is not None and self.telling.cue.kind is CueKind.FINE
        self.telling = None
        told = self.whom.told(piece, cue.start, cue.text)
        if told is None:
            self.memory.last = self.items.between(cue.end, end) or self.memory.last
        if (
            told is None
            or cue.kind is CueKind.REQUEST
            or not speaks_of_preferences(piece, cue, question=self.question)
        ):
            return
        stance = stance_of(told[1], self.text[self.items.object_end(cue.end, end) : end])
        if liked_long_ago(piece, cue):
            stance = Stance.PAST
        self._open(cue, stance, told[0], piece)
        if only_some and self.telling is not None and cue.kind is CueKind.REFUSED:
            self.telling.allergic = True  # 'I can have butter, but no milk'
        exception = phrases().words["exception"].search(self.text, cue.end, end)
        if exception is None and cue.kind in (CueKind.ALLERGY, CueKind.LIKE):
            exception = contrast(self.items, cue.end, end)
        if not self.text[cue.end : end].strip() and is_said_behind(self.text, piece, cue):
            self._say_before(piece, cue)
        self._say(cue.end, exception.start() if exception else end)
        if exception and self.telling is not None:
            self.telling.excepting = True
            self._say(exception.end(), end)

    def _say_before(self, piece: Piece, cue: Cue) -> None:
        """State what stands before a phrase that ends its piece: 'mango is something i am allergic to'."""
        for item in self.items.between(piece.start, cue.start)[-1:]:
            self._state(item)

    def _open(self, cue: Cue, stance: Stance, about: About, piece: Piece) -> None:
        if cue.kind is CueKind.FINE:
            stance = Stance.RETRACTED
        self.telling = Telling(
            cue,
            stance,
            about,
            again=phrases().has("again", piece.text),
            allergic=cue.kind in (CueKind.REFUSED, CueKind.AVOID)
            and (self.memory.waiting or phrases().has("medically", piece.text)),
            for_me=is_for_me(self.text, piece),
            said=len(self.said),
        )

    def _trail(self, piece: Piece, cue: Cue, start: int, end: int) -> None:
        allergic = is_allergic(cue.text)
        found = self.items.between(start, cue.start)
        if found and allergic:
            found = after_subject(self.items, piece, found)
        if not found and allergic and not self.loose.foods and (listed := _LISTS.match(self.text, cue.end)):
            self._lead(piece, replace(cue, trails=False, end=listed.end()), end)
            return
        after = self.text[cue.end : end].strip()
        told = self._told_behind(piece, cue, found, after)
        if told is None:
            return
        about, prefix = told
        if found and self.loose.foods and piece.joint in _LISTING:
            found, prefix = [*self.loose.foods, *found], f"{self.loose.prefix} {prefix}"
        if not found:
            found, prefix = self._referred_to(piece, cue, prefix, allergic=allergic)
        if cue.kind in (CueKind.LIKE, CueKind.DISLIKE, CueKind.AVOID):
            found = kept_whole(self.items, found, start) or kind_of_food(self.items, start, cue)
        between = (
            self.text[found[-1].end : cue.start] if found and start <= found[-1].end <= cue.start else ""
        )
        self._open(cue, stance_of(f"{prefix} {between}", after), about, piece)
        self._state_all(found)
        self.memory.last = found or self.memory.last
        if self.telling is None or cue.kind is not CueKind.ALLERGY:
            self.telling = None
            return
        self.telling.closed = True
        if exception := phrases().words["exception"].match(self.text, cue.end + 1, end):
            self.telling.excepting = True
            self._say(exception.end(), end)

    def _told_behind(self, piece: Piece, cue: Cue, found: list[Item], after: str) -> tuple[About, str] | None:
        """Return whom a phrase behind its foods is about; `None` when it states nothing."""
        allergic = is_allergic(cue.text)
        upto = found[0].start if found else cue.start
        if (
            found
            and (allergic or cue.kind is CueKind.DISLIKE)
            and subjects(self.text[found[-1].end : cue.start])
        ):
            upto = cue.start  # 'no nuts please i am allergic'
        told = self.whom.told(piece, upto, "" if found else cue.text, after)
        freed = any(item.topic is Topic.FREEDOM for item in self.said[self.begun :])
        generic = (
            any_at(after, "generic_after")
            and not _LIVING.match(piece.text)
            and not _MY.search(self.text[piece.start : cue.start])
        )
        if (
            (cue.kind is CueKind.FINE and self.question)
            or (cue.text.endswith(" not") and not freed)
            or (cue.text == "free" and not is_free_of(self.items, piece, cue, found))
            or (allergic and generic)
        ):
            return None
        return told

    def _state_all(self, found: list[Item]) -> None:
        """State what a trailing phrase says of the foods before it: of 'all nuts except peanuts' not the last."""
        for number, item in enumerate(found):
            between = self.text[found[number - 1].end : item.start] if number else ""
            if self.telling is not None and phrases().has("exception", between):
                self.telling.excepting = True
            self._state(item)

    def _referred_to(self, piece: Piece, cue: Cue, prefix: str, *, allergic: bool) -> tuple[list[Item], str]:
        """Return what a phrase without an object of its own is about: a list before it, or the last food."""
        if self.loose.foods:
            return self.loose.foods, f"{self.loose.prefix} {prefix}"
        if allergic and (word := _LAST_WORD.search(self.text, max(0, cue.start - 60), cue.start)):
            guessed, unclear = allergens_in(self.items, word.start(), cue.start, certain=True)
            if guessed:
                return guessed, prefix[: word.start() - cue.start]
            if unclear and _NAMED_ALLERGY.search(self.text[piece.start : cue.start]):
                self.memory.reading.unresolved.extend(unclear)
                return [], prefix
        if allergic and stance_of(prefix, "") is not Stance.HOLDS:
            return [], prefix
        named = [item for item in self.items.between(0, cue.start) if item.exact <= ALLERGENS]
        if allergic and (here := unsettled(named, self.said[self.begun :])):
            self.memory.last = here[-RECENT:]
        if allergic:
            self.memory.waiting = not self.memory.last
            drop_dislikes(self.said, self.memory.last)
        return self.memory.last or only_food(self.items, cue.start), prefix

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
        elif hold_on(self.said, self.begun, piece.text) or take_back(
            self.said, self.telling.said if self.telling else self.begun, piece.text
        ):
            return
        elif self.telling is None or is_diet:
            self.loose.keep(piece)
        else:
            self._go_on(piece, self.telling)

    def _go_on(self, piece: Piece, telling: Telling) -> None:
        start = piece.start + _end_of(_OPENERS, piece.text)
        if telling.cue.kind in (CueKind.AVOID, CueKind.REFUSED) and is_granted(piece.text):
            self.telling = None
            return
        exception = exception_before(telling, self.text, piece)
        if exception:
            telling.excepting, telling.excepts_from = True, piece.start
            start = piece.start + exception.end()
        elif telling.closed and not telling.excepting:
            self.telling = None
            self.loose.keep(piece)
            return
        elif telling.stance is Stance.DENIED and _ONLY.match(piece.text):
            telling.stance = Stance.HOLDS
        elif (
            begins_anew(piece, telling.cue)
            or has_subject(self.items, piece)
            or self.items.object_end(start, piece.end) == start
        ):
            self.telling = None
            self.loose.keep(piece)
            return
        if self.loose.is_pure(piece):
            self.loose.foods.extend(self.items.between(piece.start, piece.end))
        inner = None if exception else phrases().words["exception"].search(self.text, start, piece.end)
        self._say(
            start, inner.start() if inner else piece.end, listed=piece.joint not in ("and", "or", "nor")
        )
        if inner:
            telling.excepting, telling.excepts_from = True, piece.start
            self._say(inner.end(), piece.end)

    # ---- statements ----

    def _say(self, start: int, end: int, *, listed: bool = False) -> None:
        """State what the open phrase says of the foods in `[start, end)`."""
        telling = self.telling
        if telling is None:
            return
        start += _end_of(_DETERMINERS, self.text[start:end])
        if (mine := _MINE.match(self.text, start, end)) and self.items.in_food[min(mine.end(), end - 1)]:
            start = mine.end()  # 'I like my steak rare'
        if (avoided := avoided_diet(telling, self.text[start:end])) and not is_this_once(self.text):
            self.said.append(avoided[0])
            start += avoided[1]
        found = self._objects(telling, start, end, listed=listed)
        if telling.cue.kind is CueKind.EATEN:
            self.loose.foods.extend(found)
            return
        for item in found:
            self._state(item)
        if not telling.excepting:
            self.memory.last = found or self.memory.last

    def _objects(self, telling: Telling, start: int, end: int, *, listed: bool) -> list[Item]:
        if telling.cue.kind in (CueKind.LIKE, CueKind.DISLIKE):
            found = tastes_in(self.items, start, end)
            if listed:
                found = [item for item in found if item.exact]
        elif telling.cue.kind in (CueKind.ALLERGY, CueKind.EATEN):
            certain = is_allergic(telling.cue.text)
            found, unclear = allergens_in(self.items, start, end, certain=certain, listed=listed)
            self.memory.reading.unresolved.extend(unclear)
            if not found and not certain and not listed:
                found = [
                    item for item in tastes_in(self.items, start, end) if item.taste.split()[-1] in FOOD_WORDS
                ]
        else:
            found = self.items.between(start, self.items.object_end(start, end))
        if not found and phrases().words["pronouns"].match(self.text, start):
            here = self.items.between(0, start)
            known = [item for item in self.memory.last if not here or item in self.items.foods]
            return self.loose.foods or known or here[-1:]
        return found

    def _state(self, item: Item) -> None:
        telling = self.telling
        if telling is None:
            return
        statement = told_of(telling, item)
        if statement is not None and not for_one_meal(self.text, telling.cue, statement):
            self.said.append(statement)


_LIVING = re.compile(
    r"(?:eating|living|cooking|travell?ing|shopping|dating|being|having|coping|dealing|going)\b"
)
_MY = re.compile(r"\bmy\b")
_MINE = re.compile(r" ?(?:my|our) ")
_DETERMINERS = re.compile(
    r" ?(?:(?:anything|everything|all things|things|dishes|stuff) (?:with|containing|made (?:with|from|of)) )?"
    r"(?:(?:de|du|la|las|los|el|any|the|all|some|of|kinds?|types?|sorts?|forms?|products?) )*"
)


def _end_of(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0
