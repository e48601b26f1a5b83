"""The served model's own tokenizer, as far as it counts: vLLM's `/tokenize`."""

import asyncio

import aiohttp

from retrieval.errors import UnavailableError

_SERVER_ERRORS = 500


class NotServedError(UnavailableError):
    """The server can't count at all, so that there is no point in asking again."""


class Tokenizer:
    """Asks one model server. Without the openai library, which takes seven times the CPU time for so small a call."""

    def __init__(self, url: str, *, key: str = "") -> None:
        # vLLM serves it beside `/v1`, not under it.
        self._address = f"{url.removesuffix('/v1')}/tokenize"
        self._headers = {"Authorization": f"Bearer {key or 'none'}"}
        self._session: aiohttp.ClientSession | None = None

    async def count(self, model: str, text: str, *, timeout_s: float) -> int:
        """Return how many tokens `model` makes of `text`, without those that mark its beginning.

        Raises `NotServedError` when the server has no such address, `UnavailableError` when it is away or too slow.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self._headers)
        body = {"model": model, "prompt": text, "add_special_tokens": False}
        try:
            async with asyncio.timeout(timeout_s), self._session.post(self._address, json=body) as answer:
                if not answer.ok:
                    kind = NotServedError if answer.status < _SERVER_ERRORS else UnavailableError
                    raise kind(f"tokenizer: the server answered {answer.status}")
                said = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise UnavailableError(f"tokenizer: {type(error).__name__}") from error
        count = said.get("count") if isinstance(said, dict) else None
        if not isinstance(count, int):
            raise UnavailableError("tokenizer: the server doesn't say how many tokens there are")
        return count

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
