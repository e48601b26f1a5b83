"""Any sentence-transformers model, run by PyTorch: for what can't be exported, and to compare with."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from retrieval.embedding.embedder import Vectors
from retrieval.embedding.questions import QuestionBatcher

_SLICE = 256
"""Texts in one call of the model. A question waits for one slice at most."""


class SentenceTransformerEmbedder:
    """A sentence-transformers model, run in one thread of its own.

    One thread, because PyTorch already uses all cores inside a call: a second caller would only wait inside.
    A model's own prompts for questions and documents are put in front, where it has them.
    """

    def __init__(self, name: str, folder: Path | str) -> None:
        # Imported here: PyTorch costs seconds, and `--help` must not pay them.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(str(folder), device="cpu")
        self._name = name
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")
        self._questions = QuestionBatcher(self._encode_questions, self._executor)

    @property
    def name(self) -> str:
        """Which vectors these are."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return int(self._model.get_embedding_dimension() or 0)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of documents, `(len(texts), dimension) float32`, each row of length 1."""
        loop = asyncio.get_running_loop()
        parts = [np.zeros((0, self.dimension), dtype=np.float32)]
        for start in range(0, len(texts), _SLICE):
            part = list(texts[start : start + _SLICE])
            parts.append(await loop.run_in_executor(self._executor, self._encode_documents, part))
        return np.concatenate(parts)

    async def query(self, text: str) -> Vectors:
        """Return the vector of one question, `(dimension,) float32`, read-only, of length 1."""
        return await self._questions.vector(text)

    def close(self) -> None:
        """Wait for the running call and end the thread."""
        self._questions.close()
        self._executor.shutdown()

    def _encode_documents(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    def _encode_questions(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode_query(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)
