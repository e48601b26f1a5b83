"""A text as its names are looked for: its words, what stands between them, and the foods among them."""

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from retrieval.diet.lexicon import lexicon
from retrieval.diet.vocabulary import is_everyday, unfamiliar
from training.dataset.redaction.wordlists import WordLists

AND = frozenset(("and", "und", "y", "e", "и", "with", "mit", "con", "or"))
JOINED = frozenset((" ", "-"))
_LISTED = frozenset((", ", " & ", " + ", "/"))
_VERBS = frozenset("is has ist hat was es ha and who eats needs que gets which".split())
_ABBREVIATED = re.compile(r"(?<=\b[DMS][rt])\.|(?<=\bMrs)\.", re.IGNORECASE)
_END = re.compile(r"\n|(?<=[^\W\d_]{3}[.!?])[ ]")
_AGED = re.compile(r"(?:,[ ]|[ ]\()\d{1,2}(?:[ ]?[MFmf])?[,)]")
_CLOSED = re.compile(r"[\s.!?)~*♥❤️😊🙂😉🙏👋x]{0,12}")


@dataclass(slots=True)  # not frozen: a frozen one takes three times as long to make
class Word:
    """A word of a text: where it stands, as it is written and folded."""

    start: int
    end: int
    text: str
    plain: str

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


class Sentence:
    """One text; words are told by their place in `words`. What it says depends on the lists, on no person."""

    def __init__(self, text: str, words: Sequence[Word], lists: WordLists) -> None:
        self.text = text
        self.words = words
        self.lists = lists
        self._starts = [word.start for word in words]
        self._dishes: dict[int, dict[int, int]] = {}

    # Places

    def gap(self, index: int) -> str:
        """Return what stands between this word and the next, a null character after the last."""
        if not 0 <= index < len(self.words) - 1:
            return "\0"
        return self.text[self.words[index].end : self.words[index + 1].start]

    def plain(self, start: int, end: int) -> list[str]:
        """Return the folded words from `start` to before `end`, none where that is before the text."""
        return [word.plain for word in self.words[start:end]] if start >= 0 else []

    def starts_sentence(self, index: int) -> bool:
        """Return whether a word has a capital because of where it stands."""
        return index == 0 or bool(set(self.gap(index - 1)) & set(".!?\n:;•*"))

    def ends_text(self, index: int) -> bool:
        """Return whether the text ends with this word, or with a surname after it."""
        last = len(self.words) - 1
        tail = index if index == last else index + 1
        if tail != last or (tail != index and (self.gap(index) != " " or not self.words[tail].is_capital)):
            return False
        return _CLOSED.fullmatch(self.text[self.words[last].end :]) is not None

    def beside(self, index: int) -> int | None:
        """Return the word to which a list joins this one, from before it."""
        if self.gap(index - 1) in _LISTED:
            return index - 1
        if (
            index > 1
            and self.words[index - 1].plain in AND
            and self.gap(index - 1) == " " == self.gap(index - 2)
        ):
            return index - 2
        return None

    @cached_property
    def is_german(self) -> bool:
        """Whether the text is German, where a capital says only that a word is a noun."""
        german = self.lists.cues.german_words
        return sum(word.plain in german for word in self.words) * 8 >= len(self.words)

    @cached_property
    def _is_title_case(self) -> bool:
        """Whether most words of the text have a capital, which so says nothing."""
        capitals = sum(word.is_capital for word in self.words)
        return len(self.words) > 3 and capitals * 10 > len(self.words) * 6

    @cached_property
    def is_english(self) -> bool:
        """Whether the text is English, going by its longer words without a capital; a text without such is, too."""
        if self.is_german:
            return False
        words = [word.plain for word in self.words if len(word.plain) > 3 and not word.is_capital]
        return sum(map(is_everyday, words)) * 10 >= len(words) * 6

    # What a word is

    def is_known(self, index: int) -> bool:
        """Return whether a word is one that stands around names and is none."""
        word = self.words[index]
        cues = self.lists.cues
        return (
            len(word.plain) < (2 if word.is_capital else 3)
            or ("'" in word.plain and not word.plain.startswith(("o'", "d'")))
            or word.plain in cues.not_names
            or word.plain in cues.possessives
            or word.plain in cues.relations
            or word.plain in cues.fillers
            or word.plain in cues.titles
            or word.plain in cues.closers
            or word.plain in cues.before
            or (len(word.text) < 5 and word.text.isupper())
        )

    def is_unknown(self, index: int) -> bool:
        """Return whether a word is none of the words we know, and may so be a rare name."""
        word = self.words[index]
        if self.is_known(index) or self.is_food(index):
            return False
        return not is_everyday(word.plain) or word.plain in self.lists.surnames

    def is_capital_inside(self, index: int) -> bool:
        """Return whether a capital in the middle of a sentence makes the word a name, whatever else it means."""
        return (
            self.words[index].is_capital
            and not self.starts_sentence(index)
            and not self.is_german
            and not self._is_title_case
            and not self.is_known(index)
        )

    def is_rare(self, index: int) -> bool:
        """Return whether a word may be a name that nobody has listed."""
        return (
            not self.is_german
            and not self.is_food(index)
            and (self.is_unknown(index) or (self.is_capital_inside(index) and "," not in self.gap(index - 1)))
        )

    def is_titled(self, index: int) -> bool:
        """Return whether "Dr." or the like comes before."""
        return index > 0 and self.words[index - 1].plain in self.lists.cues.titles

    def is_introduced(self, index: int) -> bool:
        """Return whether words like "my name is" come before."""
        before = self.lists.cues.before
        return any(word in before for word in self.plain(max(0, index - 3), index)[-3:])

    def is_surname(self, index: int) -> bool:
        """Return whether this word is a frequent surname, next to the one before."""
        if not 0 < index < len(self.words):
            return False
        word = self.words[index]
        if word.plain not in self.lists.surnames:
            return False
        if self.gap(index - 1) not in JOINED:
            return self.is_titled(index)
        return word.is_capital and not self.in_dish(index) and not self.is_food(index)

    def names_person_next(self, index: int) -> bool:
        """Return whether what follows is done by people: "Basil hates", "Olive is allergic"."""
        if index + 1 >= len(self.words) or self.gap(index) != " ":
            return False
        cues = self.lists.cues
        following = tuple(self.plain(index + 1, index + 3))
        return following[0] in cues.after or following in cues.also_after

    def closes(self, index: int) -> bool:
        """Return whether the word isn't the first of a longer phrase: a sign, a verb, "and" or the end follow."""
        if index + 1 == len(self.words):
            return True
        following = self.words[index + 1]
        gap = self.gap(index)
        return (
            gap.strip() != ""
            or "\n" in gap
            or self.names_person_next(index)
            or following.plain in AND
            or following.plain in _VERBS
            or (following.is_capital and not self.is_german)
        )

    def acts_like_person(self, index: int) -> bool:
        """Return whether the words around an unlisted one with a capital are about a person, though none says so.

        "Aisling says she does", "Odette's recipe", "what Lorcan takes". In German, where each noun has a capital, only
        before what people alone do.
        """
        word = self.words[index]
        is_abbreviation = not word.text[1:2].islower() or self.text[word.end : word.end + 1].isdigit()
        if len(word.plain) < 3 or is_abbreviation or self._is_title_case:
            return False
        if self.is_known(index) or self.is_food(index):
            return False
        if self._lives(index) or (_AGED.match(self.text, word.end) and self.is_unknown(index)):
            return True
        if self.is_german:
            return False
        if self.is_english:
            if self.is_capital_inside(index) and self._before(index) in self.lists.cues.asking:
                return not self.is_followed_by_food(index)
            is_about_person = self._is_about_person(index)
            return is_about_person and self.is_strange(index) and not self.is_followed_by_food(index)
        return (
            self._before(index) not in ("", *self.lists.cues.not_before_names)
            and self.is_unknown(index)
            and not self._is_among_foods(index)
        )

    def _lives(self, index: int) -> bool:
        """Return whether what follows is done by people only: "Ekmel bebe", "Colm und ich"."""
        if index + 1 >= len(self.words) or self.gap(index) != " " or not self.is_unknown(index):
            return False
        cues = self.lists.cues
        if self._before(index) in cues.possessives or self._before(index) in cues.not_before_names:
            return False
        following = tuple(self.plain(index + 1, index + 3))
        return following[0] in cues.living or following in cues.and_i

    def is_strange(self, index: int) -> bool:
        """Return whether a word with a capital is none of English, no food, and no form of such a word."""
        word = self.words[index]
        return (
            self.is_english
            and word.is_capital
            and not word.text.isupper()
            and self.is_unknown(index)
            and not self.in_dish(index)
            and bool(unfamiliar(word.text.removesuffix("'s").removesuffix("’s")))
        )

    def _is_about_person(self, index: int) -> bool:
        if self.names_person_next(index) or self._does_something(index):
            return True
        following = index + 1 < len(self.words) and self.gap(index) == " "
        if self.words[index].text[-2:] in ("'s", "’s"):
            return following and not self.words[index + 1].is_capital
        before = self._before(index)
        if before in self.lists.cues.asking or before in self.lists.cues.prepositions:
            return True
        # Brands have capitals as well; they stand beside foods, articles, amounts and other brands.
        return (
            before != ""
            and before not in self.lists.cues.not_before_names
            and not self.words[index - 1].is_capital
            and not (following and self.words[index + 1].is_capital)
            and not self._is_among_foods(index)
        )

    def _before(self, index: int) -> str:
        """Return the word before, an empty one where a sentence starts or something else comes between."""
        if not index or self.gap(index - 1) != " " or self.starts_sentence(index):
            return ""
        return self.words[index - 1].plain

    def _is_among_foods(self, index: int) -> bool:
        return self.is_food(index - 1) or self.is_followed_by_food(index) or self.beside(index) is not None

    def _does_something(self, index: int) -> bool:
        """Return whether a verb follows, or comes after an apposition: "the man next door, Alasdair, sells"."""
        if index + 1 >= len(self.words) or self.words[index + 1].plain not in self.lists.cues.doing:
            return False
        return self.gap(index) == " " or (index > 0 and self.gap(index) == ", " == self.gap(index - 1))

    # Foods

    @cached_property
    def _parts(self) -> tuple[str, list[int]]:
        """The text without the full stops of abbreviations, and where its lines and sentences end."""
        text = _ABBREVIATED.sub(" ", self.text)
        return text, [*(match.end() for match in _END.finditer(text)), len(text)]

    def _dish(self, start: int) -> int:
        """Return of how many words the food's name is that holds the word at this character, 0 for none."""
        text, ends = self._parts
        part = bisect.bisect_right(ends, start)
        if part not in self._dishes:
            begin = ends[part - 1] if part else 0
            self._dishes[part] = self._dishes_of(text[begin : ends[part]], begin)
        return self._dishes[part].get(start, 0)

    def _dishes_of(self, part: str, begin: int) -> dict[int, int]:
        found: dict[int, int] = {}
        mentions = [(start, end) for _, start, end in self.lists.phrases.find(part)]
        mentions += [(mention.start, mention.end) for mention in lexicon().find(part)]
        for first, end in mentions:
            at = bisect.bisect_left(self._starts, first + begin)
            inside = self._starts[at : bisect.bisect_left(self._starts, end + begin, at)]
            for start in inside:
                found[start] = max(found.get(start, 0), len(inside))
        return found

    def is_food(self, index: int) -> bool:
        """Return whether the word is a food or in the name of one."""
        return self._dish(self.words[index].start) > 0

    def in_dish(self, index: int) -> bool:
        """Return whether the word is one of several in the name of a food: "Graham crackers"."""
        word = self.words[index]
        return self._dish(word.start) > 1 or ("'s" in word.text and self.is_food(index))

    def is_followed_by_food(self, index: int) -> bool:
        """Return whether the next word is a food, or one in which names of foods end."""
        following = index + 1
        if following >= len(self.words) or self.gap(index) not in JOINED:
            return False
        return self.is_food(following) or self.words[following].plain in self.lists.dishes
