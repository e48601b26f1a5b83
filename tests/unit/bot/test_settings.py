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
    monkeypatch.setenv("PLATEWISE_TELEGRAM_TOKEN", "123:secret")
    monkeypatch.setenv("PLATEWISE_DATABASE_URL", "postgresql://platewise:secret@db/platewise")
    shown = str(Settings.read().listed()) + repr(Settings.read())
    assert "secret" not in shown.replace("SecretStr", "")


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
