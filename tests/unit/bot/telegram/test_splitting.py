import pytest
from telegram import MessageEntity, User

from bot.telegram.formatting import parts, render
from bot.telegram.splitting import Part, split
from tests.fakes.message_rules import faults, slice_of

FLAG = "🇩🇪"
FAMILY = "👨‍👩‍👧"
THUMB = "👍🏽"
ACCENT = "e\u0301\u0323"
KEYCAP = "1\ufe0f\u20e3"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
SYLLABLE = "\u1112\u1161\u11ab"


def texts(markdown: str, limit: int) -> list[str]:
    return [part.text for part in parts(markdown, limit=limit)]


def test_what_fits_stays_one_message() -> None:
    text = "a" * 4096
    assert split(Part(text)) == (Part(text),)
    assert [len(part.text) for part in split(Part(text + "b"))] == [4096, 1]


def test_emoji_count_twice_as_telegram_counts_them() -> None:
    assert [len(part.text) for part in split(Part("🥣" * 2049))] == [2048, 1]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("One two.\nThree.\n\nFour five six.\nSeven.", ["One two.\nThree.", "Four five six.\nSeven."]),
        ("One two. Three four.\nFive six seven. Eight", ["One two. Three four.", "Five six seven. Eight"]),
        ("One two. Three 9.5 four five six seven", ["One two.", "Three 9.5 four five six", "seven"]),
        (
            "豆腐真的非常好吃。扁豆也很好而且很便宜我們都喜歡天天吃扁豆湯。",
            ["豆腐真的非常好吃。", "扁豆也很好而且很便宜我們都喜歡天天吃扁豆湯。"],
        ),
        ("one two three four five six seven", ["one two three four five", "six seven"]),
        ("x" * 60, ["x" * 25, "x" * 25, "x" * 10]),
    ],
    ids=["blocks", "lines", "sentences", "Chinese sentences", "words", "characters"],
)
def test_the_best_place_for_a_cut_is_taken(markdown: str, expected: list[str]) -> None:
    assert texts(markdown, limit=25) == expected


def test_a_heading_is_not_sent_alone() -> None:
    first, *_ = texts("# Plan\n\n" + "Eat oats with fruit. " * 20, limit=200)
    assert first.startswith("Plan\n\nEat oats")
    assert len(first) > 150


def test_code_moves_to_the_next_message_as_a_whole() -> None:
    markdown = "Intro line.\nSecond line.\n\n```\na = 1\n\nb = 2\nc = 3\n```"
    assert texts(markdown, limit=40) == ["Intro line.\nSecond line.", "a = 1\n\nb = 2\nc = 3"]


def test_code_longer_than_a_message_is_cut_between_its_lines() -> None:
    messages = parts("```python\n" + "total = total + 1\n" * 20 + "```", limit=100)
    assert all(set(part.text.split("\n")) == {"total = total + 1"} for part in messages)
    assert [part.entities[0].language for part in messages] == ["python"] * len(messages)
    assert all(slice_of(part.text, part.entities[0]) == part.text for part in messages)


def test_formatting_goes_on_behind_a_cut() -> None:
    messages = parts("**bold *both " + "word " * 30 + "both* bold**", limit=60)
    assert len(messages) == 3
    for part in messages:
        assert faults(part.text, part.entities, limit=60) == []
        assert {str(entity.type) for entity in part.entities} == {"bold", "italic"}
    assert [slice_of(part.text, part.entities[0]) for part in messages] == [part.text for part in messages]


def test_a_link_across_a_cut_can_be_tapped_in_both_messages() -> None:
    first, second = parts("[" + "word " * 10 + "](https://a.bc/d)", limit=30)
    assert first.entities[0].url == second.entities[0].url == "https://a.bc/d"


@pytest.mark.parametrize("drawn", [FLAG, FAMILY, THUMB, ACCENT, KEYCAP, SCOTLAND, SYLLABLE])
def test_what_is_drawn_as_one_is_not_taken_apart(drawn: str) -> None:
    whole = drawn * 40
    for limit in range(20, 40):
        messages = split(Part(whole), limit=limit)
        assert "".join(part.text for part in messages) == whole
        assert all(len(part.text) % len(drawn) == 0 for part in messages)


def test_what_is_longer_than_a_message_is_cut_all_the_same() -> None:
    assert texts("e" + "\u0301" * 30, limit=10)[0] == "e" + "\u0301" * 9


def test_invisible_stretches_make_no_empty_message() -> None:
    assert [part.text for part in split(Part("a" * 10 + "\u200b" * 25 + "b"), limit=10)][::2] == ["a" * 10]
    assert all("a" in text or "b" in text for text in texts("a" * 10 + "\u200b" * 25 + "b", limit=10))


def test_a_list_with_more_formatting_than_a_message_may_have_goes_on_in_the_next() -> None:
    markdown = "\n".join(f"- **food {number}** 100 g" for number in range(150))
    messages = parts(markdown)
    assert len(messages) == 2
    assert sum(len(part.entities) for part in messages) == 150
    assert all(faults(part.text, part.entities) == [] for part in messages)


def test_formatting_too_dense_to_send_is_dropped_before_the_chat_is_flooded() -> None:
    markdown = "*a* b " * 1500
    messages = parts(markdown)
    assert "".join("".join(part.text.split()) for part in messages) == "ab" * 1500
    assert len(messages) <= 6
    assert all(faults(part.text, part.entities) == [] for part in messages)


def test_addresses_of_one_message_stay_within_what_telegram_takes() -> None:
    markdown = "\n".join(f"[food {number}](https://a.bc/{'d' * 300})" for number in range(30))
    messages = parts(markdown)
    assert sum(len(part.entities) for part in messages) == 30
    assert all(sum(len(entity.url or "") for entity in part.entities) < 9000 for part in messages)


def test_entities_of_any_kind_keep_what_they_carry() -> None:
    person = User(id=7, first_name="Ana", is_bot=False)
    text = "Ana " * 10
    entity = MessageEntity(type=MessageEntity.TEXT_MENTION, offset=0, length=39, user=person)
    messages = split(Part(text, (entity,)), limit=20)
    assert [part.entities[0].user for part in messages] == [person, person]


def test_a_limit_below_one_emoji_is_refused() -> None:
    with pytest.raises(ValueError, match="limit is 1; it must be 2 or more"):
        split(render("text"), limit=1)


def test_no_address_is_lost_however_dense_the_links_are() -> None:
    addresses = [f"https://a.bc/{number}" for number in range(300)]
    messages = parts(" ".join(f"**[x]({address})**" for address in addresses))
    reached = [entity.url for part in messages for entity in part.entities if entity.url]
    assert reached == addresses
    assert [fault for part in messages for fault in faults(part.text, part.entities)] == []
    assert len(messages) < 8


def test_links_stay_where_formatting_is_too_dense_to_send() -> None:
    address = "https://a.bc/d"
    (message,) = parts("**a** " * 900 + f"[x]({address})")
    assert [entity.url for entity in message.entities if entity.url] == [address]
    assert faults(message.text, message.entities) == []
