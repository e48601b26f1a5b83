"""What vLLM's log says: how far the start has come, and why it ended."""

import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

_STAGE_SHARES = {
    # Shares of the time to start, measured on two cores: 35 s in all.
    "starting Python": 0.0,
    "reading the model's configuration": 0.35,
    "starting the engine": 0.50,
    "loading weights": 0.68,
    "setting up memory": 0.74,
    "warming up": 0.76,
    "opening the port": 0.95,
    "ready": 1.0,
}


class Stage(Enum):
    """A step of the server's start, in order. The value is what a person reads."""

    IMPORTING = "starting Python"
    CONFIGURING = "reading the model's configuration"
    ENGINE = "starting the engine"
    LOADING = "loading weights"
    MEMORY = "setting up memory"
    WARMING = "warming up"
    OPENING = "opening the port"
    READY = "ready"

    @property
    def share(self) -> float:
        """How much of the start lies behind when this step begins, from 0 to 1."""
        return _STAGE_SHARES[self.value]


_MARKS = (
    (re.compile(r"non-default args"), Stage.CONFIGURING),
    (re.compile(r"Initializing a V1 LLM engine"), Stage.ENGINE),
    (re.compile(r"Starting to load model"), Stage.LOADING),
    (re.compile(r"Loading weights took"), Stage.MEMORY),
    (re.compile(r"KV cache size"), Stage.WARMING),
    (re.compile(r"Starting vLLM server on"), Stage.OPENING),
)

_MEMORY = re.compile(
    r"MemoryError|Available memory on node .* is less than|[Cc]an(?:not|'t) allocate memory"
    r"|not enough memory|[Oo]ut of memory"
)
_DISK = re.compile(r"No space left on device|Errno 28\b")
_PORT = re.compile(r"[Aa]ddress already in use|Errno 98\b")
_LIBRARY = re.compile(r"(lib[\w+-]+\.so[.\d]*): cannot open shared object file")
_PREFIX = re.compile(r"^(?:\(\w+ pid=\d+\) )?(?:(?:ERROR|CRITICAL) \S+ \S+ \[\S+\] )?")
_ERROR = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Interrupt)(?:: |$)|^(?:\S+: error: |can't run )")
_SECOND_HAND = re.compile(r"Engine core initialization failed|See root cause|EngineDeadError|WorkerProc init")
_KILLED = (128 + 9, -9)


def stage_of(line: str) -> Stage | None:
    """Return the step that `line` announces, or `None` for the many lines that announce nothing."""
    return next((stage for mark, stage in _MARKS if mark.search(line)), None)


def cause_of_death(lines: Sequence[str], exit_code: int) -> str:
    """Return a clause that says why the server ended, for 'the model server stopped: …'.

    `exit_code` is the keeper's: 137 (or -9 for the keeper itself) is SIGKILL, which is what Linux does
    to a program when memory runs out.
    """
    text = "\n".join(lines)
    if _PORT.search(text):
        return "its port was taken by another program while it started; use another --port"
    if _DISK.search(text):
        return "no space is left on the disk; free some and try again"
    if _MEMORY.search(text) or exit_code in _KILLED:
        return "not enough memory; about 4 GB must be free"
    if library := _LIBRARY.search(text):
        return f"the system library {library[1]} is missing (libnuma1 in Debian and Ubuntu)"
    return _last_error(lines) or f"exit code {exit_code}"


def _last_error(lines: Sequence[str]) -> str:
    """Find the root of a chain of tracebacks: vLLM's last error only says that there was another."""
    errors = [bare for line in lines if _ERROR.search(bare := _PREFIX.sub("", line).strip())]
    first_hand = [line for line in errors if not _SECOND_HAND.search(line)] or errors
    return first_hand[-1] if first_hand else ""


class LogTail:
    """Reads what was added to a log since the last look. Not for several threads at once."""

    def __init__(self, path: Path, start: int) -> None:
        self._path = path
        self._offset = start
        self._rest = b""

    def new_lines(self) -> list[str]:
        """Return the complete lines added since the last call; an unfinished one is kept for the next."""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            added = file.read()
        self._offset += len(added)
        *lines, self._rest = (self._rest + added).split(b"\n")
        return [line.decode("utf-8", errors="replace") for line in lines]
