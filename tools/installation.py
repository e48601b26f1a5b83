"""The installer behind `python3 -m tools.setup`: what is missing is made, and only that."""

import argparse
import ctypes
import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bot.serving.weights import DISTRIBUTION, embedded_folder, read_prepared
from tools.display import Line, open_display, rich_is_here
from tools.environments import GB, KINDS, Environment, State, pins_of
from tools.pip_output import PipProgress
from tools.runner import Runner, SetupError, StoppedError
from tools.torch_build import question, source

ROOT = Path(__file__).resolve().parents[1]
LOG = ROOT / "var" / "log" / "setup.log"
_LOCK = ROOT / "var" / ".setup.lock"
_WEIGHTS_SIZE = int(0.6 * GB)


def main(words: Sequence[str]) -> int:
    """Run with these arguments; return the exit code."""
    arguments = _parse(words)
    kinds = [kind for kind in KINDS if arguments.all or getattr(arguments, kind)]
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        environments = {kind: KINDS[kind](ROOT) for kind in kinds}
        if _all_there(environments):
            _say("everything is in place")
            return 0
        with _lock(arguments.lock) as lock:
            _install(environments, words, fresh=arguments.fresh, lock=lock)
    except SetupError as error:
        _say(str(error))
        return 1
    except OSError as error:
        _say(
            f"{error.filename or ROOT}: {error.strerror or error}; check the folder and the disk, then run it again"
        )
        return 1
    except KeyboardInterrupt:
        _say("interrupted; run it again to finish")
        return 130
    return 0


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.setup", description="Install Platewise into this folder.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="everything")
    which.add_argument("--bot", action="store_true", help=".venv: the bot and the development tools")
    which.add_argument("--serve", action="store_true", help=".venv-serve and the embedded model's weights")
    parser.add_argument("--fresh", default="", help=argparse.SUPPRESS)
    parser.add_argument("--lock", type=int, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def _all_there(environments: dict[str, Environment]) -> bool:
    return all(environment.state() is State.READY for environment in environments.values()) and (
        "serve" not in environments or _weights_there()
    )


def _weights_there() -> bool:
    prepared = read_prepared(embedded_folder())
    pins = pins_of((ROOT / "requirements-serve.txt").read_text(encoding="utf-8"))
    return prepared is not None and prepared.version == pins[DISTRIBUTION]


def _install(environments: dict[str, Environment], words: Sequence[str], *, fresh: str, lock: int) -> None:
    missing = [item for item in environments.values() if item.state() is not State.READY]
    if "serve" in environments:
        _check_libraries()
    _check_space(missing, weights="serve" in environments and not _weights_there())
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a" if fresh else "w", encoding="utf-8") as log:
        runner = Runner(log, lock)
        if missing and sys.stderr.isatty() and not rich_is_here():
            _restart_with_rich(missing[0], runner, words)
        jobs = {
            kind: _job(environment, runner, weights=kind == "serve", fresh=fresh)
            for kind, environment in environments.items()
        }
        with open_display() as display:
            lines = {kind: display.line(environments[kind].folder.name) for kind in jobs}
            _run_all([partial(job, lines[kind]) for kind, job in jobs.items()], runner)


def _job(environment: Environment, runner: Runner, *, weights: bool, fresh: str) -> Callable[[Line], None]:
    def job(line: Line) -> None:
        until = 0.85 if weights else 1.0
        if environment.state() is not State.READY:
            _make(environment, runner, line, until=until, keep=fresh == environment.folder.name)
        if weights and not _weights_there():
            line.show("preparing the model's weights", until)
            runner.run([str(environment.python), str(ROOT / "bot" / "serving" / "weights.py")])
        line.show("ready", 1.0)

    return job


def _make(environment: Environment, runner: Runner, line: Line, *, until: float, keep: bool) -> None:
    """Bring `environment` to its wanted state; `keep` what this very run began to make."""
    if environment.state() is State.ABSENT and not keep:
        line.show("making the virtual environment", 0.0)
        _create(environment, runner)
    environment.unstamp()
    line.show("fetching torch", 0.05)
    _install_torch(environment, runner)
    begin = 0.25
    for number, arguments in enumerate(environment.install, 1):
        last = number == len(environment.install)
        end = until if last else begin + 0.05
        follow = PipProgress(environment.packages if last else len(arguments), environment.site_packages)
        runner.run(_pip(environment, *arguments), partial(_show, line, follow, begin, end))
        begin = end
    environment.stamp()


def _install_torch(environment: Environment, runner: Runner) -> None:
    answer = environment.folder / "torch-build.json"
    runner.run(_pip(environment, *question(environment.torch, answer)))
    # Its dependencies come with the other packages, from the index that has them.
    runner.run(_pip(environment, "--no-deps", environment.torch, *source(answer)))


def _show(line: Line, follow: PipProgress, begin: float, end: float, text: str | None) -> None:
    """Show how far pip is after it printed `text`, as a part of the way from `begin` to `end`."""
    if text is not None:
        follow.feed(text)
    now = follow.look()
    line.show(now.what, min(begin + now.share * (end - begin), 0.99))


def _create(environment: Environment, runner: Runner) -> None:
    shutil.rmtree(environment.folder, ignore_errors=True)
    runner.run([sys.executable, "-m", "venv", str(environment.folder)])


def _pip(environment: Environment, *arguments: str) -> list[str]:
    quiet = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off")
    return [str(environment.python), "-m", "pip", "install", *quiet, *arguments]


def _restart_with_rich(environment: Environment, runner: Runner, words: Sequence[str]) -> None:
    """Start this program again with the environment's own Python, once that has Rich; never returns."""
    _say(f"making {environment.folder.name}")
    if environment.state() is State.ABSENT:
        _create(environment, runner)
    environment.unstamp()
    pins = pins_of((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    runner.run(_pip(environment, "-c", str(ROOT / "constraints.txt"), f"rich=={pins['rich']}"))
    os.set_inheritable(runner.lock, True)  # noqa: FBT003 - its only form
    more = ["--fresh", environment.folder.name, "--lock", str(runner.lock)]
    os.execv(  # noqa: S606 - this very program again, no shell
        environment.python, [str(environment.python), "-m", "tools.setup", *words, *more]
    )


def _check_libraries() -> None:
    """See that the one library is there that vLLM needs and no Python package brings."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL("libnuma.so.1")
    except OSError:
        raise SetupError(
            "vLLM needs the system library libnuma; install it (Debian, Ubuntu: libnuma1; Fedora: numactl-libs), "
            "or use a model server elsewhere: `make demo MODEL_URL=http://…`"
        ) from None


def _check_space(missing: Sequence[Environment], *, weights: bool) -> None:
    needed = sum(item.size for item in missing if item.state() is State.ABSENT) + weights * _WEIGHTS_SIZE
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise SetupError(
            f"{free / GB:.1f} GB are free on the disk of {ROOT}, and about {needed / GB:.1f} GB are needed; free some"
        )


def _run_all(jobs: Sequence[Callable[[], None]], runner: Runner) -> None:
    """Run the jobs side by side. The first that fails stops the programs of the others, and is raised."""
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        futures = [pool.submit(job) for job in jobs]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
        finally:  # also when interrupted, or the pool would wait for programs that nobody needs
            runner.stop_all()
        for future in sorted(done, key=lambda one: isinstance(one.exception(), StoppedError)):
            future.result()


@contextmanager
def _lock(inherited: int | None) -> Iterator[int]:
    """Hold the installer's lock; wait when another installer runs in this folder."""
    if inherited is not None:
        os.set_inheritable(inherited, False)  # noqa: FBT003 - its only form
        yield inherited
        return
    _LOCK.parent.mkdir(parents=True, exist_ok=True)
    with _LOCK.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another setup is running in this folder; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _say(message: str) -> None:
    sys.stderr.write(f"setup: {message}\n")
    sys.stderr.flush()
