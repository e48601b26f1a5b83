"""What goes over the wire: parameters as Bot API clients send them, and errors as Telegram words them.

The wording follows the open source of the Bot API server (tdlib/telegram-bot-api) and what the public server
has been seen to answer.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.serving import JSON, BadBodyError, read_object

# Parameters that are text even when the text happens to be a number or JSON.
_TEXTS = frozenset(
    "text caption description short_description callback_query_id secret_token url file_id document photo".split()
)


class ApiError(Exception):
    """A refusal: HTTP status, description, and for floods the seconds to wait."""

    def __init__(self, status: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after

    def as_json(self) -> JSON:
        """The body of the answer."""
        body: JSON = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(detail: str) -> ApiError:
    """Status 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {detail}")


def too_many_requests(seconds: int) -> ApiError:
    """Status 429, which says when to come back."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes
    mime_type: str


@dataclass(slots=True)
class Params:
    """The parameters of one call, with JSON inside form fields already decoded."""

    values: JSON = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text; empty when it is missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number. Raises `ApiError` for something else."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise bad_request(f'invalid value of parameter "{name}"')
        return int(value)

    def flag(self, name: str) -> bool:
        """A yes or no; no when it is missing."""
        return self.values.get(name) in (True, "True", "yes")

    def items(self, name: str) -> list[Any]:
        """An array; empty when it is missing. Raises `ApiError` for something else."""
        value = self.values.get(name)
        if value is None or value == "":
            return []
        if not isinstance(value, list):
            raise bad_request(f"can't parse {name} JSON object")
        return value

    def mapping(self, name: str) -> JSON | None:
        """An object, or None when it is missing. Raises `ApiError` for something else."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            raise bad_request("object expected as " + name.replace("_", " "))
        return value


async def read_params(request: web.Request) -> Params:
    """Read a call's parameters from its query, and from its form, multipart or JSON body."""
    params = Params({name: _decode(name, value) for name, value in request.query.items()})
    if request.method != "POST":
        return params
    if request.content_type == "application/json":
        try:
            body = await read_object(request)
        except BadBodyError as error:
            raise bad_request(f"can't parse the request: {error}") from error
        params.values |= {name: _decode(name, value) for name, value in body.items()}
        return params
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file:
                params.files[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            text = value if isinstance(value, str) else bytes(value).decode()
            params.values[name] = _decode(name, text)
    return params


def _decode(name: str, value: Any) -> Any:
    if not isinstance(value, str) or name in _TEXTS:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
