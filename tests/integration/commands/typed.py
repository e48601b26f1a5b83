"""What tests of the command line share: a command as a person types it, in this process."""

import json

import pytest
from typer.testing import CliRunner

from bot.cli import app, main


def document(*arguments: str, code: int = 0) -> dict[str, object]:
    """Return the JSON document that a command prints, which ends with this exit code."""
    result = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == code, result.stderr
    printed: dict[str, object] = json.loads(result.stdout)
    return printed


def refused(*arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line with which a command refuses what it was given."""
    monkeypatch.setattr("sys.argv", ["platewise", *arguments])
    with pytest.raises(SystemExit) as exit_:
        main()
    assert exit_.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]
