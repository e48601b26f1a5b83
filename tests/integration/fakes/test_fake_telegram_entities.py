"""Entities: what the fake Telegram finds, keeps and refuses, for any text."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.telegram.entities import check, detect, trim, utf16_length
from tests.fakes.telegram.protocol import ApiError

texts = st.text(st.characters(codec="utf-8"), max_size=30)


def cut(text: str, offset: int, length: int) -> str:
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", [("bot_command", "/start")]),
        ("/start now", [("bot_command", "/start")]),
        ("a/b and /", []),
        ("🥗🥗 /new!", [("bot_command", "/new")]),
        ("mail me@example.org.", [("email", "me@example.org")]),
        ("(https://example.org/a?b=1#c).", [("url", "https://example.org/a?b=1#c")]),
        ("example.org is fine", [("url", "example.org")]),
        ("1.5 g of salt, 100 kcal", []),
        ("@ada and #vegan #123", [("mention", "@ada"), ("hashtag", "#vegan")]),
    ],
)
def test_finds_what_telegram_would_find(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one["type"], cut(text, one["offset"], one["length"])) for one in detect(text)] == found


@given(texts)
def test_what_is_found_lies_inside_the_text_in_order(text: str) -> None:
    found = detect(text)
    check(text, found)
    assert [one["offset"] for one in found] == sorted(one["offset"] for one in found)


@given(texts, st.integers(0, 70), st.integers(1, 70))
def test_keeps_an_entity_exactly_when_it_is_made_of_whole_characters(
    text: str, offset: int, length: int
) -> None:
    places = {utf16_length(text[:end]) for end in range(len(text) + 1)}
    whole = offset in places and offset + length in places
    entity = {"type": "bold", "offset": offset, "length": length}
    if whole:
        check(text, [entity])
    else:
        with pytest.raises(ApiError, match="Bad Request: entity begin"):
            check(text, [entity])


@given(st.text(" \nx🍎", max_size=12), st.data())
def test_trimming_keeps_what_an_entity_covers_but_for_space_at_the_end(
    text: str, data: st.DataObject
) -> None:
    places = [utf16_length(text[:end]) for end in range(len(text) + 1)]
    start, end = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    entities: list[dict[str, Any]] = (
        [{"type": "bold", "offset": start, "length": end - start}] if start < end else []
    )
    trimmed, kept = trim(text, entities)
    assert trimmed.strip() == text.strip()
    assert trimmed == trimmed.rstrip()
    for before, after in zip(entities, kept, strict=False):
        covered = cut(text, before["offset"], before["length"])
        assert covered.startswith(cut(trimmed, after["offset"], after["length"]))
        assert covered.rstrip().endswith(cut(trimmed, after["offset"], after["length"]).rstrip())


@pytest.mark.parametrize("piece", ["x", "a.", "a-", "#", "/", "@a", "http://", "a+@", " "])
def test_a_very_long_text_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    start = time.process_time()
    detect(piece * (20_000 // len(piece)))
    assert time.process_time() - start < 1
