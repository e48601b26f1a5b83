"""Run a command for exactly as long as somebody holds the other end of stdin.

    python keeper.py COMMAND [ARGUMENT…]

The model server is three processes or more, and none of them may outlive the program that started it,
however that program ends: a pipe closes even when its owner is killed with SIGKILL. When stdin closes,
or on SIGTERM, the whole family is asked to stop, then killed, orphans in other process groups included.
When the keeper itself is killed, the kernel asks the command to stop (Linux's parent-death signal).

Exit code: 0 after such a stop, else the command's own (128 + n when signal n ended it).
A plain file of the standard library: it starts in some 30 ms and imports nothing of ours.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
from pathlib import Path

GRACE_S = 4.0
"""How long the command may take to stop by itself; vLLM needs about one second."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def keep(command: list[str]) -> int:
    """Run `command` until it ends or stdin closes; return the exit code."""
    wake = _signals_as_bytes()
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    child = _start(command)
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([ended, sys.stdin.fileno(), wake], [], [])
    if ended not in ready:
        _signal_group(child, signal.SIGTERM)
        select.select([ended], [], [], GRACE_S)
    _signal_group(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    _kill_orphans()
    if ended not in ready:
        return 0
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def main() -> int:
    """Run from the command line."""
    if len(sys.argv) == 1:
        sys.stderr.write("keeper: give the command to run\n")
        return 2
    return keep(sys.argv[1:])


def _start(command: list[str]) -> int:
    """Fork and run `command` in a process group of its own, without our stdin; return its process id."""
    keeper = os.getpid()
    child = os.fork()
    if child:
        with contextlib.suppress(OSError):  # whoever of the two comes first makes the group
            os.setpgid(child, child)
        return child
    try:
        os.setpgid(0, 0)
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != keeper:  # died between the fork and the line above
            os._exit(1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(command[0], command)  # noqa: S606 - the caller's own command, no shell
    except OSError as error:
        os.write(2, f"can't run {command[0]}: {error.strerror}\n".encode())
    os._exit(127)


def _signals_as_bytes() -> int:
    """Turn requests to stop into bytes on a pipe, so that one `select` sees everything; return its end."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reading


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # nobody is left
        os.killpg(leader, number)


def _kill_orphans() -> None:
    """Kill what the command left behind: as 'subreaper' we have become the parent of all of it."""
    while children := _children():
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(-1, 0)


def _children() -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:  # a kernel without this file; the process group has been killed already
        return []


def _prctl(option: int, value: int) -> None:
    """Ask Linux for `option`; elsewhere there is no such call, and the closing pipe has to be enough."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
