"""The installer ends with one line when it can't go on, and never runs twice at once."""

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tools import installation, torch_build
from tools.environments import Environment
from tools.runner import Runner, SetupError


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the installer work in an empty folder, on an environment that it could make for free."""
    monkeypatch.setattr(installation, "ROOT", tmp_path)
    monkeypatch.setattr(installation, "LOG", tmp_path / "var" / "log" / "setup.log")
    monkeypatch.setattr(installation, "_LOCK", tmp_path / "var" / ".setup.lock")
    monkeypatch.setattr(installation, "KINDS", {"bot": environment})
    return tmp_path


def environment(root: Path) -> Environment:
    return Environment(
        folder=root / ".venv", wanted="x", torch="torch==1", install=(("rich",),), packages=1, size=10**9
    )


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    with (tmp_path / "setup.log").open("w") as log, (tmp_path / "lock").open("w") as lock:
        yield Runner(log, lock.fileno())


def test_when_everything_is_there_nothing_is_touched(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ready = environment(root)
    ready.python.parent.mkdir(parents=True)
    ready.python.touch()
    ready.stamp()
    assert installation.main(["--bot"]) == 0
    assert capsys.readouterr().err == "setup: everything is in place\n"
    assert not (root / "var").exists()


def test_a_full_disk_is_found_before_anything_is_made(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(total=10**10, used=0, free=3 * 10**8))
    assert installation.main(["--bot"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "0.3 GB are free" in said
    assert "1.0 GB are needed" in said
    assert not (root / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_one_line(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert installation.main(["--bot"]) == 1
    assert capsys.readouterr().err.startswith(f"setup: {root / 'var'}: Read-only file system")


def test_wrong_use_exits_with_2() -> None:
    with pytest.raises(SystemExit) as end:
        installation.main([])
    assert end.value.code == 2


def test_a_second_installer_waits_for_the_first_and_says_so(root: Path) -> None:
    (root / "var").mkdir()
    program = """
import sys
from pathlib import Path
from tools import installation
installation._LOCK = Path(sys.argv[1])
with installation._lock(None):
    print("mine", flush=True)
"""
    with (root / "var" / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [sys.executable, "-c", program, str(root / "var" / ".setup.lock")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert "another setup is running" in second.stderr.readline()
    said, _ = second.communicate(timeout=30)
    assert said == "mine\n"


def test_output_of_a_program_is_in_the_log_and_given_line_by_line(runner: Runner, tmp_path: Path) -> None:
    lines: list[str | None] = []
    runner.run([sys.executable, "-c", "print('one'); print('two', end='')"], lines.append)
    assert [line for line in lines if line is not None] == ["one", "two"]
    assert "one\ntwo\n" in (tmp_path / "setup.log").read_text()


def test_a_failed_program_becomes_one_line_with_the_log(runner: Runner, tmp_path: Path) -> None:
    with pytest.raises(SetupError) as failure:
        runner.run([sys.executable, "-c", "print('[Errno 28] No space left on device'); exit(1)"])
    assert str(failure.value).startswith("no space is left on the disk")
    assert str(tmp_path / "setup.log") in str(failure.value)


def test_one_failure_stops_the_programs_of_the_others(runner: Runner) -> None:
    def endless() -> None:
        runner.run([sys.executable, "-c", "import time; time.sleep(600)"])

    def fail() -> None:
        runner.run([sys.executable, "-c", "print('Permission denied'); exit(1)"])

    with pytest.raises(SetupError, match="can't be written"):
        installation._run_all([endless, fail], runner)


@pytest.mark.parametrize(
    ("machine", "build", "arguments"),
    [
        ("x86_64", "2.13.0+cpu", ()),
        ("x86_64", "2.13.0", ("--index-url", torch_build.PYTORCH_INDEX)),
        ("aarch64", "2.13.0", ()),
    ],
)
def test_torch_comes_from_where_its_build_for_the_cpu_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    machine: str,
    build: str,
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"install": [{"metadata": {"version": build}}]}))
    assert torch_build.source(answer) == arguments
