"""The embedder that serves: an exported model, run by ONNX Runtime."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np

from retrieval.embedding.embedder import Vectors
from retrieval.embedding.exported import Exported
from retrieval.embedding.graph import Graph, in_order
from retrieval.embedding.questions import QuestionBatcher
from retrieval.embedding.tokens import Tokens, batches
from retrieval.errors import UnavailableError


class OnnxEmbedder:
    """A model in two precisions, one for questions and one for documents, with threads for each.

    Questions: weights in 8 bits, scaled by blocks of 32, activations scaled row by row, so that a question's vector
    doesn't depend on whose questions it was run together with. Documents: 8 bits per output channel, the quickest
    there is in bulk; their last digits depend on the batch. The documents' half is loaded when it is first used.
    """

    def __init__(self, name: str, exported: Exported, *, threads: int | None = None) -> None:
        self._name = name
        self._exported = exported
        self._tokens = Tokens(exported.tokenizer, exported.most_tokens)
        self._graph = Graph(exported.questions, exported.pad)
        self._documents: Graph | None = None
        self._loading = Lock()
        self._threads = threads or len(os.sched_getaffinity(0))
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="embedder-questions")
        self._adding = ThreadPoolExecutor(self._threads, thread_name_prefix="embedder-documents")
        self._questions = QuestionBatcher(self._vectors_of_questions, self._asking)

    @property
    def name(self) -> str:
        """Which vectors these are."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return self._exported.dimension

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of documents, `(len(texts), dimension) float32`, each row of length 1.

        Equal texts are computed once. Raises `UnavailableError` when the exported model can't be read any more.
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        different = list(dict.fromkeys(texts))
        vectors = await self._vectors_of_documents(different)
        if len(different) == len(texts):
            return vectors
        position = {text: row for row, text in enumerate(different)}
        return vectors[[position[text] for text in texts]]

    async def query(self, text: str) -> Vectors:
        """Return the vector of one question, `(dimension,) float32`, read-only, of length 1."""
        return await self._questions.vector(text)

    def close(self) -> None:
        """Wait for the batches that run, and end the threads."""
        self._questions.close()
        self._asking.shutdown()
        self._adding.shutdown(cancel_futures=True)

    async def _vectors_of_documents(self, texts: Sequence[str]) -> Vectors:
        loop = asyncio.get_running_loop()
        graph = await loop.run_in_executor(self._adding, self._documents_graph)
        rows = await loop.run_in_executor(self._adding, self._tokens.ids, texts)
        grouped = batches([len(row) for row in rows], parts=self._threads)
        done = await asyncio.gather(
            *(
                loop.run_in_executor(self._adding, graph.batch, [rows[position] for position in group])
                for group in grouped
            )
        )
        return in_order(grouped, done)

    def _vectors_of_questions(self, texts: list[str]) -> Vectors:
        return self._graph.all(self._tokens.ids(texts))

    def _documents_graph(self) -> Graph:
        with self._loading:
            if self._documents is None:
                path = self._exported.documents
                if not path.is_file():
                    raise UnavailableError(f"embedder: {path} is gone; start again, and it is made anew")
                self._documents = Graph(path, self._exported.pad)
            return self._documents
