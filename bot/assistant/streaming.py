"""Server-sent events of a chat completion, straight from the socket.

The `openai` client does the same with eight layers of iterators, which for an answer of fifty tokens is more than all
the rest of a turn; here everything that has arrived is read at once.
"""

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

_AGAIN = frozenset({408, 409, 429, *range(500, 600)})
_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 8.0
_DATA, _DONE = b"data:", b"[DONE]"

GATHER_S = 0.1
"""Words collect for so long before they are looked at: nobody sees a draft sooner than after a second, and a wake-up
for every word would cost more than all the rest of a turn. The end of an answer is noticed at once."""

_ALONE = 2
_IN_SOCKET_S, _LONGEST_IN_SOCKET_S = 0.005, 0.25
"""With more streams than `_ALONE`, words even stay in the socket, unread, for so many seconds for each stream."""


class StatusError(Exception):
    """The server refused the request; `status` is HTTP's."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the server answered {status}")
        self.status = status


class UnreachableError(Exception):
    """There is no server at the address."""


class ChatStreams:
    """Streams of one OpenAI-compatible server at `url` (with its `/v1`), with bounded retries before the first byte."""

    def __init__(self, url: str, key: str, *, connect_s: float, retries: int) -> None:
        self._url = f"{url}/chat/completions"
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_s)
        self._retries = retries
        self._session: aiohttp.ClientSession | None = None
        self._open = 0

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def open(self, body: Mapping[str, Any], *, within_s: float) -> AsyncGenerator["Events", None]:
        """Ask, and give the events of the answer; leaving the block closes the stream.

        Raises `UnreachableError`, `StatusError`, and `TimeoutError` when the server hasn't begun within `within_s`.
        """
        async with asyncio.timeout(within_s):
            response = await self._ask(body)
        self._open += 1
        try:
            yield Events(response, self._pause_s)
        finally:
            self._open -= 1
            response.close()

    def _pause_s(self) -> float:
        return 0.0 if self._open <= _ALONE else min(_LONGEST_IN_SOCKET_S, _IN_SOCKET_S * self._open)

    async def _ask(self, body: Mapping[str, Any]) -> aiohttp.ClientResponse:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers=self._headers, timeout=self._timeout, connector=aiohttp.TCPConnector(limit=0)
            )
        for attempt in range(self._retries + 1):
            last = attempt == self._retries
            try:
                response = await self._session.post(self._url, json=body)
            except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError) as error:
                if last:
                    raise UnreachableError from error
            except aiohttp.ClientConnectionError:
                if last:
                    raise
            else:
                if response.status < 400:
                    return response
                response.release()
                if last or response.status not in _AGAIN:
                    raise StatusError(response.status)
            await asyncio.sleep(min(_LONGEST_PAUSE_S, _PAUSE_S * 2**attempt) * random.uniform(0.75, 1.0))  # noqa: S311
        raise AssertionError("the last attempt returns or raises")


class Events:
    """The JSON objects of one stream, as many at a time as have arrived."""

    def __init__(self, response: aiohttp.ClientResponse, pause_s: Callable[[], float]) -> None:
        self._response = response
        self._pause_s = pause_s
        self._begun = False
        self._rest = b""
        self._ended = asyncio.Event()
        response.content.on_eof(self._ended.set)

    async def arrived(self, patience_s: float) -> list[dict[str, Any]] | None:
        """Return what has arrived, at least one object; `None` at the end.

        Raises `TimeoutError` after `patience_s` without a word, `ValueError` for what isn't JSON and
        `aiohttp.ClientError` when the connection breaks.
        """
        found: list[dict[str, Any]] = []
        if self._begun:
            await self._gather()
        self._begun = True
        while not found:
            async with asyncio.timeout(patience_s):
                data = await self._response.content.readany()
            if not data:
                return None
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                if not line.startswith(_DATA):
                    continue
                event = line[len(_DATA) :].strip()
                if event == _DONE:
                    return found or None
                found.append(_object(event))
        return found

    async def _gather(self) -> None:
        """Let words collect: here, or, where there are many streams, in the socket, where they wake nobody."""
        connection = self._response.connection
        transport = connection.transport if connection is not None else None
        if transport is None:
            return  # all has arrived
        if pause_s := self._pause_s():
            transport.pause_reading()
            try:
                await asyncio.sleep(pause_s)
            finally:
                if not transport.is_closing():
                    transport.resume_reading()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_S):
                await self._ended.wait()


def _object(event: bytes) -> dict[str, Any]:
    parsed = json.loads(event)
    if not isinstance(parsed, dict):
        raise ValueError("the server streams something else than objects")  # noqa: TRY004 - it is bad JSON to the caller
    if parsed.get("error"):
        raise ValueError("the server reported an error in the middle of an answer")
    return parsed
