"""`platewise dataset …` as a person types it, in this process, with a quick embedder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from retrieval import embedding
from tests.fakes.embedder import WordEmbedder
from tests.integration.commands import typed


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own, and an embedder that needs no second to load."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLATEWISE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(embedding, "load_embedder", lambda *_arguments, **_named: WordEmbedder())


def dataset(*arguments: str, code: int = 0) -> dict[str, object]:
    return typed.document("dataset", *arguments, code=code)


def refused(*arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    return typed.refused("dataset", *arguments, monkeypatch=monkeypatch, capsys=capsys)


def test_bootstrap_and_check(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["knowledge", "build"], catch_exceptions=False)
    made = dataset("bootstrap", "--out", "first", "--rows", "60", "--seed", "3", "--view", "all")
    rows = made["rows"]
    assert isinstance(rows, dict)
    assert sum(rows.values()) > 40
    views = {path.name for path in (tmp_path / "first").iterdir() if path.is_dir()}
    assert {"prompt-completion", "dpo", "kto", "raft", "raw"} <= views

    checked = dataset("check", "first")
    assert (checked["faults"], checked["holding"]) == ([], [])

    file = tmp_path / "first" / "messages" / "train.jsonl"
    file.write_bytes(file.read_bytes().replace(b"food", b"fool", 1))
    again = dataset("check", "first", code=1)
    assert "messages/train.jsonl" in json.dumps(again["faults"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "--out", "new"], "no turn is consented to"),
        (["export", "--out", "new", "--view", "alpacca"], "did you mean alpaca?"),
        (["export", "--out", "new", "--format", "csv"], "csv"),
        (["export", "--out", "new", "--tokenizer", "nowhere"], "there is no tokenizer.json"),
        (["export", "--out", "there"], "is there already"),
        (["export", "--out", "new", "--since", "yesteryear"], "yesteryear"),
        (["bootstrap", "--out", "there"], "is there already"),
        (["check", "there"], "isn't a dataset of platewise"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "there").mkdir()
    assert said in refused(*arguments, monkeypatch=monkeypatch, capsys=capsys)
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "there").iterdir()) == []
