"""A small HTTP server on the loopback address that can be stopped, and started again on the same port."""

import asyncio
import json
import signal
import sys
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any, Self

from aiohttp import web

JSON = dict[str, Any]
HOST = "127.0.0.1"
LARGEST_BODY = 64 * 1024 * 1024  # bytes; the public Bot API server takes uploads of 50 MB


class BadBodyError(Exception):
    """A request's body can't be read."""


class LoopbackServer(ABC):
    """Serves `routes()` between `start` and `stop`. Port 0 takes a free port and keeps it over a restart.

    `cancel_on_hang_up` ends a handler as soon as its client closes the connection.
    """

    def __init__(self, *, port: int = 0, cancel_on_hang_up: bool = False) -> None:
        self.port = port
        self._cancel_on_hang_up = cancel_on_hang_up
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """What the server answers."""

    @property
    def url(self) -> str:
        """Base address, without a slash at the end."""
        if not self.port:
            raise RuntimeError("the fake server isn't started: use 'async with', or call start() first")
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Listen; when this returns, clients can connect."""
        self._closing = asyncio.Event()
        application = web.Application(client_max_size=LARGEST_BODY)
        application.add_routes(self.routes())
        self._runner = web.AppRunner(
            application,
            access_log=None,
            handler_cancellation=self._cancel_on_hang_up,
            shutdown_timeout=1.0,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Hang up on everybody. What the server knows is kept."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def pause(self, seconds: float | None) -> None:
        """Wait so many seconds, or for ever with `None`. Raises `ConnectionResetError` when the server stops."""
        if seconds is not None and seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return
        raise ConnectionResetError("the fake server stops")

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


def hang_up(request: web.Request) -> web.Response:
    """Close the connection under the client; the response that is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def read_object(request: web.Request) -> JSON:
    """The request's body as a JSON object. Raises `BadBodyError` when it is something else."""
    try:
        body = json.loads(await request.read())
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadBodyError(f"the body isn't JSON: {error}") from error
    if not isinstance(body, dict):
        raise BadBodyError(f"the body must be a JSON object, not {type(body).__name__}")
    return body


async def run_until_stopped(server: LoopbackServer, note: str) -> int:
    """Serve until SIGINT or SIGTERM, as a program; returns its exit code."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await server.start()
    except OSError as error:
        sys.stderr.write(f"port {server.port} can't be used ({error.strerror}); choose another with --port\n")
        return 1
    sys.stdout.write(f"serving {server.url} ({note})\n")
    sys.stdout.flush()
    await stop.wait()
    await server.stop()
    return 0
