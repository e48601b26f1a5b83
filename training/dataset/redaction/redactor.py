"""Takes what is somebody's out of the texts of a conversation and leaves typed placeholders."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from retrieval.diet.vocabulary import is_everyday
from training.dataset.redaction import contacts, dates, phones, places
from training.dataset.redaction.forms import forms, plain
from training.dataset.redaction.names import NameFinder
from training.dataset.redaction.spans import Kind, Span
from training.dataset.redaction.wordlists import LANGUAGES, WordLists, word_lists

_PLACEHOLDER = re.compile(rf"<(?P<kind>{'|'.join(Kind)})_(?P<number>[1-9]\d{{0,8}})>")
_MASK = "\ue000"  # neither a letter nor a space to any of the patterns
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]++")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ROUNDS = 4
_ORDER = tuple(Kind)


class Redactor:
    """Redacts in English, German, Spanish and Russian. One serves a whole export; it holds nothing of anybody."""

    def __init__(self, languages: Sequence[str] = LANGUAGES) -> None:
        self._lists = word_lists(tuple(languages))

    def conversation(self, names: Sequence[str] = ()) -> "ConversationRedactor":
        """Return what redacts one conversation of a person who is known by `names`."""
        return ConversationRedactor(self._lists, names)


class ConversationRedactor:
    """Redacts the texts of one conversation: the same thing has the same placeholder in all of them.

    `counts` is how often each kind was taken out. A text that comes again, as history does, comes out the same and
    is counted again.
    """

    def __init__(self, lists: WordLists, names: Sequence[str]) -> None:
        own, weak, literals = _own_names(names, lists)
        self._names = NameFinder(lists, own, weak)
        self._own = own
        self._literals = literals
        self._learned: dict[str, str] = {}
        self._numbers: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
        self._used: dict[Kind, set[int]] = {kind: set() for kind in Kind}
        self._done: dict[str, tuple[str, Counter[str]]] = {}
        self.counts: Counter[str] = Counter()

    def redact(self, text: str) -> str:
        """Return `text` with placeholders such as `<EMAIL_1>`; what went through this before comes back unchanged.

        A placeholder that somebody typed keeps its number or, where that is another's, gets a free one.
        """
        known = self._done.get(text)
        if known is None:
            known = self._redacted(text)
            self._done[text] = known
            self._done.setdefault(known[0], (known[0], Counter()))
        self.counts.update(known[1])
        return known[0]

    def learn(self, texts: Iterable[str]) -> None:
        """Take note of the rare names that `texts` introduce ("my son Thorfinn"), before any of them is redacted."""
        for text in texts:
            self._note(self._names.find(text, self._learned))

    def _redacted(self, text: str) -> tuple[str, Counter[str]]:
        counts: Counter[str] = Counter()
        text = self._renumbered(text)
        # Taking one thing out may uncover another.
        for _ in range(_ROUNDS):
            spans = _without_overlaps(self._find(text))
            if not spans:
                break
            pieces, last = [], 0
            for span in spans:
                pieces += [text[last : span.start], f"<{span.kind}_{self._number(span)}>"]
                last = span.end
                counts[span.kind.value] += 1
            text = "".join([*pieces, text[last:]])
        return text, counts

    def _find(self, text: str) -> Iterator[Span]:
        if "<" in text:
            text = _PLACEHOLDER.sub(lambda match: _MASK * len(match.group()), text)
        yield from contacts.find_links(text)
        if _DIGIT.search(text):
            if phones.GATE.search(text):
                yield from contacts.find_numbers(text)
                yield from phones.find_phones(text)
            yield from places.find_places(text)
            yield from dates.find_birth_dates(text)
        if (":" in text or "." in text) and contacts.IP_GATE.search(text):
            yield from contacts.find_addresses(text)
        if self._literals is not None:
            for match in self._literals.finditer(text):
                yield Span(match.start(), match.end(), Kind.NAME, plain(match.group()))
        names = self._names.find(text, self._learned)
        self._note(names)
        yield from names

    def _note(self, names: Iterable[Span]) -> None:
        """Remember rare names, so that later they are known without being introduced."""
        for span in names:
            for part in span.key.split("\0"):
                if part not in self._own and len(part) > 3 and not is_everyday(part):
                    for form in forms(part):
                        self._learned.setdefault(form, part)

    def _renumbered(self, text: str) -> str:
        if "<" not in text:
            return text
        typed = {match.group(): match for match in _PLACEHOLDER.finditer(text)}
        numbers: dict[str, str] = {}
        for literal, match in typed.items():
            kind, number = Kind(match["kind"]), int(match["number"])
            key = f"\0{literal}"
            if key not in self._numbers[kind] and number not in self._used[kind]:
                self._take(kind, key, number)
            elif key not in self._numbers[kind]:
                wanted = {int(other["number"]) for other in typed.values() if other["kind"] == kind}
                self._take(kind, key, self._free(kind, wanted))
            numbers[literal] = f"<{kind}_{self._numbers[kind][key]}>"
        return _PLACEHOLDER.sub(lambda match: numbers[match.group()], text)

    def _number(self, span: Span) -> int:
        numbers = self._numbers[span.kind]
        # The first of several names says whose they are: "Anna Kowalski" is the Anna of before.
        parts = span.key.split("\0")
        for key in (span.key, parts[0]):
            if key in numbers:
                break
        else:
            key = span.key
            self._take(span.kind, key, self._free(span.kind, ()))
        number = numbers[key]
        if span.kind is Kind.NAME:
            for part in parts:
                numbers.setdefault(part, number)
        return number

    def _take(self, kind: Kind, key: str, number: int) -> None:
        self._numbers[kind][key] = number
        self._used[kind].add(number)

    def _free(self, kind: Kind, wanted: Iterable[int]) -> int:
        used = self._used[kind]
        number = len(used) + 1
        while number in used or number in wanted:
            number += 1
        return number


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order; of those that overlap the longest, mostly the whole that others are parts of."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end, _ORDER.index(span.kind))):
        if kept and span.start < kept[-1].end:
            if span.end - span.start > kept[-1].end - kept[-1].start:
                kept[-1] = span
            continue
        kept.append(span)
    return kept


def _own_names(
    names: Sequence[str], lists: WordLists
) -> tuple[dict[str, str], frozenset[str], re.Pattern[str] | None]:
    """Return the forms of the words of somebody's names, those that are words or foods too, and what has no words.

    A name in a script without spaces, or with digits or signs, is looked for as it stands.
    """
    own: dict[str, str] = {}
    literals: set[str] = set()
    whole = [plain(word) for name in names for word in _LETTERS.findall(name)]
    if 1 < len(whole) <= 4:
        # As people join them where no spaces are allowed: "annakowalski".
        own.update((joined, whole[0]) for joined in ("".join(whole), "".join(whole[::-1])) if len(joined) > 5)
    for name in names:
        for part in name.split():
            bare = part.strip(".,;:!?()[]{}\"'`*_~-@#|")
            if _UNSPACED.search(bare):
                literals.add(re.escape(bare))
            elif len(bare) > 2 and re.search(r"[\d_]", bare) and re.search(r"[^\W\d_]", bare):
                literals.add(rf"(?<!\w){re.escape(bare)}(?!\w)")
            else:
                for word in map(plain, _LETTERS.findall(bare)):
                    if len(word) > 1:
                        own.update((form, word) for form in forms(word))
    weak = frozenset(
        form
        for form, word in own.items()
        if {form, word} & lists.dishes
        or {form, word} & lists.ambiguous
        or (is_everyday(word) and word not in lists.first_names)
        or lists.phrases.exact(form) is not None
    )
    pattern = (
        re.compile("|".join(sorted(literals, key=lambda literal: (-len(literal), literal))), re.IGNORECASE)
        if literals
        else None
    )
    return own, weak, pattern
