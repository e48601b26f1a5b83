"""Check that files and functions stay small enough to read, or say why not.

    .venv/bin/python -m tools.check_sizes [FOLDER…]

A Python file has at most 400 lines, a function at most 60 (its docstring not counted). One that has a
reason to be longer carries it: `# long file: REASON` anywhere in the file, `# long function: REASON` on
the line above `def` (or its first decorator) or on the line of `def`.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 60
FOLDERS = ("bot", "retrieval", "training", "tools", "bench", "tests")

_FILE_REASON = re.compile(r"^\s*# long file: \S", re.MULTILINE)
_FUNCTION_REASON = re.compile(r"# long function: \S")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def main(words: Sequence[str]) -> int:
    """Check these folders, or all; print one line for each problem and return 1 when there is one."""
    folders = [Path(word) for word in words or FOLDERS]
    if missing := [folder for folder in folders if words and not folder.exists()]:
        print(f"{missing[0]}: no such file or folder", file=sys.stderr)
        return 2
    problems = [
        problem
        for folder in folders
        for path in sorted(_python_files(folder))
        for problem in problems_of(path)
    ]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def problems_of(path: Path) -> Iterator[str]:
    """Yield `file:line: what is wrong` for each thing in this file that is too long without a reason."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if len(lines) > FILE_LINES and not _FILE_REASON.search(text):
        yield f"{path}:1: {len(lines)} lines (at most {FILE_LINES}); make it two files, or say why: '# long file: …'"
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        yield f"{path}:{error.lineno}: {error.msg}"
        return
    for node in ast.walk(tree):
        if (
            isinstance(node, Function)
            and (size := _size(node)) > FUNCTION_LINES
            and not _excused(node, lines)
        ):
            yield (
                f"{path}:{node.lineno}: {node.name} has {size} lines (at most {FUNCTION_LINES}); "
                "split it, or say why: '# long function: …'"
            )


def _python_files(place: Path) -> Iterator[Path]:
    return iter([place]) if place.is_file() else place.rglob("*.py")


def _size(node: Function) -> int:
    """Count the lines of a function from `def` to its end, without its docstring."""
    size = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node, clean=False) is not None:
        docstring = node.body[0]
        size -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return size


def _excused(node: Function, lines: Sequence[str]) -> bool:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    above = lines[first - 2] if first >= 2 else ""
    return bool(_FUNCTION_REASON.search(above) or _FUNCTION_REASON.search(lines[node.lineno - 1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
