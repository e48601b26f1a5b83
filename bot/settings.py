"""All settings, read once from the environment (prefix `PLATEWISE_`) and a `.env` file."""

import hashlib
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from retrieval.embedding import BUNDLED
from retrieval.errors import BadInputError

PREFIX = "PLATEWISE_"
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("must be a URL such as http://127.0.0.1:8001")
    return value.rstrip("/")


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not _SECRET.fullmatch(value.get_secret_value()):
        raise ValueError("must be at most 256 letters, digits, _ and -: Telegram allows no others")
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
People = Annotated[frozenset[int], NoDecode]


class Settings(BaseSettings):
    """Where things are and who may do what. Every field is the environment variable `PLATEWISE_` + its name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    telegram_token: SecretStr = Field(default=SecretStr(""), description="the bot's token from @BotFather")
    telegram_api: HttpUrl = Field(default="https://api.telegram.org", description="the Bot API server")
    admins: People = Field(
        default=frozenset(), description="Telegram ids of administrators, separated by commas"
    )
    allowed_users: People = Field(
        frozenset(), description="Telegram ids of those who may use the bot; empty means everybody"
    )
    messages_per_minute: int = Field(
        default=20, ge=1, description="messages of one person that are handled in a minute"
    )
    tokens_per_day: int = Field(
        default=200_000,
        ge=0,
        description="the model's tokens for one person in a day (UTC); 0 means no limit",
    )
    messages_per_second: int = Field(
        default=30,
        ge=0,
        description="messages that Telegram takes from the bot in a second; 0 sends without a limit",
    )
    drafts: bool = Field(
        default=False,
        description="show what is being written as Telegram's drafts, which have no stop button, not by edits",
    )
    retention_days: int = Field(
        default=365, ge=0, description="days that conversations are kept, then deleted; 0 keeps them"
    )
    web_host: str = Field(
        default="127.0.0.1", description="address that /healthz, /readyz, /metrics and the webhook listen on"
    )
    web_port: int = Field(
        default=8080, ge=0, le=65535, description="port that these listen on; 0 turns them off"
    )
    webhook_url: HttpUrl = Field(
        default="",
        description="where Telegram reaches `run --webhook`, such as https://bot.example.org/telegram",
    )
    webhook_secret: WebhookSecret = Field(
        default=SecretStr(""),
        description="what Telegram shows with each update; default: made from the token",
    )
    database_url: str = Field(
        default="", repr=False, description="SQLite or PostgreSQL; default: a SQLite file in the data folder"
    )
    knowledge: str = Field(
        default="", description="LanceDB folder or URI; default: a folder in the data folder"
    )
    embedder: str = Field(
        BUNDLED,
        description="the bundled embedder, a sentence-transformers folder, or a server: http://host:8001/v1#model",
    )
    embedder_key: SecretStr = Field(
        default=SecretStr(""), description="the embedding server's key, when it wants one"
    )
    model_url: HttpUrl = Field(
        "http://127.0.0.1:8001", description="an OpenAI-compatible server, such as vLLM"
    )
    model_key: SecretStr = Field(
        default=SecretStr(""), description="the model server's key, when it wants one"
    )
    model: str = Field(
        "", description="model or adapter to ask for; default: the first that the server lists"
    )
    data: Path = Field(default=Path("var"), description="folder of all local state")

    @field_validator("admins", "allowed_users", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        words = value.replace(",", " ").split()
        if wrong := [word for word in words if not word.lstrip("-").isdigit()]:
            raise ValueError(f"must be Telegram ids (numbers) separated by commas, not '{wrong[0]}'")
        return frozenset(int(word) for word in words)

    @cached_property
    def database(self) -> str:
        """The database's URL, with its default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data.absolute() / 'platewise.db'}"

    @cached_property
    def knowledge_uri(self) -> str:
        """Where the knowledge base is, with its default filled in; absolute, since LanceDB wants that."""
        if "://" in self.knowledge:
            return self.knowledge
        return str(Path(self.knowledge or self.data / "knowledge").absolute())

    @classmethod
    def read(cls) -> Self:
        """Read the environment and `.env`. Raises `BadInputError` that names the first wrong setting."""
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = f"{PREFIX}{str(first['loc'][0]).upper()}" if first["loc"] else "settings"
            message = str(first["msg"]).removeprefix("Value error, ")
            raise BadInputError(f"{name}: {message}") from None

    def require_token(self) -> str:
        """Return the Telegram token. Raises `BadInputError` when it is missing or can't be one."""
        token = self.telegram_token.get_secret_value().strip()
        if not token:
            raise BadInputError(
                f"{PREFIX}TELEGRAM_TOKEN is missing: get one from @BotFather and put it into the environment or .env"
            )
        number, _, secret = token.partition(":")
        if (
            not number.isdigit()
            or not secret
            or any(character.isspace() or character == "/" for character in token)
        ):
            raise BadInputError(
                f"{PREFIX}TELEGRAM_TOKEN doesn't look like a token (123456:ABC…); check it for typing errors"
            )
        return token

    def require_webhook(self) -> str:
        """Return the webhook's URL. Raises `BadInputError` when it is missing, or nothing would listen to it."""
        if not self.webhook_url:
            raise BadInputError(
                f"{PREFIX}WEBHOOK_URL is missing: set it to where Telegram reaches this bot, "
                "such as https://bot.example.org/telegram"
            )
        if not urlsplit(self.webhook_url).path.strip("/"):
            raise BadInputError(
                f"{PREFIX}WEBHOOK_URL needs a path of its own, such as {self.webhook_url}/telegram"
            )
        if not self.web_port:
            raise BadInputError(f"{PREFIX}WEB_PORT is 0, so nothing would listen to the webhook; set a port")
        return self.webhook_url

    @cached_property
    def webhook_token(self) -> str:
        """What Telegram has to show with each update: the set secret, or one that only our token gives."""
        secret = self.webhook_secret.get_secret_value()
        return secret or hashlib.sha256(f"webhook of {self.require_token()}".encode()).hexdigest()

    def listed(self) -> list[tuple[str, str, str]]:
        """Return (environment variable, value with secrets masked, description) of each setting."""
        rows = []
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                shown = "(set)" if value.get_secret_value() else "(not set)"
            elif isinstance(value, frozenset):
                shown = ", ".join(str(item) for item in sorted(value)) or "(not set)"
            else:
                shown = _without_password(str(value)) or "(not set)"
            rows.append((f"{PREFIX}{name.upper()}", shown, field.description or ""))
        return rows


def _without_password(value: str) -> str:
    """Mask the password of a URL such as `postgresql://user:secret@host/db`."""
    parts = urlsplit(value) if "://" in value else None
    if parts is None or not parts.password:
        return value
    return value.replace(f":{parts.password}@", ":****@", 1)
