"""`/healthz` and `/readyz`, for whoever keeps the bot running, and the server that everything on the web shares."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from retrieval.errors import PlatewiseError, UnavailableError

CHECK_S = 5.0
"""How long one part may take to say that it is there."""

LARGEST_BODY = 1 << 20
"""Bytes of a request's body; an update has some thousand."""

SHUTDOWN_S = 1.0
"""How long a stop waits for requests under way."""

Check = Callable[[], Awaitable[str]]
"""Returns a word on a part that works; raises a `PlatewiseError` that says what is wrong."""


@asynccontextmanager
async def serve_health(
    host: str,
    port: int,
    *,
    alive: Mapping[str, Check],
    ready: Mapping[str, Check],
    routes: Iterable[web.RouteDef] = (),
) -> AsyncIterator[int]:
    """Serve while the block runs, and give the port (another one than asked for when `port` is 0).

    /healthz answers 200 while all of `alive` work, else 503; /readyz the same for `ready`; both with JSON that says
    which part is wrong. `routes` are served beside them. Raises `UnavailableError` when the port is taken.
    """
    application = web.Application(client_max_size=LARGEST_BODY)
    application.add_routes(routes)
    application.router.add_get("/healthz", _handler(alive))
    application.router.add_get("/readyz", _handler(ready))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise UnavailableError(
                f"web: can't listen on {host}:{port} ({error.strerror}); set PLATEWISE_WEB_PORT, or 0 to do without"
            ) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def run_checks(checks: Mapping[str, Check]) -> dict[str, tuple[bool, str]]:
    """Return, for each part, whether it works and a word on it. All are asked at once, each within `CHECK_S`."""

    async def one(check: Check) -> tuple[bool, str]:
        try:
            async with asyncio.timeout(CHECK_S):
                return True, await check()
        except TimeoutError:
            return False, f"no answer within {CHECK_S:g} s"
        except PlatewiseError as error:
            return False, str(error)

    results = await asyncio.gather(*(one(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))


def _handler(checks: Mapping[str, Check]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(_request: web.Request) -> web.Response:
        results = await run_checks(checks)
        body = {name: {"ok": works, "detail": detail} for name, (works, detail) in results.items()}
        works = all(item[0] for item in results.values())
        return web.json_response({"ok": works, "parts": body}, status=200 if works else 503)

    return handle
