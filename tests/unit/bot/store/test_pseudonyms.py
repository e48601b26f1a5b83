from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.store.pseudonyms import KEY_FILE, Pseudonyms
from retrieval.errors import BadInputError


def test_the_key_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: Pseudonyms.of(tmp_path / "data"), range(64)))
    assert len({item.person("ada") for item in made}) == 1
    path = tmp_path / "data" / KEY_FILE
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


def test_the_key_is_in_no_text(tmp_path: Path) -> None:
    made = Pseudonyms.of(tmp_path)
    key = (tmp_path / KEY_FILE).read_text(encoding="ascii").strip()
    assert key not in repr(made)
    assert repr(bytes.fromhex(key)) not in repr(made)


@pytest.mark.parametrize("content", ["", "no key", "abcd\n", "é"])
def test_a_damaged_key_is_not_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / KEY_FILE
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError, match=r"dataset\.key: this is no key"):
        Pseudonyms.of(tmp_path)
    assert path.read_text(encoding="utf-8") == content


def test_kinds_of_things_share_no_name(tmp_path: Path) -> None:
    made = Pseudonyms.of(tmp_path)
    assert len({made.person("a"), made.conversation("a", 1), made.row("a", 1), made.row("a", 2)}) == 4
