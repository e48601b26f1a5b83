import pytest

from bot.store.database import Database
from retrieval.errors import BadInputError


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///var/platewise.db", "var/platewise.db"),
        ("sqlite+aiosqlite:////srv/platewise.db", "/srv/platewise.db"),
        ("postgres://bob:pw@db.example/food", "bob@db.example/food"),
        ("postgresql://bob:pw@db.example:5433/food?sslmode=require", "bob@db.example/food"),
        ("postgresql+asyncpg:///food?host=/run/postgresql", "/run/postgresql/food"),
    ],
)
async def test_the_usual_spellings_are_understood_and_the_password_is_not_shown(url: str, name: str) -> None:
    database = Database.open(url)

    assert database.name == name
    await database.close()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("mysql://bob:secret@host/food", "'mysql'"),
        ("postgresql+psycopg://bob:secret@host/food", "psycopg"),
        ("var/platewise.db", "sqlite:///var/platewise.db"),
        ("bob:secret@host/food", "no database's address"),
        ("sqlite", "'://' is missing"),
        ("", "sqlite:///var/platewise.db"),
        ("postgresql://bob:secret@host:not-a-port/food", "can't be read"),
        ("sqlite://", "path of a file"),
        ("sqlite:///:memory:", "path of a file"),
        ("postgresql://bob:secret@host/food?pool=5", "unknown option 'pool'"),
    ],
)
def test_any_other_address_is_refused_in_one_line_that_names_the_setting(url: str, complaint: str) -> None:
    with pytest.raises(BadInputError) as caught:
        Database.open(url)

    message = str(caught.value)
    assert message.startswith("PLATEWISE_DATABASE_URL: ")
    assert complaint in message
    assert "secret" not in message
    assert "\n" not in message
