"""Runs the installer's programs: their output goes to the log, a failure becomes one line."""

import os
import select
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tools.pip_output import explain

_TICK_S = 0.5


class SetupError(Exception):
    """The installation can't go on; the message is one line for a person."""


class StoppedError(SetupError):
    """Ended because another job failed."""


class Runner:
    """Runs programs, also several at once, writes what they print to the log, and can stop them all."""

    def __init__(self, log: IO[str], lock: int) -> None:
        self.lock = lock
        self._log = log
        self._guard = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopping = False

    def run(self, command: Sequence[str], tick: Callable[[str | None], None] | None = None) -> None:
        """Run `command` to its end. `tick` gets each line, and `None` twice a second.

        Raises `SetupError` when it fails.
        """
        output: list[str] = []
        with self._start(command) as process:
            try:
                for line in _lines(process):
                    if line is not None:
                        output.append(line)
                        self._write(line)
                    if tick is not None:
                        tick(line)
                code = process.wait()
            except BaseException:  # nobody would wait for it any more
                process.kill()
                raise
            finally:
                with self._guard:
                    self._running.discard(process)
        if self._stopping:
            raise StoppedError("stopped")
        if code != 0:
            text = "\n".join(output)
            raise SetupError(f"{explain(text, code)} (log: {self._log.name})")

    def stop_all(self) -> None:
        """End every program that still runs, and start no other."""
        with self._guard:
            self._stopping = True
            for process in self._running:
                with suppress(ProcessLookupError):
                    process.terminate()

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._guard:
            if self._stopping:
                raise StoppedError("stopped")
            self._log.write(f"$ {' '.join(command)}\n")
            # The lock goes along: should we be killed, another setup waits until pip has ended too.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=Path(__file__).resolve().parents[1],
                pass_fds=(self.lock,),
            )
            self._running.add(process)
            return process

    def _write(self, line: str) -> None:
        with self._guard:
            self._log.write(f"{line}\n")
            self._log.flush()


def _lines(process: subprocess.Popen[bytes]) -> Iterator[str | None]:
    """Yield each line that the program prints, and `None` when it has printed nothing for half a second."""
    if process.stdout is None:
        return
    file = process.stdout.fileno()
    rest = b""
    while True:
        if not select.select([file], [], [], _TICK_S)[0]:
            yield None
            continue
        added = os.read(file, 65536)
        if not added:
            break
        *lines, rest = (rest + added).split(b"\n")
        yield from (line.decode("utf-8", errors="replace") for line in lines)
    if rest:
        yield rest.decode("utf-8", errors="replace")
