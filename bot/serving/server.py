"""The embedded model server: vLLM on the CPU, as a child process that dies with its parent.

platewise model serve --port 8001
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.serving import keeper
from bot.serving.health import is_healthy, list_models
from bot.serving.log import LogTail, Stage, cause_of_death, stage_of
from bot.serving.weights import MODEL_NAME, embedded_folder
from retrieval.errors import BadInputError, UnavailableError

HOST = "127.0.0.1"
DEFAULT_PORT = 8001
START_TIMEOUT_S = 300.0
_PROJECT = Path(__file__).resolve().parents[2]
_POLL_S = 0.25
_CACHE_BLOCK = 32  # tokens: a cached prefix is a whole number of blocks, and the CPU's default is 128
_LOG_LIMIT = 16 * 1024 * 1024
_HIGHEST_PORT = 65535

Report = Callable[[str, float | None], None]
"""Told what is being done and how far it is (0 to 1; `None` when nobody can know)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """Which vLLM serves which folder of weights, where. `adapters` maps names to folders of LoRA weights."""

    python: Path
    model: Path
    log: Path
    port: int = DEFAULT_PORT
    name: str = MODEL_NAME
    adapters: Mapping[str, Path] = field(default_factory=dict)
    kv_cache_gib: int = 1
    max_model_len: int = 4096
    max_lora_rank: int = 16

    @classmethod
    def embedded(
        cls, *, data: Path, port: int = DEFAULT_PORT, adapters: Mapping[str, Path] | None = None
    ) -> Self:
        """Return what `make setup` prepared in this checkout; the log goes to the folder `data`."""
        return cls(
            python=_PROJECT / ".venv-serve" / "bin" / "python",
            model=embedded_folder(),
            log=data.absolute() / "log" / "model-server.log",
            port=port,
            adapters=adapters or {},
        )

    def command(self) -> list[str]:
        """Return vLLM's command line. Prefix caching is vLLM's default; eager mode needs no compiler."""
        lora = [f"{name}={path}" for name, path in sorted(self.adapters.items())]
        # -P: the current folder holds packages of ours whose names vLLM's imports mustn't find.
        return [
            *(str(self.python), "-P", "-m", "vllm.entrypoints.launchers.api_server.entry"),
            *("--model", str(self.model), "--served-model-name", self.name),
            *("--host", HOST, "--port", str(self.port)),
            *("--enforce-eager", "--max-model-len", str(self.max_model_len)),
            *("--block-size", str(_CACHE_BLOCK)),
            *("--enable-lora", "--max-lora-rank", str(self.max_lora_rank)),
            *(("--lora-modules", *lora) if lora else ()),
            *("--enable-prompt-tokens-details", "--disable-uvicorn-access-log"),
        ]

    def environment(self) -> dict[str, str]:
        """Return the server's environment: ours without our settings, of which some are secrets."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PLATEWISE_") and name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        }
        return kept | {
            "HF_HUB_OFFLINE": "1",
            "VLLM_NO_USAGE_STATS": "1",
            "DO_NOT_TRACK": "1",
            "VLLM_CPU_KVCACHE_SPACE": str(self.kv_cache_gib),
            "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True",
        }


class ModelServer:
    """One vLLM server. `start()` it, use `url`, and `stop()` it; `async with` stops it at the end."""

    def __init__(self, options: ServerOptions) -> None:
        self.options = options
        self._process: asyncio.subprocess.Process | None = None
        self._tail: LogTail | None = None
        self._lines: list[str] = []

    @property
    def url(self) -> str:
        """The server's address, without `/v1`."""
        return f"http://{HOST}:{self.options.port}"

    async def start(self, report: Report | None = None, *, timeout_s: float = START_TIMEOUT_S) -> None:
        """Start the server and return when it answers and lists its model.

        Raises `BadInputError` for a port that can't be one, and `UnavailableError` when the port is taken,
        something isn't installed, the server ends, or `timeout_s` have passed. Nothing is left running then.
        """
        if self._process is not None:
            raise RuntimeError("this server was started before")
        await asyncio.to_thread(self._check)
        try:
            await self._spawn()
            async with asyncio.timeout(timeout_s):
                await self._until_ready(report or _say_nothing)
        except TimeoutError:
            await self.stop()
            raise UnavailableError(
                f"the model server isn't ready after {timeout_s:.0f} s; see {self.options.log}"
            ) from None
        except BaseException:  # cancelled or failed, the processes must not stay
            await self.stop()
            raise

    async def wait(self) -> None:
        """Return when the server has been stopped. Raises `UnavailableError` when it ends by itself."""
        process = self._process
        if process is None:
            return
        await process.wait()
        if self._process is process:
            raise await self._death()

    async def stop(self) -> None:
        """Stop the server and all its processes. Does nothing when it isn't running."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(keeper.GRACE_S + 5):
                    await process.wait()
        finally:
            if process.returncode is None:
                process.kill()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _check(self) -> None:
        """Find in advance what would otherwise be a traceback half a minute later."""
        options = self.options
        if not 1 <= options.port <= _HIGHEST_PORT:
            raise BadInputError(f"port {options.port}: must be between 1 and {_HIGHEST_PORT}")
        if not os.access(options.python, os.X_OK):
            raise UnavailableError(f"the model server isn't installed ({options.python}); run `make setup`")
        if not (options.model / "config.json").is_file():
            raise UnavailableError(f"the model's weights are missing ({options.model}); run `make setup`")
        check_port_free(options.port)
        try:
            options.log.parent.mkdir(parents=True, exist_ok=True)
            if options.log.exists() and options.log.stat().st_size > _LOG_LIMIT:
                options.log.replace(options.log.with_suffix(".log.1"))
            options.log.touch()
        except OSError as error:
            raise UnavailableError(
                f"can't write the model server's log {options.log}: {error.strerror}"
            ) from error

    async def _spawn(self) -> None:
        options = self.options
        with await asyncio.to_thread(options.log.open, "ab") as log:
            self._tail = LogTail(options.log, start=log.tell())
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", keeper.__file__, *options.command()),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                env=options.environment(),
                cwd=options.log.parent,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we decide when the server stops
            )

    async def _until_ready(self, report: Report) -> None:
        stage = Stage.IMPORTING
        report(stage.value, stage.share)
        while not await self._answers():
            if self._process is None or self._process.returncode is not None:
                raise await self._death()
            for line in await self._read_log():
                if (found := stage_of(line)) is not None and found is not stage:
                    stage = found
                    report(stage.value, stage.share)
            await asyncio.sleep(_POLL_S)
        report(Stage.READY.value, Stage.READY.share)

    async def _answers(self) -> bool:
        if not await is_healthy(self.url, timeout_s=2.0):
            return False
        try:
            return self.options.name in await list_models(self.url)
        except UnavailableError:
            return False

    async def _read_log(self) -> list[str]:
        if self._tail is None:
            return []
        lines = await asyncio.to_thread(self._tail.new_lines)
        self._lines = [*self._lines, *lines][-500:]
        return lines

    async def _death(self) -> UnavailableError:
        await self._read_log()
        code = self._process.returncode if self._process is not None else None
        cause = cause_of_death(self._lines, code if code is not None else 1)
        return UnavailableError(f"the model server stopped: {cause} (log: {self.options.log})")


async def serve(
    options: ServerOptions, *, report: Report | None = None, ready: Callable[[str], None] | None = None
) -> None:
    """Run the server in the foreground until SIGTERM or SIGINT, then stop it and return.

    `ready` is told the server's URL. Raises what `ModelServer.start` and `ModelServer.wait` raise.
    """

    async def run() -> None:
        async with ModelServer(options) as server:
            await server.start(report)
            if ready is not None:
                ready(server.url)
            await server.wait()

    loop = asyncio.get_running_loop()
    work = asyncio.create_task(run())
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, work.cancel)
    try:
        await asyncio.wait([work])
    except asyncio.CancelledError:
        work.cancel()
        await asyncio.wait([work])
        raise
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
    with contextlib.suppress(asyncio.CancelledError):  # a signal ended the work: as it should be
        work.result()


def check_port_free(port: int) -> None:
    """Raise `UnavailableError` when something listens on `port` of the loopback address already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise UnavailableError(
                f"port {port} can't be used ({error.strerror}); stop what uses it, "
                "or choose another: --port N (with make: PORT=N)"
            ) from error


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _say_nothing(_what: str, _share: float | None) -> None:
    pass
