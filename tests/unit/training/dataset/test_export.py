"""What an export writes, what it accounts for, and what is left when it fails."""

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import BadInputError, UnavailableError
from tests.unit.training.dataset.rows import LENTILS, TOFU, row
from training.dataset import export as exporting
from training.dataset.check import check
from training.dataset.export import export
from training.dataset.manifest import read_manifest
from training.dataset.options import Contexts, ExportOptions, Format
from training.dataset.schema import Guard
from training.dataset.source import Turn
from training.dataset.views import VIEWS

ALL = ExportOptions(views=tuple(VIEWS), formats=tuple(Format), contexts=Contexts.BOTH)
RAW = ExportOptions(views=("raw",), formats=(Format.JSONL,))


def turns(count: int = 30) -> Iterator[Turn]:
    for number in range(count):
        yield Turn(row(number))


def lines(folder: Path, view: str = "raw") -> list[dict[str, object]]:
    files = sorted((folder / view).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_processes_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(turns(), tmp_path / "alone", ALL)
    monkeypatch.setattr(exporting, "_WORTH_PROCESSES", 5)
    monkeypatch.setattr(exporting, "_BATCH", 7)
    export(turns(), tmp_path / "two", replace(ALL, workers=2))
    assert bytes_of(tmp_path / "alone") == bytes_of(tmp_path / "two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone", "two"]


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    source = [
        Turn(row(1)),
        Turn(row(2, guard=Guard(status="refused"))),
        Turn(row(3, question="How much protein is in cooked lentils?")),
        Turn(row(4, question="What can I cook from food 1?", answer=row(1).answer)),
        Turn(row(5)),
    ]
    bench = Path(__file__).resolve().parents[4] / "bench"
    manifest = export(iter(source), tmp_path / "out", replace(RAW, evaluations=bench))
    assert manifest.counts == {"turns": 5, "good": 4, "clean": 3, "unique": 2, "fitting": 2}
    assert {step: sum(reasons.values()) for step, reasons in manifest.dropped.items()} == {
        "quality": 1,
        "evaluation sets": 1,
        "copies": 1,
    }
    assert [leak.row for leak in manifest.leaks] == [row(3).row]
    assert sorted(str(line["row"]) for line in lines(tmp_path / "out")) == [row(1).row, row(5).row]
    assert read_manifest(tmp_path / "out") == manifest


def test_what_is_somebodys_is_taken_out_the_same_throughout_a_conversation(tmp_path: Path) -> None:
    one = row(1, question="I am Thorfinn, mail t@example.org. What has protein?", conversation="ab" * 16)
    two = row(
        2,
        question="Thorfinn again: and what has iron? t@example.org",
        conversation="ab" * 16,
        position=1,
        person=one.person,
    )
    manifest = export([Turn(one, names=("Thorfinn",)), Turn(two, names=("Thorfinn",))], tmp_path / "out", RAW)
    asked = [line["question"] for line in lines(tmp_path / "out")]
    assert asked == [
        "I am <NAME_1>, mail <EMAIL_1>. What has protein?",
        "<NAME_1> again: and what has iron? <EMAIL_1>",
    ]
    assert manifest.redacted == {"EMAIL": 2, "NAME": 2}


def test_rows_made_for_a_side_are_on_it_and_compared_with_none(tmp_path: Path) -> None:
    made = [
        Turn(row(number, question="The same?", answer=row(1).answer), split="test") for number in range(3)
    ]
    assert export(iter(made), tmp_path / "out", RAW).rows == {"train": 0, "validation": 0, "test": 3}


def test_without_context_nothing_is_said_of_passages(tmp_path: Path) -> None:
    options = ExportOptions(contexts=Contexts.BOTH, formats=(Format.JSONL,))
    export([Turn(row(1, passages=(LENTILS, TOFU)))], tmp_path / "out", options)
    (served,) = lines(tmp_path / "out", "prompt-completion")
    (closed,) = lines(tmp_path / "out", "prompt-completion-without-context")
    assert "Lentils: protein" in json.dumps(served["prompt"])
    assert "assage" not in json.dumps(closed["prompt"])
    assert "[1]" in json.dumps(served["completion"])
    assert "[1]" not in json.dumps(closed["completion"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (ExportOptions(views=("dp0",)), "did you mean dpo"),
        (ExportOptions(tokenizer=Path("nowhere")), "nowhere: there is no tokenizer.json"),
        (ExportOptions(max_tokens=10), "needs the tokenizer"),
        (ExportOptions(views=()), "at least one view"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_read(
    tmp_path: Path, options: ExportOptions, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        export(turns(), tmp_path / "out", options)
    assert not list(tmp_path.iterdir())


def test_no_turns_and_none_left_are_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nothing to export"):
        export([], tmp_path / "out", RAW)
    with pytest.raises(BadInputError, match="nothing is left to export of 1 turns"):
        export([Turn(row(1, stopped=True))], tmp_path / "out", RAW)
    assert not list(tmp_path.iterdir())


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    export(turns(), tmp_path / "out", RAW)
    before = bytes_of(tmp_path / "out")
    with pytest.raises(BadInputError, match="is there already"):
        export(turns(3), tmp_path / "out", RAW)
    assert bytes_of(tmp_path / "out") == before


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(exporting.StageFile, "append", full)
    with pytest.raises(UnavailableError, match="No space left"):
        export(turns(), tmp_path / "out", RAW)
    assert not list(tmp_path.iterdir())


def test_what_a_killed_export_left_goes_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".out.abc.partial"
    left.mkdir()
    (left / "half").write_text("…", encoding="utf-8")
    export(turns(), tmp_path / "out", RAW)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_dataset_is_what_it_says_until_somebody_touches_it(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(turns(), folder, replace(ALL, formats=(Format.PARQUET, Format.JSONL)))
    assert check(folder) == []
    assert [str(fault) for fault in check(folder, erased_rows=frozenset([row(3).row]))]
    assert all("export again" in fault.what for fault in check(folder, erased=frozenset([row(3).person])))
    (folder / "stranger.txt").write_text("?", encoding="utf-8")
    (folder / "kto" / "train.jsonl").unlink()
    with (folder / "raw" / "train.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    faults = {fault.where: fault.what for fault in check(folder)}
    assert set(faults) == {"stranger.txt", "kto/train.jsonl", "raw/train.jsonl"}
    assert "bytes changed" in faults["raw/train.jsonl"]


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="isn't a dataset"):
        check(tmp_path)
    (tmp_path / "dataset.json").write_text('{"schema_version": 2}', encoding="utf-8")
    with pytest.raises(BadInputError, match="can't be read as a manifest"):
        check(tmp_path)
