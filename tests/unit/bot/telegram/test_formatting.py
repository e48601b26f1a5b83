import re
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.telegram import formatting
from bot.telegram.formatting import Part, parts, render
from bot.telegram.markdown import tokens
from tests.fakes.message_rules import faults, slice_of


def styled(part: Part) -> list[tuple[str, str]]:
    return [(str(entity.type), slice_of(part.text, entity)) for entity in part.entities]


MARKUP = "*_`~[]()<>#+-|\\!.:&;=1 \n"
ALPHABET = st.sampled_from(
    MARKUP + "aBé漢文مر👍🏽👨‍👩‍👧🇩🇪\u0301\u200d\u200b\u200e\u2028\u00a0\t\r\x00\ud800\u030a"
)
SNIPPETS = st.sampled_from(
    [
        *("**", "*", "__", "_", "~~", "`", "``", "```", "```py\n", "~~~\n", "> ", "- ", "1. ", "# ", "### "),
        *(
            "\n",
            "\n\n",
            "\n\n\n",
            "   ",
            "    ",
            "---\n",
            "| a | b |\n|---|--:|\n| c | d |\n",
            "|",
            "\n|--|\n",
        ),
        *(
            "[x](https://a.bc)",
            "[x](/y)",
            "[",
            "](",
            "![i](http://a.bc/d.png)",
            "<https://a.bc>",
            "<br>",
            "&amp;",
        ),
        *(
            "&#x202e;",
            "&#0;",
            "&nbsp;",
            "&#778;",
            "\\*",
            "word ",
            "Sentence one. ",
            "漢字。",
            "שלום ",
            "مرحبا ",
            "🥣",
            "🇫🇷",
            "e\u0301",
        ),
        *(
            "\u200b",
            "\u2800",
            "\x07",
            "\r\n",
            "\ud83d",
            "[`c`](https://a.bc)",
            "[**b**](tg://resolve?domain=x)",
        ),
    ]
)
DOCUMENTS = st.one_of(st.text(ALPHABET, max_size=120), st.lists(SNIPPETS, max_size=60).map("".join))


@settings(max_examples=2000, deadline=None)
@given(DOCUMENTS)
@example("**a `b` c** > *x*")
@example("- > a\n  > `b`")
@example("*\u200e*\u200ea*")
@example("| |\n|-|\n| |")
@example("[**`a`** b](https://a.bc)")
def test_whatever_the_model_writes_telegram_takes_it_as_it_is(markdown: str) -> None:
    whole = render(markdown)
    assert faults(whole.text, whole.entities, limit=None) == []
    for part in parts(markdown):
        assert faults(part.text, part.entities) == []


@settings(max_examples=1000, deadline=None)
@given(DOCUMENTS, st.integers(min_value=2, max_value=40))
def test_every_message_is_valid_and_together_they_are_the_text(markdown: str, limit: int) -> None:
    whole = render(markdown)
    messages = parts(markdown, limit=limit)
    for part in messages:
        assert faults(part.text, part.entities, limit) == []
        assert part.text
    invisible = re.compile("[\\s\u200b\u200c\u200d\u200e\u2800\u0301\u2028]+")
    assert invisible.sub("", "".join(part.text for part in messages)) == invisible.sub("", whole.text)


LETTERS_AND_MARKUP = st.text(
    st.sampled_from(MARKUP.replace("(", "").replace("&", "") + "abcDÉ漢שם"), max_size=150
)


@settings(max_examples=2000, deadline=None)
@given(LETTERS_AND_MARKUP)
@example("```abc")
@example("``` a b c\n")
@example("| a |\n|---|\n| b | c | d |")
@example("> " * 30 + "a")
@example("- " * 30 + "a")
@example("".join("  " * depth + "- a\n" for depth in range(30)))
@example("[a]: b\n")
def test_no_letter_is_lost(markdown: str) -> None:
    part = render(markdown)
    seen = part.text + "".join((entity.url or "") + (entity.language or "") for entity in part.entities)
    missing = Counter(filter(str.isalpha, markdown)) - Counter(filter(str.isalpha, seen))
    assert not missing


@settings(max_examples=1000, deadline=None)
@given(st.text(st.sampled_from("ab.,:;!?'\"()/%1🥣漢é \n\n"), max_size=80))
def test_text_without_markdown_is_the_same_with_and_without_the_parser(text: str) -> None:
    if formatting._MARKED.search(text):
        return
    writer = formatting._Writer()
    writer.write(tokens(text))
    assert render(text) == writer.canvas.part()


@pytest.mark.parametrize(
    "empty",
    ["", " \n\t ", "\u200b", "\u2800\u3164", "\x00\x07", "**\u200b**", "&nbsp;", "\ufe0f", "```\n```"],
)
def test_nothing_to_see_is_no_message(empty: str) -> None:
    assert parts(empty) == ()


def test_a_heading_is_bold_and_keeps_the_blank_line_behind_it() -> None:
    part = render("## Break*fast*\n\nOats **and** ~~sugar~~ *fruit*")
    assert part.text == "Breakfast\n\nOats and sugar fruit"
    assert styled(part) == [
        ("bold", "Breakfast"),
        ("italic", "fast"),
        ("bold", "and"),
        ("strikethrough", "sugar"),
        ("italic", "fruit"),
    ]


def test_offsets_count_utf16_units() -> None:
    part = render("🥣🥣 **oats** 👨‍👩‍👧 *milk*")
    assert [(entity.offset, entity.length) for entity in part.entities] == [(5, 4), (19, 4)]
    assert styled(part) == [("bold", "oats"), ("italic", "milk")]


def test_lists_keep_their_numbers_and_show_their_levels() -> None:
    part = render("Buy:\n\n3. oats\n   for two\n   - fine\n     - coarse\n5. milk\n\n\n1) a\n1) b\n\n-\n- x")
    assert part.text == (
        "Buy:\n\n3. oats\n   for two\n   • fine\n      • coarse\n5. milk\n\n1) a\n2) b\n\n• \n• x"
    )


def test_bold_steps_aside_for_code() -> None:
    part = render("# Use `soy` milk")
    assert styled(part) == [("bold", "Use"), ("code", "soy"), ("bold", "milk")]


def test_code_block_keeps_its_lines_and_its_language() -> None:
    part = render("Run:\n```python\nif x:\n\ty = '**'\n```\nDone")
    assert part.text == "Run:\nif x:\n    y = '**'\nDone"
    assert styled(part) == [("pre", "if x:\n    y = '**'")]
    assert part.entities[0].language == "python"


def test_an_unclosed_fence_is_code_to_the_end() -> None:
    assert styled(render("```\na **b**\n\n- c")) == [("pre", "a **b**\n\n- c")]


def test_text_behind_a_fence_is_shown() -> None:
    assert render("```Here is your plan:\noats\n```").text == "Here is your plan:\noats"


def test_a_quote_in_a_quote_is_one_quote() -> None:
    part = render("> Check the `label`\n> > twice\n\nThen eat")
    assert part.text == "Check the label\ntwice\n\nThen eat"
    assert styled(part) == [("blockquote", "Check the label\ntwice"), ("code", "label")]


@pytest.mark.parametrize(
    ("markdown", "text", "address"),
    [
        ("[USDA](https://fdc.nal.usda.gov/a_b?c=1)", "USDA", "https://fdc.nal.usda.gov/a_b?c=1"),
        ("[bot](tg://resolve?domain=x)", "bot", "tg://resolve?domain=x"),
        ("[`code`](http://a.bc)", "code", "http://a.bc"),
        ("<https://a.bc/d>", "https://a.bc/d", None),
        ("[notes](/notes.md)", "notes (/notes.md)", None),
        ("[mail](mailto:a@b.cd)", "mail (mailto:a@b.cd)", None),
        ("<a@b.cd>", "a@b.cd", None),
        ("[](https://a.bc)", "https://a.bc", None),
        ("[here](http://localhost/x)", "here (http://localhost/x)", None),
        ("[bank](https://bank.com@evil.org/)", "bank (https://bank.com@evil.org/)", None),
        ("[x](https://a.bc:99999/)", "x (https://a.bc:99999/)", None),
        ("[x](javascript:alert)", "[x](javascript:alert)", None),
        ("![oats](https://a.bc/o.png)", "oats (https://a.bc/o.png)", None),
        ("![](o.png)", "o.png", None),
        ("see [1] and [2]", "see [1] and [2]", None),
    ],
)
def test_an_address_can_be_tapped_or_is_shown(markdown: str, text: str, address: str | None) -> None:
    part = render(markdown)
    assert part.text == text
    assert [entity.url for entity in part.entities] == ([address] if address else [])


def test_an_address_too_long_to_send_as_an_entity_is_shown() -> None:
    address = "https://a.bc/" + "d" * 3000
    part = render(f"[x]({address})")
    assert part == Part(text=f"x ({address})")


def test_a_narrow_table_is_aligned() -> None:
    part = render(
        "| Food | Protein |\n|:--|--:|\n| Lentils, **cooked** | 9.0 g |\n| 豆腐 | 12.6 g |\nPer 100 g."
    )
    assert part.text == (
        "Food             Protein\n────────────────────────\n"
        "Lentils, cooked    9.0 g\n豆腐              12.6 g\nPer 100 g."
    )
    assert [str(entity.type) for entity in part.entities] == ["pre"]


def test_a_wide_table_is_a_list_of_its_cells() -> None:
    part = render(
        "| Food | Why | Fibre |\n|---|---|---|\n"
        "| Lentils | a lot of protein for very little money | 7.9 g |\n| Tofu | [soya](https://a.bc) | |"
    )
    assert part.text == (
        "• Food: Lentils\n   Why: a lot of protein for very little money\n   Fibre: 7.9 g\n"
        "• Food: Tofu\n   Why: soya\n   Fibre: –"
    )
    assert styled(part) == [("bold", "Lentils"), ("bold", "Tofu"), ("text_link", "soya")]


def test_a_row_with_too_many_cells_keeps_them() -> None:
    assert "surplus" in render("| a | b |\n|---|---|\n| 1 | 2 | surplus |").text


def test_characters_that_telegram_drops_are_dropped_before_offsets_are_counted() -> None:
    part = render("a\x00\u202e\ud800&#x202e;\r\n**b\u2028c** A\u030angstro\u0308m &#9;")
    assert part.text == "a\nbc Ångström"
    assert styled(part) == [("bold", "bc")]


def test_breaks_and_rules_are_shown() -> None:
    assert render("a<br>b<br/>c\n\n---\n\nd  \ne\\\nf").text == "a\nb\nc\n\n———\n\nd\ne\nf"


def test_an_accident_of_a_model_is_shown_as_it_is() -> None:
    part = render("**a** " * 20_000)
    assert part.text.startswith("**a** **a**")
    assert part.entities == ()


def lines_run(task: Callable[[], object]) -> int:
    """Return how many lines of Python ran: a measure of work that no other load on the machine changes."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        task()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "![",
        "[a](",
        "*",
        "**a*",
        "*_",
        ">",
        "> ",
        "- ",
        "> a\n\n",
        "- a\n",
        "`",
        "[`",
        "<",
        "&",
        "~~a ",
        "|",
        "|a\n|-\n",
        "|a\n",
    ],
)
def test_work_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    parts(unit)
    small, large = ((unit * size)[:size] for size in (600, 2400))
    assert lines_run(lambda: parts(large)) < 7 * lines_run(lambda: parts(small)) + 1000


@pytest.mark.parametrize("unit", ["[", "*", ">", "> ", "- ", "a`", "_", "![", "1. "])
def test_ten_thousand_marks_are_shown(unit: str) -> None:
    messages = parts(unit * 10_000 + "end")
    assert messages[-1].text.endswith("end")
    assert sum(part.text.count(unit[0]) for part in messages) >= 9_900
