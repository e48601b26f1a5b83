import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store.ledger import LEDGER_FILE, Export, Ledger
from retrieval.errors import UnavailableError

ADA, BOB = "a" * 32, "b" * 32
MOMENT = datetime(2026, 11, 3, 12, tzinfo=UTC)


def export(sha256: str = "1" * 64, *, by: str = "telegram:7", person: str = ADA) -> Export:
    return Export(sha256, Path("/data/one"), MOMENT, MOMENT, by, person, {"view": "dpo"}, {"turns": 2})


def row(number: int) -> str:
    return f"{number:032x}"


def test_who_is_in_which_dataset(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    first = ledger.note(export(), [(ADA, row(1)), (ADA, row(2)), (BOB, row(3))])
    second = ledger.note(export("2" * 64), [(BOB, row(3))])
    held = {(item.person, item.export.id): item.rows for item in ledger.holdings([ADA, BOB])}
    assert held == {(ADA, first): 2, (BOB, first): 1, (BOB, second): 1}
    assert ledger.holdings(["c" * 32]) == []


def test_an_auditor_reads_who_made_what(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.last() is None
    ledger.note(export(), [(ADA, row(1))])
    last = ledger.last()
    assert last is not None
    assert (last.made_by, last.options, last.counts, last.until) == (
        "telegram:7",
        {"view": "dpo"},
        {"turns": 2},
        MOMENT,
    )
    ledger.forget_maker(ADA)
    assert [item.made_by for item in ledger.exports()] == ["erased"]
    assert b"telegram:7" not in (tmp_path / LEDGER_FILE).read_bytes()


def test_an_export_that_fails_to_be_noted_isnt_there(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    with pytest.raises(ValueError, match="non-hexadecimal"):
        ledger.note(export(), [(ADA, row(1)), ("no name", row(2))])
    assert ledger.exports() == []
    assert ledger.holdings([ADA]) == []


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert (ledger.exports(), ledger.holdings([ADA]), ledger.adapters()) == ([], [], {})
    ledger.forget_maker(ADA)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_ledger_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FILE).write_bytes(b"no database, but long enough to be looked at" * 30)
    with pytest.raises(UnavailableError, match=r"datasets\.db: .*; free its disk, or put the file back"):
        Ledger(tmp_path).holdings([ADA])


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    Ledger(tmp_path).note(export(), [])
    assert (tmp_path / LEDGER_FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "named", ["1" * 64, {"sha256": "1" * 64, "path": "/data/one"}, [{"sha256": "1" * 64}]]
)
def test_adapters_say_what_they_were_trained_from(tmp_path: Path, named: object) -> None:
    for name, lineage in (("diet-1", json.dumps({"dataset": named})), ("odd", "["), ("none", "{}")):
        folder = tmp_path / "adapters" / name
        folder.mkdir(parents=True)
        (folder / "adapter.json").write_text(lineage, encoding="utf-8")
    assert Ledger(tmp_path).adapters() == {"diet-1": ("1" * 64,)}
