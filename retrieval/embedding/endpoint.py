"""The embedder for machines that outgrow this one: a model behind a server."""

import asyncio
from collections.abc import Sequence

import numpy as np

from retrieval.embedding.background_loop import BackgroundLoop
from retrieval.embedding.embedder import Vectors
from retrieval.embedding.recent import RecentVectors
from retrieval.embedding.served import EmbeddingsClient, Endpoint, Limits, ServedEmbedder
from retrieval.errors import UnavailableError


class OpenAIEmbedder:
    """A model behind an OpenAI-compatible server.

    Questions are sent as they come: such a server gathers concurrent requests itself. The index remembers the model and
    the dimension, not the address: moving the server leaves it valid.
    """

    def __init__(self, endpoint: Endpoint, *, key: str = "", limits: Limits | None = None) -> None:
        """Ask the server for its models and for the length of a vector. Blocks for the time of two requests.

        Raises `BadInputError` when the address, the key or the model is wrong, `UnavailableError` when the server
        doesn't answer.
        """
        self._limits = limits or Limits()
        self._loop = BackgroundLoop("embedder")
        self._recent = RecentVectors()
        try:
            self._client, self._model, self._dimension = self._loop.start(
                _connected(endpoint, key, self._limits)
            ).result()
        except BaseException:
            self._loop.close()
            raise

    @property
    def name(self) -> str:
        """Which vectors these are."""
        return f"served:{self._model.name}:{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return self._dimension

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of documents, `(len(texts), dimension) float32`, each row of length 1.

        Equal texts are sent once. Raises `UnavailableError` when the server doesn't answer in time or answers nonsense,
        `BadInputError` when it refuses a text.
        """
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        different = list(dict.fromkeys(texts))
        parts = [
            different[start : start + self._limits.texts]
            for start in range(0, len(different), self._limits.texts)
        ]
        tasks = [asyncio.ensure_future(self._ask(part, self._limits.batch_s)) for part in parts]
        try:
            vectors = np.concatenate(await asyncio.gather(*tasks))
        finally:
            for task in tasks:  # after the first failure nobody needs the rest
                task.cancel()
        position = {text: row for row, text in enumerate(different)}
        return vectors[[position[text] for text in texts]]

    async def query(self, text: str) -> Vectors:
        """Return the vector of one question, `(dimension,) float32`, read-only, of length 1. Raises like `embed`."""
        if (known := self._recent.get(text)) is not None:
            return known
        return self._recent.put(text, (await self._ask([text], self._limits.question_s))[0])

    def close(self) -> None:
        """Give up the requests that are under way, and close the connections."""
        self._loop.close(last=self._client.close)

    async def _ask(self, texts: Sequence[str], within_s: float) -> Vectors:
        try:
            work = self._loop.start(self._client.vectors(self._model, texts, within_s))
        except RuntimeError as error:
            raise UnavailableError("embedder: it is closed") from error
        try:
            vectors = await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise
            # Not this caller was cancelled, but the request, by `close`.
            raise UnavailableError("embedder: it was closed") from None
        if vectors.shape[1] != self._dimension:
            raise UnavailableError(
                f"embedder: {self.name} answered with {vectors.shape[1]} numbers; was its model changed?"
            )
        return vectors


async def _connected(
    endpoint: Endpoint, key: str, limits: Limits
) -> tuple[EmbeddingsClient, ServedEmbedder, int]:
    client = EmbeddingsClient(endpoint, key, limits)
    try:
        model = await client.served()
        return client, model, (await client.vectors(model, ["food"], limits.batch_s)).shape[1]
    except BaseException:
        await client.close()
        raise
