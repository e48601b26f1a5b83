"""No line of our code can log what people write, what they are called, or a secret: read from the code itself.

A log call has a literal as its text. What is filled in is a number (`%d`, `%.1f`: text there is an error), the name of
a type, or one of the expressions listed here, each of which somebody has looked at.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("bot", "retrieval", "training")
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "fatal", "warn", "log"})
LOGGERS = re.compile(r".*(log|logger|logging)|logging\.getLogger\(.*\)", re.IGNORECASE)

ALLOWED = {
    ("bot/assistant/candidates.py", "name"): "the served model's name",
    ("bot/assistant/candidates.py", "'asked' if self._capable[name] else 'too small'"): "two literals",
    ("bot/telegram/answering.py", "event.guard.status"): "one of four words",
    ("bot/telegram/errors.py", "error_id"): "drawn by chance",
    ("bot/telegram/errors.py", "where"): "a file of ours and a line number",
    (
        "bot/telegram/inbox.py",
        "error",
    ): "the database's own words; values are hidden in them (hide_parameters)",
    ("bot/upkeep.py", "what"): "one of three literals",
    ("bot/upkeep.py", "error"): "the database's or the knowledge base's own words",
    ("retrieval/embedding/exported.py", "folder"): "a folder of the installation",
    ("retrieval/embedding/exported.py", "model"): "a folder of the installation",
    ("retrieval/embedding/loading.py", "name"): "the setting EMBEDDER",
    (
        "retrieval/embedding/loading.py",
        "reason",
    ): "why a model can't be exported, before anybody has asked anything",
    ("retrieval/index.py", "error"): "the knowledge base's own words, before it is searched",
    ("retrieval/embedding/exported.py", "', '.join(damaged) or ABOUT"): "names of files of the installation",
}
"""What may be filled in for `%s`, by file, and what it is."""

QUIET = ("bot/telegram", "bot/assistant", "bot/store", "bot/web", "retrieval", "training")
"""Where nothing is printed either: what services print ends in a log, too."""

_DIRECTIVE = re.compile(r"%(?:%|[-+ #0]*(?:\d+|\*)?(?:\.\d+)?([a-zA-Z]))")


def sources() -> list[str]:
    """Every file of ours, relative to the repository."""
    return sorted(
        str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    )


def faults(file: str, code: str) -> Iterator[str]:
    """What is wrong with the log calls of a file."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            yield from (f"{file}:{node.lineno}: {fault}" for fault in _of_call(file, node))
        elif isinstance(node, ast.Assign) and _makes_logger(node.value):
            names = [ast.unparse(target) for target in node.targets]
            if names != ["_LOG"]:
                yield f"{file}:{node.lineno}: a logger is called {names[0]}, where the others are _LOG"
        elif isinstance(node, ast.Attribute) and _is_bound_method(node, code):
            yield f"{file}:{node.lineno}: {ast.unparse(node)} under another name can't be checked"


def _of_call(file: str, call: ast.Call) -> Iterator[str]:
    if file.startswith(QUIET) and _prints(call):
        yield f"{ast.unparse(call.func)} prints; use _LOG"
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in LEVELS:
        return
    if not LOGGERS.fullmatch(ast.unparse(call.func.value)):
        return
    if call.func.attr not in ("debug", "info", "warning", "error"):
        yield f"{call.func.attr} isn't used: it logs tracebacks, or levels that nobody expects"
    elif call.keywords:
        yield f"'{call.keywords[0].arg}' isn't used: tracebacks and extras hold values"
    elif (
        not call.args or not isinstance(call.args[0], ast.Constant) or not isinstance(call.args[0].value, str)
    ):
        yield "the text isn't a literal"
    else:
        yield from _of_values(file, call.args[0].value, call.args[1:])


def _of_values(file: str, text: str, values: list[ast.expr]) -> Iterator[str]:
    directives = [kind for kind in _DIRECTIVE.findall(text) if kind]
    if len(directives) != len(values):
        yield f"{len(directives)} directives for {len(values)} values"
        return
    for kind, value in zip(directives, values, strict=True):
        if kind not in "dfs":
            yield f"%{kind} isn't used"
        elif kind == "s" and not _is_harmless(file, value):
            yield f"{ast.unparse(value)} is logged as text; is it never what a person wrote? Then list it in ALLOWED"


def _is_harmless(file: str, value: ast.expr) -> bool:
    written = ast.unparse(value)
    return (file, written) in ALLOWED or bool(re.fullmatch(r"type\([^()]+\)\.__name__", written))


def _makes_logger(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) in {"logging.getLogger", "getLogger"}


def _is_bound_method(node: ast.Attribute, code: str) -> bool:
    """Whether a method of a logger is handed on instead of called."""
    segment = ast.get_source_segment(code, node) or ""
    called = re.search(re.escape(segment) + r"\s*\(", code) if segment else None
    return node.attr in LEVELS and ast.unparse(node.value) == "_LOG" and called is None


def _prints(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    return name in {"print", "warnings.warn"} or name.startswith(("traceback.", "sys.stderr.", "sys.stdout."))


@pytest.mark.parametrize("file", sources())
def test_no_log_call_can_hold_what_people_write(file: str) -> None:
    assert list(faults(file, (ROOT / file).read_text(encoding="utf-8"))) == []


def test_what_is_allowed_is_still_there() -> None:
    for file, expression in ALLOWED:
        logged = [
            ast.unparse(argument)
            for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_LOG.")
            for argument in node.args
        ]
        assert expression in logged, f"{file} doesn't log {expression} any more"


@pytest.mark.parametrize(
    "line",
    [
        '_LOG.info(f"question: {question}")',
        '_LOG.info("question: " + question)',
        '_LOG.info("question: %s", question)',
        '_LOG.info("question: %r", question)',
        '_LOG.info("question: {}".format(question))',
        '_LOG.warning("call failed: %s", error)',
        '_LOG.warning("call failed: %s", error.message)',
        '_LOG.warning("call failed: %s", str(error))',
        '_LOG.exception("failed")',
        '_LOG.error("failed", exc_info=True)',
        '_LOG.info("asked", extra={"text": text})',
        "_LOG.info(question)",
        '_LOG.log(10, "asked")',
        'logging.info("%s", user.first_name)',
        'logging.getLogger("x").info("%s", text)',
        'logger.info("%s", text)',
        'self._log.info("%s", text)',
        "print(question)",
        "traceback.print_exc()",
        "logger = logging.getLogger(__name__)",
        "tell = _LOG.info",
    ],
)
def test_what_could_hold_it_is_found(line: str) -> None:
    assert list(faults("bot/telegram/invented.py", line))


@pytest.mark.parametrize(
    "line",
    [
        "_LOG = logging.getLogger(__name__)",
        '_LOG.info("turn %d: %.0f ms, %d characters", turn.id, took, len(text))',
        '_LOG.warning("failed: %s", type(error).__name__)',
        '_LOG.info("ready, 100%%")',
        'logging.getLogger("aiosqlite").setLevel(logging.INFO)',
    ],
)
def test_ids_lengths_and_times_are_fine(line: str) -> None:
    assert not list(faults("bot/telegram/invented.py", line))
