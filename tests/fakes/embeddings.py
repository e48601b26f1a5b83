"""A server of `/v1/embeddings` in OpenAI's and vLLM's shape, that fails as it is told to."""

import asyncio
import base64
import hashlib

import numpy as np
from aiohttp import web
from numpy.typing import NDArray

from tests.fakes.serving import JSON, LoopbackServer, hang_up, read_object

MODEL = "fake/embedder"


class FakeEmbeddings(LoopbackServer):
    """Gives each text a direction of its own, by a vector of length 3.

    `requests` are the bodies that came, refused ones included; `asked` is set when there is one. Set before or between
    requests: `failures`, the HTTP statuses of the next answers, 0 to hang up; `broken`, a body to answer instead;
    `silent`, to leave requests waiting until the server stops; `key`, the only one that is accepted.
    """

    def __init__(self, *, dimension: int = 8, owner: str = "vllm") -> None:
        super().__init__()
        self.dimension = dimension
        self.owner = owner
        self.key = ""
        self.requests: list[JSON] = []
        self.failures: list[int] = []
        self.broken: JSON | None = None
        self.silent = False
        self.asked = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """What the server answers."""
        return [web.get("/v1/models", self._models), web.post("/v1/embeddings", self._embeddings)]

    def direction(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector that `text` has here."""
        vector = self._vector(text)
        return vector / np.linalg.norm(vector)

    def _vector(self, text: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
        vector = np.random.default_rng(seed).normal(size=self.dimension)
        return np.asarray(3.0 * vector / np.linalg.norm(vector), dtype=np.float32)

    async def _models(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        item = {"id": MODEL, "object": "model", "created": 0, "owned_by": self.owner}
        return web.json_response({"object": "list", "data": [item]})

    async def _embeddings(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        self.requests.append(body)
        self.asked.set()
        if self.silent:
            await self.pause(None)
        if refused := self._refused(request):
            return refused
        if self.failures:
            status = self.failures.pop(0)
            return _failure(status) if status else hang_up(request)
        return web.json_response(self.broken if self.broken is not None else self._answer(body))

    def _refused(self, request: web.Request) -> web.Response | None:
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": "no such key"}, status=401)
        return None

    def _answer(self, body: JSON) -> JSON:
        data = []
        for index, text in enumerate(body["input"]):
            vector = self._vector(text)
            packed = body.get("encoding_format") == "base64"
            embedding = base64.b64encode(vector.tobytes()).decode() if packed else vector.tolist()
            data.append({"object": "embedding", "index": index, "embedding": embedding})
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        # Backwards: the order is the index's business.
        return {"object": "list", "model": body["model"], "data": data[::-1], "usage": usage}


def _failure(status: int) -> web.Response:
    headers = {"retry-after-ms": "1"}  # tests needn't wait for long
    return web.json_response({"error": "as told"}, status=status, headers=headers)
