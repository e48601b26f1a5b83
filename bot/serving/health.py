"""Ask an OpenAI-compatible server whether it is there, and which models it has."""

from typing import Any

import aiohttp

from retrieval.errors import UnavailableError

TIMEOUT_S = 5.0
_OK = 200


async def list_models(url: str, *, key: str = "", timeout_s: float = TIMEOUT_S) -> tuple[str, ...]:
    """Return the ids of the models that the server at `url` (with or without `/v1`) lists.

    Raises `UnavailableError` when it doesn't answer within `timeout_s`, refuses, or isn't such a server.
    """
    root = url.rstrip("/").removesuffix("/v1")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_s), headers=headers) as session,
            session.get(f"{root}/v1/models") as response,
        ):
            if response.status != _OK:
                raise UnavailableError(
                    f"model server {root}: /v1/models answers {response.status}; check PLATEWISE_MODEL_URL and _KEY"
                )
            return _ids(await response.json(content_type=None))
    except (aiohttp.ClientError, OSError) as error:
        raise UnavailableError(
            f"model server {root}: no answer ({_short(error)}); start it, or check PLATEWISE_MODEL_URL"
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise UnavailableError(f"model server {root}: /v1/models isn't a list of models") from error


async def is_healthy(root: str, *, timeout_s: float = TIMEOUT_S) -> bool:
    """Say whether `/health` of the vLLM server at `root` answers 200."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_s)) as session,
            session.get(f"{root}/health") as response,
        ):
            return response.status == _OK
    except (aiohttp.ClientError, OSError):
        return False


def _ids(answer: Any) -> tuple[str, ...]:
    return tuple(str(model["id"]) for model in answer["data"])


def _short(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "too slow"
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or "connection failed"
    return type(error).__name__
