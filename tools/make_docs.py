"""Write docs/settings.md, docs/commands.md and docs/dataset-row.schema.json from the code that they describe.

.venv/bin/python tools/make_docs.py          # write
.venv/bin/python tools/make_docs.py --check  # exit 1 when they are stale
"""

import json
import sys
from pathlib import Path
from typing import Any

import typer

from bot.cli import app
from bot.settings import Settings
from training.dataset.schema import Row

ROOT = Path(__file__).resolve().parents[1]
_HEAD = "<!-- Written by tools/make_docs.py; change the code instead. -->\n\n"


def settings_page() -> str:
    """Return the page of settings."""
    lines = [
        _HEAD + "# Settings\n",
        "Environment variables, also read from a `.env` file in the folder where `platewise` is started.",
        "`platewise doctor` shows what is in force. A wrong one is a line that names it, and exit code 2.\n",
        "| variable | default | what it is |",
        "| --- | --- | --- |",
    ]
    blank = Settings.model_construct()
    lines += [f"| `{name}` | {_code(value)} | {text} |" for name, value, text in blank.listed()]
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Return the page of commands, with their options and JSON."""
    lines = [_HEAD + "# Commands\n", (ROOT / "docs" / "commands.intro.md").read_text(encoding="utf-8")]
    for path, command in _walk(typer.main.get_command(app), "platewise"):
        lines.append(f"## `{path}`\n\n{command.help}\n")
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            lines += ["| argument | what it is |", "| --- | --- |", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


def row_schema() -> str:
    """Return the JSON Schema of a dataset's row."""
    return json.dumps(Row.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _walk(group: Any, path: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, command in group.commands.items():
        here = f"{path} {name}"
        found += _walk(command, here) if hasattr(command, "commands") else [(here, command)]
    return found


def _row(parameter: Any) -> str:
    name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.name.upper()
    return f"| `{name}` | {getattr(parameter, 'help', '') or ''} |"


def _code(value: str) -> str:
    return value if value.startswith("(") else f"`{value}`"


def main() -> int:
    """Write or check the pages."""
    stale = 0
    pages = {
        "settings.md": settings_page(),
        "commands.md": commands_page(),
        "dataset-row.schema.json": row_schema(),
    }
    for name, text in pages.items():
        path = ROOT / "docs" / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if "--check" in sys.argv:
            print(f"docs/{name} is stale: run .venv/bin/python tools/make_docs.py")
        else:
            path.write_text(text, encoding="utf-8")
    return stale if "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
