"""Names of people, told from the foods, brands and places that are called like them.

A known first name goes where it is written with a capital, or plainly a name. A name that is also a word or in the
name of a food ("Olive", "Graham", "Victoria") goes only where the sentence is about a person; an unknown one where
the words before it say that a name comes ("my son …", "Dr. …", "my name is …").
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from retrieval.diet.lexicon import lexicon
from retrieval.diet.vocabulary import is_everyday
from training.dataset.redaction.forms import plain
from training.dataset.redaction.spans import Kind, Span
from training.dataset.redaction.wordlists import STRONG, WEAK, WordLists

_WORD = re.compile(r"[^\W\d_]++(?:['’ʼ][^\W\d_]++)*+")
_GAPS = frozenset(
    (
        " ",
        "  ",
        ": ",
        ", ",
        ". ",
        ".",
        " (",
        ' "',
        " „",
        " «",
        "\n",
        ",\n",
        "! ",
        " - ",
        " – ",
        " — ",
        ":",
        "-",
        ": \n",
        " “",
    )
)
_JOINED = frozenset((" ", "-"))
_AND = frozenset(("and", "und", "y", "e", "и", "with", "mit", "con", "or"))
_LISTED = frozenset((", ", " & ", " + ", "/"))
_PATRONYMIC = re.compile(r"[а-я]{2,20}(?:овн|евн|ичн)(?:а|ы|е|у|ои)|[а-я]{2,20}(?:ович|евич)(?:а|у|ем|е)?")
_RUSSIAN_SURNAME = re.compile(
    r"[а-я]{2,20}(?:[оеё]в|ин|ын|ск(?:ии|ого|ому|им|ая|ую|ои)|енко|ук|юк|ян|дзе|швили)(?:а|у|ым|е|ои|ы)?"
)
_ABBREVIATED = re.compile(r"(?<=\b[DMS][rt])\.|(?<=\bMrs)\.", re.IGNORECASE)
_PARTICLES = frozenset("von van de der den del la las los di da dos bin al el le zu y ter ten".split())
_SIGNED = re.compile(r"(?:^|[\n.!?)…])[ ]{0,3}(?:--?|—|–)[ ]{0,2}$")
_CLOSED = re.compile(r"[\s.!?)~*♥❤️😊🙂😉🙏👋x]{0,12}")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    plain: str

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


class NameFinder:
    """Finds the names in texts. `own` are folded forms that somebody is known by → the name, `own_weak` those of
    them that are everyday words as well.
    """

    def __init__(self, lists: WordLists, own: Mapping[str, str], own_weak: Collection[str]) -> None:
        self._lists = lists
        self._own = own
        self._own_weak = own_weak

    def find(self, text: str, learned: Mapping[str, str]) -> list[Span]:
        """Return the names in `text`; `learned` are forms of names that this conversation has held before."""
        matches = list(_WORD.finditer(text))
        folded = [plain(match.group()) for match in matches]
        here = set(folded)
        if here.isdisjoint(self._lists.triggers) and here.isdisjoint(self._own) and here.isdisjoint(learned):
            if not any(
                _PATRONYMIC.fullmatch(word) for word in folded if word[-4:-3] in "ое" or "вн" in word[-4:]
            ):
                return []
        words = [
            _Word(match.start(), match.end(), match.group(), form)
            for match, form in zip(matches, folded, strict=True)
        ]
        return list(_Sentence(text, words, self._lists, self._own, self._own_weak, learned).spans())


class _Sentence:
    """One text while its names are looked for."""

    def __init__(
        self,
        text: str,
        words: list[_Word],
        lists: WordLists,
        own: Mapping[str, str],
        own_weak: Collection[str],
        learned: Mapping[str, str],
    ) -> None:
        self._text = text
        self._words = words
        self._lists = lists
        self._own = own
        self._own_weak = own_weak
        self._learned = learned
        self._cued = self._expected()

    def spans(self) -> Iterator[Span]:
        """Yield the names, each with the surname that follows it."""
        names = {
            index
            for index, word in enumerate(self._words)
            if self._may_be(index, word.plain) and self._is_name(index)
        }
        if not names:
            return
        for index in self._coordinated(names):
            names.add(index)
        taken = -1
        for index in sorted(names):
            if index <= taken:
                continue
            last = self._last(index, names)
            taken = last
            start, end = self._words[index].start, self._words[last].end
            if self._text[:end].endswith(("'s", "’s", "'S", "’S")):
                end -= 2
            yield Span(start, end, Kind.NAME, "\0".join(self._key(at) for at in range(index, last + 1)))

    def _may_be(self, index: int, word: str) -> bool:
        known = self._lists.first_names
        return (
            index in self._cued
            or word in known
            or word in self._own
            or word in self._learned
            or (
                word[-1:] == "s"
                and (word[:-1] in known or word[:-1] in self._own or word[:-1] in self._learned)
            )
            or (word[-1:] in "аеиуч" and _PATRONYMIC.fullmatch(word) is not None)
        )

    # What the words before and after say

    def _expected(self) -> dict[int, int]:
        """Return for each place where the words say that a name stands there how strongly they do."""
        found: dict[int, int] = {}
        cues = self._lists.cues
        for index, word in enumerate(self._words):
            for first, strength in cues.before.get(word.plain, ()):
                if not first or tuple(self._plain(index - len(first), index)) == first:
                    self._expect(found, index, strength, fillers=strength == STRONG)
                    break
            if word.plain in cues.titles:
                follows = index + 1 < len(self._words) and self._words[index + 1].is_capital
                self._expect(found, index, STRONG if follows else WEAK, fillers=False)
            if word.plain in cues.relations:
                self._expect(found, index, STRONG if self._has_possessive(index) else WEAK, fillers=True)
                self._expect_before(found, index)
            if word.plain in cues.closers:
                self._expect_signature(found, index)
        if self._words:
            self._expect_at_ends(found)
        return found

    def _expect(self, found: dict[int, int], index: int, strength: int, *, fillers: bool) -> None:
        place = index + 1
        while fillers and place < len(self._words) and place - index <= 4 and self._fills(place):
            place += 1
        if place < len(self._words) and all(self._gap(at) in _GAPS for at in range(index, place)):
            # A comma after "my son" opens an apposition, a full stop ends the sentence, save after "Dr.".
            if "." in self._gap(place - 1) and self._words[index].plain not in self._lists.cues.titles:
                return
            found[place] = max(found.get(place, 0), strength)

    def _fills(self, index: int) -> bool:
        word = self._words[index]
        return word.plain in self._lists.cues.fillers and not (
            word.is_capital and word.plain in self._lists.first_names
        )

    def _expect_before(self, found: dict[int, int], index: int) -> None:
        """Expect a name in "Kira, my daughter" and "Kira is my daughter"."""
        at = index - 2
        if at >= 0 and self._words[at].plain in ("is", "ist", "es", "это") and self._has_possessive(index):
            at -= 1
        if (
            at >= 0
            and self._has_possessive(index)
            and self._words[index - 1].plain not in ("a", "the", "der", "die", "el", "la", "с", "у", "для")
        ):
            gap = self._gap(at)
            if gap in (", ", " (", " - ", " – ", " — ") or at == index - 3:
                found[at] = max(found.get(at, 0), STRONG if self._is_unknown(at) else WEAK)

    def _expect_signature(self, found: dict[int, int], index: int) -> None:
        place = index + 1
        if (
            place < len(self._words)
            and self._ends_text(place)
            and (self._gap(index) in _GAPS or self._gap(index).isspace())
        ):
            found[place] = STRONG

    def _expect_at_ends(self, found: dict[int, int]) -> None:
        first, last = self._words[0], len(self._words) - 1
        if last and self._words[1].plain in ("here", "hier") and first.is_capital and self._gap(0) == " ":
            found[0] = max(found.get(0, 0), STRONG if self._is_unknown(0) else WEAK)
        if len(self._words) > 2:
            for at in (last, last - 1):
                start = self._words[at].start
                before = self._text[max(0, start - 8) : start]
                if self._ends_text(at) and (_SIGNED.search(before) or "\n" in before[-2:]):
                    strength = STRONG if _SIGNED.search(before) else WEAK
                    found[at] = max(found.get(at, 0), strength)
                    break

    def _ends_text(self, index: int) -> bool:
        """Return whether the text ends with this word, or with a surname after it."""
        last = len(self._words) - 1
        tail = index if index == last else index + 1
        if tail != last or (tail != index and (self._gap(index) != " " or not self._words[tail].is_capital)):
            return False
        return _CLOSED.fullmatch(self._text[self._words[last].end :]) is not None

    def _has_possessive(self, index: int) -> bool:
        """Return whether it is somebody's: "my son", "my little son", "my 5 year old son"."""
        return any(
            word in self._lists.cues.possessives
            for word in self._plain(max(0, index - 4), index)[-4:][::-1][: self._reach(index)]
        )

    def _reach(self, index: int) -> int:
        """Return how many words before belong to the same phrase."""
        reach = 0
        while reach < 4 and index - reach > 0 and not set(self._gap(index - reach - 1)) & set(",.;:!?\n"):
            reach += 1
        return reach

    # What the word itself is

    def _is_name(self, index: int) -> bool:
        word = self._words[index]
        cue = self._cued.get(index, 0)
        form = self._form(word.plain)
        if form in self._own and form not in self._own_weak:
            return (len(form) > 2 or word.is_capital) and not self._in_dish(index)
        if form in self._own or form in self._lists.ambiguous:
            return self._is_ambiguous_name(index, cue, is_own=form in self._own)
        if form in self._lists.in_foods:
            return self._is_name_in_foods(index, cue)
        if form in self._learned:
            return word.is_capital or not is_everyday(form)
        if form in self._lists.first_names:
            return word.is_capital or cue == STRONG or (len(form) > 3 and not self._is_food(index))
        if word.is_capital and _PATRONYMIC.fullmatch(word.plain):
            return True
        return cue > 0 and self._is_unknown_name(index, cue)

    def _is_ambiguous_name(self, index: int, cue: int, *, is_own: bool) -> bool:
        word = self._words[index]
        if not word.is_capital:
            return cue == STRONG and not self._in_dish(index) and (is_own or self._names_person_next(index))
        if self._in_dish(index):
            return False
        if cue == STRONG or self._names_person_next(index) or self._is_surname(index + 1):
            return True
        if index and self._is_own_pair(index):
            return True
        if is_own and word.text[-2:] in ("'s", "’s") and not self._in_dish(index):
            return True
        if self._followed_by_food(index) or self._listed_with_food(index):
            return False
        if cue:
            return True
        return is_own and not self._starts_sentence(index)

    def _is_name_in_foods(self, index: int, cue: int) -> bool:
        """Return whether a name that some foods are called after is a name here: "Graham" but not "Graham crackers"."""
        if self._in_dish(index):
            return False
        if cue or self._names_person_next(index):
            return True
        word = self._words[index]
        is_possessive = "'" in word.text or "’" in word.text
        return word.is_capital and (is_possessive or not self._followed_by_food(index))

    def _is_unknown_name(self, index: int, cue: int) -> bool:
        """Return whether a word that nobody knows as a name is one, where a name is expected."""
        word = self._words[index]
        if self._is_capital_inside(index) and (cue == STRONG or self._titled(index)):
            return (
                not self._in_dish(index)
                and not self._followed_by_food(index)
                and (not self._is_food(index) or self._gap(index - 1) == " ")
            )
        if not self._is_unknown(index):
            return False
        if word.is_capital:
            if self._titled(index):
                return True
            if self._is_german and not self._closes(index):
                return False
            return cue == STRONG or self._closes(index)
        return cue == STRONG and self._introduced(index) and self._closes(index)

    def _is_capital_inside(self, index: int) -> bool:
        """Return whether a capital in the middle of a sentence makes the word a name, whatever else it means."""
        word = self._words[index]
        return (
            word.is_capital
            and not self._starts_sentence(index)
            and not self._is_german
            and not self._is_title_case
            and not self._is_known(index)
        )

    @cached_property
    def _is_title_case(self) -> bool:
        """Whether most words of the text have a capital, which so says nothing."""
        capitals = sum(word.is_capital for word in self._words)
        return len(self._words) > 3 and capitals * 10 > len(self._words) * 6

    def _is_unknown(self, index: int) -> bool:
        """Return whether a word is none of the words we know, and may so be a rare name."""
        word = self._words[index]
        if self._is_known(index) or self._is_food(index):
            return False
        return not is_everyday(word.plain) or word.plain in self._lists.surnames

    def _is_known(self, index: int) -> bool:
        """Return whether a word is one that stands around names and is none."""
        word = self._words[index]
        lists = self._lists
        return (
            len(word.plain) < 2
            or ("'" in word.plain and not word.plain.startswith(("o'", "d'")))
            or word.plain in lists.cues.not_names
            or word.plain in lists.cues.possessives
            or word.plain in lists.cues.relations
            or word.plain in lists.cues.fillers
            or word.plain in lists.cues.titles
            or word.plain in lists.cues.closers
            or word.plain in lists.cues.before
            or (len(word.text) < 5 and word.text.isupper())
        )

    def _titled(self, index: int) -> bool:
        return index > 0 and self._words[index - 1].plain in self._lists.cues.titles

    def _introduced(self, index: int) -> bool:
        before = self._lists.cues.before
        return any(word in before for word in self._plain(max(0, index - 3), index)[-3:])

    def _closes(self, index: int) -> bool:
        """Return whether the word isn't the first of a longer phrase: punctuation, a verb, "and" or the end follow."""
        if index + 1 == len(self._words):
            return True
        following = self._words[index + 1].plain
        gap = self._gap(index)
        return (
            gap.strip() != ""
            or "\n" in gap
            or self._names_person_next(index)
            or following in _AND
            or following
            in (
                "is",
                "has",
                "ist",
                "hat",
                "was",
                "es",
                "ha",
                "and",
                "who",
                "eats",
                "needs",
                "que",
                "gets",
                "which",
            )
            or (self._words[index + 1].is_capital and not self._is_german)
        )

    def _names_person_next(self, index: int) -> bool:
        """Return whether what follows is done by people: "Basil hates", "Olive is allergic"."""
        if index + 1 >= len(self._words) or self._gap(index) != " ":
            return False
        cues = self._lists.cues
        following = tuple(self._plain(index + 1, index + 3))
        return self._words[index + 1].plain in cues.after or following in cues.also_after

    def _is_surname(self, index: int) -> bool:
        """Return whether this word is a frequent surname, next to the one before."""
        if not 0 < index < len(self._words) or self._gap(index - 1) not in _JOINED:
            return (
                index < len(self._words)
                and self._words[index].plain in self._lists.surnames
                and self._titled(index)
            )
        word = self._words[index]
        return (
            word.is_capital
            and word.plain in self._lists.surnames
            and not self._in_dish(index)
            and not self._is_food(index)
        )

    def _is_own_pair(self, index: int) -> bool:
        """Return whether this word and the one before are two of the person's own names: "Olive Baker"."""
        return self._gap(index - 1) == " " and self._form(self._words[index - 1].plain) in self._own

    def _last(self, index: int, names: set[int]) -> int:
        """Return the last word of the name that starts here."""
        last = index
        while last - index < 4:
            following = last + 1
            if (
                following < len(self._words)
                and self._words[following].plain in _PARTICLES
                and self._gap(last) == " "
            ):
                if self._goes_on(following + 1, names) and self._words[following].plain not in (
                    "y",
                    "el",
                    "la",
                    "al",
                ):
                    last = following + 1
                    continue
            if not self._goes_on(following, names):
                break
            last = following
        return last

    def _goes_on(self, index: int, names: set[int]) -> bool:
        if (
            index >= len(self._words)
            or self._gap(index - 1) not in _JOINED
            or not self._words[index].is_capital
        ):
            return index < len(self._words) and index in names and self._gap(index - 1) in _JOINED
        if self._text[self._words[index - 1].end - 2 : self._words[index - 1].end] in ("'s", "’s"):
            return False
        if index in names or self._is_surname(index) or self._gap(index - 1) == "-":
            return True
        word = self._words[index].plain
        if self._is_german and index - 1 not in self._cued:
            return False
        if _RUSSIAN_SURNAME.fullmatch(word):
            return True
        if (
            self._words[index].text.isupper()
            or self._is_food(index)
            or self._words[index].plain in self._lists.dishes
        ):
            return False
        return self._is_unknown(index) or self._is_capital_inside(index)

    def _coordinated(self, names: set[int]) -> Iterator[int]:
        """Yield capitalised words that stand beside a name: "Anna and Basil", "Emma, Noah, Zephyrine"."""
        grown = set(names)
        for index in range(1, len(self._words)):
            for this, other in ((index, self._beside(index)), (self._beside(index), index)):
                if this is None or other is None or other not in grown or this in grown:
                    continue
                word = self._words[this]
                if not word.is_capital or self._in_dish(this) or self._followed_by_food(this):
                    continue
                form = self._form(word.plain)
                cued = other in self._cued and self._is_rare(this)
                if form in self._lists.first_names or form in self._own or cued:
                    if cued:
                        self._cued[this] = self._cued[other]
                    grown.add(this)
                    yield this

    def _is_rare(self, index: int) -> bool:
        return (
            not self._is_german
            and not self._is_food(index)
            and (self._is_unknown(index) or self._is_capital_inside(index))
        )

    def _beside(self, index: int) -> int | None:
        """Return the word to which a list joins this one, from before it."""
        if self._gap(index - 1) in _LISTED:
            return index - 1
        if (
            index > 1
            and self._words[index - 1].plain in _AND
            and self._gap(index - 1) == " " == self._gap(index - 2)
        ):
            return index - 2
        return None

    # Foods

    @cached_property
    def _dishes(self) -> dict[int, int]:
        """The place of each character at which a word of a food's name starts → how many words the name has."""
        found: dict[int, int] = {}
        text = _ABBREVIATED.sub(" ", self._text)
        mentions = [(start, end) for _, start, end in self._lists.phrases.find(text)]
        mentions += [(mention.start, mention.end) for mention in lexicon().find(text)]
        starts = [word.start for word in self._words]
        position = 0
        for begin, end in sorted(mentions):
            while position < len(starts) and starts[position] < begin:
                position += 1
            inside = [start for start in starts[position : position + 12] if start < end]
            for start in inside:
                found[start] = max(found.get(start, 0), len(inside))
        return found

    def _in_dish(self, index: int) -> bool:
        """Return whether the word is one of several in the name of a food: "Graham crackers"."""
        return self._dishes.get(self._words[index].start, 0) > 1 or (
            "'s" in self._words[index].text and self._is_food(index)
        )

    def _is_food(self, index: int) -> bool:
        return self._words[index].start in self._dishes

    def _followed_by_food(self, index: int) -> bool:
        following = index + 1
        if following >= len(self._words) or self._gap(index) not in _JOINED:
            return False
        return self._is_food(following) or self._words[following].plain in self._lists.dishes

    def _listed_with_food(self, index: int) -> bool:
        """Return whether foods stand beside the word in a list: "thyme, Rosemary and salt"."""
        before = self._beside(index) if index else None
        after = next(
            (at for at in (index + 1, index + 2) if at < len(self._words) and self._beside(at) == index), None
        )
        return any(
            at is not None and self._is_food(at) and self._form(self._words[at].plain) not in self._own
            for at in (before, after)
        )

    # Small things

    @cached_property
    def _is_german(self) -> bool:
        """Whether the text is German, where a capital says only that a word is a noun."""
        return sum(word.plain in self._lists.cues.german_words for word in self._words) * 8 >= len(
            self._words
        )

    def _form(self, word: str) -> str:
        """Return the form under which a word is listed: "annas" as 'anna' where only that is."""
        known = (self._own, self._learned, self._lists.first_names)
        if any(word in names for names in known) or len(word) < 5 or word[-1] != "s":
            return word
        stem = word[:-1]
        if stem in self._lists.ambiguous:
            return word
        return stem if any(stem in names for names in known) else word

    def _key(self, index: int) -> str:
        form = self._form(self._words[index].plain)
        return self._own.get(form) or self._learned.get(form) or self._lists.first_names.get(form) or form

    def _starts_sentence(self, index: int) -> bool:
        return index == 0 or bool(set(self._gap(index - 1)) & set(".!?\n:;•*"))

    def _gap(self, index: int) -> str:
        """Return what stands between this word and the next."""
        if not 0 <= index < len(self._words) - 1:
            return "\0"
        return self._text[self._words[index].end : self._words[index + 1].start]

    def _plain(self, start: int, end: int) -> list[str]:
        return [word.plain for word in self._words[start:end]] if start >= 0 else []
