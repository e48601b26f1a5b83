"""Which embedder a setting gets."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.embedding import BUNDLED, embedder_folder, load_embedder, loading
from retrieval.embedding.exported import find_or_export, model_digest
from retrieval.embedding.onnx_embedder import OnnxEmbedder
from retrieval.errors import BadInputError
from tests.unit.retrieval.embedding.tiny import export_tiny


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "my model"
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    return folder


class Stand:
    """Stands where PyTorch would be loaded."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder


def test_a_model_that_is_exported_already_is_served_by_onnx_runtime(model: Path, tmp_path: Path) -> None:
    find_or_export(model, model_digest(model), tmp_path / "cache", export_tiny)
    embedder = load_embedder(str(model), tmp_path / "cache")
    assert isinstance(embedder, OnnxEmbedder)
    assert embedder.name.startswith("my model@")
    embedder.close()


def test_another_model_in_the_same_folder_has_another_name(model: Path, tmp_path: Path) -> None:
    names = set()
    for weights in (b"one", b"two"):
        (model / "model.safetensors").write_bytes(weights)
        find_or_export(model, model_digest(model), tmp_path / "cache", export_tiny)
        embedder = load_embedder(str(model), tmp_path / "cache")
        names.add(embedder.name)
        embedder.close()
    assert len(names) == 2


def test_without_a_cache_pytorch_serves_under_the_same_name(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("retrieval.embedding.sentence_transformer.SentenceTransformerEmbedder", Stand)
    (tmp_path / "file").write_text("not a folder")
    with caplog.at_level(logging.WARNING):
        embedder = load_embedder(str(model), tmp_path / "file" / "cache")
    assert isinstance(embedder, Stand)
    assert embedder.name == f"my model@{model_digest(model)[:12]}"
    assert len(caplog.records) == 1
    assert "runs through PyTorch, slower" in caplog.text


def test_the_usual_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert loading._user_cache() == tmp_path / "platewise" / "embedders"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert loading._user_cache() == tmp_path / ".cache" / "platewise" / "embedders"


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no sentence-transformers model"):
        load_embedder(str(tmp_path))
    with pytest.raises(BadInputError, match="it is a server"):
        embedder_folder("http://127.0.0.1:1/v1")


def test_serving_needs_no_pytorch(model: Path, tmp_path: Path) -> None:
    find_or_export(model, model_digest(model), tmp_path / "cache", export_tiny)
    program = """
import asyncio, json, sys
from pathlib import Path
from retrieval.embedding import load_embedder
embedder = load_embedder(sys.argv[1], Path(sys.argv[2]))
asyncio.run(embedder.query("north"))
asyncio.run(embedder.embed(["north"]))
embedder.close()
heavy = {"torch", "transformers", "sentence_transformers", "onnx", "openai"}
print(json.dumps(sorted(heavy & sys.modules.keys())))
"""
    command = [sys.executable, "-W", "error", "-c", program, str(model), str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == []


def test_the_bundled_model_is_there() -> None:
    assert (embedder_folder(BUNDLED) / "model.safetensors").is_file()
