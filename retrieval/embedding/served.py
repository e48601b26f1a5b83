"""OpenAI's `/v1/embeddings` as a client sees it: vectors, or one clear line."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import httpx2
import numpy as np
import openai

from retrieval.embedding.embedder import Vectors, unit_rows
from retrieval.errors import BadInputError, PlatewiseError, UnavailableError


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what the server may cost. Times in seconds; those of a request include its retries."""

    connect_s: float = 3.0
    question_s: float = 5.0
    batch_s: float = 60.0
    retries: int = 2
    texts: int = 64
    concurrent: int = 4


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is (`url` ends in `/v1`), and which of its models is meant; none: the first that it lists."""

    url: str
    model: str = ""

    @classmethod
    def parse(cls, setting: str) -> Self:
        """Read `http://host:8001/v1#model-name`. Raises `BadInputError` when that isn't what it looks like."""
        address, _, model = setting.partition("#")
        try:
            host = httpx2.URL(address).host
        except httpx2.InvalidURL:
            host = ""
        if not host:
            raise BadInputError(
                f"embedder '{setting}': no address; it should look like http://host:8001/v1#model-name"
            )
        return cls(f"{address.rstrip('/').removesuffix('/v1')}/v1", model)


@dataclass(frozen=True, slots=True)
class ServedEmbedder:
    """A model as its server lists it. `cuts`: it can be asked to cut long texts, which others would refuse."""

    name: str
    cuts: bool


class EmbeddingsClient:
    """One server's embeddings, asked with time-outs and bounded retries. It belongs to the event loop it is made on."""

    def __init__(self, endpoint: Endpoint, key: str, limits: Limits) -> None:
        self._endpoint = endpoint
        self._limits = limits
        # The client retries refused connections, 408, 409, 429 and 5xx with growing, jittered pauses.
        self._client = openai.AsyncOpenAI(
            base_url=endpoint.url,
            api_key=key or "none",
            http_client=openai.DefaultAioHttpClient(),
            max_retries=limits.retries,
            timeout=openai.Timeout(limits.batch_s, connect=limits.connect_s),
        )
        self._places = asyncio.Semaphore(limits.concurrent)

    async def served(self) -> ServedEmbedder:
        """Ask which model will answer. Raises `BadInputError` when the server hasn't got the one that is wanted."""
        wanted = self._endpoint.model
        try:
            async with asyncio.timeout(self._limits.question_s):
                listed = [item.model_dump() for item in (await self._client.models.list()).data]
        except openai.NotFoundError:  # some servers list nothing, and still embed
            listed = [{"id": wanted}] if wanted else []
        except (openai.OpenAIError, TimeoutError, OSError, ValueError, TypeError) as error:
            raise self._explained(error) from error
        names = [str(item["id"]) for item in listed]
        if not names:
            raise BadInputError(f"embedder: {self._endpoint.url} lists no model; name one after a '#'")
        name = wanted or names[0]
        if name not in names:
            raise BadInputError(
                f"embedder: {self._endpoint.url} doesn't serve '{name}'; it serves: {', '.join(names)}"
            )
        return ServedEmbedder(name, cuts=listed[names.index(name)].get("owned_by") == "vllm")

    async def vectors(self, model: ServedEmbedder, texts: Sequence[str], within_s: float) -> Vectors:
        """Return one unit vector for each of `texts`, sent as one request.

        Raises `UnavailableError` when no usable answer comes in time, `BadInputError` when the server refuses.
        """
        extra = {"truncate_prompt_tokens": -1} if model.cuts else None  # -1: at the model's own limit
        try:
            async with self._places, asyncio.timeout(within_s):
                answer = await self._client.embeddings.create(
                    model=model.name, input=list(texts), extra_body=extra
                )
            items = sorted(answer.data, key=lambda item: item.index)
            rows = np.asarray([item.embedding for item in items], dtype=np.float32)
        except (openai.OpenAIError, TimeoutError, OSError, ValueError, TypeError, AttributeError) as error:
            # The last three: the answer isn't what it should be.
            raise self._explained(error) from error
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise UnavailableError(f"embedder: {self._endpoint.url} answered something else than vectors")
        return unit_rows(rows)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _explained(self, error: Exception) -> PlatewiseError:
        """Return what to raise for `error`. The server's own words are left out: they may quote a person's."""
        url = self._endpoint.url
        match error:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return BadInputError(f"embedder: {url} refuses the key; check the setting")
            case openai.BadRequestError() | openai.UnprocessableEntityError():
                return BadInputError(
                    f"embedder: {url} refuses ({error.status_code}): is the model an embedder, and are the "
                    "texts within its limit?"
                )
            case openai.APIStatusError():
                return UnavailableError(f"embedder: {url} answered {error.status_code}")
            case openai.APITimeoutError() if _connecting(error):
                return UnavailableError(f"embedder: can't connect to {url}; is the server running?")
            case openai.APITimeoutError() | TimeoutError():
                return UnavailableError(f"embedder: {url} gives no answer in time")
            case openai.APIConnectionError() | OSError():
                return UnavailableError(f"embedder: can't connect to {url}; is the server running?")
        return UnavailableError(f"embedder: {url} answered something else than vectors")


def _connecting(error: openai.APITimeoutError) -> bool:
    # The aiohttp transport reports a refused connection as a time-out of connecting.
    cause: Any = error.__cause__
    return isinstance(cause, httpx2.ConnectTimeout)
