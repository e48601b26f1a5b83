"""Names of people, told from the foods, brands and places that are called like them.

A known first name goes where it is written with a capital, or plainly a name. A name that is also a word or in the
name of a food ("Olive", "Graham", "Victoria") goes only where the sentence is about a person; an unknown one where
the words before it say that a name comes ("my son …", "Dr. …", "my name is …").
"""

import re
from collections.abc import Collection, Iterator, Mapping

from retrieval.diet.vocabulary import is_everyday
from training.dataset.redaction.expected import expected_names
from training.dataset.redaction.forms import plain
from training.dataset.redaction.sentence import JOINED, Sentence, Word
from training.dataset.redaction.spans import Kind, Span
from training.dataset.redaction.wordlists import CERTAIN, STRONG, WordLists

_WORD = re.compile(r"[^\W\d_]++(?:['’ʼ][^\W\d_]++)*+")
_PATRONYMIC = re.compile(r"[а-я]{2,20}(?:овн|евн|ичн)(?:а|ы|е|у|ои)|[а-я]{2,20}(?:ович|евич)(?:а|у|ем|е)?")
_RUSSIAN_SURNAME = re.compile(
    r"[а-я]{2,20}(?:[оеё]в|ин|ын|ск(?:ии|ого|ому|им|ая|ую|ои)|енко|ук|юк|ян|дзе|швили)(?:а|у|ым|е|ои|ы)?"
)
_PARTICLES = frozenset("von van de der den del la las los di da dos bin al el le zu y ter ten".split())
_ALSO_ARTICLES = frozenset(("y", "el", "la", "al"))


class NameFinder:
    """Finds the names in texts.

    `own` are folded forms that somebody is known by → the name, `own_weak` those of them that are everyday words too.
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
        if (
            here.isdisjoint(self._lists.triggers)
            and here.isdisjoint(self._own)
            and here.isdisjoint(learned)
            and not any(map(_is_patronymic, here))
            and not any(
                match.group()[0].isupper()
                and form not in self._lists.familiar
                and (not is_everyday(form) or _is_inside(text, match.start()))
                for match, form in zip(matches, folded, strict=True)
            )
        ):
            return []
        words = [
            Word(match.start(), match.end(), match.group(), form)
            for match, form in zip(matches, folded, strict=True)
        ]
        names = _Names(
            Sentence(text, words, self._lists), own=self._own, own_weak=self._own_weak, learned=learned
        )
        return list(names.spans())


class _Names:
    """The names of one text."""

    def __init__(
        self,
        sentence: Sentence,
        *,
        own: Mapping[str, str],
        own_weak: Collection[str],
        learned: Mapping[str, str],
    ) -> None:
        self._sentence = sentence
        self._words = sentence.words
        self._lists = sentence.lists
        self._own = own
        self._own_weak = own_weak
        self._learned = learned
        self._cued = expected_names(sentence)

    def spans(self) -> Iterator[Span]:
        """Yield the names, each with the surname that follows it."""
        possible = {form for form in {word.plain for word in self._words} if self._may_be(form)}
        names = {
            index
            for index, word in enumerate(self._words)
            if (index in self._cued or word.plain in possible or self._is_capital_inside(word))
            and self._is_name(index)
        }
        if not names:
            return
        names.update(self._coordinated(names))
        taken = -1
        for index in sorted(names):
            if index <= taken:
                continue
            taken = self._last(index, names)
            start, end = self._words[index].start, self._words[taken].end
            if self._sentence.text[:end].endswith(("'s", "’s", "'S", "’S")):
                end -= 2
            yield Span(start, end, Kind.NAME, "\0".join(self._key(at) for at in range(index, taken + 1)))

    def _is_capital_inside(self, word: Word) -> bool:
        return (
            word.is_capital
            and word.plain not in self._lists.familiar
            and _is_inside(self._sentence.text, word.start)
        )

    def _may_be(self, form: str) -> bool:
        return (
            self._is_listed(form)
            or (form[-1:] == "s" and self._is_listed(form[:-1]))
            or (form not in self._lists.familiar and not is_everyday(form))
        )

    # Whether a word is a name

    def _is_name(self, index: int) -> bool:
        word = self._words[index]
        cue = self._cued.get(index, 0)
        form = self._form(word.plain)
        if form in self._own and form not in self._own_weak:
            return (len(form) > 2 or word.is_capital) and not self._sentence.in_dish(index)
        if form in self._own or form in self._lists.ambiguous:
            return self._is_ambiguous_name(index, cue, is_own=form in self._own)
        if form in self._lists.in_foods:
            return self._is_name_in_foods(index, cue)
        if form in self._learned:
            return word.is_capital or not is_everyday(form)
        if form in self._lists.first_names:
            return word.is_capital or cue >= STRONG or (len(form) > 3 and not self._sentence.is_food(index))
        if word.is_capital and _PATRONYMIC.fullmatch(word.plain):
            return True
        return (cue > 0 and self._is_unknown_name(index, cue)) or (
            word.is_capital and self._sentence.acts_like_person(index)
        )

    def _is_ambiguous_name(self, index: int, cue: int, *, is_own: bool) -> bool:
        word = self._words[index]
        if self._sentence.in_dish(index):
            return False
        is_about_person = self._sentence.names_person_next(index)
        if not word.is_capital:
            return cue >= STRONG and (is_own or is_about_person)
        if cue >= STRONG or is_about_person or self._sentence.is_surname(index + 1):
            return True
        if (index and self._is_own_pair(index)) or (is_own and word.text[-2:] in ("'s", "’s")):
            return True
        if self._sentence.is_followed_by_food(index) or self._is_listed_with_food(index):
            return False
        return cue > 0 or (is_own and not self._sentence.starts_sentence(index))

    def _is_name_in_foods(self, index: int, cue: int) -> bool:
        """Return whether a name that foods are called after is a name here: "Graham" but not "Graham crackers"."""
        if self._sentence.in_dish(index):
            return False
        if cue or self._sentence.names_person_next(index):
            return True
        word = self._words[index]
        is_possessive = "'" in word.text or "’" in word.text
        return word.is_capital and (is_possessive or not self._sentence.is_followed_by_food(index))

    def _is_unknown_name(self, index: int, cue: int) -> bool:
        """Return whether a word that nobody knows as a name is one, where a name is expected."""
        sentence = self._sentence
        if cue == CERTAIN:
            return not sentence.is_known(index) and not sentence.is_food(index)
        is_titled = sentence.is_titled(index)
        if sentence.is_capital_inside(index) and (cue >= STRONG or is_titled):
            return (
                not sentence.in_dish(index)
                and not sentence.is_followed_by_food(index)
                and (not sentence.is_food(index) or sentence.gap(index - 1) == " ")
            )
        if not sentence.is_unknown(index):
            return False
        if self._words[index].is_capital:
            if is_titled:
                return True
            if sentence.is_german and not sentence.closes(index):
                return False
            return cue >= STRONG or sentence.closes(index)
        return cue >= STRONG and sentence.is_introduced(index) and sentence.closes(index)

    def _is_own_pair(self, index: int) -> bool:
        """Return whether this word and the one before are two of the person's own names: "Olive Baker"."""
        return self._sentence.gap(index - 1) == " " and self._form(self._words[index - 1].plain) in self._own

    def _is_listed_with_food(self, index: int) -> bool:
        """Return whether foods stand beside the word in a list: "thyme, Rosemary and salt"."""
        places = [self._sentence.beside(index) if index else None]
        places += [
            at
            for at in (index + 1, index + 2)
            if at < len(self._words) and self._sentence.beside(at) == index
        ][:1]
        return any(
            at is not None
            and self._sentence.is_food(at)
            and self._form(self._words[at].plain) not in self._own
            for at in places
        )

    # How far a name goes, and what stands beside it

    def _last(self, index: int, names: set[int]) -> int:
        """Return the last word of the name that starts here."""
        last = index
        while last - index < 4:
            following = last + 1
            if self._goes_on_after(following, names):
                last = following + 1
            elif self._goes_on(following, names):
                last = following
            else:
                break
        return last

    def _goes_on_after(self, index: int, names: set[int]) -> bool:
        """Return whether this is the "von" of a name."""
        if index >= len(self._words) or self._sentence.gap(index - 1) != " ":
            return False
        word = self._words[index].plain
        return word in _PARTICLES and word not in _ALSO_ARTICLES and self._goes_on(index + 1, names)

    def _goes_on(self, index: int, names: set[int]) -> bool:
        if index >= len(self._words) or self._sentence.gap(index - 1) not in JOINED:
            return False
        word = self._words[index]
        if not word.is_capital:
            return index in names
        if self._words[index - 1].text[-2:] in ("'s", "’s"):
            return False
        if index in names or self._sentence.is_surname(index) or self._sentence.gap(index - 1) == "-":
            return True
        if self._sentence.is_german and index - 1 not in self._cued:
            return False
        if _RUSSIAN_SURNAME.fullmatch(word.plain):
            return True
        if word.text.isupper() or self._sentence.is_food(index) or word.plain in self._lists.dishes:
            return False
        return self._sentence.is_unknown(index) or self._sentence.is_capital_inside(index)

    def _coordinated(self, names: set[int]) -> set[int]:
        """Return capitalised words that stand beside a name: "Anna and Basil", "Emma, Noah, Zephyrine"."""
        grown = set(names)
        for index in range(1, len(self._words)):
            beside = self._sentence.beside(index)
            if beside is None:
                continue
            for this, other in ((index, beside), (beside, index)):
                if other in grown and this not in grown and self._is_name_beside(this, other):
                    grown.add(this)
        return grown

    def _is_name_beside(self, index: int, other: int) -> bool:
        word = self._words[index]
        if not word.is_capital or self._sentence.in_dish(index) or self._sentence.is_followed_by_food(index):
            return False
        if other in self._cued and self._sentence.is_rare(index):
            self._cued[index] = self._cued[other]
            return True
        if self._sentence.is_strange(index):
            return True
        form = self._form(word.plain)
        return form in self._lists.first_names or form in self._own

    # Forms

    def _is_listed(self, word: str) -> bool:
        return word in self._own or word in self._learned or word in self._lists.first_names

    def _form(self, word: str) -> str:
        """Return the form under which a word is listed: "annas" as 'anna' where only that is."""
        if self._is_listed(word) or len(word) < 5 or word[-1] != "s":
            return word
        stem = word[:-1]
        return stem if stem not in self._lists.ambiguous and self._is_listed(stem) else word

    def _key(self, index: int) -> str:
        form = self._form(self._words[index].plain)
        return self._own.get(form) or self._learned.get(form) or self._lists.first_names.get(form) or form


def _is_inside(text: str, start: int) -> bool:
    """Return whether another word comes right before."""
    return start > 1 and text[start - 1] == " " and text[start - 2].isalnum()


def _is_patronymic(word: str) -> bool:
    return word[-1:] in "аеиуымч" and _PATRONYMIC.fullmatch(word) is not None
