"""The command line as a shell meets it: exit codes, one line on stderr, JSON on stdout."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Done:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


Platewise = Callable[..., Done]


@pytest.fixture
def platewise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Platewise:
    """Run the command line in an empty folder, with only the given settings."""
    for name in [name for name in os.environ if name.startswith("PLATEWISE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, given: str = "", **settings: str) -> Done:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["platewise", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.mark.parametrize(
    ("arguments", "given", "settings", "said"),
    [
        (["run"], "", {}, "PLATEWISE_TELEGRAM_TOKEN is missing"),
        (["run"], "", {"PLATEWISE_WEB_PORT": "x"}, "PLATEWISE_WEB_PORT"),
        (["run", "--webhook"], "", {"PLATEWISE_TELEGRAM_TOKEN": "1:a"}, "PLATEWISE_WEBHOOK_URL is missing"),
        (["ask", ""], "", {}, "Please write a few words"),
        (["ask", "x" * 13_000], "", {}, "too long"),
        (["ask", "hi", "--diet", "paleo"], "", {}, "unknown diet 'paleo'"),
        (["ask", "hi", "--allergy", "pnuts"], "", {}, "did you mean"),
        (["ask", "hi", "--allergy", "'); DROP"], "", {}, "unknown allergy"),
        (["ask", "-"], '{"text": "a"}\nnonsense\n', {}, "line 2: not JSON"),
        (["ask", "-"], '{"question": "a"}\n', {}, 'line 1: must be an object with a "text"'),
        (["ask", "-", "--user", "ada"], "", {}, "--user"),
        (["prefs", "parse", "I'm vegan", "--before", "{"], "", {}, "--before: not JSON"),
        (["prefs", "parse", "I'm vegan", "--before", '{"diets": ["paleo"]}'], "", {}, "unknown diet"),
        (["prefs", "parse", "-"], '{"text": "a", "befor": {}}\n', {}, "unknown key 'befor'"),
        (["knowledge", "search", "hi", "--limit", "0"], "", {}, "--limit"),
        (["nonsense"], "", {}, "nonsense"),
    ],
)
def test_bad_input_is_explained_and_ends_with_code_2(
    platewise: Platewise,
    tmp_path: Path,
    arguments: list[str],
    given: str,
    settings: dict[str, str],
    said: str,
) -> None:
    done = platewise(*arguments, given=given, **settings)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_prefs_parse_prints_the_documented_json(platewise: Platewise) -> None:
    done = platewise("prefs", "parse", "I'm vegan and allergic to peanuts", "--json")
    document = json.loads(done.stdout)
    assert set(document) == {"add", "remove", "about", "intent"}
    assert document["add"]["diets"] == ["vegan"]
    assert document["add"]["allergies"] == ["peanuts"]


def test_lines_are_answered_one_for_one_and_in_order(platewise: Platewise) -> None:
    lines = [{"text": "I'm vegan"}, {"text": "I'm no longer vegan", "before": {"diets": ["vegan"]}}]
    given = "\n".join(json.dumps(line) for line in lines)
    done = platewise("prefs", "parse", "-", given=given)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["add"]["diets"] == second["remove"]["diets"] == ["vegan"]


def test_the_quick_commands_do_not_load_the_heavy_libraries() -> None:
    code = (
        "import sys\n"
        "from bot.cli import app\n"
        "from bot.commands.prefs import parse\n"
        "parse('I am vegan', '{}', as_json=True)\n"
        "heavy = {'torch', 'lancedb', 'openai', 'telegram', 'sqlalchemy', 'sentence_transformers', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name, _value, _text in Settings.model_construct().listed())
