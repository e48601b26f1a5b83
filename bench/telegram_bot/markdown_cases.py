"""Random Markdown as models write it and as nobody should, with the text that a reader must get to see.

A case is a row of blocks. What must be seen is known because each block is made from it, not because something parsed
the result: words, then markup around them that may be unclosed, crossed or nested. Where a mark's reading is open (a
lone star), it isn't demanded; in code every character is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

CLUSTERS = ("👨‍👩‍👧‍👦", "👩🏽‍🍳", "🏳️‍🌈", "🇪🇸", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👍🏿", "❤️‍🔥", "e\u0301", "\u1100\u1161\u11a8")
"""Each is drawn as one, and must not be cut in two."""

_WORDS = (
    *"lentils protein Bohnen iron 9.02 37% ½ piñón crème A1 water, salt. Why? good! km² tofu".split(),
    *"食物 蛋白质。 豆腐、 納豆 たんぱく質 두부 콩".split(),
    *"עדשים חלבון عدس بروتين؟ हरी दाल".split(),
    *("🥣", "🫘", "🥦", "𐍈𐐷"),
    *CLUSTERS,
)
_DROPPED = (
    "\x00",
    "\x07",
    "\x1b",
    "\ud83d",
    "\udc4d",
    "\u202e",
    "\u2066",
    "\u200e",
    "\u200f",
    "\u200b",
    "\ufeff",
)
"""Controls, halves of pairs, directions: dropped or invisible, wherever they stand."""

_MARKS = ("*", "**", "***", "_", "__", "~~", "`", "``", "[", "](", "![", "<", "&", "\\*", "> ", "**_", "_**")
_CODE = (
    "if x < 3 and *y == '**':",
    "    return [a](b) | c",
    "{{ _x_ }}",
    "# no heading",
    "SELECT `a` -- 食物",
    "👨‍👩‍👧‍👦 = '🇪🇸'",
)
_URL = "https://example.org/{}/food?id={}"


@dataclass(frozen=True, slots=True)
class Block:
    """`markdown`, and what it must show: `seen` in order, each of `anywhere` and of `addresses` in any place."""

    markdown: str
    seen: str
    anywhere: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One answer of a model. `prefix` is how much of it a draft shows, in code points."""

    blocks: tuple[Block, ...]
    prefix: int = 0
    kinds: frozenset[str] = field(default_factory=frozenset)

    @property
    def markdown(self) -> str:
        """The whole answer."""
        return "\n\n".join(block.markdown for block in self.blocks)


def case(seed: int, number: int) -> Case:
    """Return case `number`; the same for the same seed."""
    random = Random(f"{seed}:{number}")
    names = random.choices(list(_MAKERS), k=random.randint(1, 7))
    if number % 12 == 0:
        names.append(random.choice(list(_HUGE)))
    if random.random() < 0.15:
        names.append("unclosed fence")  # last, for it makes code of all that follows
    blocks = tuple(_ALL[name](random) for name in names)
    length = sum(len(block.markdown) + 2 for block in blocks)
    return Case(blocks, random.randrange(length), frozenset(names))


def _words(random: Random, most: int = 12) -> list[str]:
    words = random.choices(_WORDS, k=random.randint(1, most))
    return [random.choice(_DROPPED) + word if random.random() < 0.03 else word for word in words]


def _paragraph(random: Random) -> Block:
    text = " ".join(_words(random, 60))
    return Block(text, text)


def _styled(random: Random) -> Block:
    """Styles that nest as they should."""
    markdown, seen = "", ""
    for _ in range(random.randint(1, 8)):
        words = " ".join(_words(random))
        seen += words
        for mark in random.sample(("**", "*", "~~", "_"), k=random.randint(0, 3)):
            words = mark + words + mark
        markdown += words + random.choice((" ", "\n"))
    return Block(markdown, seen)


def _crossed(random: Random) -> Block:
    """Put marks anywhere: unclosed, crossed, between letters."""
    markdown, seen = "", ""
    for word in _words(random, 40):
        markdown += random.choice(_MARKS) + word + random.choice((" ", "", "\n", *_MARKS[:6]))
        seen += word
    return Block(markdown, seen)


def _list(random: Random) -> Block:
    lines, seen = [], ""
    depth = 0
    for number in range(random.randint(1, 15)):
        depth = max(0, min(depth + random.choice((-1, 0, 0, 1)), 8))
        words = " ".join(_words(random))
        mark = random.choice(("-", "*", "+", f"{number + 1}.", "1)"))
        style = random.choice(("", "", "**", "*", "`"))
        lines.append("   " * depth + f"{mark} {style}{words}{style}")
        seen += words
    return Block("\n".join(lines), seen)


def _heading(random: Random) -> Block:
    words = " ".join(_words(random))
    return Block("#" * random.randint(1, 6) + " " + words, words)


def _quote(random: Random) -> Block:
    lines = [" ".join(_words(random)) for _ in range(random.randint(1, 6))]
    return Block("\n".join("> " * random.randint(1, 20) + line for line in lines), "".join(lines))


def _links(random: Random, count: int = 0) -> Block:
    markdown, seen, addresses = "", "", []
    for number in range(count or random.randint(1, 6)):
        address = _URL.format(random.randrange(10**6), number)
        label = " ".join(_words(random, 3))
        addresses.append(address)
        markdown += random.choice(("[{}]({}) ", "[**{}**]({}) ", "*[{}]({})* ")).format(label, address)
        seen += label
    return Block(markdown, seen, addresses=tuple(addresses))


def _table(random: Random) -> Block:
    columns = random.randint(1, 5)
    head = [" ".join(_words(random, 2)) for _ in range(columns)]
    rows = [[" ".join(_words(random, 4)) for _ in range(columns)] for _ in range(random.randint(1, 12))]
    lines = [head, [random.choice(("---", ":--", "--:", ":-:")) for _ in head], *rows]
    markdown = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return Block(markdown, "".join(map("".join, rows)), anywhere=tuple(head))


def _broken_table(random: Random) -> Block:
    """Rows with too few and too many cells, no delimiters or wrong ones."""
    rows = [_words(random, 6) for _ in range(random.randint(2, 6))]
    lines = ["|".join(row) + random.choice(("|", "")) for row in rows]
    if random.random() < 0.5:
        lines.insert(1, "|".join("--" for _ in range(random.randint(1, 4))))
        return Block("\n".join(lines), "".join(map("".join, rows[1:])), anywhere=tuple(rows[0]))
    return Block("\n".join(lines), "".join(map("".join, rows)))


def _code(random: Random, lines: int = 0) -> Block:
    code = "\n".join(random.choices(_CODE, k=lines or random.randint(1, 8)))
    language = random.choice(("", "python", "sql", "c++"))
    fence = random.choice(("```", "~~~", "````"))
    return Block(f"{fence}{language}\n{code}\n{fence}", code)


def _inline_code(random: Random) -> Block:
    code = random.choice(("a*b*c", "x_1_", "**", "[x](y)", "<b>", "食物 👩🏽‍🍳"))
    before, after = " ".join(_words(random)), " ".join(_words(random))
    return Block(f"**{before} `{code}` {after}**", before + code + after)


def _escaped(random: Random) -> Block:
    before, after = " ".join(_words(random)), " ".join(_words(random))
    markdown = f"{before} \\* 5 \\_ 3 &amp; &lt;b&gt; &#x1F963; {after}<br>{before}"
    return Block(markdown, f"{before}*5_3&<b>🥣{after}{before}")


def _unclosed_fence(random: Random) -> Block:
    code = "\n\n".join(random.choices(_CODE, k=random.randint(1, 60)))
    return Block(f"```{random.choice(('', 'python'))}\n{code}", code)


def _huge_line(random: Random) -> Block:
    between = random.choice((" ", "", ". "))
    text = between.join(random.choices(_WORDS, k=random.randint(1500, 5000)))
    return Block(text, text)


def _dense(random: Random) -> Block:
    words = random.choices(_WORDS, k=random.randint(150, 900))
    mark = random.choice(("**", "*", "`", "~~"))
    return Block(" ".join(mark + word + mark for word in words), "".join(words))


def _emoji(random: Random) -> Block:
    text = "".join(random.choices(CLUSTERS, k=random.randint(800, 2500)))
    return Block(text, text)


Make = Callable[[Random], Block]
_MAKERS: Mapping[str, Make] = {
    "paragraph": _paragraph,
    "styled": _styled,
    "crossed": _crossed,
    "list": _list,
    "heading": _heading,
    "quote": _quote,
    "links": _links,
    "table": _table,
    "broken table": _broken_table,
    "code": _code,
    "inline code": _inline_code,
    "escaped": _escaped,
}
_HUGE: Mapping[str, Make] = {
    "huge line": _huge_line,
    "long code": lambda random: _code(random, random.randint(150, 600)),
    "dense marks": _dense,
    "dense links": lambda random: _links(random, random.randint(110, 300)),
    "emoji only": _emoji,
}
_LAST: Mapping[str, Make] = {"unclosed fence": _unclosed_fence}
_ALL: Mapping[str, Make] = {**_MAKERS, **_HUGE, **_LAST}
KINDS = tuple(_ALL)
"""What a case can be made of."""
