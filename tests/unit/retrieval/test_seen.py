"""Which ids came already."""

import pytest

from retrieval import seen
from retrieval.seen import SeenIds


@pytest.mark.parametrize("recent", [1, 3, 1_000])
def test_an_id_is_new_once_however_many_were_sorted_in(monkeypatch: pytest.MonkeyPatch, recent: int) -> None:
    monkeypatch.setattr(seen, "_RECENT", recent)
    ids = SeenIds()
    keys = [f"food:{number}" for number in range(10)]
    assert all(ids.add(key) for key in keys)
    assert not any(ids.add(key) for key in keys)
    assert ids.lacks(["food:3", "food:10", "food:9"]) == ["food:10"]
    assert ids.add("food:10")


def test_nothing_was_seen_at_first() -> None:
    assert SeenIds().lacks(["food:1"]) == ["food:1"]
