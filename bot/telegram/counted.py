"""Calls to the Bot API, counted by method and HTTP status."""

from collections.abc import Callable
from typing import Any

from typing_extensions import override

from bot.telegram.http import AiohttpRequest

Observe = Callable[[str, int], None]
"""Told of each call: its method, and the HTTP status of its answer, or 0 when there was none."""


class CountedRequest(AiohttpRequest):
    """Tells `observe` of each call."""

    def __init__(self, observe: Observe, *, connections: int) -> None:
        super().__init__(connections=connections)
        self._observe = observe

    @override
    async def do_request(self, url: str, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        """Make one call. Raises what `AiohttpRequest.do_request` raises."""
        # The name of a file is nobody's business, and no method.
        method = "file" if "/file/bot" in url else url.rpartition("/")[2]
        status = 0
        try:
            status, body = await super().do_request(url, *arguments, **named)
        finally:
            self._observe(method, status)
        return status, body
