import re
from pathlib import Path

import pytest

from bot.settings import Settings
from retrieval.errors import BadInputError


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests reaches them."""
    import os

    for name in [name for name in os.environ if name.startswith("PLATEWISE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("WEB_PORT", "eighty", "PLATEWISE_WEB_PORT: "),
        ("WEB_PORT", "70000", "PLATEWISE_WEB_PORT: "),
        ("MODEL_URL", "gpu-host:8000", "PLATEWISE_MODEL_URL: must be a URL"),
        ("WEBHOOK_URL", "bot.example.org", "PLATEWISE_WEBHOOK_URL: must be a URL"),
        ("WEBHOOK_SECRET", "with space", "PLATEWISE_WEBHOOK_SECRET: must be at most 256 letters"),
        ("MESSAGES_PER_MINUTE", "0", "PLATEWISE_MESSAGES_PER_MINUTE: "),
        ("TOKENS_PER_DAY", "-1", "PLATEWISE_TOKENS_PER_DAY: "),
        ("ADMINS", "12, bob", "PLATEWISE_ADMINS: must be Telegram ids"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"PLATEWISE_{name}", value)
    with pytest.raises(BadInputError) as error:
        Settings.read()
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("token", ["", "abc", "12:", "12:a b", "12:a/b"])
def test_a_missing_or_malformed_token_is_named(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("PLATEWISE_TELEGRAM_TOKEN", token)
    with pytest.raises(BadInputError, match="PLATEWISE_TELEGRAM_TOKEN") as error:
        Settings.read().require_token()
    assert not token or token not in str(error.value)


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATEWISE_TELEGRAM_TOKEN", "123:hush")
    monkeypatch.setenv("PLATEWISE_WEBHOOK_SECRET", "hush")
    monkeypatch.setenv("PLATEWISE_DATABASE_URL", "postgresql://platewise:hush@db/platewise")
    assert "hush" not in str(Settings.read().listed()) + repr(Settings.read())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "PLATEWISE_WEBHOOK_URL is missing"),
        ({"WEBHOOK_URL": "https://bot.example.org"}, "PLATEWISE_WEBHOOK_URL needs a path"),
        ({"WEBHOOK_URL": "https://bot.example.org/t", "WEB_PORT": "0"}, "PLATEWISE_WEB_PORT is 0"),
    ],
)
def test_a_webhook_that_nobody_could_reach_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"PLATEWISE_{name}", value)
    with pytest.raises(BadInputError, match=said):
        Settings.read().require_webhook()


def test_the_webhooks_secret_is_the_one_that_is_set_else_one_that_only_the_token_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLATEWISE_TELEGRAM_TOKEN", "123:secret")
    made = Settings.read().webhook_token
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,256}", made)
    assert "secret" not in made
    assert made == Settings.read().webhook_token
    monkeypatch.setenv("PLATEWISE_TELEGRAM_TOKEN", "123:other")
    assert made != Settings.read().webhook_token
    monkeypatch.setenv("PLATEWISE_WEBHOOK_SECRET", "chosen-by-us")
    assert Settings.read().webhook_token == "chosen-by-us"
    assert "chosen-by-us" not in str(Settings.read().listed())


def test_a_dotenv_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PLATEWISE_WEB_PORT=1234\nPLATEWISE_ADMINS=7,8\n", encoding="utf-8")
    assert Settings.read().web_port == 1234
    assert Settings.read().admins == {7, 8}
    monkeypatch.setenv("PLATEWISE_WEB_PORT", "4321")
    assert Settings.read().web_port == 4321


def test_state_is_in_the_data_folder_unless_it_is_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATEWISE_DATA", "/somewhere")
    settings = Settings.read()
    assert settings.database == "sqlite+aiosqlite:////somewhere/platewise.db"
    assert settings.knowledge_uri == "/somewhere/knowledge"
    monkeypatch.setenv("PLATEWISE_KNOWLEDGE", "s3://bucket/knowledge")
    assert Settings.read().knowledge_uri == "s3://bucket/knowledge"
