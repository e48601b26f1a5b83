"""The model server's life: started, watched, stopped. A small stand-in plays vLLM."""

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.serving import server
from bot.serving.server import ModelServer, ServerOptions, free_port
from retrieval.errors import BadInputError, UnavailableError

LATE_S = 30.0

# Says what vLLM says, then serves /health and /v1/models. It holds `alive` open for as long as it lives.
STAND_IN = """\
#!{python}
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
here = {here!r}
alive = os.open(here + "/alive", os.O_WRONLY)
os.write(alive, b"up")
open(here + "/started.json", "w").write(json.dumps({{"arguments": sys.argv[1:], "environment": dict(os.environ)}}))
arguments = dict(zip(sys.argv, sys.argv[1:]))
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"{{}}"
        if self.path == "/v1/models":
            body = json.dumps({{"data": [{{"id": arguments["--served-model-name"]}}]}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
{body}
"""
SERVES = """
print("INFO non-default args: x", flush=True)
HTTPServer(("127.0.0.1", int(arguments["--port"])), Handler).serve_forever()
"""


SERVES_UNTIL_IT_IS_READY = """
server = HTTPServer(("127.0.0.1", int(arguments["--port"])), Handler)
server.handle_request()
server.handle_request()
raise OSError("gone")
"""
HANGS = "import time; time.sleep(600)"


class Place:
    """A folder with a stand-in for vLLM, weights, and a way to see whether the stand-in still lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        os.mkfifo(folder / "alive")
        self.alive = os.open(folder / "alive", os.O_RDONLY | os.O_NONBLOCK)
        (folder / "model").mkdir()
        (folder / "model" / "config.json").write_text("{}")

    def options(self, body: str = SERVES) -> ServerOptions:
        python = self.folder / "python"
        python.write_text(STAND_IN.format(python=sys.executable, here=str(self.folder), body=body))
        python.chmod(0o755)
        return ServerOptions(
            python=python,
            model=self.folder / "model",
            log=self.folder / "log" / "model-server.log",
            port=free_port(),
        )

    def wait_until_up(self) -> None:
        ready, _, _ = select.select([self.alive], [], [], LATE_S)
        assert ready, "the server didn't start"

    def wait_until_gone(self) -> None:
        while self._held_open():
            ready, _, _ = select.select([self.alive], [], [], LATE_S)
            assert ready, "the server still lives"

    def _held_open(self) -> bool:
        try:
            return os.read(self.alive, 100) != b""
        except BlockingIOError:
            return True

    def started(self) -> dict[str, object]:
        return dict(json.loads((self.folder / "started.json").read_text()))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    os.close(place.alive)


async def test_a_started_server_answers_and_a_stopped_one_is_gone(place: Place) -> None:
    said: list[str] = []
    async with ModelServer(place.options()) as running:
        await running.start(lambda what, _share: said.append(what))
        assert running.url == f"http://127.0.0.1:{running.options.port}"
        with pytest.raises(UnavailableError, match=str(running.options.port)):
            server.check_port_free(running.options.port)
    place.wait_until_gone()
    assert said[0] == "starting Python"
    assert said[-1] == "ready"


async def test_the_server_listens_on_the_loopback_only_and_knows_no_secret(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATEWISE_TELEGRAM_TOKEN", "123:secret")
    async with ModelServer(place.options()) as running:
        await running.start()
    started = place.started()
    arguments, environment = started["arguments"], started["environment"]
    assert isinstance(arguments, list)
    assert isinstance(environment, dict)
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert not [name for name in environment if name.startswith("PLATEWISE_")]


async def test_what_the_server_prints_goes_to_the_log(place: Place) -> None:
    options = place.options()
    async with ModelServer(options) as running:
        await running.start()
    assert "non-default args" in options.log.read_text()


async def test_a_port_in_use_is_one_line_that_names_it(place: Place) -> None:
    options = place.options()
    with socket.socket() as other:
        other.bind(("127.0.0.1", options.port))
        other.listen()
        with pytest.raises(UnavailableError, match=rf"port {options.port} .* --port"):
            await ModelServer(options).start()
    assert not (place.folder / "started.json").exists()


@pytest.mark.parametrize("port", [0, -1, 65536])
async def test_a_port_that_cannot_be_one_is_bad_input(place: Place, port: int) -> None:
    options = place.options()
    with pytest.raises(BadInputError, match="between 1 and 65535"):
        await ModelServer(
            ServerOptions(python=options.python, model=options.model, log=options.log, port=port)
        ).start()


@pytest.mark.parametrize("missing", ["python", "model/config.json"])
async def test_what_is_not_installed_is_one_line_that_says_make_setup(place: Place, missing: str) -> None:
    options = place.options()
    (place.folder / missing).unlink()
    with pytest.raises(UnavailableError, match="make setup"):
        await ModelServer(options).start()


async def test_a_log_that_cannot_be_written_is_one_line(place: Place) -> None:
    options = place.options()
    options.log.parent.write_text("a file where the folder should be")
    with pytest.raises(UnavailableError, match=r"can't write .*model-server\.log"):
        await ModelServer(options).start()


async def test_a_server_that_dies_while_starting_says_why_and_where_to_read_more(place: Place) -> None:
    options = place.options(body="raise ValueError('no such layer')")
    with pytest.raises(UnavailableError, match=r"ValueError: no such layer \(log: .*model-server\.log\)"):
        await ModelServer(options).start()


async def test_the_cause_is_read_from_this_run_and_not_from_an_older_one(place: Place) -> None:
    options = place.options(body="sys.exit(9)")
    options.log.parent.mkdir()
    options.log.write_text("OSError: [Errno 28] No space left on device\n")
    with pytest.raises(UnavailableError, match="exit code 9"):
        await ModelServer(options).start()


async def test_a_server_that_never_gets_ready_is_given_up(place: Place) -> None:
    with pytest.raises(UnavailableError, match="isn't ready after 0 s"):
        await ModelServer(place.options(body=HANGS)).start(timeout_s=0.1)
    place.wait_until_gone()


async def test_a_start_that_is_cancelled_leaves_nothing_running(place: Place) -> None:
    starting = asyncio.create_task(ModelServer(place.options(body=HANGS)).start())
    await asyncio.to_thread(place.wait_until_up)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    place.wait_until_gone()


async def test_a_server_that_ends_later_is_noticed(place: Place) -> None:
    options = place.options(body=SERVES_UNTIL_IT_IS_READY)
    async with ModelServer(options) as running:
        await running.start()
        with pytest.raises(UnavailableError, match="OSError: gone"):
            await running.wait()


FOREGROUND = """
import asyncio, pathlib, sys
from bot.serving.server import ServerOptions, serve
python, model, log, port = sys.argv[1:]
options = ServerOptions(
    python=pathlib.Path(python), model=pathlib.Path(model), log=pathlib.Path(log), port=int(port)
)
asyncio.run(serve(options, ready=lambda url: print(url, flush=True)))
"""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_however_the_foreground_program_ends_the_server_ends_too(
    place: Place, number: signal.Signals, code: int
) -> None:
    options = place.options()
    words = [str(options.python), str(options.model), str(options.log), str(options.port)]
    with subprocess.Popen([sys.executable, "-c", FOREGROUND, *words], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline().decode().strip() == f"http://127.0.0.1:{options.port}"
        program.send_signal(number)
        assert program.wait(LATE_S) == code
        place.wait_until_gone()


def test_adapters_are_given_to_vllm_by_name(place: Place) -> None:
    options = place.options()
    command = ServerOptions(
        python=options.python,
        model=options.model,
        log=options.log,
        adapters={"platewise-2": Path("/adapters/2"), "platewise-1": Path("/adapters/1")},
    ).command()
    where = command.index("--lora-modules")
    assert command[where + 1 : where + 3] == ["platewise-1=/adapters/1", "platewise-2=/adapters/2"]
