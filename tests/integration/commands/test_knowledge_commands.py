"""`platewise knowledge …` as a person types it, in this process, with a quick embedder."""

from pathlib import Path

import pytest

from retrieval import embedding
from tests.fakes.embedder import WordEmbedder
from tests.integration.commands import typed

RECIPE = """---
title: {title}
---

## Ingredients

- 200 g lentils
- {amount} g carrots

## Directions

1. Boil the lentils.
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own, and an embedder that needs no second to load."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLATEWISE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(embedding, "load_embedder", lambda *_arguments, **_named: WordEmbedder())


@pytest.fixture
def recipes(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    folder.mkdir()
    for name in ("stew", "soup"):
        (folder / f"{name}.md").write_text(RECIPE.format(title=name.title(), amount=100), encoding="utf-8")
    return folder


def knowledge(*arguments: str) -> dict[str, object]:
    return typed.document("knowledge", *arguments)


def refused(*arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    return typed.refused("knowledge", *arguments, monkeypatch=monkeypatch, capsys=capsys)


def test_add_list_versions_and_rollback(recipes: Path) -> None:
    added = knowledge("add", str(recipes), "--reason", "Sunday's recipes")
    assert (added["added"], added["left_out"]) == (2, 0)
    origins = knowledge("list")["origins"]
    assert isinstance(origins, list)
    assert {"recipes-ours"} == {item["origin"] for item in origins} - {"platewise"}

    (recipes / "soup.md").unlink()
    (recipes / "stew.md").write_text(RECIPE.format(title="Stew", amount=150), encoding="utf-8")
    again = knowledge("add", str(recipes))
    assert (again["added"], again["changed"], again["removed"]) == (0, 1, 1)

    versions = knowledge("versions")["versions"]
    assert isinstance(versions, list)
    assert [item["reason"] for item in versions] == [
        "the bundled catalogue",
        "Sunday's recipes",
        "added ours",
    ]
    back = knowledge("rollback", "2")
    assert (back["number"], back["passages"]) == (4, versions[1]["passages"])


def test_the_same_folder_twice_changes_nothing(recipes: Path) -> None:
    knowledge("add", str(recipes))
    again = knowledge("add", str(recipes))
    assert (again["change"], again["unchanged"]) == (None, 2)


def test_an_origin_can_be_removed_and_brought_back(recipes: Path) -> None:
    knowledge("add", str(recipes))
    gone = knowledge("remove", "recipes-ours")
    assert (gone["removed"], gone["number"]) == (2, 3)
    assert knowledge("rollback", "2")["passages"] == gone["passages"] + 2  # type: ignore[operator]


def test_wrong_input_is_one_line_and_changes_nothing(
    recipes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    knowledge("add", str(recipes))
    before = knowledge("versions")
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04 and then nothing")
    (tmp_path / "latin.md").write_bytes("# Crème brûlée\n\nGut.".encode("latin-1"))
    (tmp_path / "zeros").write_bytes(bytes(10_000))
    for arguments in (
        ("add", "nowhere"),
        ("add", "cut.zip"),
        ("add", "latin.md"),
        ("add", "zeros"),
        ("add", "ours", "--as", "nonsense"),
        ("rollback", "77"),
        ("remove", "nothing"),
        ("remove", "platewise"),
        ("evaluate", "nowhere"),
    ):
        assert refused(*arguments, monkeypatch=monkeypatch, capsys=capsys).startswith("platewise: ")
    assert knowledge("versions") == before
