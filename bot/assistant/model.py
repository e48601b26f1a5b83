"""The model server as the assistant sees it: words as they are written, or one clear failure."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import openai

from bot.assistant.streaming import ChatStreams, StatusError, UnreachableError
from bot.assistant.tokenizer import Tokenizer
from retrieval.errors import BadInputError, UnavailableError
from retrieval.prompt import Message

_LOG = logging.getLogger(__name__)

_FAILURES = (
    openai.OpenAIError,
    StatusError,
    UnreachableError,
    aiohttp.ClientError,
    TimeoutError,
    UnavailableError,
    ValueError,  # garbage where the stream should hold JSON
    OSError,  # the connection broke under the stream
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one model server may cost a turn. Times in seconds."""

    connect_s: float = 3.0
    first_token_s: float = 20.0
    between_tokens_s: float = 10.0
    total_s: float = 30.0
    retries: int = 2
    concurrent: int = 256
    failures_to_open: int = 5
    open_s: float = 15.0
    max_tokens: int = 300


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model as the server lists it; `adapter` is set where the name is that of LoRA weights over `base`.

    `context` is the longest prompt and answer together, in tokens. `counts_along`: vLLM can count tokens with every
    piece, so that an answer that is stopped early has its usage too; others would refuse the option.
    """

    name: str
    base: str
    adapter: str | None
    context: int | None
    counts_along: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that one call took. `cached` are the prompt's that the server had in its prefix cache."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt + other.prompt, self.completion + other.completion, self.cached + other.cached
        )


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of the answer, as the model wrote it; `usage` is what the server has counted so far, if it says."""

    text: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer. `truncated` when the token limit cut it."""

    usage: Usage
    truncated: bool


@dataclass(slots=True)
class CircuitBreaker:
    """Stops asking a server that keeps failing, and lets one question through after a while.

    A server that is down costs each turn its whole time-out otherwise. Times are seconds of a monotonic clock.
    """

    failures_to_open: int
    open_s: float
    _failures: int = 0
    _opened_at: float | None = field(default=None)

    def check(self) -> None:
        """Raise `UnavailableError` while the circuit is open."""
        if self._opened_at is None:
            return
        if time.monotonic() - self._opened_at < self.open_s:
            raise UnavailableError("model: the server failed repeatedly; it is left alone for a moment")
        # Half open: this caller tries, others go on waiting until it reports.
        self._opened_at = time.monotonic()

    def succeeded(self) -> None:
        """Close the circuit."""
        self._failures, self._opened_at = 0, None

    def failed(self) -> None:
        """Count a failure; open the circuit when there were too many in a row."""
        self._failures += 1
        if self._failures >= self.failures_to_open:
            self._opened_at = time.monotonic()


BringBack = Callable[[str], Awaitable[bool]]
"""Has the server load an adapter; returns whether it could be."""


class ModelClient:
    """One OpenAI-compatible server, asked with time-outs, bounded retries and a limit on parallel calls."""

    def __init__(self, url: str, *, key: str = "", model: str = "", limits: Limits | None = None) -> None:
        self.url = url
        self.limits = limits or Limits()
        self.wanted = model
        self.bring_back: BringBack | None = None
        """Asked to have the server load an adapter that it no longer serves: a restart forgets those."""
        self.tokenizer = Tokenizer(url, key=key)
        self._served: ServedModel | None = None
        # Both clients retry refused connections, 408, 409, 429 and 5xx with growing, jittered pauses; only until the
        # first byte, so no words are ever repeated.
        self._client = openai.AsyncOpenAI(
            base_url=f"{url.removesuffix('/v1')}/v1",
            api_key=key or "none",
            http_client=openai.DefaultAioHttpClient(),
            max_retries=self.limits.retries,
            timeout=openai.Timeout(self.limits.first_token_s, connect=self.limits.connect_s),
        )
        self._streams = ChatStreams(
            f"{url.removesuffix('/v1')}/v1",
            key or "none",
            connect_s=self.limits.connect_s,
            retries=self.limits.retries,
        )
        self._breaker = CircuitBreaker(self.limits.failures_to_open, self.limits.open_s)
        self._places = asyncio.Semaphore(self.limits.concurrent)

    async def served(self, *, fresh: bool = False) -> ServedModel:
        """Return the model that will answer, asked of the server once, or again when `fresh`.

        Raises `UnavailableError` when the server doesn't say.
        """
        if self._served is None or fresh:
            if not fresh:
                self._breaker.check()
            listed = await self._listed()
            if self.wanted and self.bring_back and self.wanted not in {item["id"] for item in listed}:
                listed = await self._listed() if await self.bring_back(self.wanted) else listed
            self._served = _choose(listed, self.wanted, self.url)
            self._breaker.succeeded()
        return self._served

    async def names(self) -> tuple[str, ...]:
        """Return what the server serves now, models and adapters. Raises `UnavailableError` when it doesn't say."""
        return tuple(str(item["id"]) for item in await self._listed())

    def ask_for(self, name: str) -> None:
        """Ask for another model or adapter from now on; answers that are being written are finished by the old one."""
        self.wanted, self._served = name, None

    async def load_adapter(self, name: str, folder: Path) -> None:
        """Have vLLM load the LoRA weights in `folder`, a path on the server's machine, and serve them as `name`.

        Raises `BadInputError` when the server refuses them, `UnavailableError` when it doesn't answer.
        """
        body = {"lora_name": name, "lora_path": str(folder)}
        once = self._client.with_options(max_retries=0)
        try:
            async with asyncio.timeout(self.limits.first_token_s):
                await once.post("/load_lora_adapter", body=body, cast_to=str)
        except openai.APIStatusError as error:
            raise BadInputError(
                f"model: {self.url} can't load the adapter '{name}': {_reason(error)}"
            ) from error
        except (openai.OpenAIError, TimeoutError) as error:
            raise UnavailableError(f"model: {self.url} doesn't answer: {_reason(error)}") from error

    async def _listed(self) -> list[dict[str, Any]]:
        try:
            async with asyncio.timeout(self.limits.first_token_s):
                return [item.model_dump() for item in (await self._client.models.list()).data]
        except (openai.OpenAIError, TimeoutError) as error:
            self._breaker.failed()
            raise UnavailableError(f"model: {self.url} doesn't answer: {_reason(error)}") from error

    async def stream(
        self, messages: Sequence[Message], *, max_tokens: int | None = None, temperature: float = 0.0
    ) -> AsyncGenerator[Words | Finished, None]:
        """Yield the answer's words as they come, then `Finished`. Above 0, `temperature` lets them differ each time.

        Raises `UnavailableError` when the server is away, too slow, or breaks off; words may have come before.
        Closing the iterator closes the HTTP stream, and the server stops writing.
        """
        self._breaker.check()
        deadline = time.monotonic() + self.limits.total_s
        try:
            async with asyncio.timeout(self.limits.total_s):
                await self._places.acquire()
        except TimeoutError:
            raise UnavailableError("model: too many questions at once") from None
        try:
            async with aclosing(
                self._words(messages, max_tokens or self.limits.max_tokens, deadline, temperature)
            ) as words:
                async for item in words:
                    if isinstance(item, Finished):
                        self._breaker.succeeded()
                    yield item
        except GeneratorExit:
            # The caller had read enough: the server was writing, as it should.
            self._breaker.succeeded()
            raise
        except _FAILURES as error:
            self._breaker.failed()
            if isinstance(error, StatusError) and error.status == HTTPStatus.NOT_FOUND:
                self._served = None  # the server serves something else by now: ask it again next time
            _LOG.warning("model call failed: %s", type(error).__name__)
            raise UnavailableError(f"model: {self.url}: {_reason(error)}") from error
        finally:
            self._places.release()

    async def json(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, max_tokens: int, timeout_s: float
    ) -> dict[str, Any]:
        """Return one JSON object that keeps to `schema`, as far as the server sees to that, within `timeout_s`.

        Made for work beside an answer: its failures don't count against the server, and it isn't tried again. Raises
        `UnavailableError` when the server is away, too slow, or writes something else.
        """
        self._breaker.check()
        try:
            async with asyncio.timeout(min(timeout_s, self.limits.total_s)), self._places:
                return await self._object(messages, schema, max_tokens)
        except (openai.OpenAIError, TimeoutError, ValueError, OSError) as error:
            raise UnavailableError(f"model: {self.url}: {_reason(error)}") from error

    async def _object(
        self, messages: Sequence[Message], schema: Mapping[str, Any], max_tokens: int
    ) -> dict[str, Any]:
        served = await self.served()
        chat: Any = self._client.with_options(max_retries=0).chat.completions
        answer = await chat.create(
            model=served.name,
            messages=list(messages),
            max_tokens=max_tokens,
            temperature=0.0,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": dict(schema), "strict": True},
            },
        )
        said = json.loads(answer.choices[0].message.content or "") if answer.choices else None
        if not isinstance(said, dict):
            raise UnavailableError("model: the server wrote no JSON object")
        return said

    async def aclose(self) -> None:
        """Close the connections."""
        await self._streams.aclose()
        await self._client.close()
        await self.tokenizer.aclose()

    async def _words(
        self, messages: Sequence[Message], max_tokens: int, deadline: float, temperature: float
    ) -> AsyncGenerator[Words | Finished, None]:
        # Time-outs stand around single awaits, never around a `yield`: they would strike in the caller's code.
        served = await self.served()
        body = {
            "model": served.name,
            "messages": list(messages),
            "max_tokens": max_tokens,
            "temperature": temperature,
            "stream": True,
            "stream_options": {
                "include_usage": True,
                **({"continuous_usage_stats": True} if served.counts_along else {}),
            },
        }
        usage, reason, patience = Usage(), None, self.limits.first_token_s
        async with self._streams.open(body, within_s=_left(deadline, patience)) as events:
            while (arrived := await events.arrived(_left(deadline, patience))) is not None:
                patience = self.limits.between_tokens_s
                text = ""
                for chunk in arrived:
                    if counted := chunk.get("usage"):
                        usage = _usage(counted)
                    if choices := chunk.get("choices"):
                        reason = choices[0].get("finish_reason") or reason
                        text += (choices[0].get("delta") or {}).get("content") or ""
                if text:
                    yield Words(text, usage)
        if reason is None:
            raise UnavailableError("the server broke off in the middle of an answer")
        yield Finished(usage, truncated=reason == "length")


def _left(deadline: float, at_most_s: float) -> float:
    return max(0.0, min(at_most_s, deadline - time.monotonic()))


def _usage(reported: Mapping[str, Any]) -> Usage:
    details = reported.get("prompt_tokens_details") or {}
    return Usage(
        reported.get("prompt_tokens") or 0,
        reported.get("completion_tokens") or 0,
        details.get("cached_tokens") or 0,
    )


def _choose(listed: Sequence[dict[str, Any]], wanted: str, url: str) -> ServedModel:
    names = [str(item["id"]) for item in listed]
    if not names:
        raise UnavailableError(f"model: {url} serves no model")
    name = wanted or names[0]
    if name not in names:
        raise UnavailableError(
            f"model: {url} doesn't serve '{name}'; set PLATEWISE_MODEL to one of: {', '.join(names)}"
        )
    item = listed[names.index(name)]
    parent, length = item.get("parent"), item.get("max_model_len")
    return ServedModel(
        name=name,
        base=str(parent) if parent else name,
        adapter=name if parent else None,
        context=int(length) if length else None,
        counts_along=item.get("owned_by") == "vllm",
    )


def _reason(error: BaseException) -> str:
    # The aiohttp transport reports a refused connection as a time-out of connecting.
    if isinstance(error, openai.APITimeoutError) and not isinstance(error.__cause__, httpx2.ConnectTimeout):
        return "no answer in time"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, openai.APIConnectionError | UnreachableError):
        return "can't connect; is the server running? (`platewise model serve`)"
    if isinstance(error, openai.APIStatusError):
        return f"the server answered {error.status_code}"
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
