"""Nothing that the keeper runs outlives the one who started it.

Every process of the family holds the writing end of a pipe; its other end reads 'end of file' exactly when
the last of them is gone.
"""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.serving import keeper

LATE_S = 30.0

# Starts a child in a session of its own, as a server with workers might, and then waits for ever.
FAMILY = """
import os, subprocess, sys, time
pipe = int(sys.argv[1])
subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(600)"], pass_fds=(pipe,), start_new_session=True
)
os.write(pipe, b"up")
time.sleep(600)
"""
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(int(sys.argv[1]), b"up")
time.sleep(600)
"""
# Like keeper.py itself, but with less patience.
IMPATIENT = """
import sys
from bot.serving import keeper
keeper.GRACE_S = 0.1
sys.exit(keeper.keep(sys.argv[1:]))
"""


@dataclass
class Pipe:
    reading: int
    writing: int

    def close_writing(self) -> None:
        if self.writing >= 0:
            os.close(self.writing)
            self.writing = -1

    def read(self) -> bytes:
        ready, _, _ = select.select([self.reading], [], [], LATE_S)
        assert ready, "somebody still lives"
        return os.read(self.reading, 100)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    ends = Pipe(*os.pipe())
    yield ends
    ends.close_writing()
    os.close(ends.reading)


def start(pipe: Pipe, program: str, *, impatient: bool = False) -> "subprocess.Popen[bytes]":
    how = ["-c", IMPATIENT] if impatient else ["-I", keeper.__file__]
    command = [sys.executable, *how, sys.executable, "-c", program, str(pipe.writing)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(pipe.writing,))
    pipe.close_writing()
    assert pipe.read() == b"up"
    return process


def test_closing_stdin_ends_the_whole_family(pipe: Pipe) -> None:
    process = start(pipe, FAMILY)
    assert process.stdin is not None
    process.stdin.close()
    assert pipe.read() == b""
    assert process.wait(LATE_S) == 0


def test_sigterm_ends_the_whole_family(pipe: Pipe) -> None:
    with start(pipe, FAMILY) as process:
        process.terminate()
        assert pipe.read() == b""
        assert process.wait(LATE_S) == 0


def test_a_command_that_ignores_sigterm_is_killed(pipe: Pipe) -> None:
    with start(pipe, STUBBORN, impatient=True) as process:
        process.terminate()
        assert pipe.read() == b""


def test_killing_the_starter_ends_the_whole_family(pipe: Pipe) -> None:
    starter = f"""
import subprocess, sys
subprocess.Popen(
    [sys.executable, "-I", {keeper.__file__!r}, sys.executable, "-c", {FAMILY!r}, sys.argv[1]],
    stdin=subprocess.PIPE, pass_fds=(int(sys.argv[1]),), start_new_session=True,
).wait()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", starter, str(pipe.writing)], pass_fds=(pipe.writing,), start_new_session=True
    )
    pipe.close_writing()
    assert pipe.read() == b"up"
    process.kill()
    assert process.wait(LATE_S) == -signal.SIGKILL
    assert pipe.read() == b""


def test_killing_the_keeper_ends_the_command(pipe: Pipe) -> None:
    with start(pipe, "import os, sys, time; os.write(int(sys.argv[1]), b'up'); time.sleep(600)") as process:
        process.kill()
        assert pipe.read() == b""


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import sys; sys.exit(3)", 3),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
        ("", 0),
    ],
)
def test_the_commands_own_end_is_passed_on(program: str, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-I", keeper.__file__, sys.executable, "-c", program], stdin=subprocess.PIPE
    ) as process:
        assert process.wait(LATE_S) == code


def test_a_command_that_is_not_there_is_one_line() -> None:
    process = subprocess.Popen(
        [sys.executable, "-I", keeper.__file__, "/no/such/command"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.wait(LATE_S) == 127
    assert process.stderr is not None
    assert process.stderr.read() == "can't run /no/such/command: No such file or directory\n"
    process.communicate()
