"""Exported models on disk: made once, checked, made again when damaged."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrieval.embedding.exported import NotExportedError, exporter_version, find_or_export, model_digest
from tests.unit.retrieval.embedding.tiny import export_tiny


class Exporter:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, model: Path, folder: Path) -> None:
        self.calls += 1
        export_tiny(model, folder)


@pytest.fixture
def make() -> Exporter:
    return Exporter()


def test_a_model_is_exported_once(tmp_path: Path, make: Exporter) -> None:
    first = find_or_export(tmp_path, "a" * 64, tmp_path / "deep" / "cache", make)
    assert find_or_export(tmp_path, "a" * 64, tmp_path / "deep" / "cache", make) == first
    assert make.calls == 1
    find_or_export(tmp_path, "b" * 64, tmp_path / "deep" / "cache", make)
    assert make.calls == 2


@pytest.mark.parametrize("name", ["questions.onnx", "documents.onnx", "tokenizer.json", "about.json"])
@pytest.mark.parametrize("damage", ["cut", "altered", "gone"])
def test_a_damaged_export_is_made_again(tmp_path: Path, make: Exporter, name: str, damage: str) -> None:
    path = find_or_export(tmp_path, "a" * 64, tmp_path, make).folder / name
    data = path.read_bytes()
    match damage:
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "altered":
            path.write_bytes(data[:-9] + b"?" + data[-8:])
        case "gone":
            path.unlink()
    again = find_or_export(tmp_path, "a" * 64, tmp_path, make)
    assert make.calls == 2
    assert (again.folder / name).read_bytes() == data


def test_an_export_of_another_version_is_made_again(tmp_path: Path, make: Exporter) -> None:
    about = find_or_export(tmp_path, "a" * 64, tmp_path, make).folder / "about.json"
    about.write_text(about.read_text().replace(exporter_version(), "0" * 64))
    find_or_export(tmp_path, "a" * 64, tmp_path, make)
    assert make.calls == 2


def test_what_a_killed_exporter_left_is_neither_used_nor_kept(tmp_path: Path, make: Exporter) -> None:
    def die(model: Path, folder: Path) -> None:
        export_tiny(model, folder)
        (folder / "about.json").unlink()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_or_export(tmp_path, "a" * 64, tmp_path, die)
    (tmp_path / f".making-{'a' * 16}-{exporter_version()[:8]}").mkdir()  # as after SIGKILL
    find_or_export(tmp_path, "a" * 64, tmp_path, make)
    assert [path.name for path in tmp_path.glob(".making-*")] == []


def test_those_who_start_together_export_once(tmp_path: Path, make: Exporter) -> None:
    with ThreadPoolExecutor(4) as executor:
        starts = [executor.submit(find_or_export, tmp_path, "a" * 64, tmp_path / "x", make) for _ in range(4)]
    assert len({start.result() for start in starts}) == 1
    assert make.calls == 1


def test_nobody_else_may_export_meanwhile(tmp_path: Path) -> None:
    def make(model: Path, folder: Path) -> None:
        with (tmp_path / "cache" / ".lock").open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        export_tiny(model, folder)

    find_or_export(tmp_path, "a" * 64, tmp_path / "cache", make)


def test_a_cache_that_cannot_be_written_is_a_reason(tmp_path: Path, make: Exporter) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(NotExportedError, match="file"):
        find_or_export(tmp_path, "a" * 64, tmp_path / "file" / "cache", make)


def test_a_failed_export_gives_the_exporters_last_line(tmp_path: Path) -> None:
    with pytest.raises(NotExportedError) as caught:
        find_or_export(tmp_path / "nothing here", "a" * 64, tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert str(caught.value)


def test_the_digest_follows_weights_and_settings_alone(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    first = model_digest(tmp_path)
    (tmp_path / "README.md").write_text("about it")
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "config.json").write_text("{}")
    assert model_digest(tmp_path) == first
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text("{}")
    assert model_digest(tmp_path) != first
